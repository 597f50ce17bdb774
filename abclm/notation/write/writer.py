"""The canonical form: one spelling for everything in a tune.

The header is in the order X T … R … M L K. In the body a space precedes each beat group, a line has
four bars, a section starts on a new line, repeats are explicit, and a pair of notes in the ratio
3:1 or 7:1 is written in broken rhythm if that is shorter. With several voices a line has one bar of
each.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import count, zip_longest
from typing import Final

from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import BodyField, Tune, Voice
from abclm.notation.tune.structure import explicit_repeats
from abclm.notation.write.header import header_lines
from abclm.notation.write.music import bar_text, length_characters
from abclm.notation.write.signs import boundary_text, is_pickup, mark_text, opening_text

__all__ = ["shortest_unit", "write_body", "write_tune"]

_BARS_IN_LINE: Final = 4
"""Half of the eight-bar section usual in dances."""


def write_tune(tune: Tune) -> str:
    """Return the canonical text of ``tune``, ending in a line end.

    All its header fields are kept; ``write_tune(parse(text)) == text`` for canonical text.
    """
    voices = tune.voices
    if len(voices) < 2:
        return "\n".join([*header_lines(tune, voices), write_body(tune), ""])
    voices = _with_names(voices)
    return "\n".join([*header_lines(tune, voices), *_interleaved(voices), ""])


def write_body(tune: Tune) -> str:
    """Return the canonical text of the body, without a line end after the last line."""
    lines: list[str] = []
    line = ""
    written = explicit_repeats(bars(tune))
    for bar, place in zip(written, _count_bars(written), strict=True):
        starts_line = bar.before.style in {"||", ""} or bar.before.closes
        if not line and bar.before.opens and starts_line:
            line = opening_text(bar.before)
        text, ends_line = boundary_text(bar, wraps=place % _BARS_IN_LINE == 0 and place > 0)
        music = bar_text(bar, tune.unit)
        # The dot of a staccato would belong to the number of the ending before it.
        line += (" " if bar.before.ending and music.startswith(".") else "") + music + text
        if ends_line:
            lines.append(line)
            line = ""
    return "\n".join([*lines, line] if line else lines)


def shortest_unit(tune: Tune, units: Iterable[Fraction]) -> Fraction:
    """Return the unit that makes the body of ``tune`` shortest; of equal ones the longest."""
    written = bars(tune)
    characters = {unit: sum(length_characters(bar, unit) for bar in written) for unit in units}
    return min(characters, key=lambda unit: (characters[unit], -unit))


def _with_names(voices: Sequence[Voice]) -> list[Voice]:
    """The voices, each with an id: music before the first ``V:`` of a tune may have none."""
    known = {voice.id for voice in voices}
    free = next(name for name in map(str, count(1)) if name not in known)
    return [voice if voice.id else replace(voice, id=free) for voice in voices]


def _interleaved(voices: Sequence[Voice]) -> Iterator[str]:
    """The bars of several voices, one bar of each per line: ``[V:1]…|[V:2]…|``."""
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
            opening = opening_text(bar.before) if bar.before.edge and bar.before.opens else ""
            text = bar_text(bar._replace(items=items), voice.tune.unit)
            line += f"[V:{voice.id}]{opening}{text}{mark_text(bar.after)}"
        yield line


def _count_bars(written: Sequence[Bar]) -> list[int]:
    """The number of each bar in its section; a short first bar, the pickup, is 0.

    All endings of a section are counted from the bar where the first starts: the bars of
    ``D|GABc|dBGB|1 c2A2|G4:|2 c2A2|G4||`` have the numbers 0, 1, 2, 3, 4, 3 and 4.
    """
    counts: list[int] = []
    place = 0
    at_ending = 0
    for bar in written:
        starts = bar.before.ends_section and not bar.before.ending
        if starts:
            place = 0 if is_pickup(bar) else 1
        elif bar.before.ending:
            at_ending = place + 1 if bar.before.ending[0] == 1 else at_ending
            place = at_ending
        else:
            place += 1
        counts.append(place)
    return counts
