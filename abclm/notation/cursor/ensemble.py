"""Several voices read side by side, each by a cursor of its own, from a text of rows.

The header is read once; its field ``V:`` gives the number of voices. See
`abclm.notation.cursor.rows` for the text.
"""

from typing import Final, NamedTuple, Self

from abclm.errors import InputError
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.phrases import Phrases
from abclm.notation.cursor.rows import Rows
from abclm.notation.cursor.sound import VoiceSound
from abclm.notation.cursor.state import State
from abclm.notation.write.normal_form import normal_form

__all__ = ["MOST_VOICES", "Ensemble", "Step", "VoiceReading", "neighbours", "score_places"]

MOST_VOICES: Final = 6
"""More voices than any corpus here has; a larger number in a header counts as this."""


class VoiceReading(NamedTuple):
    """One voice: where its text is, and what sounds."""

    cursor: Cursor
    sound: VoiceSound = VoiceSound()


class Step(NamedTuple):
    """One character that a voice has read.

    Attributes:
        voice: its number in the order of writing.
        character: the character, as ABC.
        cursor: the voice's cursor after it.
    """

    voice: int
    character: str
    cursor: Cursor


class Ensemble(NamedTuple):
    """The voices of a piece so far. Immutable.

    Attributes:
        header: the cursor of the header; at its end every voice begins with it.
        rows: where the text is; None in the header.
        voices: the voices in the order of writing; empty in the header.
        phrases: those of the first voice, up to the start of the current row.
        following: the same up to its end, once the first voice has written its bar.
    """

    header: Cursor = Cursor()
    rows: Rows | None = None
    voices: tuple[VoiceReading, ...] = ()
    phrases: Phrases = Phrases()
    following: Phrases = Phrases()

    @classmethod
    def begin(cls, cursor: Cursor, count: int) -> Self:
        """Return ``count`` voices that all begin at ``cursor``, the start of a body."""
        return cls(cursor, Rows(count), (VoiceReading(cursor),) * count)

    def feed(self, character: str) -> "tuple[Ensemble, tuple[Step, ...]] | None":
        """Read one character.

        Returns:
            The voices after it, and what each of them has read; None if no piece can have it here.
        """
        if self.rows is None:
            header = self.header.feed(character)
            if header is None:
                return None
            if header.state is State.HEADER:
                return self._replace(header=header), ()
            count = _number(header.fields.get("V", ""))
            return Ensemble.begin(_in_normal_form(header), count), ()
        rows, fed = self.rows.feed(character)
        voices = list(self.voices)
        steps: list[Step] = []
        for number, text in fed:
            cursor, sound = voices[number]
            for one in text:
                after = cursor.feed(one)
                if after is None:
                    return None
                sound = sound.after(one, cursor, after)
                cursor = after
                steps.append(Step(number, one, cursor))
            voices[number] = VoiceReading(cursor, sound)
        phrases, following = self.phrases, self.following
        if self.rows.at == 0 < rows.at:
            first = self.voices[0]
            following = phrases.through(first.sound.bar, first.cursor.time.used)
        elif rows.at == 0 < self.rows.at:
            phrases = following
        read = Ensemble(self.header, rows, tuple(voices), phrases, following)
        return read, tuple(steps)

    @property
    def at(self) -> int:
        """The number of the voice that is written next, in the order of writing."""
        return 0 if self.rows is None else self.rows.at


def neighbours(ensemble: Ensemble, at: int, moment: int) -> tuple[int | None, int | None]:
    """The pitches of the nearest voices above and below in the score whose bar is written.

    Args:
        ensemble: the voices so far.
        at: the voice that is written, in the order of writing.
        moment: in ticks from the start of the bar.

    Returns:
        MIDI note numbers; None where there is no such voice, or where it rests.
    """
    places = score_places(len(ensemble.voices))
    above = [number for number in range(at) if places[number] < places[at]]
    below = [number for number in range(at) if places[number] > places[at]]
    return (
        _height(ensemble, max(above, key=places.__getitem__, default=-1), moment),
        _height(ensemble, min(below, key=places.__getitem__, default=-1), moment),
    )


def _height(ensemble: Ensemble, number: int, moment: int) -> int | None:
    attack = ensemble.voices[number].sound.at(moment) if number >= 0 else None
    return attack.pitches[0] if attack is not None and attack.pitches else None


def score_places(count: int) -> tuple[int, ...]:
    """The places in the score, from the top, of voices in the order of writing.

    The outer voices come first, as a musician harmonises a melody: of four voices the soprano, the
    bass, the alto, the tenor, so ``(0, 3, 1, 2)``.
    """
    return (0,) if count < 2 else (0, count - 1, *range(1, count - 1))


def _in_normal_form(header: Cursor) -> Cursor:
    """The header's cursor in the key of the music, which is in normal form."""
    try:
        normal = normal_form(header.pitches.key).normal
    except InputError:
        return header
    return header._replace(pitches=header.pitches._replace(key=normal))


def _number(value: str) -> int:
    return min(max(1, int(value)), MOST_VOICES) if value.isdecimal() else 1
