"""A tune as MEI, verovio's native XML format.

verovio's ABC importer crashes on some texts and misreads others. So the tune as our parser
understood it is written note by note, and the staves show what the MIDI plays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from xml.etree.ElementTree import Element, SubElement, tostring

from abclm.errors import RenderError
from abclm.notation.syntax.key import parse_key
from abclm.notation.syntax.meter import parse_meter
from abclm.notation.syntax.source import unescape_text
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import BodyField, Event, Item, LineBreak, Overlay, Tune, Voice
from abclm.notation.tune.structure import explicit_repeats
from abclm.render.engrave.line_breaks import leading, regular_breaks
from abclm.render.engrave.lyrics import lyrics_of
from abclm.render.engrave.mei_layer import LayerContext, add_events, beam_starts
from abclm.render.engrave.mei_marks import Marks, remove_unfinished
from abclm.render.engrave.mei_values import add_key, add_meter, clef_of, plain_text

__all__ = ["write_mei"]

_MOST_BARS = 20_000
"""The most bars of all voices together; a voice that ends early still fills its staff."""
_RIGHT = {"||": "dbl", "|]": "end"}


@dataclass(frozen=True, slots=True)
class _Staff:
    """A voice on its staff: its number from 1, its bars, and the context and marks of its notes."""

    number: int
    voice: Voice
    bars: list[Bar]
    context: LayerContext
    marks: Marks


def write_mei(tune: Tune, prefix: str = "n", *, titled: bool = False, bars_in_line: int = 0) -> str:
    """Return ``tune`` as an MEI document.

    Args:
        tune: the tune.
        prefix: the prefix of the ids of all notes: ``prefix-line-column``, the note's position.
        titled: whether to put title, rhythm and composer above the staves.
        bars_in_line: the bars of each line; 0 for the lines of the source.

    Raises:
        RenderError: the tune has no notes, or too many bars.
    """
    starts = beam_starts(tune)
    staves = [
        _Staff(
            number,
            voice,
            explicit_repeats(bars(voice.tune)),
            LayerContext(prefix, starts, lyrics_of(voice.tune.items)),
            Marks(number, prefix),
        )
        for number, voice in enumerate(tune.voices, 1)
    ]
    if not staves:
        raise RenderError(f"tune {tune.value('X') or '?'} has no notes to render")
    longest = max(len(staff.bars) for staff in staves)
    if longest * len(staves) > _MOST_BARS:
        raise RenderError(
            f"tune {tune.value('X') or '?'} has {len(staves)} voices of up to {longest} bars, "
            f"more than the {_MOST_BARS:,} bars that can be engraved"
        )
    mei = Element("mei", {"xmlns": "http://www.music-encoding.org/ns/mei", "meiversion": "5.0"})
    head = SubElement(SubElement(mei, "meiHead"), "fileDesc")
    SubElement(SubElement(head, "titleStmt"), "title").text = _text(tune.title)
    SubElement(head, "pubStmt")
    music = SubElement(mei, "music")
    score = SubElement(SubElement(SubElement(music, "body"), "mdiv"), "score")
    definition = SubElement(score, "scoreDef")
    if titled:
        _add_title(definition, tune)
    group = SubElement(definition, "staffGrp", {"bar.thru": "true"} if len(staves) > 1 else {})
    for staff in staves:
        _add_staff_definition(group, staff, tune, shows_name=len(staves) > 1)
    section = SubElement(score, "section")
    _add_measures(section, staves, bars_in_line)
    return tostring(mei, encoding="unicode")


def _add_title(definition: Element, tune: Tune) -> None:
    head = SubElement(definition, "pgHead")
    titles = tune.values("T") or [""]
    for index, title in enumerate(titles):
        size = "x-large" if index == 0 else "normal"
        line = {"halign": "center", "valign": "top", "fontsize": size}
        SubElement(head, "rend", line).text = _text(title)
    for name, side in (("R", "left"), ("C", "right")):
        value = tune.value(name)
        if value:
            line = {"halign": side, "valign": "bottom", "fontsize": "small"}
            SubElement(head, "rend", line).text = _text(value)


def _text(value: str) -> str:
    return plain_text(unescape_text(value))


def _add_staff_definition(group: Element, staff: _Staff, tune: Tune, *, shows_name: bool) -> None:
    properties = " ".join([*tune.values("K")[-1:], staff.voice.properties])
    clef = clef_of(properties)
    definition = SubElement(group, "staffDef", {"n": str(staff.number), "lines": "5"})
    if shows_name and staff.voice.name:
        SubElement(definition, "label").text = plain_text(staff.voice.name)
    SubElement(definition, "clef", clef)
    add_key(definition, tune.key)
    add_meter(definition, tune.meter)


def _add_measures(section: Element, staves: Sequence[_Staff], bars_in_line: int) -> None:
    """Write bar after bar; bar lines, repeats and endings are those of the first voice."""
    ending: Element | None = None
    rows = list(zip_longest(*(staff.bars for staff in staves)))
    breaks = regular_breaks(rows, bars_in_line) if bars_in_line else _source_breaks(rows)
    for place, row in enumerate(rows):
        lead = leading(row)
        if place in breaks:
            # verovio's "smart" breaks ignore it after an ending, but not inside one.
            SubElement(section if ending is None else ending, "sb")
        if lead.before.ending or lead.before.ends_section:
            ending = None
        if lead.before.ending:
            label = ", ".join(map(str, lead.before.ending))
            ending = SubElement(section, "ending", {"n": label, "label": f"{label}."})
        holder = section if ending is None else ending
        _add_changes(holder, row)
        measure = SubElement(holder, "measure", _lines(lead))
        for staff, bar in zip(staves, row, strict=True):
            _add_bar(SubElement(measure, "staff", {"n": str(staff.number)}), bar, staff)
        for staff, bar in zip(staves, row, strict=True):
            if bar is not None:
                staff.marks.add(measure, bar)
    remove_unfinished(section.iter("measure"))


def _source_breaks(rows: Sequence[Sequence[Bar | None]]) -> set[int]:
    """Return the indices of the bars that start a line of the source, except the first."""
    return {
        place
        for place, row in enumerate(rows)
        if place and any(isinstance(item, LineBreak) for item in _opening(leading(row)))
    }


def _lines(bar: Bar) -> dict[str, str]:
    lines = {"left": "rptstart"} if bar.before.opens else {}
    lines["right"] = "rptend" if bar.after.closes else _RIGHT.get(bar.after.style, "single")
    return lines


def _opening(bar: Bar) -> Iterator[Item]:
    """Yield the items of ``bar`` before its first event."""
    for item in bar.items:
        if isinstance(item, Event):
            return
        yield item


def _add_changes(holder: Element, row: Sequence[Bar | None]) -> None:
    """Write a new key or meter at the beginning of a bar."""
    group: Element | None = None
    for number, bar in enumerate(row, 1):
        changes = [item for item in _opening(bar) if isinstance(item, BodyField)] if bar else []
        changes = [change for change in changes if change.name in {"K", "M"}]
        if not changes:
            continue
        if group is None:
            group = SubElement(SubElement(holder, "scoreDef"), "staffGrp")
        definition = SubElement(group, "staffDef", {"n": str(number), "lines": "5"})
        for change in changes:
            _add_change(definition, change)


def _add_change(parent: Element, change: BodyField) -> None:
    key, meter = parse_key(change.value), parse_meter(change.value)
    if change.name == "K" and key is not None:
        add_key(parent, key)
    elif change.name == "M" and meter is not None:
        add_meter(parent, meter)


def _add_bar(parent: Element, bar: Bar | None, staff: _Staff) -> None:
    if bar is None:
        SubElement(SubElement(parent, "layer", {"n": "1"}), "mSpace")
        return
    for number, items in enumerate(_layers(bar), 1):
        layer = SubElement(parent, "layer", {"n": str(number)})
        add_events(layer, items, bar, staff.context)


def _layers(bar: Bar) -> list[list[Item]]:
    """Split the bar's items where ``&`` starts another voice on the same staff."""
    layers: list[list[Item]] = [[]]
    for item in bar.items:
        if isinstance(item, Overlay):
            layers.append([])
        else:
            layers[-1].append(item)
    return layers
