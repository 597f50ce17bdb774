"""A tune of a file shown on the terminal while it is written."""

import sys
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from abclm.compose.chosen import ChosenTune
    from abclm.compose.insertion import Insertion

__all__ = ["Stream", "plain"]


class Stream:
    """Shows a tune up to where new music starts, then that bar by bar; a context manager.

    Args:
        chosen: the tune.
        whole: whether to show the rest of the file too.
    """

    def __init__(self, chosen: "ChosenTune", *, whole: bool) -> None:
        self._chosen = chosen
        self._whole = whole
        self._shown = ""
        self._done = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown and not self._done:
            print()

    def begin(self, insertion: "Insertion", unit: Fraction) -> Callable[[str], None]:
        """Show the existing text, and return a function that shows new music in ``unit``."""
        from abclm.compose.unfinished import unit_at_end
        from abclm.notation.syntax.lexer import lex
        from abclm.notation.syntax.tokens import Context
        from abclm.notation.write.rescale import in_unit

        own = unit_at_end(self._chosen.tune)
        waiting = ""
        self._show(self._before() + insertion.before)

        def show(piece: str) -> None:
            nonlocal waiting
            # Lengths are only final at a bar line; a line end after the last one is not the file's.
            music, bar, waiting = (waiting + piece).rpartition("|")
            self._show(in_unit(lex(music + bar, Context.BODY), unit, own))

        return show

    def finish(self, text: str, taken: int) -> None:
        """Show the rest of the tune; if what was shown is not its beginning, show all of it again.

        Args:
            text: the whole text of the tune.
            taken: number of characters after the tune that ``text`` already includes.
        """
        after = self._chosen.text_after[taken:] if self._whole else ""
        result = plain(self._before() + text + after)
        if not result.startswith(self._shown):
            self._shown = ""
            print()
        self._show(result[len(self._shown) :])
        self._done = True
        if not result.endswith("\n"):
            print()

    def _before(self) -> str:
        return self._chosen.source.text[: self._chosen.start] if self._whole else ""

    def _show(self, text: str) -> None:
        text = plain(text)
        self._shown += text
        sys.stdout.write(text)
        sys.stdout.flush()


def plain(text: str) -> str:
    """Return ``text`` with readable characters and plain line ends, for a terminal."""
    from abclm.notation.syntax.source import readable

    return readable(text).replace("\r\n", "\n").replace("\r", "\n")
