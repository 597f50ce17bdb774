"""Attributes of MusicXML: keys, meters, clefs and transpositions as ABC names them."""

import re
from typing import Final
from xml.etree.ElementTree import Element

from abclm.reading.fifths import Transposition

__all__ = ["clef_of", "endings_of", "meter_of", "number", "transposition_of"]

_MOST_DIGITS: Final = 9
_NUMBER: Final = re.compile(r"\s*([+-]?\d{1,9})(?:\.\d*)?\s*")
_CLEFS: Final = {"F": "bass", "percussion": "perc", "TAB": "treble"}
_C_CLEFS: Final = {"1": "treble", "2": "alto", "4": "tenor", "5": "bass"}
_MOST_BEATS: Final = 256


def number(text: str | None, default: int = 0) -> int:
    """Return a whole number of up to nine digits; a fraction is cut off, other text is default."""
    match = _NUMBER.fullmatch(text) if text else None
    return int(match[1]) if match else default


def meter_of(time: Element) -> str | None:
    """Return the ``M:`` value of a ``time`` element; None if it has no meaning."""
    if time.find("senza-misura") is not None:
        return "none"
    symbol = time.get("symbol")
    pairs = [
        (beats.text or "", number(unit.text))
        for beats, unit in zip(time.findall("beats"), time.findall("beat-type"), strict=False)
    ]
    sums = [[number(part) for part in beats.split("+")] for beats, _ in pairs]
    units = [unit for _, unit in pairs]
    if not pairs or any(unit < 1 or unit > _MOST_BEATS or unit & (unit - 1) for unit in units):
        return None
    if any(beats < 1 or beats > _MOST_BEATS for one in sums for beats in one):
        return None
    unit = max(units)
    beats = [part * (unit // own) for one, own in zip(sums, units, strict=True) for part in one]
    if symbol == "common" and (beats, unit) == ([4], 4):
        return "C"
    if symbol == "cut" and (beats, unit) == ([2], 2):
        return "C|"
    joined = "+".join(map(str, beats))
    return f"({joined})/{unit}" if len(beats) > 1 else f"{joined}/{unit}"


def clef_of(clef: Element) -> str:
    """Return the ABC clef that is nearest to a ``clef`` element."""
    sign = (clef.findtext("sign") or "G").strip()
    line = (clef.findtext("line") or "").strip()
    name = _C_CLEFS.get(line, "alto") if sign == "C" else _CLEFS.get(sign, "treble")
    octaves = number(clef.findtext("clef-octave-change"))
    if not octaves or name == "perc":
        return name
    return name + ("+8" if octaves > 0 else "-8")


def transposition_of(element: Element) -> Transposition:
    """Return the interval of a ``transpose`` element."""
    steps = element.findtext("diatonic")
    return Transposition.of(
        _small(number(element.findtext("chromatic"))),
        None if steps is None else _small(number(steps)),
        _small(number(element.findtext("octave-change")), 4),
    )


def endings_of(element: Element) -> tuple[int, ...]:
    """Return the numbers of an ``ending`` element, such as 1 and 2 for ``1, 2``."""
    found = {number(part) for part in re.split(r"[\s,.]+", element.get("number", "")) if part}
    return tuple(sorted(one for one in found if 0 < one < 100))


def _small(value: int, most: int = 48) -> int:
    return max(-most, min(most, value))
