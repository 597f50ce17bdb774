"""The state of a tune as data: what the last character is part of, time, form and pitches."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final, NamedTuple

from abclm.notation.cursor.form import Form
from abclm.notation.cursor.pitch import OCTAVE_MARKS, Pitches
from abclm.notation.cursor.time import Time
from abclm.notation.syntax.tables import STEPS

__all__ = ["MUSIC", "Place", "State", "VoicePlace"]

_OF_NOTES: Final = frozenset({*STEPS, *OCTAVE_MARKS})


class State(IntEnum):
    """What the last character is part of; `Cursor.text` is the part read so far."""

    HEADER = 0
    """A line of the header."""
    SECTION = 1
    """Between sections; the text is the bar line before, or empty at the start of the body."""
    FRESH = 2
    """Between events. The text is ``\\n`` at the start of a line."""
    SYMBOL = 3
    """A one-letter decoration or the ``}`` of grace notes, which a note must follow. `Place.around`
    is ``\\n`` for a letter at the start of a line, where it may open a field."""
    ACCIDENTAL = 4
    NOTE = 5
    """A letter and its octave marks."""
    LENGTH = 6
    """A length; `Place.around` is ``z`` after a rest, ``[`` after a chord, empty after a note."""
    TIE = 7
    BROKEN = 8
    TUPLET = 9
    """An opening parenthesis and its numbers; the text has only the numbers."""
    BRACKET = 10
    """An opening bracket that may still open a bar line, an ending, a field or a chord."""
    FIELD = 11
    """A field; `Place.around` is ``[`` for an inline field, ``\\n`` for one on its own line."""
    GROUP = 12
    """A chord or grace notes; `Place.around` is ``[`` or ``{``."""
    BAR_LINE = 13
    ENDING = 14
    """The number of an ending."""
    QUOTED = 15
    """A string or a named decoration; `Place.around` is the character that ends it."""
    COMMENT = 16
    """A comment or a directive; `Place.around` is not empty in a block of text."""


MUSIC: Final = frozenset(State) - {
    State.HEADER,
    State.TUPLET,
    State.BRACKET,
    State.FIELD,
    State.GROUP,
    State.QUOTED,
    State.COMMENT,
}
"""States in which no group, field or comment is open."""


class VoicePlace(NamedTuple):
    """The state of a voice while another one is read."""

    time: Time
    form: Form
    pitches: Pitches


class Place(NamedTuple):
    """The state of a tune. Immutable.

    Attributes:
        state: what the last character is part of.
        text: the text of that part so far.
        around: what encloses that part, or the character that ends it; see `State`.
        time, form, pitches: those of the current voice.
        fields: the values of the header so far, by letter.
        last_field: the letter of the header's last field.
        voice: the id of the current voice; empty before the first ``V:`` of the body.
        others: the states of the other voices, by id.
        opening: the state in which every voice begins.
    """

    state: State = State.HEADER
    text: str = ""
    around: str = ""
    time: Time = Time()
    form: Form = Form()
    pitches: Pitches = Pitches()
    fields: Mapping[str, str] = {}
    last_field: str = "K"
    voice: str = ""
    others: Mapping[str, VoicePlace] = {}
    opening: VoicePlace | None = None

    @property
    def in_music(self) -> bool:
        """Whether no group, field or comment is open."""
        return self.state in MUSIC

    @property
    def begins_bar(self) -> bool:
        """Whether a bar begins here, or after a line end or an ending's number."""
        if self.time.begun or self.time.pending:
            return False
        if self.state is State.BAR_LINE:
            return self.text.endswith("|:") or (self.text == "|" and self.form.lines > 0)
        return self.state in {State.SECTION, State.FRESH, State.ENDING}

    @property
    def may_end(self) -> bool:
        """Whether a tune may end here: between sections, after ``:|`` or ``|]``."""
        return self.state is State.SECTION and (":|" in self.text or "|]" in self.text)

    @property
    def ends_letter(self) -> bool:
        """Whether the last character belongs to a note that octave marks may follow."""
        if self.state is State.NOTE:
            return True
        open_group = self.state in {State.GROUP, State.BRACKET}
        return open_group and bool(self.text) and self.text[-1] in _OF_NOTES
