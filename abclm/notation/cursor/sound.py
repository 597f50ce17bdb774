"""What one voice sounds, bar by bar, while it is read: the other voices are written against it."""

from typing import Final, NamedTuple

from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.pitch import OCTAVE_MARKS
from abclm.notation.cursor.state import State
from abclm.notation.syntax.accidentals import ALTERATIONS
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.tables import NATURAL_SEMITONES, STEPS

__all__ = ["Attack", "VoiceSound", "alteration"]

_MIDDLE_C: Final = 60
_OCTAVE: Final = 12
_STEPS_IN_OCTAVE: Final = 7
_PERFECT: Final = frozenset({0, 7})
"""A unison or octaves, and a fifth, in semitones modulo an octave."""
_OPEN: Final = frozenset({State.GROUP, State.BRACKET})
"""Inside a chord, or inside grace notes."""


class Attack(NamedTuple):
    """An event of a bar.

    Attributes:
        onset: ticks from the start of the bar.
        pitches: MIDI note numbers, in the order of writing; empty for a rest.
        held: whether a tie leads to it, so that nothing is struck.
        paused: whether it has a fermata.
    """

    onset: int
    pitches: tuple[int, ...]
    held: bool = False
    paused: bool = False


class VoiceSound(NamedTuple):
    """The events of a voice in its last bar and in the one before. Immutable.

    Attributes:
        bar: those of the last bar that has begun.
        before: those of the bar before it.
        ended: whether that bar is complete; the next event begins another.
    """

    bar: tuple[Attack, ...] = ()
    before: tuple[Attack, ...] = ()
    ended: bool = False

    def after(self, character: str, before: Cursor, now: Cursor) -> "VoiceSound":
        """Return the sound after one more character of the voice.

        Args:
            character: the character.
            before: the cursor before it.
            now: the cursor after it.
        """
        if character in STEPS:
            if now.state is State.NOTE or (now.state in _OPEN and now.around != "{"):
                return self._with_note(character, before, now)
        elif character in OCTAVE_MARKS:
            if before.ends_letter and before.around != "{":
                return self._moved(_OCTAVE * OCTAVE_MARKS[character] // _STEPS_IN_OCTAVE)
        elif character == "z":
            if now.time.rest:
                return self._with(Attack(now.time.gone, ()))
        elif character == "|" and self.bar and now.state is State.BAR_LINE:
            return self._replace(ended=True)
        return self

    @property
    def last(self) -> Attack | None:
        """The last event with a pitch, in the last two bars; None without one."""
        for attack in (*reversed(self.bar), *reversed(self.before)):
            if attack.pitches:
                return attack
        return None

    def at(self, moment: int) -> Attack | None:
        """The event that sounds at ``moment`` of the bar; None before the first."""
        found = None
        for attack in self.bar:
            if attack.onset > moment:
                break
            found = attack
        return found

    def just_before(self, moment: int) -> Attack | None:
        """The event that sounds just before ``moment``, in the bar or at the end of the last."""
        found = self.before[-1] if self.before else None
        for attack in self.bar:
            if attack.onset >= moment:
                break
            found = attack
        return found

    def next_onset(self, moment: int) -> int | None:
        """The onset of the next event after ``moment`` in the bar; None without one."""
        return next((attack.onset for attack in self.bar if attack.onset > moment), None)

    def parallel(self, moment: int, last: int) -> int | None:
        """The pitch class with which another voice would move in parallel with this one.

        In parallel are two voices that both strike a new note and are a unison, an octave or a
        fifth apart before and after.

        Args:
            moment: where the other voice strikes its note, in ticks from the start of the bar.
            last: its last pitch, as a MIDI note number.

        Returns:
            The pitch class, 0 for C; None if none would.
        """
        here, before = self.at(moment), self.just_before(moment)
        if here is None or here.onset != moment or here.held or before is None:
            return None
        if not (here.pitches and before.pitches) or here.pitches[0] == before.pitches[0]:
            return None
        distance = last - before.pitches[0]
        if abs(distance) % _OCTAVE not in _PERFECT:
            return None
        following = (here.pitches[0] + distance) % _OCTAVE
        return None if following == last % _OCTAVE else following

    def _with_note(self, letter: str, before: Cursor, now: Cursor) -> "VoiceSound":
        name = letter.upper()
        sign = alteration(now.pitches.key, now.pitches.carried, name)
        pitch = _MIDDLE_C + NATURAL_SEMITONES[name] + sign + _OCTAVE * letter.islower()
        # After "[c" it is not decided yet that a chord begins, and the time stands still.
        onset = now.time.used if now.state is State.BRACKET else now.time.gone
        if before.state in _OPEN and not STEPS.keys().isdisjoint(before.text):
            chord = self.bar[-1]
            together = chord._replace(pitches=(*chord.pitches, pitch))
            return self._replace(bar=(*self.bar[:-1], together))
        return self._with(Attack(onset, (pitch,), before.pitches.tied, now.pitches.fermata))

    def _with(self, attack: Attack) -> "VoiceSound":
        if self.ended:
            return VoiceSound((attack,), self.bar)
        return self._replace(bar=(*self.bar, attack))

    def _moved(self, semitones: int) -> "VoiceSound":
        """The last pitch is moved by an octave mark."""
        if not self.bar or not self.bar[-1].pitches:
            return self
        attack = self.bar[-1]
        pitches = (*attack.pitches[:-1], attack.pitches[-1] + semitones)
        return self._replace(bar=(*self.bar[:-1], attack._replace(pitches=pitches)))


def alteration(key: Key, carried: tuple[tuple[str, str], ...], name: str) -> int:
    """The alteration, in semitones, that the letter ``name`` has in this bar.

    Args:
        key: the key.
        carried: the accidentals of the bar so far, by letter.
        name: a letter, ``A`` to ``G``.
    """
    for letter, sign in carried:
        if letter == name:
            return ALTERATIONS.get(sign, 0)
    return key.alterations.get(name, 0)
