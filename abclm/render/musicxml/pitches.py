"""The spelled pitches of written notes: what key, accidentals and ties make of them."""

from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

from abclm.notation.syntax.accidentals import Alterations, alteration
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.values import Pitch
from abclm.notation.tune.layers import Layers
from abclm.notation.tune.music import Event

__all__ = ["PitchReader", "SpelledPitch"]

Made = TypeVar("Made")
_HIGHEST = 9
"""The highest octave of MusicXML; the lowest is 0."""


class SpelledPitch(NamedTuple):
    """A pitch of a note as it is written in MusicXML.

    Attributes:
        letter, octave: ``A`` to ``G``; 4 for the octave of middle C.
        alteration: in semitones.
        shows: whether its accidental is printed.
    """

    letter: str
    octave: int
    alteration: Fraction | int
    shows: bool


class PitchReader(Generic[Made]):
    """Follows the accidentals and ties of one voice, bar by bar.

    Args:
        key: the key at its start.
        octaves: octaves by which its notes sound higher than written, as of an octave clef.
        propagation: how far accidentals hold, see `Alterations`.

    Attributes:
        octaves: the same from here on.
    """

    def __init__(self, key: Key | None, octaves: int, propagation: str) -> None:
        self.octaves = octaves
        self._alterations = Alterations(propagation)
        self._tied: dict[tuple[str, int], tuple[Made, Fraction | int]] = {}
        self._layers = Layers[dict[tuple[str, int], tuple[Made, Fraction | int]]]({})
        self.use_key(key)

    @property
    def is_waiting(self) -> bool:
        """Whether the event before is tied to the next one."""
        return bool(self._tied)

    def use_key(self, key: Key | None) -> None:
        """Change the key signature."""
        self._alterations.signature = key.alterations if key else {}

    def drop_ties(self) -> None:
        """Let nothing be tied to the next event."""
        self._tied = {}

    def end_layer(self) -> None:
        """Go back to the start of the bar for another layer."""
        self._tied = self._layers.end_layer(self._tied)
        self._alterations.forget()

    def end_bar(self) -> None:
        """End the bar."""
        self._layers.events = True
        self._tied = self._layers.end_bar(self._tied)
        self._alterations.forget()

    def read(self, pitch: Pitch) -> SpelledPitch:
        """Return the pitch of a note that is not tied to one before."""
        place = (pitch.letter, pitch.octave)
        if pitch.accidental:
            self._alterations.alter(*place, alteration(pitch.accidental))
            by = alteration(pitch.accidental)
        else:
            by = self._alterations.of(*place)
        return self._spelled(pitch, by, shows=bool(pitch.accidental))

    def held(self, pitch: Pitch) -> tuple[Made, SpelledPitch] | None:
        """Return what was made of the note tied to this pitch, and the pitch; None without one.

        The accidental of the tied note still holds (ABC 2.1 section 4.11). A tie between different
        pitches is a slur.
        """
        before = self._tied.get((pitch.letter, pitch.octave))
        if before is None:
            return None
        made, by = before
        if pitch.accidental and alteration(pitch.accidental) != by:
            return None
        return made, self._spelled(pitch, by, shows=False)

    def tie(self, event: Event, made: dict[tuple[str, int], tuple[Made, Fraction | int]]) -> None:
        """Remember what an event holds over; ``made`` by letter and octave as written."""
        if not event.tie:
            self._tied = {}
        elif event.tied:
            places = {event.pitches[index][1:] for index in event.tied}
            self._tied = {place: one for place, one in made.items() if place in places}
        else:
            self._tied = made

    def _spelled(self, pitch: Pitch, by: Fraction | int, *, shows: bool) -> SpelledPitch:
        octave = min(max(pitch.octave + self.octaves + 4, 0), _HIGHEST)
        return SpelledPitch(pitch.letter, octave, by, shows)
