"""Where new text goes into the text of a tune, whose own text is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from abclm.compose.chosen import ChosenTune
from abclm.notation.syntax.tokens import TIMED_KINDS, Token, TokenKind, last_token
from abclm.notation.tune.music import BarLine

__all__ = ["Insertion", "after_music", "at_end"]

_LINE_REST = re.compile(r"[ \t]*(%[^\r\n]*)?(?:(?:\r\n|\r|\n)(?:%[^\r\n]*(?:\r\n|\r|\n|\Z))*)?")
"""The rest of a line with a comment, and following lines that are only comments."""
_LINE_ENDS = ("\r", "\n")
_WORDS = re.compile(r"(?:[ws]:|\+:)[^\r\n]*(?:\r\n|\r|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Insertion:
    """A position in the text of a tune.

    Attributes:
        before: the text up to the position.
        after: the tune's text after it.
        taken: number of characters after the tune that belong to ``before``.
        bar_line: the old last bar line and the new one in ``before``, if they differ.
    """

    before: str
    after: str = ""
    taken: int = 0
    bar_line: tuple[str, str] | None = None

    @property
    def starts_line(self) -> bool:
        """Whether the inserted text begins a line."""
        return self.before.endswith(_LINE_ENDS)

    def put(self, text: str, chosen: ChosenTune) -> str:
        """Insert ``text`` into the tune, with the line ends of the file."""
        end = chosen.line_end
        added = text.rstrip("\n").replace("\n", end)
        follows = self.after + chosen.text_after[self.taken :]
        has_end = follows.startswith(_LINE_ENDS) and not self.starts_line
        return self.before + added + ("" if has_end else end) + self.after


def at_end(chosen: ChosenTune) -> Insertion:
    """Find the position at which an unfinished tune continues.

    It is on the last line while a bar is unfinished. After a bar line, a comment or a line that is
    not music, it is on the next line, if there is one.
    """
    text, rest = chosen.text, chosen.text_after
    last = last_token(chosen.tokens.tokens)
    stays = last is not None and last.kind not in {
        TokenKind.BAR_LINE,
        TokenKind.ENDING,
        TokenKind.FIELD,
        TokenKind.CONTINUATION,
    }
    match = _LINE_REST.match(rest)
    comment = match is not None and match[1] is not None
    if match is None or (stays and not comment):
        kept = rest[: len(rest) - len(rest.lstrip(" \t"))]
    else:
        kept = match[0]
    before = text + kept
    needs_line = comment or (
        last is not None and last.kind in {TokenKind.FIELD, TokenKind.CONTINUATION}
    )
    if needs_line and not before.endswith(_LINE_ENDS):
        before += chosen.line_end
    return Insertion(before, taken=len(kept))


def after_music(chosen: ChosenTune) -> Insertion:
    """Find the position after the last line of music, whose last bar line becomes double.

    ``GABc|d4|]`` becomes ``GABc|d4||`` and a line end; a ``:|`` or ``||`` stays as it is.
    """
    tokens = chosen.tokens.tokens
    last = max(at for at, token in enumerate(tokens) if token.kind in TIMED_KINDS)
    marks = [
        at for at, token in enumerate(tokens) if at > last and token.kind is TokenKind.BAR_LINE
    ]
    end = marks[-1] if marks else _end_of_music(tokens, last)
    head, mark = _text(tokens[: end + (not marks)]), _text(tokens[end : end + 1]) if marks else ""
    line = BarLine.of(tokens[end]) if marks else None
    closes = any(BarLine.of(tokens[at]).closes for at in marks)
    double = closes or (line is not None and line.style == "||")
    new = mark if double else "||"
    tail = _text(tokens[end + 1 :])
    rest = tail + chosen.text_after
    stop = _after_line(rest)
    before = head + new + rest[:stop]
    if not before.endswith(_LINE_ENDS):
        before += chosen.line_end
    changed = None if new == mark else (mark, new)
    return Insertion(before, tail[stop:], max(0, stop - len(tail)), changed)


def _end_of_music(tokens: Sequence[Token], last: int) -> int:
    """The index of the last token that belongs to the event whose last token is at ``last``."""
    while last + 1 < len(tokens) and tokens[last + 1].kind in {TokenKind.SLUR_CLOSE, TokenKind.TIE}:
        last += 1
    return last


def _after_line(text: str) -> int:
    """The index after the first line of ``text`` and the lines of words under it."""
    match = re.match(r"[^\r\n]*(?:\r\n|\r|\n|\Z)", text)
    stop = match.end() if match else 0
    while words := _WORDS.match(text, stop):
        stop = words.end()
    return stop


def _text(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens)
