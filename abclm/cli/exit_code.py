"""The exit codes of the command line."""

from enum import IntEnum

__all__ = ["ExitCode"]


class ExitCode(IntEnum):
    """Exit codes, the same for every command."""

    DONE = 0
    NO = 1
    FAILED = 2
    INTERRUPTED = 130
