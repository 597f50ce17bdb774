"""The systems of a tune as verovio breaks its lines for a column."""

from dataclasses import replace
from typing import Any, Final

from abclm.errors import RenderError
from abclm.notation.tune.music import Event, Tune
from abclm.render.engrave.engraving import Engraver
from abclm.render.sheet.options import SheetOptions
from abclm.render.sheet.systems import STAFF_HEIGHT, System, read_systems
from abclm.render.sheet.tune_text import name_of

__all__ = ["PREFIX", "engraved_systems", "without_chords"]

PREFIX: Final = "n"
"""The prefix of the ids of notes."""
_REMNANT: Final = 0.45
"""A last system that fills less of its line is avoided if staves `_A_LITTLE` smaller do."""
_A_LITTLE: Final = (0.95, 0.9)
_ANNOTATIONS: Final = "^_<>@"
"""The first character of text over a note that is not a chord symbol."""
_LAYOUT: Final[dict[str, Any]] = {
    "pageMarginBottom": 0,
    "pageMarginLeft": 0,
    "pageMarginRight": 0,
    "pageMarginTop": 0,
}


def engraved_systems(
    tune: Tune, options: SheetOptions, engraver: Engraver, staff: float
) -> tuple[list[System], float]:
    """Return the systems of a tune, and the height of their staves in points.

    Staves that are a little smaller are taken if they avoid a last system of a bar or two.

    Args:
        tune: the tune.
        options: the width of a column, and whether only an incipit is engraved.
        engraver: the engraver.
        staff: the height of the staves that is asked for.

    Raises:
        RenderError: it cannot be engraved.
    """
    systems = _engrave(tune, options, engraver, staff)
    width = options.column_width * STAFF_HEIGHT / staff
    if len(systems) > 1 and systems[-1].right < _REMNANT * width:
        for smaller in _A_LITTLE:
            fewer = _engrave(tune, options, engraver, smaller * staff)
            if len(fewer) < len(systems):
                return fewer, smaller * staff
    return systems, staff


def without_chords(tune: Tune) -> Tune:
    """Return ``tune`` without its chord symbols; annotations stay."""
    if not any(event.strings for event in tune.events):
        return tune
    items = [
        item._replace(strings=tuple(s for s in item.strings if s.strip()[:1] in _ANNOTATIONS))
        if isinstance(item, Event) and item.strings
        else item
        for item in tune.items
    ]
    return replace(tune, items=tuple(items))


def _engrave(tune: Tune, options: SheetOptions, engraver: Engraver, staff: float) -> list[System]:
    width = options.column_width * STAFF_HEIGHT / staff
    layout = {**_LAYOUT, "pageWidth": round(width / 10)}
    closed = not options.incipits
    if options.incipits:
        layout["breaks"] = "none"
    pages = engraver.engrave_as(tune, layout, PREFIX)
    systems = [system for page in pages for system in read_systems(page, closed=closed)]
    if not systems:
        raise RenderError(f"{name_of(tune)}: nothing to engrave")
    return systems
