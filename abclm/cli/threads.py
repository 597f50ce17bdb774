"""The number of threads of a command that uses a model."""

import os

__all__ = ["use_one_thread"]


def use_one_thread() -> None:
    """Keep numpy's matrix products on one thread; many tunes use the cores as processes instead.

    For such small products, threads mostly wait for each other, on a busy machine many times longer
    than they compute. Must be called before numpy is imported.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
