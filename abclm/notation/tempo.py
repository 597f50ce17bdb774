"""How fast a tune goes: its ``Q:`` field, else what is usual for its rhythm or meter."""

import re
from dataclasses import dataclass
from fractions import Fraction

from abclm.notation.meter import Meter
from abclm.notation.music import Tune

__all__ = ["Tempo", "tempo_of"]

_BEATS = re.compile(r"((?:\d+/\d+\s*)+)=\s*(\d+(?:\.\d+)?)")
_NUMBER = re.compile(r"\s*(?:C\s*=\s*)?(\d+(?:\.\d+)?)\s*")
_LIMITS = (10.0, 600.0)

_USUAL = {
    "air": (Fraction(1, 4), 70),
    "hornpipe": (Fraction(1, 2), 80),
    "jig": (Fraction(3, 8), 115),
    "march": (Fraction(1, 4), 110),
    "polka": (Fraction(1, 4), 130),
    "reel": (Fraction(1, 2), 104),
    "slide": (Fraction(3, 8), 140),
    "slip jig": (Fraction(3, 8), 115),
    "strathspey": (Fraction(1, 4), 120),
    "waltz": (Fraction(1, 4), 130),
}


@dataclass(frozen=True, slots=True)
class Tempo:
    """Beats in a minute, and what a beat is in whole notes."""

    beat: Fraction
    per_minute: float

    @property
    def quarters_per_minute(self) -> float:
        """The same as quarter notes in a minute, as MIDI counts."""
        return float(self.beat * 4) * self.per_minute


def tempo_of(tune: Tune) -> Tempo:
    """The tempo of ``tune``: ``Q:1/4=120``, ``Q:120`` or ``Q:3/8=90 "Lively"``, else the usual."""
    value = re.sub(r'"[^"]*"', "", tune.value("Q") or "")
    match = _BEATS.search(value)
    if match and "/0" not in match.group(1):
        beat = sum((Fraction(part) for part in match.group(1).split()), Fraction(0))
        return _limited(beat or tune.unit, float(match.group(2)))
    number = _NUMBER.fullmatch(value)
    if number:
        return _limited(tune.unit, float(number.group(1)))
    return _usual((tune.value("R") or "").lower(), tune.meter)


def _limited(beat: Fraction, per_minute: float) -> Tempo:
    low, high = _LIMITS
    quarters = float(beat * 4) * per_minute
    return Tempo(Fraction(1, 4), min(max(quarters, low), high))


def _usual(rhythm: str, meter: Meter) -> Tempo:
    for name, (beat, per_minute) in _USUAL.items():
        if name == rhythm:
            return Tempo(beat, per_minute)
    return Tempo(Fraction(3, 8), 110) if meter.compound else Tempo(Fraction(1, 4), 120)
