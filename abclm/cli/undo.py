"""``abclm undo``: the old version of a file put back."""

from abclm.cli import options
from abclm.cli.terminal import say

__all__ = ["undo"]


def undo(file: options.File) -> None:
    """Put back the old version of a file, byte for byte; a second undo takes that back.

    The old version is the newest FILE.bak, which a command that changed the file left beside it.
    """
    from abclm.api.backups import undo as put_back
    from abclm.errors import InputError

    if str(file) == "-":
        raise InputError("abclm undo needs a file: standard input has no old version")
    backup = put_back(file, say)
    say(f"put back: {file}, from {backup}; abclm undo again takes that back")
