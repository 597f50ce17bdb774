"""The canonical text of the music in a bar: notes, lengths, and spaces between beat groups."""

from fractions import Fraction
from functools import lru_cache

from abclm.notation.syntax.meter import Meter, tuplet_times
from abclm.notation.syntax.tables import TUPLET_TIMES
from abclm.notation.tune.bars import Bar, pickup_offset
from abclm.notation.tune.music import PLAIN, BodyField, Event, Item, LineBreak, Overlay, Tuplet
from abclm.notation.write.header import change_text
from abclm.notation.write.lengths import length_texts, write_length

__all__ = ["bar_text", "length_characters"]

_MARKS = frozenset({">", "<"})
_Ratio = tuple[int, int]


def bar_text(bar: Bar, unit: Fraction) -> str:
    """Return the music of ``bar`` under the unit note length ``unit``, without its bar lines.

    A space precedes each beat group, but not inside a tuplet or a pair in broken
    rhythm: in 4/4 in eighths, ``A3/2B/cdef`` is ``A>Bcd ef``.
    """
    items = [item for item in bar.items if type(item) is not LineBreak]
    texts = iter(length_texts(items, bar.meter, unit))
    on_beats = iter(_on_beats(bar))
    on_beat = next(on_beats)
    joined = True  # whether no space is allowed before the next item
    text = ""
    for item in items:
        if type(item) is Event:
            length = next(texts)
            text += " " if on_beat and not joined and item.tuplet <= 1 else ""
            text += _event_text(item, length)
            joined = length[-1:] in _MARKS
            on_beat = next(on_beats)
        else:
            text += " " if on_beat and not joined and isinstance(item, Tuplet) else ""
            text += _other_text(item, bar.meter)
            joined = True
    return text


def length_characters(bar: Bar, unit: Fraction) -> int:
    """Return how many characters of `bar_text` depend on ``unit``.

    Those are the lengths, less the space saved by a pair in broken rhythm across a beat:
    ``ef g3a`` in sixteenths is ``e/f<ga/`` in eighths.
    """
    items = [item for item in bar.items if type(item) is not LineBreak]
    texts = length_texts(items, bar.meter, unit)
    following = zip(texts, bar.events[1:], _on_beats(bar)[1:], strict=False)
    blanks = sum(
        text[-1:] in _MARKS and event.tuplet <= 1 for text, event, beat in following if beat
    )
    return sum(map(len, texts)) - blanks


def _on_beats(bar: Bar) -> tuple[bool, ...]:
    """Whether each event of a bar begins a beat group, and whether one begins after the last."""
    durations = tuple([event.duration.as_integer_ratio() for event in bar.events])
    offset = pickup_offset(bar)
    return _on_groups(offset.as_integer_ratio(), durations, bar.meter.group.as_integer_ratio())


@lru_cache(maxsize=4096)
def _on_groups(offset: _Ratio, durations: tuple[_Ratio, ...], group: _Ratio) -> tuple[bool, ...]:
    """The same for a bar with these durations; cached, since rhythms recur."""
    place, length = Fraction(*offset), Fraction(*group)
    found = [place % length == 0]
    for duration in durations:
        place += Fraction(*duration)
        found.append(place % length == 0)
    return tuple(found)


def _event_text(event: Event, length: str) -> str:
    if event.rest:
        core = event.rest + length
    elif len(event.pitches) == 1:
        core = f"{event.pitches[0]}{length}"
    else:
        ties = ["-" if place in event.tied else "" for place in range(len(event.pitches))]
        notes = (f"{pitch}{tie}" for pitch, tie in zip(event.pitches, ties, strict=True))
        core = "[" + "".join(notes) + "]" + length
    return core if event[6:] == PLAIN else _with_attached(event, core)


def _with_attached(event: Event, core: str) -> str:
    """The note, chord or rest ``core`` with everything attached to it."""
    return "".join(
        (
            "(" * event.opens,
            _graces_text(event),
            "".join(f'"{text}"' for text in event.strings),
            "".join(event.decorations),
            core,
            "-" if event.tie and not event.tied else "",
            ")" * event.closes,
        )
    )


def _graces_text(event: Event) -> str:
    if not event.graces:
        return ""
    notes = ""
    for place, grace in enumerate(event.graces):
        follows = place + 1 < len(event.graces) and event.graces[place + 1].with_last
        opens = "[" * (follows and not grace.with_last)
        closes = "]" * (grace.with_last and not follows)
        notes += f"{opens}{grace.pitch}{write_length(grace.length)}{closes}"
    return f"{{{'/' if event.slashed else ''}{notes}}}"


def _other_text(item: Item, meter: Meter) -> str:
    if isinstance(item, BodyField):
        value = change_text(item)
        # Text with a bracket cannot be inside brackets; no field that is played has one.
        return f"[{item.name}:{value}]" if "]" not in value else ""
    if isinstance(item, Overlay):
        return "&"
    return _tuplet_text(item, meter) if isinstance(item, Tuplet) else ""


def _tuplet_text(tuplet: Tuplet, meter: Meter) -> str:
    usual = tuplet_times(tuplet.notes, compound=meter.compound)
    if tuplet.count != tuplet.notes:
        return f"({tuplet.notes}:{tuplet.times}:{tuplet.count}"
    if tuplet.times != usual or tuplet.notes not in TUPLET_TIMES:
        return f"({tuplet.notes}:{tuplet.times}"
    return f"({tuplet.notes}"
