"""Where a tune is, as data: what the last character is part of, time, form and pitches."""

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
    """What the last character is part of; `Cursor.text` is what there is of it."""

    HEADER = 0
    """A line of the header."""
    SECTION = 1
    """Nothing of a section; the text is the bar line before it, empty at the start of the body."""
    FRESH = 2
    """Nothing: an event may begin. The text is ``\\n`` at the start of a line."""
    SYMBOL = 3
    """A decoration of one letter or the ``}`` of grace notes, which a note has to follow; around is
    ``\\n`` for a letter at the start of a line, which may be a field's."""
    ACCIDENTAL = 4
    NOTE = 5
    """A letter and its octave marks."""
    LENGTH = 6
    """The length of a note, a rest or a chord, as around says: empty, ``z`` or ``[``."""
    TIE = 7
    BROKEN = 8
    TUPLET = 9
    """An opening parenthesis and its numbers, without it."""
    BRACKET = 10
    """An opening bracket of which it is not known what it opens."""
    FIELD = 11
    """A field; around is ``[`` for an inline one, ``\\n`` for one on a line of its own."""
    GROUP = 12
    """A chord or grace notes; around is ``[`` or ``{``."""
    BAR_LINE = 13
    ENDING = 14
    """The number of an ending."""
    QUOTED = 15
    """A string or a named decoration; around is what ends it."""
    COMMENT = 16
    """A comment or a directive; around is not empty in a block of text."""


MUSIC: Final = frozenset(State) - {
    State.HEADER,
    State.TUPLET,
    State.BRACKET,
    State.FIELD,
    State.GROUP,
    State.QUOTED,
    State.COMMENT,
}
"""Where the next character is music of its own, and no part of something that is open."""


class VoicePlace(NamedTuple):
    """Where a voice is while another one is read."""

    time: Time
    form: Form
    pitches: Pitches


class Place(NamedTuple):
    """Where a tune is. Immutable: a kept one stays valid.

    Attributes:
        state: what the last character is part of.
        text: what there is of it.
        around: what that is part of, or what ends it; see `State`.
        time, form, pitches: of the voice that is read.
        fields: the values of the header so far, by letter.
        last_field: the letter of the header's last field.
        voice: the id of the voice that is read; empty before the first ``V:`` of the body.
        others: where the other voices are, by id.
        opening: where every voice begins.
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
        """Whether the next character is music of its own."""
        return self.state in MUSIC

    @property
    def begins_bar(self) -> bool:
        """Whether a bar begins here, or its line end or ending is still to come."""
        if self.time.begun or self.time.pending:
            return False
        if self.state is State.BAR_LINE:
            return self.text.endswith("|:") or (self.text == "|" and self.form.lines > 0)
        return self.state in {State.SECTION, State.FRESH, State.ENDING}

    @property
    def ends_letter(self) -> bool:
        """Whether the last character was of a note that octave marks may follow."""
        if self.state is State.NOTE:
            return True
        open_group = self.state in {State.GROUP, State.BRACKET}
        return open_group and bool(self.text) and self.text[-1] in _OF_NOTES
