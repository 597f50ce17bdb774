"""Lengths, clefs, keys, meters and decorations in MEI, verovio's XML format."""

import re
from fractions import Fraction
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from abclm.notation.syntax.accidentals import alteration
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.meter import Meter
from abclm.notation.syntax.tables import SHARP_ORDER

__all__ = [
    "ARTICULATIONS",
    "accidental_of",
    "add_key",
    "add_meter",
    "clef_of",
    "note_values",
    "plain_text",
]

_ACCIDENTALS: Final = {
    Fraction(2): "x",
    Fraction(3, 2): "3qs",
    Fraction(1): "s",
    Fraction(1, 2): "1qs",
    Fraction(0): "n",
    Fraction(-1, 2): "1qf",
    Fraction(-1): "f",
    Fraction(-3, 2): "3qf",
    Fraction(-2): "ff",
}
"""MEI's names of accidentals by their alteration in semitones; quarter tones are the finest."""

ARTICULATIONS: Final = {
    "staccato": "stacc",
    "accent": "acc",
    ">": "acc",
    "emphasis": "acc",
    "tenuto": "ten",
    "marcato": "marc",
    "^": "marc",
    "wedge": "stacciss",
    "upbow": "upbow",
    "downbow": "dnbow",
    "open": "open",
    "snap": "snap",
    "plus": "stop",
    "+": "stop",
}
"""Decorations that are attached to the note head, with their names in MEI."""


_BASES: Final = {
    Fraction(4): "long",
    Fraction(2): "breve",
    **{Fraction(1, 2**power): str(2**power) for power in range(9)},
}
_SINGLE: Final = {
    base * (2 - Fraction(1, 2**dots)): (name, dots)
    for base, name in _BASES.items()
    for dots in (0, 1, 2)
}
_LARGEST_FIRST: Final = sorted(
    (length for length, (_, dots) in _SINGLE.items() if dots < 2), reverse=True
)
_MOST_VALUES = 8
"""The most tied notes that write one length; what is left then is a tiny part of it."""
_SHORTEST = ("256", 0)

_SIGNS: Final = {2: "x", 1: "s", 0: "n", -1: "f", -2: "ff"}
_CLEF = re.compile(r"\b(?:clef\s*=\s*)?\"?(treble|bass|alto|tenor|perc|none)\d?([+-]8)?\b")
_CLEFS: Final = {
    "treble": ("G", "2"),
    "bass": ("F", "4"),
    "alto": ("C", "3"),
    "tenor": ("C", "4"),
    "perc": ("perc", "3"),
    "none": ("G", "2"),
}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def note_values(length: Fraction) -> list[tuple[str, int]]:
    """Return the note values, with their dots, that tied together last ``length`` whole notes.

    ``5/8`` is a half note and an eighth. A length that needs more than eight values is cut short;
    only a tune with problems has one.
    """
    if length in _SINGLE:
        return [_SINGLE[length]]
    values: list[tuple[str, int]] = []
    while length and len(values) < _MOST_VALUES:
        fitting = next((value for value in _LARGEST_FIRST if value <= length), None)
        if fitting is None:
            break
        values.append(_SINGLE[fitting])
        length -= fitting
    return values or [_SHORTEST]


def accidental_of(accidental: str) -> str:
    """Return MEI's name of an accidental; a microtone gets that of the nearest quarter tone."""
    by = alteration(accidental)
    return _ACCIDENTALS[min(_ACCIDENTALS, key=lambda known: abs(known - by))]


def clef_of(properties: str) -> dict[str, str]:
    """Return the attributes of the clef in ``K:`` and ``V:`` values; the treble clef by default."""
    match = _CLEF.search(properties)
    shape, line = _CLEFS[match.group(1) if match else "treble"]
    clef = {"shape": shape, "line": line}
    if match and match.group(2):
        clef |= {"dis": "8", "dis.place": "above" if match.group(2)[0] == "+" else "below"}
    return clef


def add_key(parent: Element, key: Key | None) -> None:
    """Add the signature of ``key`` to ``parent``; unusual signatures are spelled out."""
    # "K:HP" shows no signature, though F and C sound sharp (ABC 2.1 section 3.1.14).
    changes = dict(key.signature) if key and key.tonic != "HP" else {}
    count = len(changes)
    usual = {
        "s": dict.fromkeys(SHARP_ORDER[:count], 1),
        "f": dict.fromkeys(SHARP_ORDER[::-1][:count], -1),
    }
    for sign, letters in usual.items():
        if changes == letters:
            SubElement(parent, "keySig", {"sig": f"{count}{sign}" if count else "0"})
            return
    signature = SubElement(parent, "keySig")
    for letter in sorted(changes, key=SHARP_ORDER.index):
        accidental = {"pname": letter.lower(), "accid": _SIGNS[changes[letter]], "oct": "5"}
        if letter in "AB":
            accidental["oct"] = "4"
        SubElement(signature, "keyAccid", accidental)


def add_meter(parent: Element, meter: Meter) -> None:
    """Add ``meter`` to ``parent``; free meter is invisible."""
    if not meter.beats:
        SubElement(parent, "meterSig", {"form": "invis"})
        return
    attributes = {"count": str(meter.beats), "unit": str(meter.beat_unit)}
    symbol = {"C": "common", "C|": "cut"}.get(meter.symbol)
    SubElement(parent, "meterSig", attributes | ({"sym": symbol} if symbol else {}))


def plain_text(text: str) -> str:
    """Return ``text`` without the control characters that XML forbids."""
    return _FORBIDDEN.sub("", text)
