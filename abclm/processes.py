"""A pool of worker processes, one per core, and their environment."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Final

__all__ = ["cores", "pool_of"]

_CHILDREN: Final = {
    # More threads would compete for the same core.
    "OPENBLAS_NUM_THREADS": "1",
    # Otherwise a process looks for modules in the current folder first, and would run a file called
    # pickle.py there.
    "PYTHONSAFEPATH": "1",
}
"""Variables set in the environment of worker processes, unless the user has set them."""


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def pool_of(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Open a pool of ``processes`` workers, which leave Ctrl-C to the process that started them."""
    with (
        _environment_of_children(),
        ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin) as pool,
    ):
        try:
            yield pool
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _environment_of_children() -> Iterator[None]:
    """Set `_CHILDREN` in the environment for processes started within the context."""
    missing = {name: value for name, value in _CHILDREN.items() if not os.environ.get(name)}
    os.environ.update(missing)
    try:
        yield
    finally:
        for name in missing:
            del os.environ[name]


def _begin() -> None:
    """Ignore Ctrl-C in a new worker; the process that started it handles it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
