"""Fixes what can be fixed safely; the rest of the text is kept byte for byte.

An edit that would change what is played, or break a field, is not made.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from abclm.notation.parse.parser import Parsed, parse_tunebook
from abclm.notation.play.voices import voice_tokens
from abclm.notation.syntax.key import parse_key
from abclm.notation.syntax.lexer import breaks_at_bangs
from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.tokens import FIELD_KINDS, HEADER_KINDS, Token, TokenKind
from abclm.notation.tune.bars import Bar, Boundary, bars
from abclm.notation.tune.music import BodyField, Event, Item, LineBreak, Tune, Voice
from abclm.notation.tune.structure import explicit_repeats

__all__ = ["Fixed", "fix"]

_CLEF = re.compile(r"clef|transpose|octave|stafflines|middle|treble|bass|alto|tenor|perc|exp|none")
_NUMBER = re.compile(r"[0-9]{1,9}")
_JOINS = frozenset("|:]0123456789")
"""Characters that would merge with a ``|:`` written before them, so none is written there."""
_ROUNDS = 8
"""More than any text has needed so far: removing a ``!`` may leave an empty line to remove."""
_MOST_TRIALS = 64
"""How often a text is parsed again, at most, to find the edits that would change what is played."""
_LINE_END = re.compile(r"\r\n|\r|\n")
_BETWEEN = HEADER_KINDS | {TokenKind.BACKQUOTE, TokenKind.CONTINUATION, TokenKind.LINE_BREAK}


@dataclass(frozen=True, slots=True)
class Fixed:
    """The fixed text, and the changes with their positions in the text before them."""

    text: str
    changes: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, order=True)
class _Edit:
    """Replace the ``length`` characters at ``line:column`` by ``new``."""

    line: int
    column: int
    length: int
    new: str
    message: str


def fix(text: str) -> Fixed:
    """Return ``text`` with everything fixed that is safe to fix; fixing twice changes nothing more.

    A missing ``X:`` gets the next free number, ``T:`` moves up to follow it, long key names are
    shortened, an implied repeat gets its ``|:``, a tune that ends without a bar line gets ``|]``,
    and ``!`` at line ends and empty lines inside tunes are removed. Line ends are kept.
    """
    changes: list[Problem] = []
    end = _LINE_END.search(text)
    tunes = _read(text)
    for _ in range(_ROUNDS):
        trial = _Trial(text, tunes)
        edits = trial.safe(sorted(_edits(tunes, end[0] if end else "\n")))
        if not edits:
            break
        changes += [Problem(edit.line, edit.column, "fixed", edit.message) for edit in edits]
        text = _apply(text, edits)
        tunes = trial.after if trial.tried == text else _read(text)
    return Fixed(text, tuple(changes))


class _ReadTune:
    """A parsed tune, with cached properties."""

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.tune = parsed.tune

    @cached_property
    def voices(self) -> list[tuple[Voice, list[Bar], list[Bar]]]:
        """Each voice, its bars as written, and its bars with explicit repeats."""
        found = [(voice, bars(voice.tune)) for voice in self.tune.voices]
        return [(voice, written, explicit_repeats(written)) for voice, written in found]

    @cached_property
    def played(self) -> list[Any]:
        """Everything that decides how the tune sounds, however its repeats are written."""
        return [
            [
                (
                    bar.meter,
                    _signs(bar.before),
                    [_heard(item) for item in bar.items if not isinstance(item, LineBreak)],
                    _signs(bar.after),
                )
                for bar in explicit
            ]
            for _, _, explicit in self.voices
        ]


def _read(text: str) -> list[_ReadTune]:
    return [_ReadTune(parsed) for parsed in parse_tunebook(text)]


class _Trial:
    """Finds the edits that change neither the fields of a text nor what is played.

    Attributes:
        tried: the text that was parsed last.
        after: the tunes in it.
    """

    def __init__(self, text: str, tunes: Sequence[_ReadTune]) -> None:
        self._text = text
        self._tunes = tunes
        self._left = _MOST_TRIALS
        self.tried = text
        self.after = list(tunes)

    def safe(self, edits: Sequence[_Edit]) -> list[_Edit]:
        """Return those of ``edits`` that are safe, each alone and all together."""
        if not edits or not self._left:
            return []
        self._left -= 1
        if self._keeps(edits):
            return [*edits]
        if len(edits) == 1:
            return []
        half = len(edits) // 2
        found = [*self.safe(edits[:half]), *self.safe(edits[half:])]
        return found if self._keeps(found) else []

    def _keeps(self, edits: Sequence[_Edit]) -> bool:
        self.tried = _apply(self._text, edits)
        self.after = _read(self.tried)
        pairs = zip(self._tunes, self.after, strict=False)
        return len(self.after) == len(self._tunes) and all(_says_the_same(*pair) for pair in pairs)


def _says_the_same(before: _ReadTune, after: _ReadTune) -> bool:
    """Whether two tunes play the same and have the same fields, ``X:`` and their order aside."""
    if [token.text for token in before.tune.tokens] == [token.text for token in after.tune.tokens]:
        return True
    return _fields(before.tune) == _fields(after.tune) and before.played == after.played


def _fields(tune: Tune) -> list[tuple[str, str]]:
    named = [(token.text[0], token.value) for token in tune.fields if token.text[0] not in "XK"]
    return sorted([*named, ("K", str(tune.key))])


def _signs(bound: Boundary) -> tuple[bool, bool, tuple[int, ...], int]:
    colons = sum(token.text.count("::") for token in bound.tokens if len(token.text) > 2)
    return bound.closes, bound.opens, bound.ending, colons


def _heard(item: Item) -> Any:
    if isinstance(item, Event):
        return item[1:]
    if isinstance(item, BodyField) and item.name == "K":
        return item.name, parse_key(item.value) or item.value
    return (item.name, item.value) if isinstance(item, BodyField) else type(item).__name__


def _edits(tunes: Sequence[_ReadTune], end: str) -> Iterator[_Edit]:
    values = [one.tune.value("X") or "" for one in tunes]
    free = max((int(value) for value in values if _NUMBER.fullmatch(value)), default=0) + 1
    for read in tunes:
        tokens = read.tune.tokens
        if "X" not in {token.text[0] for token in read.tune.fields}:
            line = tokens[0].line
            yield _Edit(line, 1, 0, f"X:{free}{end}", f"X:{free} added")
            free += 1
        yield from _title_moved_up(read.tune)
        yield from _short_keys(tokens)
        yield from _bar_lines(read)
        yield from _stray_breaks(read.tune)


def _title_moved_up(tune: Tune) -> Iterator[_Edit]:
    fields = tune.fields
    names = [token.text[0] for token in fields]
    if names[:1] != ["X"] or "T" not in names or names[1] == "T":
        return
    title = fields[names.index("T")]
    tokens = tune.tokens
    rest = tokens[tokens.index(title) + 1 :]
    line_end = next((token for token in rest if token.kind is TokenKind.NEWLINE), None)
    line = "".join(token.text for token in rest if token.line == title.line)
    if line_end is not None:
        yield _Edit(fields[1].line, 1, 0, title.text + line, "T: moved up to follow X:")
        yield _Edit(title.line, 1, len(title.text + line), "", "T: moved up from here")


def _short_keys(tokens: Sequence[Token]) -> Iterator[_Edit]:
    for token in tokens:
        if token.kind not in {TokenKind.FIELD, TokenKind.INLINE_FIELD} or token.field != "K":
            continue
        key = parse_key(token.value)
        if key is None or _CLEF.search(token.value) or str(key) == token.value:
            continue
        new = token.text.replace(token.value, str(key)) if token.value else token.text
        if new != token.text:
            message = f"K:{token.value} is now K:{key}"
            yield _Edit(token.line, token.column, len(token.text), new, message)


def _bar_lines(read: _ReadTune) -> Iterator[_Edit]:
    """Yield a ``|:`` for each implied repeat, and a ``|]`` for each missing final bar line."""
    tokens = _music(read.tune)
    for voice, written, explicit in read.voices:
        music = tokens.get(voice.id, [])
        yield from _explicit_starts(music, written, explicit)
        if not read.parsed.problems and not written[-1].after.tokens:
            last = music[-1]
            column = last.column + len(last.text)
            yield _Edit(last.line, column, 0, "|]", "final bar line added")


def _explicit_starts(
    music: Sequence[Token], written: Sequence[Bar], explicit: Sequence[Bar]
) -> Iterator[_Edit]:
    places = [(token.line, token.column) for token in music]
    for bar, other in zip(written, explicit, strict=True):
        if not other.before.opens or bar.before.opens:
            continue
        marks = bar.before.tokens
        mark = (marks[-1].line, marks[-1].column) if marks else (0, 0)
        start = music[bisect_right(places, mark)]
        if start.text[0] not in _JOINS:
            what = "|: added where the repeat starts"
            yield _Edit(start.line, start.column, 0, "|:", what)


def _music(tune: Tune) -> dict[str, list[Token]]:
    """The music tokens of each voice, by voice id."""
    start = tune.tokens.index(tune.fields[-1]) + 1 if tune.fields else 0
    tokens = tune.tokens[start:]
    body = [token for token in tokens if token.kind not in _BETWEEN or _names_voice(token)]
    return voice_tokens(tune, body)


def _names_voice(token: Token) -> bool:
    return token.kind in FIELD_KINDS and token.field == "V"


def _stray_breaks(tune: Tune) -> Iterator[_Edit]:
    declared = any(breaks_at_bangs(instruction) for instruction in tune.instructions)
    for token in tune.tokens:
        if token.kind is TokenKind.LINE_BREAK and token.text == "!" and not declared:
            yield _Edit(token.line, token.column, 1, "", "line break ! removed")
        elif token.kind is TokenKind.BLANK:
            length = token.column - 1 + len(token.text)
            yield _Edit(token.line, 1, length, "", "empty line inside the tune removed")


def _apply(text: str, edits: Sequence[_Edit]) -> str:
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    pieces, done = [], 0
    for edit in edits:
        at = starts[edit.line - 1] + edit.column - 1
        pieces += [text[done:at], edit.new]
        done = at + edit.length
    return "".join([*pieces, text[done:]])
