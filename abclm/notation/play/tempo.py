"""The tempo of a tune: from its ``Q:`` field, else the usual one for its rhythm or meter."""

import re
from dataclasses import dataclass
from fractions import Fraction

from abclm.notation.syntax.tables import RHYTHMS
from abclm.notation.tune.music import Tune

__all__ = ["Tempo", "parse_tempo", "tempo_of"]

_QUOTED = re.compile(r'"([^"]*)"?')
_BEATS = re.compile(r"((?:\d+/\d+\s*)+)=\s*(\d+(?:\.\d+)?)")
_UNITS = re.compile(r"(?:C\s*(\d*)(?:/(\d+))?\s*=\s*)?(\d+(?:\.\d+)?)")
_LIMITS = (10.0, 600.0)  # quarter notes per minute

_DOTTED = Fraction(3, 8)
_HALF = Fraction(1, 2)
_QUARTER = Fraction(1, 4)
_SEMIQUAVER = Fraction(1, 16)

_USUAL = {
    "air": (_QUARTER, 70),
    "barndance": (_HALF, 80),
    "clog": (_HALF, 80),
    "fling": (_HALF, 90),
    "gavotte": (_QUARTER, 110),
    "hornpipe": (_HALF, 80),
    "jig": (_DOTTED, 115),
    "march": (_QUARTER, 110),
    "mazurka": (_QUARTER, 140),
    "minuet": (_QUARTER, 110),
    "polka": (_QUARTER, 130),
    "reel": (_HALF, 104),
    "schottische": (_HALF, 76),
    "set dance": (_QUARTER, 130),
    "slide": (_DOTTED, 140),
    "slip jig": (_DOTTED, 115),
    "strathspey": (_QUARTER, 120),
    "walkaround": (_HALF, 90),
    "waltz": (_QUARTER, 130),
}

_WORDS = {
    "larghissimo": 25,
    "largamente": 50,
    "larghetto": 63,
    "largo": 50,
    "lento": 52,
    "grave": 40,
    "adagietto": 72,
    "adagio": 66,
    "andantino": 80,
    "andante": 76,
    "moderato": 108,
    "allegretto": 112,
    "allegro": 132,
    "vivacissimo": 176,
    "vivace": 160,
    "prestissimo": 200,
    "presto": 180,
    "very slow": 50,
    "slow": 60,
}
"""Quarter notes per minute: the middle of the range printed on metronomes. If a text has several of
these words, the first in this table counts. "Lively" and "quick" are left out: they mean the usual
tempo of the rhythm."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """Beats per minute, and the length of a beat in whole notes."""

    beat: Fraction
    per_minute: float

    @property
    def quarters_per_minute(self) -> float:
        """The tempo in quarter notes per minute, limited to 10 to 600."""
        low, high = _LIMITS
        return min(max(float(self.beat * 4) * self.per_minute, low), high)


def tempo_of(tune: Tune) -> Tempo:
    """Return the tempo at the start of ``tune``: its last ``Q:`` field, else the usual one."""
    found = [parse_tempo(value, tune.unit) for value in tune.values("Q")]
    said = [tempo for tempo in found if tempo is not None]
    return said[-1] if said else _usual(tune)


def parse_tempo(value: str, unit: Fraction) -> Tempo | None:
    """Return the tempo of a ``Q:`` value under the unit note length ``unit``, or None.

    ``1/4=120``, ``3/8=50 "Slowly"``, ``1/4 3/8 1/4 3/8=40`` (the beat is their sum) and
    ``"Allegro"`` (ABC 2.1 section 3.1.8); the outdated ``120``, ``C=120`` and ``C3=40`` count
    unit note lengths (section 10.1).
    """
    numbers = _QUOTED.sub(" ", value).strip()
    match = _UNITS.fullmatch(numbers)
    if match:
        above, below, per_minute = match.groups()
        beat = unit * _sum(f"{above or 1}/{below or 1}")
        return Tempo(beat, float(per_minute)) if beat else None
    match = _BEATS.search(numbers)
    if match:
        beat = _sum(match.group(1))
        return Tempo(beat, float(match.group(2))) if beat else None
    words = (value if '"' not in value else " ".join(_QUOTED.findall(value))).lower()
    for word, quarters in _WORDS.items():
        if re.search(rf"\b{word}\b", words):
            return Tempo(_QUARTER, quarters)
    return None


def _sum(beats: str) -> Fraction:
    """The sum of fractions such as ``1/4 3/8``; 0 where one of them divides by 0."""
    parts = [tuple(int(number[:6]) for number in part.split("/")) for part in beats.split()]
    if any(below == 0 for _, below in parts):
        return Fraction(0)
    return sum((Fraction(above, below) for above, below in parts), Fraction(0))


def _usual(tune: Tune) -> Tempo:
    name = (tune.value("R") or "").strip().lower()
    for word in (name, *re.split(r"[\s,;/]+", name)):
        canonical = RHYTHMS.get(word, word)
        if canonical in _USUAL:
            beat, per_minute = _USUAL[canonical]
            return Tempo(beat / 2 if _is_written_half(tune) else beat, per_minute)
    return Tempo(_DOTTED, 110) if tune.meter.compound else Tempo(_QUARTER, 120)


def _is_written_half(tune: Tune) -> bool:
    """Whether a cut-time dance is written in 2/4 in half the note values: mostly semiquavers."""
    if (tune.meter.beats, tune.meter.beat_unit) != (2, 4):
        return False
    short = sum(event.duration <= _SEMIQUAVER for event in tune.events)
    return 2 * short > len(tune.events)
