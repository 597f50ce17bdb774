"""Intervals as a distance in letters and in semitones, applied to pitches and keys."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from abclm.notation.syntax.accidentals import ALTERATIONS, spell
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.tables import NATURAL_SEMITONES
from abclm.notation.syntax.values import Pitch

__all__ = [
    "Interval",
    "interval_between",
    "interval_of",
    "move_accidentals",
    "move_key",
    "move_name",
]

Semitones = Fraction | int
"""A fraction if the note has a microtone."""

_LETTERS = "CDEFGAB"
_NAME_SIGNS = {1: "#", 0: "", -1: "b"}
_ACCIDENTAL = re.compile(r"(\^\^|\^|__|_|=)([A-Ga-g])")
_STEPS = (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6)
"""The usual distance in letters for 0 to 11 semitones: minor and major second, third, …"""


@dataclass(frozen=True, slots=True)
class Interval:
    """How far notes move: by ``steps`` letters and ``semitones``, both negative downwards."""

    steps: int
    semitones: int

    def letter(self, letter: str) -> str:
        """Return the letter that ``letter`` moves to."""
        return _LETTERS[(_LETTERS.index(letter) + self.steps) % 7]

    def move(self, pitch: Pitch, alteration: Semitones) -> tuple[Pitch, Semitones]:
        """Return the pitch, without accidental, that ``pitch`` moves to, and its alteration.

        If it would need more than two sharps or flats, a neighbouring letter is used.

        Args:
            pitch: the pitch as written.
            alteration: semitones by which it sounds above the natural.
        """
        height = alteration + _height(pitch.letter, pitch.octave) + self.semitones
        place = _LETTERS.index(pitch.letter) + 7 * pitch.octave + self.steps
        moved = _at(place, height)
        if _plainness(moved) > 2:
            moved = min((_at(place + by, height) for by in (-1, 1, -2, 2)), key=_plainness)
        return moved


def interval_of(semitones: int, key: Key | None = None) -> Interval:
    """Return the interval of ``semitones`` that moves ``key`` to the fewest accidentals."""
    octaves, rest = divmod(abs(semitones), 12)
    steps = (7 * octaves + _STEPS[rest]) * (1 if semitones >= 0 else -1)
    usual = Interval(steps, semitones)
    if key is None or key.tonic == "none" or not rest:
        return usual
    return min(_moves(key, usual), key=_accidentals, default=(key, usual))[1]


def interval_between(tonic: str, target: str) -> Interval:
    """Return the interval from ``tonic`` up to ``target``, less than an octave."""
    steps = (_LETTERS.index(target[0]) - _LETTERS.index(tonic[0])) % 7
    semitones = (_semitones(target) - _semitones(tonic)) % 12
    # Cb is one letter but no semitone above B: the letters decide the octave.
    if steps == 0 and semitones > 6:
        return Interval(0, semitones - 12)
    if steps == 6 and semitones < 6:
        return Interval(6, semitones + 12)
    return Interval(steps, semitones)


def move_key(key: Key, interval: Interval) -> tuple[Key, Interval] | None:
    """Return the key that ``key`` moves to, and the interval its notes move by.

    If ``interval`` leads to more than seven sharps or flats, an enharmonic tonic is used instead.
    None for the bagpipe keys, which cannot be transposed.
    """
    if key.tonic == "none":
        return key, interval
    if key.tonic in {"HP", "Hp"}:
        return None
    same = _moved(key, interval)
    return same or min(_moves(key, interval), key=_accidentals, default=None)


def move_name(name: str, interval: Interval) -> str:
    """Return a note name such as ``F#`` or ``Bb`` moved, with at most one sharp or flat."""
    pitch = Pitch("", name[0], 0)
    moved, alteration = interval.move(pitch, _semitones(name) - NATURAL_SEMITONES[name[0]])
    if abs(int(alteration)) > 1:
        height = _height(moved.letter, moved.octave) + alteration
        place = _LETTERS.index(moved.letter) + 7 * moved.octave
        moved, alteration = min((_at(place + by, height) for by in (-1, 1)), key=_plainness)
    return moved.letter + _NAME_SIGNS[int(alteration)]


def _moves(key: Key, interval: Interval) -> list[tuple[Key, Interval]]:
    """The keys ``key`` can move to by the semitones of ``interval`` and about as many letters."""
    near = (Interval(interval.steps + by, interval.semitones) for by in (0, -1, 1))
    found = (_moved(key, one) for one in near)
    return [moved for moved in found if moved is not None]


def _accidentals(moved: tuple[Key, Interval]) -> int:
    return sum(abs(value) for _, value in moved[0].signature)


def _moved(key: Key, interval: Interval) -> tuple[Key, Interval] | None:
    moved, alteration = interval.move(Pitch("", key.tonic[0], 0), _alteration(key.tonic))
    if interval.letter(key.tonic[0]) != moved.letter or alteration not in _NAME_SIGNS:
        return None
    accidentals = move_accidentals(key.accidentals, interval)
    if accidentals is None:
        return None
    tonic = moved.letter + _NAME_SIGNS[int(alteration)]
    target = parse_key(str(replace(key, tonic=tonic, accidentals=accidentals)))
    return None if target is None else (target, interval)


def move_accidentals(text: str, interval: Interval) -> str | None:
    """Return ``text`` with the accidentals of a key in it, such as ``=c``, moved."""
    pieces, done = [], 0
    for match in _ACCIDENTAL.finditer(text):
        sign, letter = match.groups()
        moved, alteration = interval.move(Pitch("", letter.upper(), 0), ALTERATIONS[sign])
        if moved.letter != interval.letter(letter.upper()):
            return None
        name = moved.letter if letter.isupper() else moved.letter.lower()
        pieces += [text[done : match.start()], spell(alteration), name]
        done = match.end()
    return "".join([*pieces, text[done:]])


def _height(letter: str, octave: int) -> int:
    return NATURAL_SEMITONES[letter] + 12 * octave


def _at(place: int, height: Semitones) -> tuple[Pitch, Semitones]:
    """The pitch ``place`` letters above C, and the alteration that makes it sound at ``height``."""
    octave, index = divmod(place, 7)
    return Pitch("", _LETTERS[index], octave), height - _height(_LETTERS[index], octave)


def _plainness(moved: tuple[Pitch, Semitones]) -> Fraction:
    return abs(Fraction(moved[1]))


def _alteration(tonic: str) -> int:
    return (tonic[1:] == "#") - (tonic[1:] == "b")


def _semitones(tonic: str) -> int:
    return NATURAL_SEMITONES[tonic[0]] + _alteration(tonic)
