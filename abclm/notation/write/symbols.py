"""Transposes chord symbols and keys."""

import re

from abclm.notation.syntax.key import Key, split_key
from abclm.notation.syntax.tokens import Token
from abclm.notation.tune.interval import Interval, move_accidentals, move_name

__all__ = ["move_chord_symbol", "move_key_field"]

_CHORD = re.compile(
    r"(\(?)([A-G][#b♯♭]?)"
    r"((?:maj|min|dim|aug|sus|add|omit|Maj|Min|mi|ma|m|M|[+°ø^o-]|[#b♯♭]?\d{1,2}|\([#b♯♭\w]*\))*)"
    r"(?:/([A-Ga-g][#b♯♭]?))?(\)?)"
)
_TONIC = re.compile(r"([A-Ga-g])([#b♯♭]?)")


def move_chord_symbol(text: str, interval: Interval) -> str:
    """Return a chord symbol such as ``(Am7/G)`` moved; other text, an annotation, unchanged."""
    match = _CHORD.fullmatch(text)
    if match is None or not (interval.steps or interval.semitones):
        return text
    opening, root, quality, bass, closing = match.groups()
    under = f"/{_move_root(bass, interval)}" if bass else ""
    return opening + _move_root(root, interval) + quality + under + closing


def move_key_field(token: Token, target: Key, interval: Interval) -> str:
    """Return the text of a ``K:`` field with the tonic of ``target`` and moved accidentals."""
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
    """``#`` or ``b``, as ♯ or ♭ if the text used those."""
    return sign.replace("#", "♯").replace("b", "♭") if before in {"♯", "♭"} else sign
