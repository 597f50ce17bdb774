"""A tune as a block of rows: its title with the first system, further systems, words, ABC text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from abclm.errors import RenderError
from abclm.notation.tune.music import Tune
from abclm.render.engrave.engraving import Engraver
from abclm.render.sheet.drawing import Drawing, Placed, Text
from abclm.render.sheet.engraved import PREFIX, engraved_systems, without_chords
from abclm.render.sheet.fingering import struck_pitches
from abclm.render.sheet.heading import heading_of
from abclm.render.sheet.incipit import incipit_of
from abclm.render.sheet.layout import Block, Row
from abclm.render.sheet.lines import wrapped
from abclm.render.sheet.options import SheetOptions
from abclm.render.sheet.systems import STAFF_HEIGHT, System
from abclm.render.sheet.tablature import tab_strip
from abclm.render.sheet.tune_text import name_of, source_of, titles_of, words_of

__all__ = ["TuneBlock", "tune_block"]

_WORDS: Final = 0.6
_ABC: Final = 0.42
"""Sizes of text in staff heights."""
_LEADING: Final = 1.2
"""The distance of lines of text, in sizes of the font."""
_INK_GAP: Final = 0.45
"""The least space between the marks of two systems, in staff heights."""
_STAFF_GAP: Final = 1.4
_SCORE_GAP: Final = 2.6
"""The least space between the staves of two systems, in staff heights, of one voice and of more."""
_TITLE_GAP: Final = 0.3
_TUNE_GAP: Final = 1.5
_INCIPIT_GAP: Final = 0.8
_TAB_GAP: Final = 0.3
_OVER: Final = 1.01
"""How much wider than its column a system may come out."""
_SMALLER: Final = 0.8
_SMALLEST: Final = 0.3
"""Staves that are too wide or too high for a page shrink step by step, but no further."""


@dataclass(frozen=True)
class TuneBlock:
    """A tune on paper.

    Attributes:
        titles: its titles, for the index.
        place: the name of the place where it begins.
        block: its rows.
        missing: the number of its notes that the instrument of the tablature does not have.
    """

    titles: tuple[str, ...]
    place: str
    block: Block
    missing: int = 0


def tune_block(
    tune: Tune, options: SheetOptions, engraver: Engraver, place: str, *, numbered: bool
) -> TuneBlock:
    """Return ``tune`` as rows for a column.

    Args:
        tune: the tune.
        options: what to print.
        engraver: the engraver.
        place: the name of the place where it begins, for links.
        numbered: whether its number stands beside the title.

    Raises:
        RenderError: it cannot be engraved, or fits no page.
    """
    if len(tune.voices) > 1:
        # It would stand below the lowest voice, whose notes it does not show.
        options = replace(options, tab=None)
    builder = _Builder(options, place, numbered=numbered)
    shown = incipit_of(tune) if options.incipits else tune
    shown = shown if options.chords else without_chords(shown)
    pitches = struck_pitches(shown, PREFIX) if options.tab else {}
    staff = options.staff
    while staff > _SMALLEST * options.staff:
        systems, staff = engraved_systems(shown, options, engraver, staff)
        rows, missing = builder.rows(tune, systems, pitches, staff)
        if builder.fits(systems, rows, staff):
            gap = (_INCIPIT_GAP if options.incipits else _TUNE_GAP) * options.staff
            return TuneBlock(titles_of(tune), place, Block(tuple(rows), gap), missing)
        staff *= _SMALLER
    raise RenderError(f"{name_of(tune)}: too large for a page")


class _Builder:
    """Builds the rows of one tune."""

    def __init__(self, options: SheetOptions, place: str, *, numbered: bool) -> None:
        self._options = options
        self._place = place
        self._numbered = numbered
        self._width = options.column_width

    def fits(self, systems: Sequence[System], rows: Sequence[Row], staff: float) -> bool:
        """Return whether no row is too wide or too high for a page."""
        scale = staff / STAFF_HEIGHT
        most = self._options.column_height
        widest = max(system.drawing.box.right for system in systems) * scale
        return widest <= _OVER * self._width and all(row.height <= most for row in rows)

    def rows(
        self, tune: Tune, systems: Sequence[System], pitches: dict[str, int], staff: float
    ) -> tuple[list[Row], int]:
        """Return the rows, and the number of notes that the instrument does not have."""
        texts, height = heading_of(tune, self._options, self._place, numbered=self._numbered)
        rows: list[Row] = []
        missing = 0
        below = 0.0
        scale = staff / STAFF_HEIGHT
        for system in systems:
            items, own_height, lacking = self._system(system, pitches, staff)
            missing += lacking
            above = (system.top - system.drawing.box.top) * scale
            apart = _STAFF_GAP if len(tune.voices) < 2 else _SCORE_GAP
            gap = max(_INK_GAP * staff, apart * staff - below - above)
            below = own_height - (system.bottom - system.drawing.box.top) * scale
            if not rows:
                # The title keeps its distance from the staff, and from what is above the staff.
                down = height + max(_TITLE_GAP * staff, 0.6 * staff - above)
                items = (
                    Placed(Drawing(texts), 0.0, 0.0),
                    *(one._replace(y=one.y + down) for one in items),
                )
                own_height += down
            rows.append(Row(items, own_height, gap))
        return [*rows, *self._lines_below(tune)], missing

    def _system(
        self, system: System, pitches: dict[str, int], staff: float
    ) -> tuple[tuple[Placed, ...], float, int]:
        """Return a system and its tablature, their height, and the notes that this lacks."""
        scale = staff / STAFF_HEIGHT
        box = system.drawing.box
        staves = Placed(system.drawing, 0.0, -box.top * scale, scale)
        height = (box.bottom - box.top) * scale
        if self._options.tab is None:
            return (staves,), height, 0
        strip = tab_strip(self._options.tab, system, pitches)
        down = height + _TAB_GAP * staff
        below = Placed(strip.drawing, 0.0, down, scale)
        return (staves, below), down + strip.height * scale, strip.missing

    def _lines_below(self, tune: Tune) -> Iterator[Row]:
        """Yield the words below the tune (``W:``) and, if wanted, its ABC text."""
        if self._options.incipits:
            return
        staff = self._options.staff
        yield from self._lines(words_of(tune), _WORDS * staff, "", 0.8 * staff)
        if self._options.abc:
            yield from self._lines(source_of(tune), _ABC * staff, "mono", 0.9 * staff)

    def _lines(self, lines: Sequence[str], size: float, style: str, gap: float) -> Iterator[Row]:
        for number, text in enumerate(
            part for line in lines for part in wrapped(line, size, self._width, style) or [""]
        ):
            drawing = Drawing((Text(text, 0.0, 0.8 * size, size, style),))
            yield Row((Placed(drawing, 0.0, 0.0),), size, (_LEADING - 1) * size if number else gap)
