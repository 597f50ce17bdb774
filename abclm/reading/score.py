"""A score as data: what every reader of this room returns, and what is written as ABC.

All times are whole ticks from the start of the piece, so that nothing is rounded.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

__all__ = [
    "QUARTER",
    "ChordSymbol",
    "Ending",
    "Grace",
    "Measure",
    "Note",
    "Part",
    "Pitch",
    "Remark",
    "Score",
    "ScoreVoice",
    "Tempo",
]

QUARTER: Final = 40320
"""Ticks in a quarter note: 16 times 2520, the least common multiple of 1 to 9, so that 64ths and
the notes of every tuplet up to nine are whole."""


class Pitch(NamedTuple):
    """A sounding pitch with its spelling.

    Attributes:
        letter: ``A`` to ``G``.
        alteration: semitones above the natural note, -2 to 2.
        octave: 4 for the octave that begins on middle C.
    """

    letter: str
    alteration: int
    octave: int


class Grace(NamedTuple):
    """Grace notes that sound together, before a note; ``length`` is that of the written note."""

    pitches: tuple[Pitch, ...]
    length: int


class Ending(IntEnum):
    """How a measure's right bar line looks."""

    PLAIN = 0
    DOUBLE = 1
    FINAL = 2


@dataclass(frozen=True, slots=True)
class Note:
    """A note, chord or written rest of one voice.

    Attributes:
        start: ticks from the start of the piece.
        duration: ticks it sounds; it may cross bar lines, and is then written with ties.
        pitches: from low to high; empty for a rest.
        tuplet: written notes and the notes they replace, ``(3, 2)`` for a triplet; ``(1, 1)``
            outside tuplets, and where it is to be found from the times.
        graces: what comes before it.
        symbols: ABC decorations without their exclamation marks, such as ``fermata`` or ``.``.
        texts: annotations above it.
        opens, closes: numbers of slurs that begin and end here.
        lyrics: a syllable for each verse; it ends in ``-`` if its word goes on, ``_`` holds the
            one before, and an empty string is none.
        held: the pitches that are tied to the next note of the voice.
    """

    start: int
    duration: int
    pitches: tuple[Pitch, ...] = ()
    tuplet: tuple[int, int] = (1, 1)
    graces: tuple[Grace, ...] = ()
    symbols: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    opens: int = 0
    closes: int = 0
    lyrics: tuple[str, ...] = ()
    held: tuple[Pitch, ...] = ()

    @property
    def end(self) -> int:
        """The tick at which it ends."""
        return self.start + self.duration


@dataclass(frozen=True, slots=True)
class ChordSymbol:
    """A chord symbol, such as ``Am7``, from ``start`` on."""

    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Tempo:
    """From ``start`` on, ``beats`` notes of ``beat`` ticks a minute."""

    start: int
    beats: float
    beat: int = QUARTER


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure, the same in all voices.

    Attributes:
        start, length: in ticks; a pickup and the measure it completes are shorter than the meter.
        meter: the value of ``M:`` in force, such as ``4/4``; ``none`` for free meter.
        key: the value of ``K:`` in force, such as ``Ebm``.
        opens, closes: whether a repeat begins at its left or ends at its right bar line.
        times: how often the closed repeat is played.
        endings: the numbers of an ending that begins here; empty if none does.
        right: its right bar line.
        signs: decorations that control the order of playing; ``segno`` and ``coda`` stand at its
            beginning, the others at its end.
    """

    start: int
    length: int
    meter: str
    key: str
    opens: bool = False
    closes: bool = False
    times: int = 2
    endings: tuple[int, ...] = ()
    right: Ending = Ending.PLAIN
    signs: tuple[str, ...] = ()

    @property
    def end(self) -> int:
        """The tick at which it ends."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class ScoreVoice:
    """One voice: notes and rests in order, none overlapping another; gaps are rests."""

    notes: tuple[Note, ...]
    clef: str = "treble"
    """An ABC clef: ``treble``, ``bass``, ``alto``, ``tenor``, ``treble-8``, ``perc`` …"""
    chords: tuple[ChordSymbol, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One instrument: its staves, each with its voices."""

    staves: tuple[tuple[ScoreVoice, ...], ...]
    name: str = ""
    program: int | None = None
    """The General MIDI program, 0 to 127."""
    drums: bool = False

    @property
    def voices(self) -> tuple[ScoreVoice, ...]:
        """All voices, staff by staff."""
        return tuple(voice for staff in self.staves for voice in staff)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about the result that the user should know.

    Attributes:
        text: what was guessed, left out or changed, in a clause.
        option: the option of ``abclm convert`` that overrides it; empty if none does.
    """

    text: str
    option: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """A piece of music.

    Attributes:
        measures: in the order in which they are printed, without gaps.
        parts: from the top of the page down.
        title, composer, source, rights: of the piece; empty if unknown.
        tempos: in order.
        remarks: what the reader guessed, left out or changed.
    """

    measures: tuple[Measure, ...]
    parts: tuple[Part, ...]
    title: str = ""
    composer: str = ""
    source: str = ""
    rights: str = ""
    tempos: tuple[Tempo, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def voices(self) -> tuple[ScoreVoice, ...]:
        """All voices, from the top of the page down."""
        return tuple(voice for part in self.parts for voice in part.voices)
