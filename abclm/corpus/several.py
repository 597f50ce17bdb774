"""Reduces a piece of several voices to what the model learns: its voices, row by row."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from abclm.corpus.simplify import canonical_title, in_plain_notation, simplify
from abclm.errors import InputError
from abclm.notation.play.shift import Shift
from abclm.notation.syntax.accidentals import ALTERATIONS
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.meter import Meter
from abclm.notation.syntax.tables import UNIT_NOTE_LENGTHS
from abclm.notation.syntax.values import Pitch
from abclm.notation.tune.bars import bars
from abclm.notation.tune.music import Event, Item, Tune, Tuplet, Voice
from abclm.notation.write.music import length_characters
from abclm.notation.write.score_rows import Row, rows_body, score_rows

__all__ = ["Piece", "melody_piece", "read_piece", "simple_piece"]

_EIGHTH: Final = Fraction(1, 8)
_FERMATA: Final = "H"
_OCTAVE: Final = 12
_MODES: Final = ("", "m", "dor", "mix", "phr", "lyd")


@dataclass(frozen=True)
class Piece:
    """A piece of several voices in the notation that a model reads.

    Attributes:
        rows: its rows, the voices in the order of the score.
        lengths: the length of each row, in whole notes.
        meter, unit, key: those of its header.
        title: its title.
    """

    rows: tuple[Row, ...]
    lengths: tuple[Fraction, ...]
    meter: Meter
    unit: Fraction
    key: Key | None
    title: str = ""

    @property
    def text(self) -> str:
        """The piece as ABC, with the number 1."""
        count = len(self.rows[0].cells)
        return "\n".join(
            [
                "X:1",
                f"T:{self.title or 'Untitled'}",
                f"M:{self.meter}",
                f"L:{self.unit.numerator}/{self.unit.denominator}",
                *(f"V:{number}" for number in range(1, count + 1)),
                f"K:{self.key or 'none'}",
                rows_body(self.rows),
            ]
        )


def simple_piece(
    tune: Tune, *, unit: Fraction | None = None, named: bool = False, written: bool = False
) -> Piece:
    """Return a tune of several voices as the corpus stores it (see `simplify`).

    Args:
        tune: the tune.
        unit: its unit note length; None for the one that makes it shortest.
        named: whether to name the key after the last note of the lowest voice: scores have only
            major and minor, so that a piece in D dorian is in C.
        written: whether pitches stay as they are written where a clef such as ``treble-8``, of a
            tenor, makes them sound in another octave. If not, they are written as they sound.

    Raises:
        InputError: its voices differ in their bars, it changes key or meter, or a voice is that of
            a transposing instrument.
    """
    voices = [_simplified(voice.tune if written else _as_it_sounds(voice)) for voice in tune.voices]
    if not voices:
        raise InputError("there is no music")
    piece = _piece([replace(voice, unit=unit or _shortest(voices)) for voice in voices], tune)
    return replace(piece, key=key_of_final(voices[-1], piece.key)) if named else piece


def melody_piece(tune: Tune, known: AbstractSet[str], unit: Fraction = _EIGHTH) -> Piece:
    """Return a tune of one voice as a piece, its melody alone.

    Without grace notes and ornaments other than fermatas, of chords the highest note; where the
    model knows no tuplets, the first note of one takes its whole time.

    Args:
        tune: the tune.
        known: the characters that the model knows.
        unit: the unit note length of the piece.

    Raises:
        InputError: it changes key or meter.
    """
    items = _melody(_simplified(tune).items, tuplets="(" in known)
    return simple_piece(replace(tune, items=tuple(items)), unit=unit)


def _simplified(voice: Tune) -> Tune:
    return simplify(in_plain_notation(voice), number=1, fermatas=True)


def _melody(items: Sequence[Item], *, tuplets: bool) -> Iterator[Item]:
    waiting, held = 0, None
    for item in items:
        if isinstance(item, Tuplet) and not tuplets:
            waiting, held = item.count, None
        elif not isinstance(item, Event):
            yield item
        else:
            highest = sorted(item.pitches, key=_height)[-1:]
            marks = tuple(mark for mark in item.decorations if mark == _FERMATA)
            event = item._replace(pitches=tuple(highest), graces=(), decorations=marks)
            if not waiting:
                yield event
                continue
            waiting -= 1
            time = event.duration + (held.duration if held is not None else 0)
            held = (held or event)._replace(notated=time, duration=time, tuplet=0)
            if not waiting:
                yield held


def _height(pitch: Pitch) -> int:
    return 7 * pitch.octave + "CDEFGAB".index(pitch.letter)


def read_piece(tune: Tune) -> Piece:
    """Return a canonical tune of several voices, such as one of a corpus, as a piece.

    Raises:
        InputError: its voices differ in their bars, or it changes key or meter.
    """
    return _piece([voice.tune for voice in tune.voices], tune)


def _as_it_sounds(voice: Voice) -> Tune:
    """Return the tune of a voice in the octave in which it sounds."""
    octaves, between = divmod(Shift().after(voice.properties).semitones, _OCTAVE)
    if between:
        raise InputError(f"voice {voice.id} is that of a transposing instrument")
    if not octaves:
        return voice.tune
    items = (
        item._replace(
            pitches=tuple(_moved(pitch, octaves) for pitch in item.pitches),
            graces=tuple(
                grace._replace(pitch=_moved(grace.pitch, octaves)) for grace in item.graces
            ),
        )
        if isinstance(item, Event)
        else item
        for item in voice.tune.items
    )
    return replace(voice.tune, items=tuple(items))


def _moved(pitch: Pitch, octaves: int) -> Pitch:
    return pitch._replace(octave=pitch.octave + octaves)


def _piece(voices: Sequence[Tune], tune: Tune) -> Piece:
    first = voices[0]
    for voice in voices[1:]:
        if (str(voice.meter), voice.key) != (str(first.meter), first.key):
            raise InputError("the voices differ in meter or key")
    rows = score_rows(voices)
    lengths = tuple(bar.duration for bar in bars(first))
    title = canonical_title(tune.title)
    return Piece(tuple(rows), lengths, first.meter, first.unit, first.key, title)


def key_of_final(bass: Tune, key: Key | None) -> Key | None:
    """Return the key with the signature of ``key`` and the last note of ``bass`` as its tonic.

    It is ``key`` itself if no mode on that note has its signature.
    """
    last = next((event for event in reversed(bass.events) if event.pitches), None)
    if key is None or last is None:
        return key
    pitch = last.pitches[0]
    sounding = key.alterations.get(pitch.letter, 0)
    if pitch.accidental:
        sounding = ALTERATIONS.get(pitch.accidental, 0)
    sign = {-1: "b", 0: "", 1: "#"}.get(sounding)
    named = (parse_key(f"{pitch.letter}{sign}{mode}") for mode in _MODES if sign is not None)
    fitting = (one for one in named if one is not None and one.signature == key.signature)
    return next(fitting, key)


def _shortest(voices: Sequence[Tune]) -> Fraction:
    """The unit that makes all voices together shortest; of equal ones the longest."""
    written = [bar for voice in voices for bar in bars(voice)]
    characters = {
        unit: sum(length_characters(bar, unit) for bar in written) for unit in UNIT_NOTE_LENGTHS
    }
    return min(characters, key=lambda unit: (characters[unit], -unit))
