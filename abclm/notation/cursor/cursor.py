"""The one incremental reader of ABC: the state of a tune after each character.

How much of the bar is left, which bar of which section is this, what is the key, may an octave mark
follow: a `Cursor` answers for the text read so far. It is immutable, and `Cursor.feed` returns the
next one, so several continuations can be tried from one position. The parser, which reads whole
tunes, is its oracle: the two agree at every bar line.

Text outside the canonical form (see `abclm.notation.write.writer`) is read as well as it can be one
character at a time; `Cursor.feed` rejects only what no tune can have at that position.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final, Self

from abclm.notation.cursor.music import MusicReader
from abclm.notation.cursor.pitch import ACCIDENTAL_SIGNS, NO_KEY, OCTAVE_MARKS, Pitches
from abclm.notation.cursor.state import MUSIC, State, VoicePlace
from abclm.notation.cursor.time import Time, ticks_of
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.meter import Meter, default_unit
from abclm.notation.syntax.tables import STEPS

__all__ = ["Cursor"]

_BLOCK, _BLOCK_END = "%%begin", "%%end"
"""The lines around a block of text, which is not music."""


class Cursor(MusicReader):
    """The state of a tune after a prefix of its text. Immutable.

    Its attributes are those of `abclm.notation.cursor.state.Place`.
    """

    __slots__ = ()

    @classmethod
    def begin(cls, meter: Meter, unit: Fraction, key: Key = NO_KEY) -> Self:
        """Return a cursor at the start of a body.

        Args:
            meter: the header's meter.
            unit: the unit note length, in whole notes.
            key: the header's key.
        """
        time = Time(unit=ticks_of(unit)).with_meter(str(meter))
        return cls(pitches=Pitches(key), time=time)._begun_body()

    def counting_on(self) -> Self:
        """Return a cursor that counts any bar in free meter as one bar, however long."""
        return self._replace(time=self.time.counting_on())

    def feed(self, character: str) -> Self | None:
        """Return the cursor after ``character``, or None if no tune can have it here."""
        after: Self | None = _READ[self.state](self, character)
        return after

    def through(self, text: str) -> Self | None:
        """Return the cursor after ``text``, or None if no tune can have it here."""
        here: Self | None = self
        for character in text:
            if here is None:
                return None
            here = here.feed(character)
        return here

    @property
    def settled(self) -> Self:
        """The cursor once a tuplet sign that was being read is complete."""
        if self.state is not State.TUPLET or not self.text:
            return self
        return self._replace(
            state=State.FRESH, text="", around="", time=self.time.with_tuplet(self.text)
        )

    def _header(self, character: str) -> Self:
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

    def _begun_body(self) -> Self:
        time = self.time
        if not time.unit:
            time = time._replace(unit=ticks_of(default_unit(time.meter)))
        opening = VoicePlace(time, self.form, self.pitches)
        return self._replace(state=State.SECTION, text="", around="", time=time, opening=opening)

    def _with_field(self, name: str, value: str) -> Self:
        """Apply a field from here on."""
        if name == "M":
            return self._replace(time=self.time.with_meter(value))
        if name == "L":
            return self._replace(time=self.time.with_unit(value))
        if name == "K":
            return self._replace(pitches=self.pitches.with_key(value))
        return self._with_voice(value) if name == "V" and self.opening is not None else self

    def _with_voice(self, value: str) -> Self:
        """Continue with the voice that a ``V:`` field names, or start it at the opening."""
        name = (value.split(maxsplit=1) or [""])[0]
        here = VoicePlace(self.time, self.form, self.pitches)
        if not self.voice and not (self.time.begun or self.form.lines):
            # Music fields before the first V: apply to all voices.
            return self._replace(voice=name, opening=here)
        others = {**self.others, self.voice: here}
        time, form, pitches = others.pop(name, self.opening or here)
        return self._replace(voice=name, others=others, time=time, form=form, pitches=pitches)

    def _tuplet(self, character: str) -> Self | None:
        if character.isdigit() or character == ":":
            return self._replace(text=self.text + character)
        opened = self.settled if self.text else self._replace(state=State.FRESH, around="")
        return opened._music(character)

    def _bracket(self, character: str) -> Self | None:
        """A character after ``[``, which may open a bar line, an ending, a field or a chord."""
        text = self.text + character
        if text[0] == "|" or text == "]":
            return self._bracketed_line(text)
        if text.isdigit():
            done = self._replace(state=State.FRESH, text="")
            return done._passed() if self.time.begun else done._digit(text)
        if text.isalpha() and not self.text:
            # No field that can be written inline has the letter of a note.
            noted = text in STEPS
            pitches = self.pitches.with_letter(text) if noted else self.pitches.settled()
            return self._replace(text=text, pitches=pitches)
        if character == ":":
            return self._replace(state=State.FIELD, text=text, around="[")
        return None if character == "\n" else self._chord(character)

    def _bracketed_line(self, text: str) -> Self | None:
        """A character of ``[|``, or of ``[|]``, which is invisible and does not end a bar."""
        if text in {"]", "|]"}:
            return self._replace(state=State.FRESH, text="")
        if text == "|":
            return self._replace(text=text)
        done = self._replace(state=State.BAR_LINE, text="[")._barred("|")
        return done.feed(text[-1])

    def _chord(self, character: str) -> Self | None:
        """The second character of a chord, or its first if that is not a letter."""
        pitches = self.pitches if self.text else self.pitches.settled()
        opened = self._with_event(State.GROUP, self.text, pitches)._replace(around="[")
        return opened.feed(character)

    def _group(self, character: str) -> Self | None:
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

    def _field(self, character: str) -> Self:
        if character not in "]\n" or (character == "]" and self.around == "\n"):
            return self._replace(text=self.text + character)
        text = "\n" if character == "\n" else ""
        done = self._replace(state=State.FRESH, text=text, around="")
        return done._with_field(self.text[:1], _value(self.text))

    def _quoted(self, character: str) -> Self | None:
        if character == self.around and not self.text.endswith("\\"):
            state = State.FRESH if character == '"' else State.SYMBOL
            return self._replace(state=state, text="", around="")
        return None if character == "\n" else self._replace(text=character)

    def _comment(self, character: str) -> Self:
        """A comment, a directive or a block of text, up to the end of its last line."""
        if character != "\n":
            return self._replace(text=self.text + character)
        if self.around and not self.text.startswith(_BLOCK_END):
            return self._replace(text="")
        if not self.around and self.text.startswith(_BLOCK):
            return self._replace(text="", around=_BLOCK)
        return self._replace(state=State.FRESH, text="\n", around="")


def _value(text: str) -> str:
    """The value of a field, without a trailing comment."""
    return text[2:].partition("%")[0].strip()


def _is_first_member(text: str) -> bool:
    """Whether a chord's text has only its first note or rest, whose length the chord takes."""
    return sum(character in STEPS or character == "z" for character in text) == 1


_Read = Callable[[Any, str], Any]
"""Returns the state after one more character, of the same class as the state given."""

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
