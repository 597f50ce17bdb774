"""Chord symbols such as ``Am7/G``: their roots, basses and notes.

ABC 2.1 section 4.18 gives their form; the qualities are those that players write.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from abclm.notation.syntax.tables import NATURAL_SEMITONES

__all__ = ["QUALITIES", "ChordSymbol", "Degree", "Quality", "is_no_chord", "parse_chord_symbol"]


class Quality(NamedTuple):
    """A kind of chord.

    Attributes:
        tones: its notes in semitones above the root.
        spellings: the ways to write it, the usual one first.
    """

    tones: tuple[int, ...]
    spellings: tuple[str, ...]


def _quality(tones: str, *spellings: str) -> Quality:
    return Quality(tuple(map(int, tones.split())), spellings)


QUALITIES: Final = {
    "major": _quality("0 4 7", "", "maj", "Maj", "major", "M", "ma"),
    "minor": _quality("0 3 7", "m", "min", "Min", "minor", "mi", "-"),
    "augmented": _quality("0 4 8", "+", "aug", "Aug", "(#5)"),
    "diminished": _quality("0 3 6", "dim", "Dim", "°", "º", "o"),
    "dominant": _quality("0 4 7 10", "7", "dom7"),
    "major-seventh": _quality("0 4 7 11", "maj7", "Maj7", "M7", "ma7", "j7", "Δ", "Δ7", "∆", "△"),
    "minor-seventh": _quality("0 3 7 10", "m7", "min7", "Min7", "mi7", "-7"),
    "diminished-seventh": _quality("0 3 6 9", "dim7", "Dim7", "°7", "º7", "o7"),
    "augmented-seventh": _quality("0 4 8 10", "7#5", "+7", "7+", "aug7", "7(#5)"),
    "half-diminished": _quality(
        "0 3 6 10", "m7b5", "ø", "ø7", "Ø", "Ø7", "-7b5", "m7(b5)", "min7b5"
    ),
    "major-minor": _quality("0 3 7 11", "m(maj7)", "mmaj7", "mM7", "m(M7)", "minmaj7", "-maj7"),
    "major-sixth": _quality("0 4 7 9", "6", "maj6", "M6", "add6"),
    "minor-sixth": _quality("0 3 7 9", "m6", "min6", "mi6", "-6"),
    "dominant-ninth": _quality("0 4 7 10 14", "9", "dom9"),
    "major-ninth": _quality("0 4 7 11 14", "maj9", "Maj9", "M9", "ma9", "Δ9"),
    "minor-ninth": _quality("0 3 7 10 14", "m9", "min9", "mi9", "-9"),
    "dominant-11th": _quality("0 4 7 10 14 17", "11"),
    "major-11th": _quality("0 4 7 11 14 17", "maj11", "Maj11", "M11"),
    "minor-11th": _quality("0 3 7 10 14 17", "m11", "min11", "-11"),
    "dominant-13th": _quality("0 4 7 10 14 21", "13"),
    "major-13th": _quality("0 4 7 11 14 21", "maj13", "Maj13", "M13"),
    "minor-13th": _quality("0 3 7 10 14 21", "m13", "min13", "-13"),
    "suspended-second": _quality("0 2 7", "sus2"),
    "suspended-fourth": _quality("0 5 7", "sus4", "sus"),
    "power": _quality("0 7", "5"),
}
"""The qualities of chords by their names in MusicXML."""


class Degree(NamedTuple):
    """A note added, altered or left out: ``add9``, ``b5``, ``no3``.

    Attributes:
        kind: ``add``, ``alter`` or ``subtract``, as in MusicXML.
        number: the degree, 2 to 13.
        alteration: in semitones.
    """

    kind: str
    number: int
    alteration: int


class ChordSymbol(NamedTuple):
    """A chord symbol as read.

    Attributes:
        root, bass: a letter with ``#`` or ``b``; the bass is empty if it is the root.
        quality: a key of `QUALITIES`.
        degrees: what differs from the quality.
    """

    root: str
    quality: str
    degrees: tuple[Degree, ...] = ()
    bass: str = ""

    @property
    def tones(self) -> tuple[int, ...]:
        """The pitch classes of its notes, 0 for C; the root first, the bass not among them."""
        above = dict.fromkeys(QUALITIES[self.quality].tones)
        for kind, number, alteration in self.degrees:
            natural = _STEPS[number]
            if kind != "add":
                for tone in [tone for tone in above if _is_degree(tone, number)]:
                    del above[tone]
            if kind != "subtract":
                above[natural + alteration] = None
        root = _pitch_class(self.root)
        return tuple(dict.fromkeys((root + tone) % 12 for tone in above))

    @property
    def lowest(self) -> int:
        """The pitch class of its bass."""
        return _pitch_class(self.bass or self.root)


_STEPS: Final = {2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 10, 9: 14, 10: 16, 11: 17, 12: 19, 13: 21}
"""Semitones of the degrees above the root, the seventh minor."""
_SPELT: Final = {
    spelling: name for name, quality in QUALITIES.items() for spelling in quality.spellings
}
_CHORD: Final = re.compile(r"([A-G])([#b♯♭]?)([^/\s]*(?:6/9)?[^/\s]*)(?:/([A-Ga-g])([#b♯♭]?))?")
_DEGREES: Final = re.compile(
    r"\(?(?:(add|no|omit|sus)([#b♯♭]?)(\d{1,2})|([#b♯♭+-])(\d{1,2})|/?(9))\)?,?"
)
_SIGNS: Final = {"": 0, "#": 1, "♯": 1, "+": 1, "b": -1, "♭": -1, "-": -1}
_KINDS: Final = {"add": "add", "no": "subtract", "omit": "subtract"}
_NO_CHORD: Final = frozenset({"N.C.", "N.C", "NC", "NC.", "N. C.", "n.c.", "nc", "tacet"})
_LONGEST: Final = 30
"""Characters; a longer text is not a chord symbol."""


def is_no_chord(text: str) -> bool:
    """Whether a string above the notes says that no chord is played: ``N.C.``."""
    return text.strip() in _NO_CHORD


@lru_cache(maxsize=1024)
def parse_chord_symbol(text: str) -> ChordSymbol | None:
    """Return the chord named by a string above the notes, or None if it is not a chord symbol.

    ``(Am)`` is ``Am``, and the alternative in ``G(Em)`` is not read. ``^Am`` is an annotation.
    """
    text = text.strip()
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    if len(text) > _LONGEST:
        return None
    match = _CHORD.fullmatch(text)
    read = _read(match[3]) if match else None
    if match is None or read is None:
        return None
    bass = match[4].upper() + _plain(match[5]) if match[4] else ""
    root = match[1] + _plain(match[2])
    return ChordSymbol(root, *read, "" if bass == root else bass)


def _read(words: str) -> tuple[str, tuple[Degree, ...]] | None:
    """The quality and degrees of what follows a root; the longest known quality is taken."""
    for length in range(len(words), -1, -1):
        quality = _SPELT.get(words[:length])
        degrees = _degrees(words[length:]) if quality is not None else None
        if quality is not None and degrees is not None:
            return quality, degrees
    return None


def _degrees(words: str) -> tuple[Degree, ...] | None:
    """The degrees in ``b5add9``; empty for an alternative chord, None for other text."""
    if words.startswith("(") and words.endswith(")") and parse_chord_symbol(words) is not None:
        return ()
    found: list[Degree] = []
    place = 0
    while place < len(words):
        match = _DEGREES.match(words, place)
        if match is None:
            return None
        kind, sign, number, altered, altered_number, ninth = match.groups()
        degree = int(number or altered_number or ninth)
        if degree not in _STEPS:
            return None
        if kind == "sus":
            found += [Degree("subtract", 3, 0), Degree("add", degree, _SIGNS[sign])]
        elif kind:
            found.append(Degree(_KINDS[kind], degree, _SIGNS[sign]))
        else:
            found.append(_altered(degree, _SIGNS[altered or ""]))
        place = match.end()
    return tuple(found)


def _altered(degree: int, alteration: int) -> Degree:
    """A fifth is altered; a ninth and what is above it is added."""
    return Degree("alter" if degree < 9 and alteration else "add", degree, alteration)


def _is_degree(tone: int, number: int) -> bool:
    """Whether a tone is the degree, natural or altered."""
    return abs(tone - _STEPS[number]) <= 1


def _plain(sign: str) -> str:
    return sign.replace("♯", "#").replace("♭", "b")


def _pitch_class(name: str) -> int:
    return (NATURAL_SEMITONES[name[0]] + name.count("#") - name[1:].count("b")) % 12
