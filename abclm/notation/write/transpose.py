"""Transposes tunes: notes, keys and chord symbols change; everything else keeps its bytes.

All letters move by the same distance, so a note without an accidental needs none afterwards. An
accidental is written where the tune has one, and where the new spelling would be wrong without.
"""

import re
from collections.abc import Sequence
from typing import Final

from abclm.errors import InputError
from abclm.notation.parse.parser import parse_tune
from abclm.notation.parse.tunebook import TuneTokens, split_tunes
from abclm.notation.play.sounding import is_percussion
from abclm.notation.syntax.instructions import propagation_of
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.music_tokens import lex_music
from abclm.notation.syntax.tokens import FIELD_KINDS, Token, TokenKind
from abclm.notation.tune.bars import inner_bar_lines
from abclm.notation.tune.interval import Interval, move_key
from abclm.notation.tune.music import Tune, first_voice, voice_id
from abclm.notation.write.moves import (
    Move,
    refuse_bagpipes,
)
from abclm.notation.write.respell import Respeller
from abclm.notation.write.symbols import move_chord_symbol, move_key_field

__all__ = ["transpose"]

_MUSIC: Final = frozenset(
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


def transpose(text: str, move: Move, numbers: Sequence[int] = ()) -> str:
    """Return ``text`` transposed; everything but notes, keys and chord symbols keeps its bytes.

    Args:
        text: a tunebook.
        move: the target.
        numbers: the ``X:`` of the only tunes to move; none for all.

    Raises:
        InputError: there is no such tune, or one cannot be moved; the message names it.
    """
    changed: dict[tuple[int, int], str] = {}
    tunes = split_tunes(text)
    if not tunes:
        raise InputError("no tune found: a tune starts with a line such as X:1")
    for source in [_choose(tunes, number) for number in numbers] or tunes:
        try:
            changed |= _Transposer(parse_tune(source).tune, move).changes()
        except InputError as error:
            raise InputError(f"{_name(source.tokens)} {error}") from error
    return "".join(changed.get((token.line, token.column), token.text) for token in lex(text))


class _Transposer:
    """Collects the new texts of the tokens of one tune that change."""

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

    def changes(self) -> dict[tuple[int, int], str]:
        """Return the new texts by line and column."""
        fields = [token for token in self._tokens if token.kind in FIELD_KINDS]
        if not any(token.field == "K" and token.kind is TokenKind.FIELD for token in fields):
            self._start(None)
        changed = {}
        for token in self._tokens:
            self._has_music = self._has_music or token.kind in _MUSIC
            new = self._moved(token)
            is_drum = self._voice in self._drums and token.kind not in FIELD_KINDS
            if new != token.text and not is_drum:
                changed[token.line, token.column] = new
        # Last, because a macro in the header comes before the key.
        macros = (token for token in fields if token.field == "m")
        return changed | {(token.line, token.column): self._macro(token) for token in macros}

    def _moved(self, token: Token) -> str:
        if token.kind in FIELD_KINDS:
            return self._field(token)
        if token.kind is TokenKind.STRING:
            return '"' + self._string(token.text[1:-1]) + '"'
        return self._spelling.read(token)

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
            # Music before the first V: of the body belongs to the first V: of the header.
            self._voices = {self._first_voice: self._spelling}
        if name not in self._voices:
            # Keys before the first voice hold for all voices.
            self._voices[name] = self._opening.afresh()
        self._spelling = self._voices[name]

    def _key(self, token: Token) -> str:
        key = parse_key(token.value)
        if not self._started:
            self._start(key)
        if key is None:
            return token.text
        refuse_bagpipes(key)
        moved = move_key(key, self._interval)
        if moved is None:
            raise InputError(f"changes to {key}, which cannot be moved that far")
        target, interval = moved
        self._spelling.use(interval, key.alterations, target.alterations)
        if not (self._has_music or self._voices):
            self._opening = self._spelling.afresh()
        return move_key_field(token, target, interval) if key.tonic != "none" else token.text

    def _macro(self, token: Token) -> str:
        """A macro with its notes moved; a transposing one, with an n, needs no change."""
        target, sign, text = token.text[2:].partition("=")
        if "n" in target:
            return token.text
        # The replacement appears without the target, so each is spelt by itself.
        return "m:" + sign.join(map(self._respelled, (target, text)))

    def _respelled(self, text: str) -> str:
        spelling = self._opening.afresh()
        return "".join(map(spelling.read, lex_music(text)))

    def _string(self, text: str) -> str:
        return move_chord_symbol(text, self._spelling.interval)


def _choose(tunes: Sequence[TuneTokens], number: int) -> TuneTokens:
    numbers: list[str] = []
    for source in tunes:
        first = source.tokens[0]
        written = first.value if first.text.startswith("X:") else ""
        if written.isdecimal() and int(written[:9]) == number:
            return source
        numbers.append(written or "?")
    raise InputError(f"no X:{number}; there are: {', '.join(numbers[:12])}")


def _name(tokens: Sequence[Token]) -> str:
    return (
        tokens[0].text if tokens[0].text.startswith("X:") else f"the tune at line {tokens[0].line}"
    )
