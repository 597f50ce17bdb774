"""How many threads a command that uses a model computes with."""

import os

__all__ = ["use_one_thread"]


def use_one_thread() -> None:
    """Keep numpy's products on one thread: many tunes share the cores as processes instead.

    Threads mostly wait for each other, on a busy machine many times longer than they compute. It
    must be said before numpy is imported.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
