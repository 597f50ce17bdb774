"""The measures of a MusicXML score, the same for all of its parts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from abclm.notation.syntax.meter import parse_meter
from abclm.notation.syntax.tables import BAR_END_SIGNS
from abclm.reading.fifths import key_name
from abclm.reading.lengths import GRID, WHOLE
from abclm.reading.navigation import with_signs
from abclm.reading.score import QUARTER, Ending, Measure, Remark
from abclm.reading.xml_part import RawMeasure

__all__ = ["FoundMeasures", "find_measures"]

_FREE: Final = "none"
_LONGEST: Final = 256 * WHOLE


@dataclass(frozen=True, slots=True)
class FoundMeasures:
    """The measures of a score.

    Attributes:
        measures: as they are printed; those that were split are joined.
        starts, lengths: in ticks, of the measures as the file has them.
        remarks: what was changed.
    """

    measures: tuple[Measure, ...]
    starts: tuple[int, ...]
    lengths: tuple[int, ...]
    remarks: tuple[Remark, ...]


def find_measures(parts: Sequence[Sequence[RawMeasure]], quarter: int) -> FoundMeasures:
    """Return the measures that hold the music of all parts.

    Args:
        parts: the measures of each part.
        quarter: units of time in a quarter note.
    """
    meter, key = _FREE, "C"
    keys = _Keys(len(parts))
    found: list[Measure] = []
    uneven: list[int] = []
    start = 0
    for index in range(max(map(len, parts))):
        raws = [part[index] for part in parts if index < len(part)]
        meter = next((raw.meter for raw in raws if raw.meter is not None), meter)
        key = keys.after(index, parts) or key
        length = _length(raws, _full(meter), quarter, first=index == 0)
        ends = {raw.end for raw in raws if raw.end}
        if len(ends) > 1:
            uneven.append(index + 1)
        found.append(_measure(raws, Measure(start, length, meter, key)))
        start += length
    remarks = [_uneven(uneven)] if uneven else []
    signed, lost = with_signs(found, parts)
    remarks += lost
    joined = _join_split(signed)
    if len(joined) < len(found):
        count = len(found) - len(joined)
        what = "a measure that was" if count == 1 else f"{count} measures that were"
        remarks.append(Remark(f"{what} split at the end of a phrase: joined"))
    return FoundMeasures(
        tuple(joined),
        tuple(one.start for one in found),
        tuple(one.length for one in found),
        tuple(remarks),
    )


class _Keys:
    """The key that most parts are in, as it sounds."""

    def __init__(self, parts: int) -> None:
        self._fifths: list[tuple[int, str] | None] = [None] * parts

    def after(self, index: int, parts: Sequence[Sequence[RawMeasure]]) -> str:
        """Return the key of the measure ``index``; empty if no part has one."""
        for number, part in enumerate(parts):
            if index < len(part):
                fifths = part[index].fifths
                if fifths is not None:
                    self._fifths[number] = (fifths, part[index].mode)
        known = Counter(one for one in self._fifths if one is not None)
        return key_name(*known.most_common(1)[0][0]) if known else ""


def _full(meter: str) -> int | None:
    """The length of a full measure in ticks; None in free meter."""
    known = parse_meter(meter)
    return int(known.bar * WHOLE) if known is not None and known.bar is not None else None


def _length(raws: Sequence[RawMeasure], full: int | None, quarter: int, *, first: bool) -> int:
    """The length of a measure in ticks: that of its music, else of its rests, else of its meter."""
    units = max(raw.end for raw in raws)
    rests = max(raw.rest_end for raw in raws)
    length = (units * QUARTER + quarter // 2) // quarter
    rest = (rests * QUARTER + quarter // 2) // quarter
    if not length:
        length = rest or full or WHOLE
    elif rest == full and length < rest and not first and not any(raw.implicit for raw in raws):
        length = rest
    return max(GRID, min(_LONGEST, (length + GRID // 2) // GRID * GRID))


def _measure(raws: Sequence[RawMeasure], plain: Measure) -> Measure:
    """The measure with what any part says of its bar lines."""
    closing = [raw.times for raw in raws if raw.closes]
    return replace(
        plain,
        opens=any(raw.opens for raw in raws),
        closes=bool(closing),
        times=max(closing, default=2),
        endings=next((raw.endings for raw in raws if raw.endings), ()),
        right=max(raw.right for raw in raws),
    )


def _join_split(measures: Sequence[Measure]) -> list[Measure]:
    """Join neighbours that together fill their meter, with nothing but a bar line between."""
    joined: list[Measure] = []
    place = 0
    while place < len(measures):
        one = measures[place]
        after = measures[place + 1] if place + 1 < len(measures) else None
        if after is not None and _are_one(one, after):
            one = replace(
                one,
                length=one.length + after.length,
                closes=after.closes,
                times=after.times,
                right=after.right,
                signs=(*one.signs, *after.signs),
            )
            place += 1
        joined.append(one)
        place += 1
    return joined


def _are_one(one: Measure, after: Measure) -> bool:
    if (one.meter, one.key) != (after.meter, after.key):
        return False
    if any(sign in BAR_END_SIGNS for sign in one.signs) or not BAR_END_SIGNS.issuperset(
        after.signs
    ):
        return False
    if one.closes or after.opens or after.endings or one.right is not Ending.PLAIN:
        return False
    return one.length + after.length == _full(one.meter)


def _uneven(numbers: Sequence[int]) -> Remark:
    shown = ", ".join(map(str, numbers[:5])) + (" …" if len(numbers) > 5 else "")
    which = f"measure {shown}" if len(numbers) == 1 else f"measures {shown}"
    return Remark(f"the parts are not equally long in {which}: rests fill the shorter ones")
