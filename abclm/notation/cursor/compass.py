"""How far up and down a tune has gone, while it is being written."""

from typing import Final, NamedTuple

from abclm.notation.syntax.tables import STEPS

__all__ = ["Compass"]

_OCTAVES: Final = {",": -7, "'": 7}
_ACCIDENTALS: Final = frozenset("^_=")


class Compass(NamedTuple):
    """The notes that a tune has had. Immutable: a kept one stays valid.

    A step is a letter of the staff, counted from middle C: ``C`` is 0, ``c`` 7, ``B,`` -1.

    Attributes:
        lowest, highest: steps of the lowest and the highest note, the last one included as far as
            it is written; None before the first.
        before: the two without the last note.
        last: step of the last note while octave marks may follow it, else None.
        mark: the accidental that the next note has so far.
        altered: each letter that had an accidental, behind that.
    """

    lowest: int | None = None
    highest: int | None = None
    before: tuple[int | None, int | None] = (None, None)
    last: int | None = None
    mark: str = ""
    altered: frozenset[str] = frozenset()

    def after(self, character: str) -> "Compass":
        """One character of the notes further on: no text, symbol or ornament must be told."""
        step = STEPS.get(character)
        if step is not None:
            mark = self.mark and self.mark + character.upper()
            altered = self.altered | {mark} if mark else self.altered
            noted = Compass(before=(self.lowest, self.highest), altered=altered)
            return noted._with(step)
        if character in _OCTAVES and self.last is not None:
            return self._with(self.last + _OCTAVES[character])
        if character in _ACCIDENTALS:
            return self._replace(last=None, mark=self.mark + character)
        return self if self.last is None and not self.mark else self._replace(last=None, mark="")

    def _with(self, step: int) -> "Compass":
        """The last note is at ``step``."""
        low, high = self.before
        return self._replace(
            lowest=step if low is None else min(low, step),
            highest=step if high is None else max(high, step),
            last=step,
        )
