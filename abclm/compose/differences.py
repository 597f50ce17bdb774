"""What differs musically between two versions of a tunebook: bars, fields, tunes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from abclm.notation.syntax.accidentals import semitones
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.tables import FIELD_NAMES, NATURAL_SEMITONES
from abclm.notation.tune.bar_texts import bar_texts
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import BodyField, Event, Tune, Voice
from abclm.notation.tune.numbering import number_bars

__all__ = ["BarDifference", "TuneDifference", "differences"]

_COMPARED: Final = "TCRMLQPKV"
"""The fields of a header that are compared."""


@dataclass(frozen=True, slots=True)
class BarDifference:
    """Bars that differ in one place.

    Attributes:
        bar: the number of the first of them in the new version, or in the old one if they are gone.
        voice: the id of the voice; empty if there is only one.
        old, new: the texts of the bars; either may be empty.
        sound: whether notes differ, and not only ornaments, chord symbols or bar lines.
    """

    bar: int
    voice: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    sound: bool


@dataclass(frozen=True, slots=True)
class TuneDifference:
    """How a tune differs.

    Attributes:
        number, title: its reference number and its title.
        only_in: ``old`` or ``new`` if the other version lacks it, else empty.
        fields: by field letter, its old and its new value; empty if there is none.
        moved: the semitones by which all notes moved alike; None if they did not.
        bars: the bars that differ, unless all notes moved alike.
    """

    number: str
    title: str
    only_in: str = ""
    fields: tuple[tuple[str, str, str], ...] = ()
    moved: int | None = None
    bars: tuple[BarDifference, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The difference for JSON."""
        return {
            "tune": self.number,
            "title": self.title,
            "only_in": self.only_in or None,
            "fields": [
                {
                    "field": letter,
                    "name": FIELD_NAMES[letter],
                    "old": old or None,
                    "new": new or None,
                }
                for letter, old, new in self.fields
            ],
            "moved_by_semitones": self.moved,
            "bars": [
                {
                    "bar": one.bar,
                    "voice": one.voice or None,
                    "old": list(one.old),
                    "new": list(one.new),
                    "notes_differ": one.sound,
                }
                for one in self.bars
            ],
        }


class _Bar(NamedTuple):
    """A bar to compare: its notes as they sound, what stands beside them, its number and text."""

    notes: tuple[tuple[tuple[int, ...], Fraction, bool], ...]
    signs: tuple[object, ...]
    number: int
    text: str


def differences(old: Sequence[Tune], new: Sequence[Tune]) -> list[TuneDifference]:
    """Return what differs between two tunebooks, in the order of the new one.

    Tunes are paired by their ``X:``, and tunes of one ``X:`` in their order. Spaces, line breaks,
    comments and the way in which lengths and accidentals are written make no difference.
    """
    before, after = _by_number(old), _by_number(new)
    found: list[TuneDifference] = []
    for name, tune in after.items():
        if name in before:
            one = _difference(before[name], tune)
            found += [one] if one.fields or one.bars or one.moved is not None else []
        else:
            found.append(TuneDifference(name[0], tune.title, "new"))
    gone = [(name, tune) for name, tune in before.items() if name not in after]
    return found + [TuneDifference(name[0], tune.title, "old") for name, tune in gone]


def _by_number(tunes: Sequence[Tune]) -> dict[tuple[str, int], Tune]:
    known: dict[tuple[str, int], Tune] = {}
    counts: dict[str, int] = {}
    for tune in tunes:
        number = tune.value("X") or "?"
        counts[number] = counts.get(number, 0) + 1
        known[number, counts[number]] = tune
    return known


def _difference(old: Tune, new: Tune) -> TuneDifference:
    fields = tuple(_fields(old, new))
    voices = list(zip_longest(old.voices, new.voices))
    pairs = [(_bars(before), _bars(after)) for before, after in voices]
    moved = _moved(pairs)
    found: list[BarDifference] = []
    if moved is None:
        for (before, after), (earlier, later) in zip(voices, pairs, strict=True):
            voice = after or before
            named = "" if len(voices) == 1 or voice is None else voice.id
            found += _bar_differences(earlier, later, named)
    return TuneDifference(new.value("X") or "?", new.title, "", fields, moved, tuple(found))


def _fields(old: Tune, new: Tune) -> Iterator[tuple[str, str, str]]:
    for letter in _COMPARED:
        for before, after in zip_longest(old.values(letter), new.values(letter), fillvalue=""):
            if " ".join(before.split()) != " ".join(after.split()):
                yield letter, before, after


def _bars(voice: Voice | None) -> list[_Bar]:
    if voice is None:
        return []
    written = bars(voice.tune)
    texts = bar_texts(voice.tune, written)
    source = "".join(token.text for token in voice.tune.tokens)
    reader = _Reader(voice.tune.key)
    return [
        _Bar(*reader.read(bar), number.number, " ".join(source[text.start : text.stop].split()))
        for bar, text, number in zip(written, texts, number_bars(written), strict=True)
    ]


class _Reader:
    """Reads bars with the key and the accidentals in force."""

    def __init__(self, key: Key | None) -> None:
        self._signature = key.alterations if key else {}

    def read(self, bar: Bar) -> tuple[tuple[Any, ...], tuple[object, ...]]:
        """Return the notes of a bar as they sound, and what stands beside them."""
        notes: list[tuple[tuple[int, ...], Fraction, bool]] = []
        signs: list[object] = [bar.after.style, bar.after.closes, bar.after.opens, bar.after.ending]
        altered: dict[tuple[str, int], int] = {}
        for item in bar.items:
            if isinstance(item, BodyField) and item.name == "K":
                key = parse_key(item.value)
                self._signature = key.alterations if key else self._signature
            if not isinstance(item, Event):
                continue
            pitches = []
            for accidental, letter, octave in item.pitches:
                if accidental:
                    altered[letter, octave] = semitones(accidental)
                shift = altered.get((letter, octave), self._signature.get(letter, 0))
                pitches.append(60 + 12 * octave + NATURAL_SEMITONES[letter] + shift)
            notes.append((tuple(pitches), item.duration, item.tie))
            graces = tuple(str(grace.pitch) for grace in item.graces)
            signs.append((graces, item.decorations, item.strings, item.opens, item.closes))
        return tuple(notes), tuple(signs)


def _moved(pairs: Sequence[tuple[list[_Bar], list[_Bar]]]) -> int | None:
    """Return by how many semitones all notes moved alike, and nothing else changed; else None."""
    shifts: set[int] = set()
    for old, new in pairs:
        if len(old) != len(new):
            return None
        for before, after in zip(old, new, strict=True):
            if [note[1:] for note in before.notes] != [note[1:] for note in after.notes]:
                return None
            for (low, *_), (high, *_) in zip(before.notes, after.notes, strict=True):
                if len(low) != len(high):
                    return None
                shifts.update(b - a for a, b in zip(low, high, strict=True))
    return shifts.pop() if len(shifts) == 1 and shifts != {0} else None


def _bar_differences(old: list[_Bar], new: list[_Bar], voice: str) -> Iterator[BarDifference]:
    matcher = SequenceMatcher(
        None, [bar[:2] for bar in old], [bar[:2] for bar in new], autojunk=False
    )
    for kind, first, last, start, stop in matcher.get_opcodes():
        if kind == "equal":
            continue
        before, after = old[first:last], new[start:stop]
        yield BarDifference(
            (after or before)[0].number,
            voice,
            tuple(bar.text for bar in before),
            tuple(bar.text for bar in after),
            [bar.notes for bar in before] != [bar.notes for bar in after],
        )
