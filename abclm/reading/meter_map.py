"""Where the measures of a MIDI file begin: its meters, its pickup, and silence before the music."""

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final, NamedTuple, TypeAlias

from abclm.errors import InputError
from abclm.notation.syntax.meter import parse_meter
from abclm.reading.meter import guess_meter
from abclm.reading.meter_features import measure_ticks
from abclm.reading.midi_file import MidiFile
from abclm.reading.midi_options import MidiOptions
from abclm.reading.score import QUARTER, Remark
from abclm.reading.tones import Tone

__all__ = ["MeterMap", "find_meters", "in_ticks", "written_meters"]

_STEP: Final = QUARTER // 4
"""A change of meter is moved to the nearest sixteenth note."""
_SMALLEST: Final = 64
"""No meter has a smaller unit."""
_LONGEST: Final = 4
"""No measure has more whole notes; a file that says so is damaged."""

Meters: TypeAlias = tuple[tuple[int, str], ...]


class MeterMap(NamedTuple):
    """The meters of a piece.

    Attributes:
        meters: from which tick on each is in force, the first from 0 on.
        pickup: the length of the first measure in ticks; 0 if it is full.
        shift: what is added to all times so that the first measure begins at 0.
        remarks: what was guessed.
    """

    meters: Meters
    pickup: int = 0
    shift: int = 0
    remarks: tuple[Remark, ...] = ()


def in_ticks(file: MidiFile, tick: int) -> int:
    """A time of the file in ticks of a score, on a sixteenth note."""
    return round(tick * QUARTER / file.division / _STEP) * _STEP


def find_meters(
    tones: Sequence[Tone], first: int, written: Meters, options: MidiOptions
) -> MeterMap:
    """The meters of a piece: the user's, those of the file, or a guess.

    Args:
        tones: of the piece without drums, by start.
        first: where the first note begins, be it of drums.
        written: the meters of the file, from which tick on each is in force; it may be empty.
        options: what the user says.

    Raises:
        InputError: an option is not a meter or a length.
    """
    if options.meter is not None:
        written = ((0, _meter(options.meter)),)
    meter = written[0][1] if written else None
    if options.pickup is not None:
        wanted = _pickup(options.pickup)
        found, remarks = _guess(_moved(tones, -first), meter, wanted)
        return _map(found[0], written, wanted % measure_ticks(found[0]), -first, remarks)
    if len(written) > 1 and not first:
        return _by_first_change(written)
    if first:
        found, remarks = _guess(tones, meter, 0)
        return _after_silence(found[0], written, first, remarks)
    (meter, pickup), remarks = _guess(tones, meter, None)
    return _map(meter, written, pickup, 0, remarks)


def written_meters(file: MidiFile) -> Meters:
    """The meters that a file names, without repetitions and absurd ones."""
    events: dict[int, Counter[str]] = {}
    for tick, numerator, denominator in file.meters:
        if denominator <= _SMALLEST and numerator <= _LONGEST * denominator:
            meter = f"{numerator}/{denominator}"
            events.setdefault(in_ticks(file, tick), Counter())[meter] += 1
    found: list[tuple[int, str]] = []
    for tick, names in events.items():
        name = names.most_common(1)[0][0]
        if not found or found[-1][1] != name:
            found.append((tick, name))
    if found:
        found[0] = (0, found[0][1])
    return tuple(found)


def _by_first_change(written: Meters) -> MeterMap:
    """The pickup is what the first meter leaves over before the second begins.

    A short first measure with a meter of its own is how some programs write a pickup.
    """
    (_, first), (change, second) = written[:2]
    if change == measure_ticks(first) < measure_ticks(second):
        return MeterMap(((0, second), *written[2:]), change)
    return MeterMap(written, change % measure_ticks(first))


def _after_silence(
    meter: str, written: Meters, first: int, remarks: tuple[Remark, ...]
) -> MeterMap:
    """Empty measures are left out; after half a measure of silence or more comes a pickup."""
    length = measure_ticks(meter)
    silence = first % length
    if 2 * silence >= length:
        return _map(meter, written, length - silence, -first, remarks)
    return _map(meter, written, 0, silence - first, remarks)


def _guess(
    tones: Sequence[Tone], meter: str | None, pickup: int | None
) -> tuple[tuple[str, int], tuple[Remark, ...]]:
    """Meter and pickup, and what was guessed of them."""
    found = guess_meter(tones, meter, pickup)
    remarks = []
    if meter is None:
        remarks.append(Remark(f"the meter is guessed: {found.meter}", "--meter"))
    if pickup is None and (found.pickup or meter is None):
        length = Fraction(found.pickup, 4 * QUARTER)
        remarks.append(Remark(f"the pickup is guessed: {length or 'none'}", "--pickup"))
    return (found.meter, found.pickup), tuple(remarks)


def _map(
    meter: str, written: Meters, pickup: int, shift: int, remarks: Iterable[Remark]
) -> MeterMap:
    """The map with ``meter`` first and the later ones of the file behind it."""
    later = tuple((tick + shift, name) for tick, name in written[1:] if tick + shift > 0)
    return MeterMap(((0, meter), *later), pickup, shift, tuple(remarks))


def _moved(tones: Sequence[Tone], shift: int) -> list[Tone]:
    return [tone._replace(start=tone.start + shift, end=tone.end + shift) for tone in tones]


def _meter(text: str) -> str:
    """A meter from the user as ``beats/unit``."""
    meter = parse_meter(text)
    if meter is None or not meter.beats or meter.others or meter.beat_unit > _SMALLEST:
        raise InputError(f"--meter {text}: is not a meter such as 4/4 or 6/8")
    return f"{meter.beats}/{meter.beat_unit}"


def _pickup(text: str) -> int:
    """A length from the user, in ticks."""
    try:
        ticks = Fraction(text) * 4 * QUARTER
    except (ValueError, ZeroDivisionError):
        ticks = Fraction(-1)
    if ticks < 0 or ticks.denominator != 1:
        raise InputError(f"--pickup {text}: is not a length such as 1/4 or 3/8, or 0")
    return int(ticks)
