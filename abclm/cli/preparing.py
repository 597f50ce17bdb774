"""What every command that uses a model sees to before: how many threads, and which seed."""

import os
import secrets

__all__ = ["pick_seed", "use_one_thread"]

_SEED_LIMIT = 2**32


def use_one_thread() -> None:
    """Keep numpy's products on one thread: many tunes share the cores as processes instead.

    Threads mostly wait for each other, on a busy machine many times longer than they compute. It
    must be said before numpy is imported.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pick_seed(seed: int | None) -> int:
    """The seed that is given, or one drawn at random.

    Raises:
        InputError: it is out of range.
    """
    from abclm.errors import InputError

    if seed is None:
        return secrets.randbelow(1_000_000)
    if not 0 <= seed < _SEED_LIMIT:
        raise InputError(f"--seed must lie between 0 and {_SEED_LIMIT - 1}, not {seed}")
    return seed
