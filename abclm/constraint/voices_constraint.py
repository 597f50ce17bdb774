"""Several voices in metre and aligned by construction, one voice open at a time.

The first voice is free within the metre; every other voice fills exactly what the first has filled
in this bar, and ends in the same bar line. Cells that are given are fed as they are, so that the
same constraint continues a piece, harmonises a melody, and rewrites some bars of one voice.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from abclm.constraint.close import Close
from abclm.constraint.header_constraint import HeaderConstraint
from abclm.constraint.masks import Masks
from abclm.constraint.nodes import Nodes
from abclm.constraint.pitch_range import PitchRange
from abclm.constraint.pitch_rules import PitchRules
from abclm.constraint.prompt import Prompt
from abclm.constraint.usable_values import METERS, UNITS
from abclm.constraint.voice_cell import VoiceCell
from abclm.constraint.voice_leading import VoiceLeading
from abclm.constraint.voices_grammars import VoicesGrammars
from abclm.decoding.constraint import Bias, Mask
from abclm.errors import InputError
from abclm.model.rows_text import ROWS_HEADER, fed_meter, fed_unit
from abclm.model.text import Usual
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.ensemble import MOST_VOICES, Ensemble, score_places
from abclm.notation.cursor.rows import CODES, FINAL, NEXT_VOICE, ROW_END, Rows
from abclm.notation.cursor.state import State
from abclm.notation.syntax.meter import Meter, parse_meter, parse_unit
from abclm.notation.write.normal_form import normal_form

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["GivenRow", "VoicesConstraint"]

_RESERVE: Final = 100
"""The characters kept for each voice to lead a piece to its end: three bars of ten notes."""
_EARLY: Final = 100
"""The characters of each voice, before those kept, in which a piece ends as soon as it ends well;
at most a quarter of its limit."""
_HEADER: Final = 40
"""More characters than any header of several voices has."""
_HURRY: Final = 40
"""The characters kept for each voice to end by the longest notes: four bars of eight characters."""

_CLOSE: Final = Close()


class GivenRow(NamedTuple):
    """A bar of every voice, in normal form, of which some cells are known.

    Attributes:
        opening: what stands before it (`abclm.notation.write.score_rows.Row`).
        cells: the music of each voice in the order of writing; None to be written.
        closing: its bar line.
        ticks: its length.
    """

    opening: str
    cells: tuple[str | None, ...]
    closing: str
    ticks: int


class _State(NamedTuple):
    """All that changes while the body is written."""

    ensemble: Ensemble
    row: int = 0
    ticks: int = 0
    cell: str = ""
    length: int = 0
    closing: bool = False


class VoicesConstraint(HeaderConstraint):
    """A complete header, then rows in one metre with a proper ending.

    Args:
        prompt: the given fields of the header.
        masks: masks over the model's vocabulary.
        grammars: grammars over the same vocabulary.
        known: the keys that the model knows.
        limit: the maximum length of the piece, in characters.
        voices: the number of voices; None leaves it to the model.
        given: the first rows of the piece.
        ends: whether the piece ends with them.
        ranges: the range of each voice in the order of the score, as it sounds; fewer leave the
            others free.
        parallels: the cost of parallel fifths and octaves; None for none.
        close: the cost of a close away from the tonic; None for none.

    Raises:
        InputError: the header or the given rows cannot be used.
    """

    fields = ROWS_HEADER

    def __init__(
        self,
        prompt: Prompt,
        masks: Masks,
        grammars: VoicesGrammars,
        known: Usual,
        limit: int,
        *,
        voices: int | None = None,
        given: Sequence[GivenRow] = (),
        ends: bool = False,
        ranges: Sequence[PitchRange] = (),
        parallels: VoiceLeading | None = None,
        close: Close | None = _CLOSE,
    ) -> None:
        if voices is not None and not 1 < voices <= MOST_VOICES:
            raise InputError(f"voices must be 2 to {MOST_VOICES}, not {voices}")
        self._grammars = grammars
        self._limit = limit
        self._voices = voices
        self._rows = tuple(given)
        self._ends = ends
        self._ranges = ranges
        self._parallels = parallels
        self._close = close
        self._rules: tuple[PitchRules, ...] = ()
        self._metre: tuple[Meter, Fraction] | None = None
        self._at = _State(Ensemble())
        super().__init__(prompt, masks, grammars.vocabulary, known, planned=False)

    def choices(self, letter: str) -> Sequence[str] | None:
        """The values of a field with which the piece can be written; None for any."""
        characters = frozenset(self._grammars.vocabulary.characters)
        found = [value for value in self._usable(letter) if characters.issuperset(value)]
        return found or None

    def _usable(self, letter: str) -> Sequence[str]:
        if letter == "K":
            return self._known.keys
        if letter == "V":
            return [str(number) for number in self._known.voices or (4,)]
        if letter == "M":
            unit = self._fed("L")
            units = (unit,) if unit else self._units
            return [meter for meter in METERS if any(self._fills(meter, one) for one in units)]
        return [unit for unit in self._units if self._fills(self._values["M"], unit)]

    @property
    def _units(self) -> Sequence[str]:
        return self._known.units or UNITS

    def _fills(self, meter: str, unit: str) -> bool:
        parsed, length = parse_meter(meter), parse_unit(unit)
        if parsed is None or parsed.bar is None or length is None:
            return False
        return self._grammars.first(parsed, length) is not None

    def _fed(self, letter: str) -> str | None:
        if letter == "V":
            return None if self._voices is None else str(self._voices)
        value = super()._fed(letter)
        if letter == "L":
            return fed_unit(value, self._known)
        return fed_meter(value) if letter == "M" and value is not None else value

    def _begin_body(self) -> str:
        self._in_body = True
        meter, unit = (self._fed(letter) or self._values[letter] for letter in "ML")
        parsed, length = parse_meter(meter), parse_unit(unit)
        if parsed is None or length is None or not self._fills(meter, unit):
            raise InputError(f"in M:{meter} with L:{unit} no bar can be filled: give others")
        self._metre = parsed, length
        form = normal_form(self.key)
        count = self._voices or int(self._values["V"])
        moved = form.interval.semitones
        places = score_places(count)
        ranges = [
            PitchRange(self._ranges[place].low + moved, self._ranges[place].high + moved)
            if place < len(self._ranges)
            else None
            for place in places
        ]
        self._rules = tuple(PitchRules(one) for one in ranges)
        cursor = Cursor.begin(parsed, length, form.normal)
        self._at = _State(Ensemble.begin(cursor, count))
        return self._feed_given()

    def accept(self, character: str) -> str:
        """Take the drawn ``character`` and return the text to feed."""
        if self._metre is None:
            return super().accept(character)
        self._go(character)
        return character + self._feed_given()

    @property
    def is_terminated(self) -> bool:
        """Whether only the end of the piece may come."""
        if self._metre is None or not self._ends or self._at.row < len(self._rows):
            return False
        rows = self._place
        return rows.at == 0 and not (rows.begun or rows.opening)

    @property
    def can_roll_back(self) -> bool:
        """Whether the bar of a voice starts here."""
        return self._metre is not None and not (self._at.cell or self.is_terminated)

    @property
    def is_committed(self) -> bool:
        """Whether only the end is left."""
        return self.is_terminated

    def snapshot(self) -> object:
        """The state, for `rollback`."""
        return self._at

    def rollback(self, snapshot: Any) -> None:
        """Return to the state in which `snapshot` was taken."""
        self._at = snapshot

    @property
    def _place(self) -> Rows:
        """Where the text of the body is."""
        rows = self._at.ensemble.rows
        assert rows is not None  # noqa: S101 - the body has begun
        return rows

    @property
    def _is_free(self) -> bool:
        """Whether the current voice is the first, in a row of which nothing is known."""
        return self._place.at == 0 and self._known_row is None

    @property
    def _known_row(self) -> GivenRow | None:
        """The row in which some cells are known; None after the last of them."""
        return self._rows[self._at.row] if self._at.row < len(self._rows) else None

    def _next_is_known(self, voice: int) -> bool:
        """Whether the bar of ``voice`` in the next row is given, so that no tie may lead to it."""
        following = self._rows[self._at.row + 1 : self._at.row + 2]
        return any(row.cells[voice] is not None for row in following)

    def _feed_given(self) -> str:
        """Read the cells that are known here; return them."""
        fed = ""
        while (row := self._known_row) is not None and not self._at.cell:
            rows = self._place
            text = ""
            if rows.at == 0 and not rows.opening:
                text = row.opening
            cell = row.cells[rows.at]
            if cell is not None:
                text += cell + self._end_of(row.closing)
            for character in text:
                self._go(character)
            fed += text
            if cell is None:
                break
        return fed

    def _end_of(self, closing: str) -> str:
        """The character that ends the current cell."""
        rows = self._place
        if rows.at == 0:
            return CODES[closing]
        return ROW_END if rows.at + 1 == rows.voices else NEXT_VOICE

    def _go(self, character: str) -> None:
        state = self._at
        before = state.ensemble
        fed = before.feed(character)
        if fed is None or before.rows is None or fed[0].rows is None:
            raise ValueError(f"{character!r} cannot come here")
        ensemble = fed[0]
        rows = fed[0].rows
        same = rows.at == before.rows.at and not (before.rows.begun and not rows.begun)
        ticks = state.ticks
        if not same and before.rows.at == 0:
            ticks = before.voices[0].cursor.time.used
        most = self._limit - _HEADER - _RESERVE * rows.voices
        row_ends = not same and rows.at == 0
        self._at = _State(
            ensemble,
            state.row + row_ends,
            ticks,
            state.cell + character if same and rows.begun else "",
            state.length + 1,
            state.closing or (row_ends and state.length >= most),
        )

    def _allowed_in_body(self) -> Mask | None:
        if self._metre is None:
            return super()._allowed_in_body()
        if self.is_terminated:
            return self._masks.only("", end=True)
        rows = self._place
        cursor = self._at.ensemble.voices[rows.at].cursor
        rules, cell = self._rules[rows.at], self._cell()
        if mark := rules.missing_mark(cursor):
            return cell.nodes.at(cursor).mask & self._masks.only(mark)
        if self._is_free:
            closing = self._at.closing
            mask = cell.mask_of_first(rows, closing=closing, final=self._should_close)
        else:
            mask = cell.mask_of_follower(self._end_of(self._closing_line))
        if cursor.state is State.BRACKET:
            # A change of key would hold for one voice alone.
            mask = mask & ~self._masks.only("K")
        if forbidden := rules.forbidden(cursor):
            narrowed = mask & ~self._masks.only(forbidden)
            mask = narrowed if narrowed.any() else mask
        is_short = self._is_late(rows.voices) or (self._at.closing and self._is_free)
        return cell.hurried(mask) if is_short else mask

    def _is_late(self, voices: int) -> bool:
        """Whether there is room for the longest notes alone."""
        return self._at.length >= self._limit - _HEADER - _HURRY * voices

    def bias(self) -> Bias | None:
        """What is added to the logits here: the costs of parallels and closes; None for nothing."""
        ensemble, vocabulary = self._at.ensemble, self._grammars.vocabulary
        if self._metre is None or ensemble.rows is None or self.is_terminated:
            return None
        found: list[Bias | None] = []
        if self._close is not None:
            last = self._at.closing if self._is_free else self._is_last
            filling = self._cell().filling() if last and not self._is_free else ()
            found.append(self._close.bias(ensemble, vocabulary, last=last, filling=filling))
        if self._parallels is not None:
            found.append(self._parallels.bias(ensemble, vocabulary))
        costs = [bias for bias in found if bias is not None]
        return np.sum(costs, axis=0) if costs else None

    @property
    def _is_last(self) -> bool:
        """Whether the piece is known to end with the current row."""
        if self._at.row < len(self._rows):
            return self._ends and self._at.row + 1 == len(self._rows)
        return self._place.closing == FINAL

    def _cell(self) -> VoiceCell:
        """The place in the bar of the current voice."""
        cursor = self._at.ensemble.voices[self._place.at].cursor
        return VoiceCell(self._masks, self._nodes(), cursor)

    def _nodes(self) -> Nodes:
        """The grammar of the current cell."""
        assert self._metre is not None  # noqa: S101 - the body has begun
        if self._is_free:
            nodes = self._grammars.first(*self._metre, closing=self._at.closing)
        else:
            rows, given = self._place, self._known_row
            ticks = given.ticks if given is not None else self._at.ticks
            can_tie = self._closing_line == "|" and not self._next_is_known(rows.at)
            nodes = self._grammars.follower(*self._metre, ticks, can_tie=can_tie)
        if nodes is None:
            raise InputError(f"no notes that the model can write fill bar {self._at.row + 1}")
        return nodes

    @property
    def _closing_line(self) -> str:
        """The bar line of the current row, where it is known."""
        given = self._known_row
        return given.closing if given is not None else self._place.closing

    @property
    def _should_close(self) -> bool:
        """Whether the piece is long, and its first voice ends as a piece may end."""
        voices = self._place.voices
        early = min(_EARLY * voices, self._limit // 4)
        is_long = self._at.length >= self._limit - _HEADER - _RESERVE * voices - early
        return is_long and self._close is not None and self._close.may_follow(self._at.ensemble)
