"""Reads music one character at a time: notes, rests, bar lines, starts of groups and fields."""

from collections.abc import Callable
from typing import Any, Final, Self

from abclm.notation.cursor.pitch import ACCIDENTAL_SIGNS, OCTAVE_MARKS, Pitches
from abclm.notation.cursor.state import Place, State
from abclm.notation.syntax.tables import BODY_FIELDS, STEPS

__all__ = ["MusicReader"]

_FIELD_LETTERS: Final = BODY_FIELDS - {"+"}
_CLOSING: Final = ("||", "|]", ":|", "[|")
"""Bar lines after which a section begins."""
_SPACER: Final = "y"
_OF_NEXT_EVENT: Final = frozenset({State.SYMBOL, State.ACCIDENTAL, State.GROUP})
_BETWEEN_BARS: Final = frozenset({State.BAR_LINE, State.SECTION})


class MusicReader(Place):
    """A state that can read one more character of music."""

    __slots__ = ()

    def _music(self, character: str) -> Self:
        """A character where no group, field or comment is open."""
        read = _MUSIC.get(character)
        if read is not None:
            after: Self = read(self, character)
            return after
        return self._symbol(character) if character.isalpha() else self._passed()

    def _passed(self, _character: str = "") -> Self:
        """A character that changes nothing here."""
        pitches = self.pitches.settled()
        return self if pitches is self.pitches else self._replace(pitches=pitches)

    def _event(self, character: str) -> Self:
        """A note begins."""
        return self._with_event(State.NOTE, character, self._pitches().with_letter(character))

    def _rest(self, character: str) -> Self:
        return self._with_event(State.LENGTH, "", self._pitches().settled(), character)

    def _with_event(self, state: State, text: str, pitches: Pitches, rest: str = "") -> Self:
        """Start an event; after a tie it is the tied note."""
        time, more = self.time.with_event(rest=rest)
        if pitches.tied or pitches.holding:
            pitches = pitches._replace(tied=False, holding=pitches.tied)
        around = "z" if rest else ""
        form = self.form.passed(more)
        return self._replace(
            state=state, text=text, around=around, time=time, form=form, pitches=pitches
        )

    def _pitches(self) -> Pitches:
        """The pitches at the start of the next event, without the last event's fermata."""
        if self.pitches.fermata and self.state not in _OF_NEXT_EVENT:
            return self.pitches._replace(fermata=False)
        return self.pitches

    def _accidental(self, sign: str) -> Self:
        before = self.text if self.state is State.ACCIDENTAL else ""
        pitches = self._pitches().with_accidental(sign)
        return self._replace(state=State.ACCIDENTAL, text=before + sign, around="", pitches=pitches)

    def _symbol(self, symbol: str) -> Self:
        begins_line = self.state is State.SECTION or self.text == "\n"
        around = "\n" if begins_line and symbol in _FIELD_LETTERS else ""
        pitches = self.pitches.with_symbol(symbol)
        return self._replace(state=State.SYMBOL, text=symbol, around=around, pitches=pitches)

    def _octave(self, mark: str) -> Self:
        if self.state is State.ENDING:
            return self._replace(text=self.text + mark)
        if self.state is not State.NOTE:
            return self._passed()
        return self._replace(text=self.text + mark, pitches=self.pitches.with_mark(mark))

    def _digit(self, digit: str) -> Self:
        """A digit of a length, of a microtone or, where a bar begins, of an ending's number."""
        if self.state in {State.ENDING, State.ACCIDENTAL}:
            return self._replace(text=self.text + digit)
        if self.text == _SPACER:
            return self
        if not self.time.begun:
            form = self.form.with_ending(digit)
            return self._replace(state=State.ENDING, text=digit, around="", form=form)
        return self._lengthened(digit)

    def _lengthened(self, character: str) -> Self:
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

    def _tie(self, _character: str) -> Self:
        if self.state is State.ENDING:
            return self._replace(text=self.text + "-")
        if not self.time.begun:
            return self._passed()
        return self._replace(state=State.TIE, text="", around="", pitches=self.pitches.with_tie())

    def _break(self, mark: str) -> Self:
        time = self.time.broken_by(mark)
        if time is self.time:
            return self._passed()
        pitches = self.pitches.settled()
        return self._replace(
            state=State.BROKEN, text=time.broken, around="", time=time, pitches=pitches
        )

    def _blank(self, _character: str) -> Self:
        return self._between("")

    def _line_end(self, _character: str) -> Self:
        return self._between("\n")

    def _between(self, text: str) -> Self:
        """A blank or a line end; after a closing bar line a section begins."""
        pitches = self.pitches.settled()
        if self.state in _BETWEEN_BARS:
            opens = self.text.endswith(":") and self.state is State.BAR_LINE
            if not self.text or (not opens and any(sign in self.text for sign in _CLOSING)):
                return self._replace(state=State.SECTION, around="", pitches=pitches)
        return self._replace(state=State.FRESH, text=text, around="", pitches=pitches)

    def _barred(self, character: str) -> Self:
        """A character of a bar line."""
        if self.state is State.SYMBOL:
            if character == ":" and self.around:
                return self._replace(state=State.FIELD, text=f"{self.text}:")
            if self.text == ".":  # A dotted bar line does not end a bar.
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

    def _closed(self, character: str) -> Self:
        """The second character of ``|]``."""
        if self.time.begun:
            return self._passed()
        text = self.text + character if self.state is State.BAR_LINE else character
        form = self.form.begun(repeated=self.form.repeated)
        return self._replace(state=State.BAR_LINE, text=text, around="", form=form)

    def _opened(self, character: str) -> Self:
        """Open a bracket, braces, quotation marks or a comment."""
        state, around = _OPENED[character]
        pitches = self._pitches() if character == "[" else self.pitches
        text = character if character == "%" else ""
        return self._replace(state=state, text=text, around=around, pitches=pitches.settled())

    def _overlay(self, _character: str) -> Self:
        """``&``, which starts the bar again."""
        return self._replace(state=State.FRESH, text="", around="", time=self.time.restarted())

    def _spacer(self, _character: str) -> Self:
        return self._passed()._replace(state=State.FRESH, text=_SPACER, around="")


_Read = Callable[[Any, str], Any]
"""Returns the state after one more character, of the same class as the state given."""

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
    **dict.fromkeys(STEPS, MusicReader._event),
    **dict.fromkeys("zxZX", MusicReader._rest),
    **dict.fromkeys(ACCIDENTAL_SIGNS, MusicReader._accidental),
    **dict.fromkeys(OCTAVE_MARKS, MusicReader._octave),
    **dict.fromkeys("0123456789", MusicReader._digit),
    **dict.fromkeys("<>", MusicReader._break),
    **dict.fromkeys("|:", MusicReader._barred),
    **dict.fromkeys(" \t", MusicReader._blank),
    **dict.fromkeys("~.", MusicReader._symbol),
    **dict.fromkeys(_OPENED, MusicReader._opened),
    "/": MusicReader._lengthened,
    "-": MusicReader._tie,
    "]": MusicReader._closed,
    "\n": MusicReader._line_end,
    "&": MusicReader._overlay,
    _SPACER: MusicReader._spacer,
}
