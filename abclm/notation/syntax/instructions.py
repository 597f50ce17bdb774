"""Instructions that change how a tune sounds: ``%%MIDI``, ``%%percmap`` and the like.

``I:MIDI transpose 2`` means the same as ``%%MIDI transpose 2`` (ABC 2.1 section 11).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from abclm.notation.syntax.accidentals import semitones
from abclm.notation.syntax.tables import DRUMS
from abclm.notation.syntax.values import read_note

__all__ = ["Instructed", "changes_sound", "is_heard", "propagation_of"]

_HEARD: Final = re.compile(
    r"\s*(?:MIDI\s*=?\s*(transpose|rtranspose|channel|drummap)|(percmap))\s+(.*)"
    r"|\s*MIDI\s*=?\s*(gchordon|gchordoff|gchord(?=\s)|chordprog(?=\s))\s*(.*)"
)
_RHYTHM: Final = re.compile(r"(?:[fbczghijGHIJ]\d?){1,64}")
_NUMBER: Final = re.compile(r"[+-]?\d{1,3}")
_NOTE: Final = re.compile(r"(?:[\^_]{1,2}|=)?[A-Ga-g][,']*")
_PROPAGATION: Final = re.compile(r"\s*propagate-accidentals\s+(not|octave|pitch)\b")
_DRUM_CHANNEL: Final = 10
"""General MIDI's channel of drums, counted from 1."""
_WIDEST: Final = 127
"""The highest MIDI note number."""


def is_heard(instruction: str) -> bool:
    """Whether an instruction changes how the notes after it sound."""
    return _HEARD.match(instruction) is not None


def changes_sound(instruction: str) -> bool:
    """Whether an instruction in a header changes how the tune sounds."""
    return is_heard(instruction) or _PROPAGATION.match(instruction) is not None


def propagation_of(instructions: Iterable[str]) -> str:
    """Return the value of the last ``propagate-accidentals``; ``pitch`` without one."""
    said = [match[1] for match in map(_PROPAGATION.match, instructions) if match]
    return said[-1] if said else "pitch"


@dataclass(frozen=True, slots=True)
class Instructed:
    """The effect of the instructions so far.

    Attributes:
        transpose: semitones by which all notes sound higher; None if not set.
        drums: whether notes sound on the drum channel.
        drum_map: MIDI numbers of drums, by letter, octave and alteration of the written note.
        chords: whether chord symbols are played.
        chord_rhythm: the rhythm of a bar of them, such as ``fzczfzcz``; empty for the usual one.
        chord_program: the program that plays them; None if not set.
    """

    transpose: int | None = None
    drums: bool = False
    drum_map: dict[tuple[str, int, int], int] = field(default_factory=dict)
    chords: bool = True
    chord_rhythm: str = ""
    chord_program: int | None = None

    def after(self, instruction: str) -> "Instructed":
        """Return the state after ``instruction``; an unknown or invalid one changes nothing."""
        match = _HEARD.match(instruction)
        if match is None:
            return self
        if match[4]:
            return self._with_chords(match[4], match[5].split())
        name, words = match[1] or match[2], match[3].split()
        if name in {"drummap", "percmap"}:
            return self._with_drum(words)
        if not words or not _NUMBER.fullmatch(words[0]):
            return self
        number = int(words[0])
        if name == "channel":
            return replace(self, drums=number == _DRUM_CHANNEL)
        base = self.transpose or 0 if name == "rtranspose" else 0
        return replace(self, transpose=max(-_WIDEST, min(_WIDEST, base + number)))

    def _with_chords(self, name: str, words: list[str]) -> "Instructed":
        if name in {"gchordon", "gchordoff"}:
            return replace(self, chords=name == "gchordon")
        said = words[0] if words else ""
        if name == "gchord":
            known = _RHYTHM.fullmatch(said) or not said
            return replace(self, chord_rhythm=said) if known else self
        known = said.isdecimal() and int(said[:4]) <= _WIDEST
        return replace(self, chord_program=int(said)) if known else self

    def _with_drum(self, words: list[str]) -> "Instructed":
        if len(words) < 2 or not _NOTE.fullmatch(words[0]):
            return self
        drum = _drum(words[1])
        if drum is None:
            return self
        pitch, _ = read_note(words[0])
        alteration = semitones(pitch.accidental) if pitch.accidental else 0
        place = (pitch.letter, pitch.octave, alteration)
        return replace(self, drum_map=self.drum_map | {place: drum})


def _drum(text: str) -> int | None:
    """The MIDI number of a drum, given as a number or by its name in General MIDI."""
    if text.isdecimal():
        return int(text[:4]) if int(text[:4]) <= _WIDEST else None
    return DRUMS.get(text.lower().replace("_", "-"))
