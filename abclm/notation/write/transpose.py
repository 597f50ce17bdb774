"""Moves tunes to another key: notes, keys and chord symbols change, all else keeps its bytes.

Letters move by the same distance, so a note without accidental needs none afterwards; one is
written where the tune has one, and where the new spelling would sound wrong without.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from abclm.errors import InputError
from abclm.notation.parse.parser import parse_tune
from abclm.notation.parse.tunebook import TuneTokens, split_tunes
from abclm.notation.play.sounding import is_percussion
from abclm.notation.syntax.instructions import propagation_of
from abclm.notation.syntax.key import Key, parse_key, split_key
from abclm.notation.syntax.lexer import FIELD_KINDS, Token, TokenKind, lex, lex_music
from abclm.notation.tune.bars import inner_bar_lines
from abclm.notation.tune.interval import (
    Interval,
    interval_between,
    interval_of,
    move_accidentals,
    move_key,
    move_name,
)
from abclm.notation.tune.music import Tune, first_voice, voice_id
from abclm.notation.write.respell import Respeller

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "BySemitones",
    "Direction",
    "Move",
    "ToKey",
    "read_target",
    "transpose",
    "transpose_tune",
]

_CHORD = re.compile(
    r"(\(?)([A-G][#b♯♭]?)"
    r"((?:maj|min|dim|aug|sus|add|omit|Maj|Min|mi|ma|m|M|[+°ø^o-]|[#b♯♭]?\d{1,2}|\([#b♯♭\w]*\))*)"
    r"(?:/([A-Ga-g][#b♯♭]?))?(\)?)"
)
_MUSIC = frozenset(
    {
        TokenKind.NOTE,
        TokenKind.REST,
        TokenKind.CHORD_OPEN,
        TokenKind.BAR_LINE,
        TokenKind.ENDING,
        TokenKind.TUPLET,
        TokenKind.OVERLAY,
    }
)
_TONIC = re.compile(r"([A-Ga-g])([#b♯♭]?)")
_BARE_TONIC = re.compile(r"[A-G][#b]?")


class Direction(Enum):
    """Where to look for the new tonic."""

    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class ToKey:
    """Move to a tonic, keeping the mode.

    Attributes:
        tonic: such as ``G`` or ``Bb``.
        mode: suffix as in `Key`, or None where only a tonic was asked for.
        direction: nearest is six semitones up or five down at most; up and down move by an octave
            where the tune is in that key already.
    """

    tonic: str
    mode: str | None = None
    direction: Direction = Direction.NEAREST

    def interval(self, key: Key | None) -> Interval:
        """How a tune in ``key`` moves.

        Raises:
            InputError: it has no key, another mode, or the new one would need too many accidentals.
        """
        if key is None or key.tonic == "none":
            raise InputError("has no key to move from: say how far with --semitones")
        if self.mode is not None and self.mode != key.mode:
            asked = self.tonic + self.mode
            raise InputError(f"is in {key}, and {asked} is another mode: ask for {self.tonic}")
        _refuse_bagpipes(key)
        interval = _directed(interval_between(key.tonic, self.tonic), self.direction)
        moved = move_key(key, interval)
        if moved is None or moved[1] != interval:
            instead = f": ask for {moved[0].tonic}" if moved else ""
            raise InputError(f"is in {key}: {self.tonic}{key.mode} has no signature{instead}")
        return interval


@dataclass(frozen=True, slots=True)
class BySemitones:
    """Move by so many semitones, down if negative, into the key with the fewest accidentals."""

    semitones: int

    def interval(self, key: Key | None) -> Interval:
        """How a tune in ``key`` moves.

        Raises:
            InputError: the key is one of the bagpipes'.
        """
        _refuse_bagpipes(key)
        return interval_of(self.semitones, key)


Move = ToKey | BySemitones


def read_target(text: str, direction: Direction = Direction.NEAREST) -> ToKey:
    """The target that a user names: a tonic such as ``G``, or one with its mode, ``Edor``.

    Raises:
        InputError: it is no key, or has accidentals of its own.
    """
    if _BARE_TONIC.fullmatch(text.strip()):
        return ToKey(text.strip(), None, direction)
    key = parse_key(text)
    if key is None or key.accidentals or key.tonic in {"none", "HP", "Hp"}:
        raise InputError(f"{text!r} is no key to move to: give a tonic such as G, Bb or F#")
    return ToKey(key.tonic, key.mode, direction)


def transpose_tune(text: str, key: str, direction: Direction = Direction.NEAREST) -> str:
    """The tunes in ``text`` with the tonic ``key``.

    Raises:
        InputError: ``key`` is no key, or a tune cannot be moved there.
    """
    return transpose(text, read_target(key, direction))


def transpose(text: str, move: Move, number: int | None = None) -> str:
    """``text`` with its tunes moved; what is neither note, key nor chord symbol keeps its bytes.

    Args:
        text: a tunebook.
        move: how.
        number: the ``X:`` of the only tune to move; else all.

    Raises:
        InputError: there is no (such) tune, or one cannot be moved; the message names it.
    """
    changed: dict[tuple[int, int], str] = {}
    tunes = split_tunes(text)
    if not tunes:
        raise InputError("no tune found: a tune starts with a line such as X:1")
    for source in tunes if number is None else [_choose(tunes, number)]:
        try:
            changed |= _Transposer(parse_tune(source).tune, move).changes()
        except InputError as error:
            raise InputError(f"{_name(source.tokens)} {error}") from error
    return "".join(changed.get((token.line, token.column), token.text) for token in lex(text))


class _Transposer:
    """Walks the tokens of one tune and notes the new text of those that change."""

    def __init__(self, tune: Tune, move: Move) -> None:
        self._tokens = tune.tokens
        self._drums = {voice.id for voice in tune.voices if is_percussion(voice)}
        self._voice = self._first_voice = first_voice(tune.fields)
        self._move = move
        self._interval = Interval(0, 0)
        self._started = self._has_music = False
        self._voices: dict[str, Respeller] = {}
        propagation = propagation_of(tune.instructions)
        self._spelling = self._opening = Respeller(propagation, inner_bar_lines(tune))
        self._handlers: dict[TokenKind, Callable[[Token], str]] = {
            TokenKind.FIELD: self._field,
            TokenKind.INLINE_FIELD: self._field,
            TokenKind.STRING: lambda token: '"' + self._string(token.text[1:-1]) + '"',
        }

    def changes(self) -> dict[tuple[int, int], str]:
        """The new texts by line and column."""
        if self._key_of_header() is None:
            self._start(None)
        changed = {}
        for token in self._tokens:
            handler = self._handlers.get(token.kind)
            self._has_music = self._has_music or token.kind in _MUSIC
            new = handler(token) if handler else self._spelling.read(token)
            is_drum = token.kind not in FIELD_KINDS and self._voice in self._drums
            if new != token.text and not is_drum:
                changed[token.line, token.column] = new
        for token in self._tokens:
            if token.kind in FIELD_KINDS and token.field == "m":
                # Only now: a macro of the header stands before the key.
                changed[token.line, token.column] = self._macro(token)
        return changed

    def _key_of_header(self) -> Token | None:
        keys = (
            token for token in self._tokens if token.kind is TokenKind.FIELD and token.field == "K"
        )
        return next(keys, None)

    def _start(self, key: Key | None) -> None:
        self._started = True
        self._interval = self._move.interval(key)
        self._spelling.use(self._interval, {}, {})
        self._opening = self._spelling.afresh()

    def _field(self, token: Token) -> str:
        if token.field == "K":
            return self._key(token)
        if token.field == "V" and self._started:
            self._voice = voice_id(token.value)
            self._change_voice(self._voice)
        if token.field == "s":
            return re.sub(r'"([^"]*)"', lambda found: f'"{self._string(found[1])}"', token.text)
        return token.text

    def _change_voice(self, name: str) -> None:
        if not self._voices:
            # Music before the first V: of the body belongs to the first one of the header.
            self._voices = {self._first_voice: self._spelling}
        if name not in self._voices:
            # What was said before the first voice holds for all of them.
            self._voices[name] = self._opening.afresh()
        self._spelling = self._voices[name]

    def _key(self, token: Token) -> str:
        key = parse_key(token.value)
        if not self._started:
            self._start(key)
        if key is None:
            return token.text
        _refuse_bagpipes(key)
        moved = move_key(key, self._interval)
        if moved is None:
            raise InputError(f"changes to {key}, which cannot be moved that far")
        target, interval = moved
        self._spelling.use(interval, key.alterations, target.alterations)
        if not (self._has_music or self._voices):
            self._opening = self._spelling.afresh()
        return _key_text(token, target, interval) if key.tonic != "none" else token.text

    def _macro(self, token: Token) -> str:
        """A macro that names notes, with them moved; one with an n follows its note anyway."""
        target, sign, text = token.text[2:].partition("=")
        if "n" in target:
            return token.text
        # The target is gone where the text stands: each is spelt by itself.
        return "m:" + sign.join(map(self._respelled, (target, text)))

    def _respelled(self, text: str) -> str:
        spelling = self._opening.afresh()
        return "".join(map(spelling.read, lex_music(text)))

    def _string(self, text: str) -> str:
        """A chord symbol moved; an annotation as it is."""
        match = _CHORD.fullmatch(text)
        interval = self._spelling.interval
        if match is None or not (interval.steps or interval.semitones):
            return text
        opening, root, quality, bass, closing = match.groups()
        under = f"/{_move_root(bass, interval)}" if bass else ""
        return opening + _move_root(root, interval) + quality + under + closing


def _key_text(token: Token, target: Key, interval: Interval) -> str:
    """The text of a ``K:`` field with another tonic and moved accidentals."""
    start = token.text.index(":") + 1
    named, rest = split_key(token.text[start:])
    match = _TONIC.search(named)
    if match is None:
        return token.text
    letter, sign = match.groups()
    new = target.tonic[0] if letter.isupper() else target.tonic[0].lower()
    new += _like(target.tonic[1:], sign)
    accidentals = move_accidentals(named[match.end() :], interval)
    return token.text[:start] + named[: match.start()] + new + (accidentals or "") + rest


def _move_root(name: str, interval: Interval) -> str:
    plain = name[0].upper() + name[1:].replace("♯", "#").replace("♭", "b")
    moved = move_name(plain, interval)
    letter = moved[0] if name[0].isupper() else moved[0].lower()
    return letter + _like(moved[1:], name[1:])


def _like(sign: str, before: str) -> str:
    """``#`` or ``b``, as ♯ or ♭ where the text had such signs."""
    return sign.replace("#", "♯").replace("b", "♭") if before in {"♯", "♭"} else sign


def _directed(interval: Interval, direction: Direction) -> Interval:
    semitones = interval.semitones
    octaves = {
        Direction.NEAREST: -1 if semitones > 6 else 0,
        Direction.UP: 0 if semitones > 0 else 1,
        Direction.DOWN: -1 if 0 <= semitones < 12 else -2 if semitones >= 12 else 0,
    }[direction]
    return Interval(interval.steps + 7 * octaves, semitones + 12 * octaves)


def _refuse_bagpipes(key: Key | None) -> None:
    if key is not None and key.tonic in {"HP", "Hp"}:
        raise InputError("is for bagpipes, which have one key: write its K: as D to move it")


def _choose(tunes: list[TuneTokens], number: int) -> TuneTokens:
    numbers: list[str] = []
    for source in tunes:
        first = source.tokens[0]
        written = first.value if first.text.startswith("X:") else ""
        if written.isdecimal() and int(written[:9]) == number:
            return source
        numbers.append(written or "?")
    raise InputError(f"no X:{number}; there are: {', '.join(numbers[:12])}")


def _name(tokens: tuple[Token, ...]) -> str:
    return (
        tokens[0].text if tokens[0].text.startswith("X:") else f"the tune at line {tokens[0].line}"
    )
