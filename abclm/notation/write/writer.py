"""The canonical form: one spelling for each thing a tune can say.

The header comes as X T … R M L K. In the body a blank stands where a beat group begins, a line
holds four bars, a section starts on a new line, repeats are explicit, and a pair of notes in the
proportion three to one is written with broken rhythm where that is shorter. Of several voices a
line holds one bar of each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import count, zip_longest

from abclm.notation.syntax.instructions import changes_sound
from abclm.notation.syntax.key import Key, parse_key, split_key
from abclm.notation.syntax.meter import Meter, parse_meter, tuplet_times
from abclm.notation.syntax.tables import CANONICAL_FIELD_ORDER, TUPLET_TIMES
from abclm.notation.tune.bars import Bar, Boundary, bars
from abclm.notation.tune.music import (
    BodyField,
    Event,
    Item,
    LineBreak,
    Overlay,
    Tune,
    Tuplet,
    Voice,
)
from abclm.notation.tune.structure import explicit_repeats

__all__ = ["write_body", "write_length", "write_tune"]

_BARS_IN_LINE = 4
_BROKEN = {
    Fraction(3): ">",
    Fraction(1, 3): "<",
    Fraction(7): ">>",
    Fraction(1, 7): "<<",
}


def write_tune(tune: Tune) -> str:
    """The canonical text of ``tune``, ending in a line end.

    All its header fields are kept; ``write_tune(parse(text)) == text`` for canonical text.
    """
    voices = tune.voices
    if len(voices) < 2:
        return "\n".join([*_header(tune, voices), write_body(tune), ""])
    voices = _with_names(voices)
    return "\n".join([*_header(tune, voices), *_interleaved(voices), ""])


def write_body(tune: Tune) -> str:
    """The canonical text of the body, without a line end after the last line."""
    lines: list[str] = []
    line = ""
    written = explicit_repeats(bars(tune))
    counts = _count_bars(written)
    for bar, place in zip(written, counts, strict=True):
        starts_line = bar.before.style in {"||", ""} or bar.before.closes
        if not line and bar.before.opens and starts_line:
            line = _open(bar.before)
        text, ends_line = _boundary(bar, wraps=place % _BARS_IN_LINE == 0 and place > 0)
        music = _bar(bar, tune.unit)
        # The dot of a staccato would belong to the number of the ending before it.
        line += (" " if bar.before.ending and music.startswith(".") else "") + music + text
        if ends_line:
            lines.append(line)
            line = ""
    return "\n".join([*lines, line] if line else lines)


def _with_names(voices: Sequence[Voice]) -> list[Voice]:
    """Voices that all have an id: music before the first ``V:`` of a tune may belong to none."""
    known = {voice.id for voice in voices}
    free = next(name for name in map(str, count(1)) if name not in known)
    return [voice if voice.id else replace(voice, id=free) for voice in voices]


def _interleaved(voices: Sequence[Voice]) -> Iterator[str]:
    """The bars of several voices, one of each a line: ``[V:1]…|[V:2]…|``."""
    rows = zip_longest(*(explicit_repeats(bars(voice.tune)) for voice in voices))
    for row in rows:
        line = ""
        has_part = False
        for voice, bar in zip(voices, row, strict=True):
            if bar is None:
                continue
            # A part begins in all voices at once.
            part = [item for item in bar.items if isinstance(item, BodyField) and item.name == "P"]
            items = tuple(item for item in bar.items if item not in part or not has_part)
            has_part = has_part or bool(part)
            opens = bar.before.edge and bar.before.opens
            text = _bar(bar._replace(items=items), voice.tune.unit)
            opening = _open(bar.before) if opens else ""
            line += f"[V:{voice.id}]{opening}{text}{_mark(bar.after)}"
        yield line


def _mark(after: Boundary) -> str:
    """All that stands at a boundary, on one line."""
    if after.ending:
        return (_close(after) if after.closes else "|") + _numbers(after.ending)
    closes = _close(after) if after.closes else "" if after.opens else after.style
    return closes + (_open(after) if after.opens else "")


def _close(bound: Boundary) -> str:
    """The end of a repeat, with as many colons as say how often it is played."""
    return ":" * max(1, bound.colons(0)) + "|"


def _open(bound: Boundary) -> str:
    """The start of a repeat likewise."""
    return "|" + ":" * max(1, bound.colons(-1))


def write_length(length: Fraction) -> str:
    """A multiple of the unit note length: nothing for 1, ``/`` for a half, ``3/2``, ``/4``."""
    if length.denominator == 1:
        return "" if length == 1 else str(length.numerator)
    above = "" if length.numerator == 1 else str(length.numerator)
    below = "" if length == Fraction(1, 2) else str(length.denominator)
    return f"{above}/{below}"


def _header(tune: Tune, voices: Sequence[Voice]) -> Iterator[str]:
    key = _key(tune.key, (tune.values("K") or [""])[-1])
    unit = f"{tune.unit.numerator}/{tune.unit.denominator}"
    canonical = {"M": str(tune.meter), "L": unit, "K": key}
    values: dict[str, list[str]] = {}
    for token in tune.fields:
        values.setdefault(token.text[0], []).append(token.value)
    values |= {name: [value] for name, value in canonical.items()}
    values["V"] = [field for voice in voices for field in _voice_fields(voice)]
    # A directive may hold a percent sign; in a field a remark begins there.
    said = (instruction.partition("%")[0].strip() for instruction in tune.instructions)
    said = (one for one in said if changes_sound(one) or one.startswith("deco "))
    values["I"] = list(dict.fromkeys([*values.get("I", []), *said]))
    for name in CANONICAL_FIELD_ORDER:
        for value in values.get(name, []):
            yield f"{name}:{value}"


def _voice_fields(voice: Voice) -> list[str]:
    """The values of the ``V:`` fields that say something of a voice; its id alone where none do."""
    telling = [field for field in dict.fromkeys(voice.fields) if field.split() != [voice.id]]
    return telling or [voice.id] * bool(voice.id)


def _count_bars(written: Sequence[Bar]) -> list[int]:
    """Each bar's number in its section; a short first bar, the pickup, is number 0.

    Both endings of a section are counted from where the first one starts.
    """
    counts: list[int] = []
    place = 0
    at_ending = 0
    for bar in written:
        starts = bar.before.ends_section and not bar.before.ending
        if starts:
            place = 0 if _is_pickup(bar) else 1
        elif bar.before.ending:
            at_ending = place + 1 if bar.before.ending[0] == 1 else at_ending
            place = at_ending
        else:
            place += 1
        counts.append(place)
    return counts


def _is_pickup(bar: Bar) -> bool:
    full = bar.meter.bar
    return full is not None and bar.duration < full and not bar.after.closes


def _boundary(bar: Bar, *, wraps: bool) -> tuple[str, bool]:
    """The text after ``bar``, and whether the line ends there."""
    after = bar.after
    if after.ending:
        return (_close(after) if after.closes else "|") + _numbers(after.ending), False
    if after.closes:
        return _close(after), True
    if after.opens and _is_lone_pickup(bar):
        return _open(after), False
    if after.style == "|":
        return "|", wraps
    return after.style, True


def _is_lone_pickup(bar: Bar) -> bool:
    """Whether the bar is a pickup before the repeat it leads into: ``d|:G3A``."""
    return _is_pickup(bar) and not bar.before.plain and not bar.before.ending


def _numbers(ending: Sequence[int]) -> str:
    return ",".join(map(str, ending))


def _bar(bar: Bar, unit: Fraction) -> str:
    offset = _offset(bar)
    text = ""
    joined = True  # whether what comes next may have no blank before it
    items = [item for item in bar.items if not isinstance(item, LineBreak)]
    index = 0
    while index < len(items):
        item = items[index]
        if isinstance(item, Event):
            on_beat = bar.meter.group and offset % bar.meter.group == 0
            text += " " if on_beat and not joined and item.tuplet <= 1 else ""
            mark = _broken_mark(items, index, unit)
            second = items[index + 1] if mark else None
            if mark and isinstance(second, Event):
                base = (item.notated + second.notated) / 2
                text += _event(item, base / unit) + mark + _event(second, base / unit)
                offset += second.duration
                index += 1
            else:
                text += _event(item, _multiple(item, unit, bar.meter))
            offset += item.duration
            joined = False
        else:
            on_beat = offset % bar.meter.group == 0
            text += " " if isinstance(item, Tuplet) and on_beat and not joined else ""
            text += _other(item, bar.meter)
            joined = True
        index += 1
    return text


def _offset(bar: Bar) -> Fraction:
    """Where in the full bar its first note falls: a pickup is counted from the bar's end."""
    full = bar.meter.bar
    if full is None or bar.duration >= full:
        return Fraction(0)
    starts_section = bar.before.ends_section and not bar.before.ending
    return full - bar.duration if starts_section else Fraction(0)


def _broken_mark(items: Sequence[Item], index: int, unit: Fraction) -> str:
    """``>`` and the like where the sound at ``index`` and the next are better written so."""
    first = items[index]
    second = items[index + 1] if index + 1 < len(items) else None
    if not isinstance(first, Event) or not isinstance(second, Event):
        return ""
    if first.tie or first.closes or second.opens or first.rest in {"Z", "X"} or second.rest:
        return ""
    if not first.notated or not second.notated:
        return ""
    mark = _BROKEN.get(first.notated / second.notated, "")
    base = write_length((first.notated + second.notated) / 2 / unit)
    apart = write_length(first.notated / unit) + write_length(second.notated / unit)
    return mark if len(apart) > 2 * len(base) + len(mark) else ""


def _multiple(event: Event, unit: Fraction, meter: Meter) -> Fraction:
    if event.rest in {"Z", "X"} and meter.bar is not None:
        return event.notated / meter.bar
    return event.notated / unit


def _event(event: Event, multiple: Fraction) -> str:
    length = write_length(multiple)
    if event.rest:
        core = event.rest + length
    elif len(event.pitches) == 1:
        core = f"{event.pitches[0]}{length}"
    else:
        ties = ["-" if place in event.tied else "" for place in range(len(event.pitches))]
        notes = (f"{pitch}{tie}" for pitch, tie in zip(event.pitches, ties, strict=True))
        core = "[" + "".join(notes) + "]" + length
    return "".join(
        (
            "(" * event.opens,
            _graces(event),
            "".join(f'"{text}"' for text in event.strings),
            "".join(event.decorations),
            core,
            "-" if event.tie and not event.tied else "",
            ")" * event.closes,
        )
    )


def _graces(event: Event) -> str:
    if not event.graces:
        return ""
    notes = ""
    for place, grace in enumerate(event.graces):
        follows = place + 1 < len(event.graces) and event.graces[place + 1].with_last
        opens = "[" * (follows and not grace.with_last)
        closes = "]" * (grace.with_last and not follows)
        notes += f"{opens}{grace.pitch}{write_length(grace.length)}{closes}"
    return f"{{{'/' if event.slashed else ''}{notes}}}"


def _other(item: Item, meter: Meter) -> str:
    if isinstance(item, BodyField):
        value = _change_value(item)
        # Words with a bracket cannot stand in brackets; nothing that is played has one.
        return f"[{item.name}:{value}]" if "]" not in value else ""
    if isinstance(item, Overlay):
        return "&"
    if isinstance(item, Tuplet):
        return _tuplet(item, meter)
    return ""


def _change_value(change: BodyField) -> str:
    if change.name == "K":
        return _key(parse_key(change.value), change.value)
    meter = parse_meter(change.value) if change.name == "M" else None
    return change.value if meter is None else str(meter)


def _key(key: Key | None, value: str) -> str:
    """A key and what ``value`` says beside it; a clef alone says nothing of a key."""
    _, properties = split_key(value)
    if key is None:
        return properties or value or "none"
    return f"{key} {properties}".strip()


def _tuplet(tuplet: Tuplet, meter: Meter) -> str:
    usual = tuplet_times(tuplet.notes, compound=meter.compound)
    if tuplet.count != tuplet.notes:
        return f"({tuplet.notes}:{tuplet.times}:{tuplet.count}"
    if tuplet.times != usual or tuplet.notes not in TUPLET_TIMES:
        return f"({tuplet.notes}:{tuplet.times}"
    return f"({tuplet.notes}"
