"""The one incremental reader of ABC: where a tune is after each of its characters.

How much of the bar is left, which bar of which section is it, what is the key, may an octave mark
follow: a `Cursor` answers for the text read so far. It is immutable, and `Cursor.feed` gives the
next one, so that several ways on can be tried from one place. The parser, which reads whole tunes,
is its oracle: both agree at every bar line.

What the canonical form does not have (see `abclm.notation.write.writer`) is read as far as that can
be done a character at a time; only what no tune can have at a place has no cursor.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum
from fractions import Fraction
from typing import Final, NamedTuple

from abclm.notation.cursor.form import Form
from abclm.notation.cursor.pitch import ACCIDENTAL_SIGNS, NO_KEY, OCTAVE_MARKS, Pitches
from abclm.notation.cursor.time import Time, ticks_of
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.meter import Meter, default_unit
from abclm.notation.syntax.tables import BODY_FIELDS, STEPS

__all__ = ["MUSIC", "Cursor", "State"]

_FIELD_LETTERS: Final = BODY_FIELDS - {"+"}
_CLOSING: Final = ("||", "|]", ":|", "[|")
"""Bar lines behind which a section begins."""
_SPACER: Final = "y"
_BLOCK, _BLOCK_END = "%%begin", "%%end"
"""Between such lines stands text that is no music."""
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

_OF_NEXT_EVENT: Final = frozenset({State.SYMBOL, State.ACCIDENTAL, State.GROUP})
_BETWEEN_BARS: Final = frozenset({State.BAR_LINE, State.SECTION})


class _Voice(NamedTuple):
    """Where a voice is while another one is read."""

    time: Time
    form: Form
    pitches: Pitches


class Cursor(NamedTuple):
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
    others: Mapping[str, _Voice] = {}
    opening: _Voice | None = None

    @classmethod
    def begin(cls, meter: Meter, unit: Fraction, key: Key = NO_KEY) -> "Cursor":
        """Where a body begins.

        Args:
            meter: of the header.
            unit: the unit note length, in whole notes.
            key: of the header.
        """
        time = Time(unit=ticks_of(unit)).with_meter(str(meter))
        return cls(pitches=Pitches(key), time=time)._begun_body()

    def counting_on(self) -> "Cursor":
        """The same, but that a bar without a meter is one however long it lasts."""
        return self._replace(time=self.time.counting_on())

    def feed(self, character: str) -> "Cursor | None":
        """Where the tune is one character further on; None if no tune can have it here."""
        return _READ[self.state](self, character)

    def through(self, text: str) -> "Cursor | None":
        """Where the tune is behind ``text``; None if no tune can have that here."""
        here: Cursor | None = self
        for character in text:
            if here is None:
                return None
            here = here.feed(character)
        return here

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

    @property
    def settled(self) -> "Cursor":
        """The same with the tuplet open that has been written last."""
        if self.state is not State.TUPLET or not self.text:
            return self
        return self._replace(
            state=State.FRESH, text="", around="", time=self.time.with_tuplet(self.text)
        )

    def _header(self, character: str) -> "Cursor":
        if character != "\n":
            return self._replace(text=self.text + character)
        if self.around or self.text.startswith(_BLOCK):
            is_over = self.text.startswith(_BLOCK_END)
            return self._replace(text="", around="" if is_over else _BLOCK)
        name, value = self.text[:1], _value(self.text)
        done = self._replace(text="", fields={**self.fields, name: value})
        if self.text[1:2] == ":":
            done = done._with_field(name, value)
        return done._begun_body() if name == self.last_field else done

    def _begun_body(self) -> "Cursor":
        time = self.time
        if not time.unit:
            time = time._replace(unit=ticks_of(default_unit(time.meter)))
        opening = _Voice(time, self.form, self.pitches)
        return self._replace(state=State.SECTION, text="", around="", time=time, opening=opening)

    def _with_field(self, name: str, value: str) -> "Cursor":
        """A field holds from here."""
        if name == "M":
            return self._replace(time=self.time.with_meter(value))
        if name == "L":
            return self._replace(time=self.time.with_unit(value))
        if name == "K":
            return self._replace(pitches=self.pitches.with_key(value))
        return self._with_voice(value) if name == "V" and self.opening is not None else self

    def _with_voice(self, value: str) -> "Cursor":
        """The voice that a ``V:`` field names is read on, or from the start of the body."""
        name = (value.split(maxsplit=1) or [""])[0]
        here = _Voice(self.time, self.form, self.pitches)
        if not self.voice and not (self.time.begun or self.form.lines):
            # What stands before the first V: holds for all voices.
            return self._replace(voice=name, opening=here)
        others = {**self.others, self.voice: here}
        time, form, pitches = others.pop(name, self.opening or here)
        return self._replace(voice=name, others=others, time=time, form=form, pitches=pitches)

    def _music(self, character: str) -> "Cursor | None":
        read = _MUSIC.get(character)
        if read is not None:
            return read(self, character)
        return self._symbol(character) if character.isalpha() else self._passed()

    def _passed(self, _character: str = "") -> "Cursor":
        """A character that changes nothing here."""
        pitches = self.pitches.settled()
        return self if pitches is self.pitches else self._replace(pitches=pitches)

    def _event(self, character: str) -> "Cursor":
        """A note begins."""
        return self._with_event(State.NOTE, character, self._pitches().with_letter(character))

    def _rest(self, character: str) -> "Cursor":
        return self._with_event(State.LENGTH, "", self._pitches().settled(), character)

    def _with_event(self, state: State, text: str, pitches: Pitches, rest: str = "") -> "Cursor":
        """An event begins; it is what a tie before it holds, if anything is."""
        time, more = self.time.with_event(rest=rest)
        if pitches.tied or pitches.holding:
            pitches = pitches._replace(tied=False, holding=pitches.tied)
        around = "z" if rest else ""
        form = self.form.passed(more)
        return self._replace(
            state=state, text=text, around=around, time=time, form=form, pitches=pitches
        )

    def _pitches(self) -> Pitches:
        """Those with which the next event begins: without the fermata of the one before."""
        if self.pitches.fermata and self.state not in _OF_NEXT_EVENT:
            return self.pitches._replace(fermata=False)
        return self.pitches

    def _accidental(self, sign: str) -> "Cursor":
        before = self.text if self.state is State.ACCIDENTAL else ""
        pitches = self._pitches().with_accidental(sign)
        return self._replace(state=State.ACCIDENTAL, text=before + sign, around="", pitches=pitches)

    def _symbol(self, symbol: str) -> "Cursor":
        begins_line = self.state is State.SECTION or self.text == "\n"
        around = "\n" if begins_line and symbol in _FIELD_LETTERS else ""
        pitches = self.pitches.with_symbol(symbol)
        return self._replace(state=State.SYMBOL, text=symbol, around=around, pitches=pitches)

    def _octave(self, mark: str) -> "Cursor":
        if self.state is State.ENDING:
            return self._replace(text=self.text + mark)
        if self.state is not State.NOTE:
            return self._passed()
        return self._replace(text=self.text + mark, pitches=self.pitches.with_mark(mark))

    def _digit(self, digit: str) -> "Cursor":
        """Of a length, of the number of an ending where a bar begins, or of a microtone."""
        if self.state in {State.ENDING, State.ACCIDENTAL}:
            return self._replace(text=self.text + digit)
        if self.text == _SPACER:
            return self
        if not self.time.begun:
            form = self.form.with_ending(digit)
            return self._replace(state=State.ENDING, text=digit, around="", form=form)
        return self._lengthened(digit)

    def _lengthened(self, character: str) -> "Cursor":
        if self.state is State.ACCIDENTAL:
            return self._replace(text=self.text + character)
        time = self.time.lengthened(character)
        if self.state is State.NOTE:
            pitches = self.pitches.settled()
            return self._replace(
                state=State.LENGTH, text=character, around="", time=time, pitches=pitches
            )
        text = self.text + character if self.state is State.LENGTH else self.text
        return self._passed()._replace(text=text, time=time)

    def _tie(self, _character: str) -> "Cursor":
        if self.state is State.ENDING:
            return self._replace(text=self.text + "-")
        if not self.time.begun:
            return self._passed()
        return self._replace(state=State.TIE, text="", around="", pitches=self.pitches.with_tie())

    def _break(self, mark: str) -> "Cursor":
        time = self.time.broken_by(mark)
        if time is self.time:
            return self._passed()
        pitches = self.pitches.settled()
        return self._replace(
            state=State.BROKEN, text=time.broken, around="", time=time, pitches=pitches
        )

    def _blank(self, _character: str) -> "Cursor":
        return self._between("")

    def _line_end(self, _character: str) -> "Cursor":
        return self._between("\n")

    def _between(self, text: str) -> "Cursor":
        """A blank or a line end: nothing is begun, perhaps behind a bar line a section."""
        pitches = self.pitches.settled()
        if self.state in _BETWEEN_BARS:
            opens = self.text.endswith(":") and self.state is State.BAR_LINE
            if not self.text or (not opens and any(sign in self.text for sign in _CLOSING)):
                return self._replace(state=State.SECTION, around="", pitches=pitches)
        return self._replace(state=State.FRESH, text=text, around="", pitches=pitches)

    def _barred(self, character: str) -> "Cursor":
        """A character of a bar line."""
        if self.state is State.SYMBOL:
            if character == ":" and self.around:
                return self._replace(state=State.FIELD, text=f"{self.text}:")
            if self.text == ".":  # A dotted bar line ends no bar.
                return self._replace(state=State.FRESH, text="", around="")
        before = self.text if self.state is State.BAR_LINE else ""
        return self._replace(
            state=State.BAR_LINE,
            text=before + character,
            around="",
            form=self.form.barred(character, self.time),
            time=self.time.restarted() if self.time.begun else self.time,
            pitches=self.pitches.barred(),
        )

    def _closed(self, character: str) -> "Cursor":
        """The second character of ``|]``."""
        if self.time.begun:
            return self._passed()
        text = self.text + character if self.state is State.BAR_LINE else character
        form = self.form.begun(repeated=self.form.repeated)
        return self._replace(state=State.BAR_LINE, text=text, around="", form=form)

    def _opened(self, character: str) -> "Cursor":
        """A bracket, braces, quotation marks or a comment open."""
        state, around = _OPENED[character]
        pitches = self._pitches() if character == "[" else self.pitches
        text = character if character == "%" else ""
        return self._replace(state=state, text=text, around=around, pitches=pitches.settled())

    def _overlay(self, _character: str) -> "Cursor":
        """``&``: the bar begins again."""
        return self._replace(state=State.FRESH, text="", around="", time=self.time.restarted())

    def _spacer(self, _character: str) -> "Cursor":
        return self._passed()._replace(state=State.FRESH, text=_SPACER, around="")

    def _tuplet(self, character: str) -> "Cursor | None":
        if character.isdigit() or character == ":":
            return self._replace(text=self.text + character)
        opened = self.settled if self.text else self._replace(state=State.FRESH, around="")
        return opened._music(character)

    def _bracket(self, character: str) -> "Cursor | None":
        """What stands behind a bracket: a bar line, an ending, a field, or else a chord."""
        text = self.text + character
        if text[0] == "|" or text == "]":
            return self._bracketed_line(text)
        if text.isdigit():
            done = self._replace(state=State.FRESH, text="")
            return done._passed() if self.time.begun else done._digit(text)
        if text.isalpha() and not self.text:
            # No field among the music has the letter of a note.
            noted = text in STEPS
            pitches = self.pitches.with_letter(text) if noted else self.pitches.settled()
            return self._replace(text=text, pitches=pitches)
        if character == ":":
            return self._replace(state=State.FIELD, text=text, around="[")
        return None if character == "\n" else self._chord(character)

    def _bracketed_line(self, text: str) -> "Cursor | None":
        """``[|``, or ``[|]``, which is invisible and ends no bar."""
        if text in {"]", "|]"}:
            return self._replace(state=State.FRESH, text="")
        if text == "|":
            return self._replace(text=text)
        done = self._replace(state=State.BAR_LINE, text="[")._barred("|")
        return done.feed(text[-1])

    def _chord(self, character: str) -> "Cursor | None":
        """The second character of a chord, or its first if that is no letter."""
        pitches = self.pitches if self.text else self.pitches.settled()
        opened = self._with_event(State.GROUP, self.text, pitches)._replace(around="[")
        return opened.feed(character)

    def _group(self, character: str) -> "Cursor | None":
        """A character inside a chord or grace notes."""
        grace = self.around == "{"
        if character == "\n":
            return None
        if character == "]" and not grace:
            pitches = self.pitches.settled()
            return self._replace(state=State.LENGTH, text="", pitches=pitches)
        if character == "}" and grace:
            pitches = self.pitches.with_symbol("}")
            return self._replace(state=State.SYMBOL, text="}", around="", pitches=pitches)
        text, pitches, time = self.text + character, self.pitches, self.time
        if character in STEPS:
            pitches = pitches.with_letter(character, grace=grace)
        elif character in OCTAVE_MARKS:
            pitches = pitches.with_mark(character)
        elif character in ACCIDENTAL_SIGNS:
            pitches = pitches.with_accidental(character)
        else:
            pitches = pitches.settled()
            if not grace and character in "0123456789/" and _is_first_member(text):
                time = time._replace(member=time.member + character)
        return self._replace(text=text, pitches=pitches, time=time)

    def _field(self, character: str) -> "Cursor":
        if character not in "]\n" or (character == "]" and self.around == "\n"):
            return self._replace(text=self.text + character)
        text = "\n" if character == "\n" else ""
        done = self._replace(state=State.FRESH, text=text, around="")
        return done._with_field(self.text[:1], _value(self.text))

    def _quoted(self, character: str) -> "Cursor | None":
        if character == self.around and not self.text.endswith("\\"):
            state = State.FRESH if character == '"' else State.SYMBOL
            return self._replace(state=state, text="", around="")
        return None if character == "\n" else self._replace(text=character)

    def _comment(self, character: str) -> "Cursor":
        """A comment, a directive or a block of text, up to the end of its last line."""
        if character != "\n":
            return self._replace(text=self.text + character)
        if self.around and not self.text.startswith(_BLOCK_END):
            return self._replace(text="")
        if not self.around and self.text.startswith(_BLOCK):
            return self._replace(text="", around=_BLOCK)
        return self._replace(state=State.FRESH, text="\n", around="")


def _value(text: str) -> str:
    """The value of a field, without the comment behind it."""
    return text[2:].partition("%")[0].strip()


def _is_first_member(text: str) -> bool:
    """Whether what stands in a chord is still its first note or rest, whose length counts."""
    return sum(character in STEPS or character == "z" for character in text) == 1


_Read = Callable[[Cursor, str], Cursor | None]

_READ: Final[dict[State, _Read]] = {
    **dict.fromkeys(MUSIC, Cursor._music),
    State.HEADER: Cursor._header,
    State.TUPLET: Cursor._tuplet,
    State.BRACKET: Cursor._bracket,
    State.FIELD: Cursor._field,
    State.GROUP: Cursor._group,
    State.QUOTED: Cursor._quoted,
    State.COMMENT: Cursor._comment,
}

_OPENED: Final = {
    "(": (State.TUPLET, ""),
    "[": (State.BRACKET, ""),
    "{": (State.GROUP, "{"),
    '"': (State.QUOTED, '"'),
    "!": (State.QUOTED, "!"),
    "+": (State.QUOTED, "+"),
    "%": (State.COMMENT, ""),
}

_MUSIC: Final[dict[str, _Read]] = {
    **dict.fromkeys(STEPS, Cursor._event),
    **dict.fromkeys("zxZX", Cursor._rest),
    **dict.fromkeys(ACCIDENTAL_SIGNS, Cursor._accidental),
    **dict.fromkeys(OCTAVE_MARKS, Cursor._octave),
    **dict.fromkeys("0123456789", Cursor._digit),
    **dict.fromkeys("<>", Cursor._break),
    **dict.fromkeys("|:", Cursor._barred),
    **dict.fromkeys(" \t", Cursor._blank),
    **dict.fromkeys("~.", Cursor._symbol),
    **dict.fromkeys(_OPENED, Cursor._opened),
    "/": Cursor._lengthened,
    "-": Cursor._tie,
    "]": Cursor._closed,
    "\n": Cursor._line_end,
    "&": Cursor._overlay,
    _SPACER: Cursor._spacer,
}
