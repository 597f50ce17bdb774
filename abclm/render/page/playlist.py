"""The playlist of a tune on a page: notes in milliseconds, and which written note sounds when."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from abclm.notation.play.accompaniment import accompaniment_of
from abclm.notation.play.clock import Clock, struck
from abclm.notation.play.parts import split_parts
from abclm.notation.play.playing import MOST_BARS, playing_order
from abclm.notation.play.sounding import SoundingNote, perform
from abclm.notation.play.voices import played_voices
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import Event, Overlay, Tune
from abclm.render.engrave.mei_layer import event_id

__all__ = ["Playlist", "playlist_of"]

_MOST_NOTES = 20_000
"""The limits of the MIDI file, see `abclm.render.midi.score`."""
_LONGEST = 20_000  # whole notes
_CHORD_VOLUME = 0.4
"""Of the chord symbols, beside the notes of the tune."""

_Played = tuple[int, int, int] | tuple[int, int, int, float]


@dataclass(frozen=True, slots=True)
class Playlist:
    """The notes to play and the written notes to highlight, each with its time.

    Attributes:
        notes: (start, duration, MIDI number), and a volume if it is not 1; times in milliseconds.
        marks: (start, id of the written note), for the first voice.
    """

    notes: tuple[_Played, ...]
    marks: tuple[tuple[int, str], ...]

    def as_dict(self) -> dict[str, object]:
        """Return the playlist for JSON."""
        return {"notes": self.notes, "marks": self.marks}


def playlist_of(tune: Tune, prefix: str = "n", *, chords: bool = True) -> Playlist:
    """Return the playlist of ``tune``, with repeats.

    The playlist of a tune that plays more than 20,000 notes, or lasts longer than 20,000 whole
    notes, is empty.

    Args:
        tune: the tune.
        prefix: that of the ids in its picture.
        chords: whether its chord symbols are played.
    """
    voices = perform(tune)
    notes = [note for voice in voices for note in voice.notes]
    if not notes or len(notes) > _MOST_NOTES:
        return Playlist((), ())
    if max(note.onset + note.duration for note in notes) > _LONGEST:
        return Playlist((), ())
    clock = Clock(next(voice for voice in voices if voice.signatures).signatures)
    accompaniment = accompaniment_of(voices, tune.value("R") or "") if chords else ()
    played: list[_Played] = [timed for note in notes for timed in _timed(note, clock)]
    for note in accompaniment:
        for start, duration, pitch in _timed(note, clock):
            played.append((start, duration, pitch, _CHORD_VOLUME))
    marks = [(round(clock.milliseconds(onset)), name) for onset, name in _written(tune, prefix)]
    return Playlist(tuple(sorted(played)), tuple(sorted(marks)))


def _timed(note: SoundingNote, clock: Clock) -> Iterator[tuple[int, int, int]]:
    """Yield the start, duration and pitch of the note and of its grace notes."""
    for start, end, pitch in struck(note):
        first = round(clock.milliseconds(start))
        yield first, round(clock.milliseconds(end)) - first, pitch


def _written(tune: Tune, prefix: str) -> Iterator[tuple[Fraction, str]]:
    """Yield each event of the first voice with its onset, as often as it is played."""
    now = Fraction(0)
    for bar in _played(played_voices(tune)[0].tune):
        start = end = now
        for item in bar.items:
            if isinstance(item, Event):
                yield now, event_id(prefix, item)
                now += item.duration
            elif isinstance(item, Overlay):
                end, now = max(end, now), start
        now = max(end, now)


def _played(tune: Tune) -> Iterable[Bar]:
    pieces, order = split_parts(tune)
    meter = tune.meter
    played: list[Sequence[Bar]] = []
    for items in pieces:
        cut = bars(replace(tune, items=items, meter=meter))
        meter = cut[-1].meter if cut else meter
        played.append(playing_order(cut))
    return [bar for index in order for bar in played[index]][:MOST_BARS]
