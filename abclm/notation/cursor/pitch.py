"""The pitches of a tune while it is read: key, accidentals of the bar, last note, compass."""

from typing import Final, NamedTuple

from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.tables import STEPS

__all__ = ["ACCIDENTAL_SIGNS", "NO_KEY", "OCTAVE_MARKS", "Pitches"]

NO_KEY: Final = Key("none", "", "", ())
ACCIDENTAL_SIGNS: Final = "^_="
OCTAVE_MARKS: Final = {",": -7, "'": 7}
"""By how many steps of the staff an octave mark moves a note."""
_FERMATA: Final = "H"


class Pitches(NamedTuple):
    """What has been written, as far as it concerns pitch. Immutable: a kept one stays valid.

    A step is a letter of the staff, counted from middle C: ``C`` is 0, ``c`` 7, ``B,`` -1. Grace
    notes bear accidentals for the bar like others, but do not count in the compass.

    Attributes:
        key: what holds now.
        carried: the accidentals of the bar so far, by letter, the last ones last.
        accidental: the one that the next note has so far.
        note: the note that was written last, without its length, such as ``^c'``.
        held: what the last tie holds: a note without its accidental.
        tied: whether the next event must be the note that is held.
        holding: whether the last event is that note.
        fermata: whether the last event has one.
        lowest, highest: steps of the lowest and the highest note; None before the first.
        before: the two without the last note.
        last: step of the last note while octave marks may follow it, else None.
        altered: each letter that had an accidental, behind that.
    """

    key: Key = NO_KEY
    carried: tuple[tuple[str, str], ...] = ()
    accidental: str = ""
    note: str = ""
    held: str = ""
    tied: bool = False
    holding: bool = False
    fermata: bool = False
    lowest: int | None = None
    highest: int | None = None
    before: tuple[int | None, int | None] = (None, None)
    last: int | None = None
    altered: frozenset[str] = frozenset()

    def with_letter(self, letter: str, *, grace: bool = False) -> "Pitches":
        """A note begins, with the accidental that stands before it."""
        sign, carried = self.accidental, self.carried
        if sign:
            name = letter.upper()
            carried = (*[pair for pair in carried if pair[0] != name], (name, sign))
        if grace:
            return self._replace(note=sign + letter, accidental="", carried=carried)
        step = STEPS[letter]
        low, high = self.lowest, self.highest
        return self._replace(
            note=sign + letter,
            accidental="",
            carried=carried,
            lowest=step if low is None else min(low, step),
            highest=step if high is None else max(high, step),
            before=(low, high),
            last=step,
            altered=self.altered | {sign + letter.upper()} if sign else self.altered,
        )

    def with_mark(self, mark: str) -> "Pitches":
        """An octave mark stands behind the last note."""
        if self.last is None:
            return self._replace(note=self.note + mark)
        step = self.last + OCTAVE_MARKS[mark]
        low, high = self.before
        return self._replace(
            note=self.note + mark,
            last=step,
            lowest=step if low is None else min(low, step),
            highest=step if high is None else max(high, step),
        )

    def with_accidental(self, sign: str) -> "Pitches":
        """A sign of the next note's accidental stands there."""
        return self._replace(accidental=self.accidental + sign, last=None)

    def with_symbol(self, symbol: str) -> "Pitches":
        """A decoration, or the end of grace notes, stands before the next note."""
        return self._replace(fermata=symbol == _FERMATA, accidental="", last=None)

    def with_tie(self) -> "Pitches":
        """The last note is tied to the next."""
        return self._replace(held=self.note.lstrip(ACCIDENTAL_SIGNS), tied=True, last=None)

    def barred(self) -> "Pitches":
        """A bar line ends the accidentals of its bar."""
        return self._replace(carried=(), accidental="", last=None)

    def with_key(self, value: str) -> "Pitches":
        """``K:`` holds from here, if it names a key."""
        return self._replace(key=parse_key(value) or self.key)

    def settled(self) -> "Pitches":
        """Behind a character that belongs to no note: no octave mark, no letter may follow."""
        if self.last is None and not self.accidental:
            return self
        return self._replace(last=None, accidental="")
