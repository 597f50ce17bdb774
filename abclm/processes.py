"""Other processes that share work, one a core: what they find in their environment, and a pool."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Final

__all__ = ["cores", "pool_of"]

_CHILDREN: Final = {
    # Two threads would share a core.
    "OPENBLAS_NUM_THREADS": "1",
    # A process looks for its modules in the folder that the user is in first, where a file called
    # pickle.py would be run.
    "PYTHONSAFEPATH": "1",
}
"""What the other processes find in their environment where nothing else is set."""


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def pool_of(processes: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of so many processes, in which Ctrl-C is for the one that started them."""
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
    """Processes that are started meanwhile have `_CHILDREN` in their environment."""
    missing = {name: value for name, value in _CHILDREN.items() if not os.environ.get(name)}
    os.environ.update(missing)
    try:
        yield
    finally:
        for name in missing:
            del os.environ[name]


def _begin() -> None:
    """In a new process: Ctrl-C is for the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
