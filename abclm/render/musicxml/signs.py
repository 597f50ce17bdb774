"""Clefs, keys, meters, tempos and bar lines as music21 has them."""

import re
from fractions import Fraction
from typing import Any, Final

from abclm.notation.play.tempo import parse_tempo
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.meter import Meter
from abclm.notation.syntax.source import unescape_text
from abclm.notation.syntax.tables import MODES, SHARP_ORDER
from abclm.notation.tune.bars import Boundary
from abclm.render.engrave.mei_values import plain_text

__all__ = ["add_bar_lines", "clef_of", "key_of", "meter_of", "tempo_of", "text_of"]

_CLEF: Final = re.compile(
    r"\b(treble|bass|alto|tenor|perc|none)[1-5]?([+-](?:8|15))?(?![A-Za-z\d])"
)
_NAMES: Final = re.compile(r'\b(?:name|nm|subname|sname|snm)\s*=\s*(?:"[^"]*"|\S+)')
_CLEFS: Final = {
    "treble": "TrebleClef",
    "bass": "BassClef",
    "alto": "AltoClef",
    "tenor": "TenorClef",
    "perc": "PercussionClef",
    "none": "TrebleClef",
}
_OCTAVES: Final = {"-8": -1, "+8": 1, "-15": -2, "+15": 2}
_SYMBOLS: Final = {"C": "common", "C|": "cut"}
_MODES: Final = {suffix: mode for mode, (suffix, _) in reversed(MODES.items())}
_QUOTED: Final = re.compile(r'"([^"]*)"')
_STYLES: Final = {"||": "double", "|]": "final"}


def text_of(value: str) -> str:
    """Return a text of the tune without escapes and control characters."""
    return plain_text(unescape_text(value))


def clef_of(properties: str) -> Any:
    """Return the clef that ``K:`` and ``V:`` values name last, or None."""
    from music21 import clef  # noqa: PLC0415 - heavy

    found = _CLEF.findall(_NAMES.sub("", properties))
    if not found:
        return None
    name, octaves = found[-1]
    made = getattr(clef, _CLEFS[name])()
    made.octaveChange = _OCTAVES.get(octaves, 0)
    return made


def key_of(value: Key) -> Any:
    """Return a key with its mode, or a signature with the accidentals as written.

    ``K:HP`` shows no signature, though F and C sound sharp (ABC 2.1 section 3.1.14).
    """
    from music21 import key  # noqa: PLC0415 - heavy

    changes = {letter: by for letter, by in value.signature if by}
    if value.tonic == "HP":
        return key.KeySignature(0)
    if value.tonic[:1] in "ABCDEFG" and not value.accidentals:
        return key.Key(value.tonic.replace("b", "-"), _MODES[value.mode])
    count = len(changes)
    if changes == dict.fromkeys(SHARP_ORDER[:count], 1):
        return key.KeySignature(count)
    if changes == dict.fromkeys(SHARP_ORDER[::-1][:count], -1):
        return key.KeySignature(-count)
    made = key.KeySignature(0)
    names = {1: "#", -1: "-", 2: "##", -2: "--"}
    made.alteredPitches = [
        letter + names[changes[letter]] for letter in SHARP_ORDER if letter in changes
    ]
    return made


def meter_of(value: Meter) -> Any:
    """Return a time signature; one without a meter for ``M:none``."""
    from music21 import meter  # noqa: PLC0415 - heavy

    if not value.beats:
        return meter.SenzaMisuraTimeSignature()
    made = meter.TimeSignature(f"{value.beats}/{value.beat_unit}")
    made.symbol = _SYMBOLS.get(value.symbol, "")
    return made


def tempo_of(value: str, unit: Fraction) -> Any:
    """Return the mark of a ``Q:`` value, or None if it says nothing."""
    from music21 import tempo  # noqa: PLC0415 - heavy

    words = text_of(" ".join(_QUOTED.findall(value)))
    found = parse_tempo(_QUOTED.sub(" ", value), unit) if any(map(str.isdigit, value)) else None
    if found is None or not found.per_minute:
        return tempo.TempoText(words or text_of(value)) if value.strip() else None
    number = (
        int(found.per_minute) if found.per_minute == int(found.per_minute) else found.per_minute
    )
    return tempo.MetronomeMark(words or None, number, referent=float(found.beat * 4))


def add_bar_lines(measure: Any, before: Boundary, after: Boundary) -> None:
    """Give a measure the repeat at its left and the bar line at its right."""
    from music21 import bar  # noqa: PLC0415 - heavy

    if before.opens:
        measure.leftBarline = bar.Repeat("start")
    if after.closes:
        times = after.colons(0) + 1
        measure.rightBarline = bar.Repeat("end", times=times if times > 2 else None)
    elif after.opens:
        return  # the repeat at the left of the next measure is the bar line
    elif after.soft:
        measure.rightBarline = bar.Barline("dotted")
    elif after.style in _STYLES:
        measure.rightBarline = bar.Barline(_STYLES[after.style])
