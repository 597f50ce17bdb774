"""Mends what can be mended without a doubt; all else in the text stays as it is to the byte."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from abclm.notation.bars import bars
from abclm.notation.key import parse_key
from abclm.notation.lexer import HEADER_KINDS, Kind, Token
from abclm.notation.parser import Parsed, parse_tunebook
from abclm.notation.problem import Problem
from abclm.notation.structure import explicit_repeats

__all__ = ["Fixed", "fix"]

_CLEF = re.compile(r"clef|transpose|octave|stafflines|middle|treble|bass|alto|tenor|perc|exp|none")
_NUMBER = re.compile(r"[0-9]{1,9}")
_JOINS = frozenset("|:]0123456789")
"""What would be one sign with a ``|:`` before it, and so is no place for one."""
_ROUNDS = 8
"""More than any text has been seen to need: a ``!`` gone from its line may leave an empty one."""
_BETWEEN = HEADER_KINDS | {Kind.BACKQUOTE, Kind.CONTINUATION, Kind.LINE_BREAK}


@dataclass(frozen=True, slots=True)
class Fixed:
    """A mended text, and what was mended where in the text before."""

    text: str
    changes: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, order=True)
class _Edit:
    """Put ``new`` in the place of the ``length`` characters at ``line:column``."""

    line: int
    column: int
    length: int
    new: str
    message: str


def fix(text: str) -> Fixed:
    """``text`` with its safe faults mended; mending twice changes nothing.

    Line ends become LF, a missing ``X:`` takes the next free number, ``T:`` moves up behind it,
    long key names become short, a repeat that is implied gets its ``|:``, a tune that ends without
    a bar line gets ``|]``, and ``!`` at line ends and empty lines inside tunes go.
    """
    changes: list[Problem] = []
    plain = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if plain != text:
        changes.append(Problem(1, 1, "line-ends", "line ends are LF now"))
    for _ in range(_ROUNDS):
        edits = sorted(_edits(parse_tunebook(plain)))
        changes += [Problem(edit.line, edit.column, "fixed", edit.message) for edit in edits]
        plain = _apply(plain, edits)
        if all(edit.new for edit in edits):
            break  # only what was taken out can leave something to take out
    return Fixed(plain, tuple(changes))


def _edits(tunes: Sequence[Parsed]) -> Iterator[_Edit]:
    values = [one.tune.value("X") or "" for one in tunes]
    free = max((int(value) for value in values if _NUMBER.fullmatch(value)), default=0) + 1
    for parsed in tunes:
        tokens = parsed.tune.tokens
        if "X" not in {token.text[0] for token in parsed.tune.fields}:
            line = tokens[0].line
            yield _Edit(line, 1, 0, f"X:{free}\n", f"X:{free} added")
            free += 1
        yield from _title_moved_up(parsed)
        yield from _short_keys(tokens)
        yield from _explicit_starts(parsed)
        yield from _final_bar_line(parsed)
        yield from _stray_breaks(tokens)


def _title_moved_up(parsed: Parsed) -> Iterator[_Edit]:
    fields = parsed.tune.fields
    names = [token.text[0] for token in fields]
    if names[:1] != ["X"] or "T" not in names or names[1] == "T":
        return
    title = fields[names.index("T")]
    yield _Edit(fields[1].line, 1, 0, title.text + "\n", "T: moved up behind X:")
    yield _Edit(title.line, 1, len(title.text) + 1, "", "T: taken from here")


def _short_keys(tokens: Sequence[Token]) -> Iterator[_Edit]:
    for token in tokens:
        if token.kind not in {Kind.FIELD, Kind.INLINE_FIELD} or token.field != "K":
            continue
        key = parse_key(token.value)
        if key is None or _CLEF.search(token.value) or str(key) == token.value:
            continue
        new = token.text.replace(token.value, str(key)) if token.value else token.text
        if new != token.text:
            message = f"K:{token.value} is K:{key} now"
            yield _Edit(token.line, token.column, len(token.text), new, message)


def _explicit_starts(parsed: Parsed) -> Iterator[_Edit]:
    written = bars(parsed.tune)
    music = [token for token in parsed.tune.tokens if token.kind not in _BETWEEN]
    places = [(token.line, token.column) for token in music]
    for bar, explicit in zip(written, explicit_repeats(written), strict=True):
        if explicit.before.opens and not bar.before.opens:
            marks = bar.before.tokens
            behind = (marks[-1].line, marks[-1].column) if marks else (0, 0)
            start = music[bisect_right(places, behind)]
            if start.text[0] in _JOINS:
                continue
            yield _Edit(start.line, start.column, 0, "|:", "the repeat that closes opens here")


def _final_bar_line(parsed: Parsed) -> Iterator[_Edit]:
    written = bars(parsed.tune)
    music = [token for token in parsed.tune.tokens if token.kind not in _BETWEEN]
    if written and not written[-1].after.tokens and not parsed.problems:
        last = music[-1]
        column = last.column + len(last.text)
        yield _Edit(last.line, column, 0, "|]", "the last bar line added")


def _stray_breaks(tokens: Sequence[Token]) -> Iterator[_Edit]:
    for token in tokens:
        if token.kind is Kind.LINE_BREAK and token.text == "!":
            yield _Edit(token.line, token.column, 1, "", "the line break ! taken out")
        elif token.kind is Kind.BLANK:
            length = token.column - 1 + len(token.text)
            yield _Edit(token.line, 1, length, "", "an empty line inside the tune taken out")


def _apply(text: str, edits: Sequence[_Edit]) -> str:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    pieces, done = [], 0
    for edit in edits:
        at = starts[edit.line - 1] + edit.column - 1
        pieces += [text[done:at], edit.new]
        done = at + edit.length
    return "".join([*pieces, text[done:]])
