"""The pitches of a tune while it is read: key, accidentals of the bar, last note, range."""

from typing import Final, NamedTuple

from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.tables import STEPS

__all__ = ["ACCIDENTAL_SIGNS", "NO_KEY", "OCTAVE_MARKS", "Pitches"]

NO_KEY: Final = Key("none", "", "", ())
ACCIDENTAL_SIGNS: Final = "^_="
OCTAVE_MARKS: Final = {",": -7, "'": 7}
"""The number of staff steps by which an octave mark moves a note."""
_FERMATA: Final = "H"


class Pitches(NamedTuple):
    """The pitch state of the music so far. Immutable.

    A step is a letter on the staff, counted from middle C: ``C`` is 0, ``c`` 7, ``B,`` -1. The
    accidentals of grace notes apply to the rest of the bar like others, but grace notes do not
    count in the range.

    Attributes:
        key: the current key.
        carried: the accidentals of the bar so far, by letter, the latest last.
        accidental: the next note's accidental so far.
        note: the last note written, without its length, such as ``^c'``.
        held: the note that the last tie holds, without its accidental.
        tied: whether the next event must be the held note.
        holding: whether the last event is the held note.
        fermata: whether the last event has a fermata.
        lowest, highest: steps of the lowest and the highest note; None before the first.
        before: the two without the last note.
        last: step of the last note while octave marks may follow it, else None.
        altered: each letter that had an accidental, with the accidental before it.
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
        """Start a note, with the accidental before it."""
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
        """Add an octave mark to the last note."""
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
        """Add a sign to the next note's accidental."""
        return self._replace(accidental=self.accidental + sign, last=None)

    def with_symbol(self, symbol: str) -> "Pitches":
        """Add a decoration, or the end of grace notes, before the next note."""
        return self._replace(fermata=symbol == _FERMATA, accidental="", last=None)

    def with_tie(self) -> "Pitches":
        """Tie the last note to the next."""
        return self._replace(held=self.note.lstrip(ACCIDENTAL_SIGNS), tied=True, last=None)

    def barred(self) -> "Pitches":
        """End the bar's accidentals at a bar line."""
        return self._replace(carried=(), accidental="", last=None)

    def with_key(self, value: str) -> "Pitches":
        """Apply ``K:`` from here on, if its value is a key."""
        return self._replace(key=parse_key(value) or self.key)

    def settled(self) -> "Pitches":
        """Finish the last note: no octave mark may follow, and an open accidental is dropped."""
        if self.last is None and not self.accidental:
            return self
        return self._replace(last=None, accidental="")
