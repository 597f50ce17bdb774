"""Fermatas that all voices have together.

Some programs, abc2midi among them, make a note with a fermata longer. If one voice moves on under
the fermata of another, its voices would no longer sound together.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.sound import VoiceSound
from abclm.notation.cursor.state import State
from abclm.notation.syntax.meter import Meter
from abclm.notation.write.score_rows import Row

__all__ = ["with_common_fermatas"]

_FERMATA: Final = "H"


class _Pause(NamedTuple):
    """A fermata: where it is in the text of a bar, and the time that its note takes."""

    place: int
    onset: int
    end: int

    @property
    def time(self) -> tuple[int, int]:
        return self.onset, self.end


def with_common_fermatas(row: Row, meter: Meter, unit: Fraction) -> Row:
    """Return ``row`` without the fermatas that some voice does not have at the same time.

    Args:
        row: the bars of all voices.
        meter: the meter of the piece.
        unit: its unit note length, in whole notes.
    """
    found = [list(_pauses(cell, Cursor.begin(meter, unit))) for cell in row.cells]
    if not any(found):
        return row
    common = set.intersection(*({pause.time for pause in pauses} for pauses in found))
    cells = (
        _without(cell, [pause.place for pause in pauses if pause.time not in common])
        for cell, pauses in zip(row.cells, found, strict=True)
    )
    return row._replace(cells=tuple(cells))


def _pauses(cell: str, cursor: Cursor) -> Iterator[_Pause]:
    sound = VoiceSound()
    places: list[int] = []
    for place, character in enumerate(cell):
        after = cursor.feed(character)
        if after is None:
            return
        if character == _FERMATA and after.state is State.SYMBOL:
            places.append(place)
        sound, cursor = sound.after(character, cursor, after), after
    ends = [*(attack.onset for attack in sound.bar[1:]), cursor.time.used]
    paused = (
        (attack.onset, end)
        for attack, end in zip(sound.bar, ends, strict=bool(sound.bar))
        if attack.paused
    )
    for place, (onset, end) in zip(places, paused, strict=False):
        yield _Pause(place, onset, end)


def _without(text: str, places: list[int]) -> str:
    return "".join(character for place, character in enumerate(text) if place not in places)
