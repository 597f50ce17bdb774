"""The playlist of a tune on a page: notes in milliseconds, bars, and which note sounds when."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from abclm.notation.play.accompaniment import accompaniment_of
from abclm.notation.play.sounding import PlayedVoice, SoundingNote, perform
from abclm.notation.play.tempo import Tempo, tempo_of
from abclm.notation.syntax.meter import Meter
from abclm.notation.tune.bars import Bar, bars, pickup_offset
from abclm.notation.tune.music import Event, Overlay, Tune
from abclm.notation.tune.numbering import number_bars
from abclm.notation.tune.structure import explicit_repeats
from abclm.render.engrave.mei_layer import event_id
from abclm.render.page.timbres import timbre_of
from abclm.render.sound.playback import AS_WRITTEN, Playback

__all__ = ["Playlist", "playlist_of"]

_GRACE: Final = Fraction(1, 32)
_MOST_NOTES: Final = 20_000
"""The limits of the MIDI file, see `abclm.render.midi.score`."""
_LONGEST: Final = 20_000  # whole notes
_CHORD_VOLUME: Final = 0.4
"""Of the chord symbols, beside the notes of the tune."""

_Played = tuple[int, int, int] | tuple[int, int, int, float]
_PlayedBar = tuple[int, int, int, float]


@dataclass(frozen=True, slots=True)
class Playlist:
    """What the player of a page knows of a tune; all times are in milliseconds.

    Attributes:
        notes: (start, duration, MIDI number), and a volume if it is not 1.
        marks: (start, id of the written note), for the first voice.
        bars: (start, index of the written bar, duration of a beat, beats missing before it), as
            often as a bar of the first voice is played; a pickup has beats missing before it.
        numbers: the number of each written bar, as a musician counts: a pickup does not count.
        end: the end of the last bar.
        beats: beats in a full bar.
        tempo: beats per minute at the start.
        sound: the timbre that the tune asks for, if it asks for one.
    """

    notes: tuple[_Played, ...] = ()
    marks: tuple[tuple[int, str], ...] = ()
    bars: tuple[_PlayedBar, ...] = ()
    numbers: tuple[int, ...] = ()
    end: int = 0
    beats: int = 4
    tempo: float = 120
    sound: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return the playlist for JSON."""
        return {
            "notes": self.notes,
            "marks": self.marks,
            "bars": self.bars,
            "numbers": self.numbers,
            "end": self.end,
            "beats": self.beats,
            "tempo": self.tempo,
            "sound": self.sound,
        }


class _Clock:
    """Converts whole notes to milliseconds, following the tempo changes of a played voice.

    A tempo that the listener chose holds from start to end.
    """

    def __init__(self, voice: PlayedVoice, tempo: float | None = None) -> None:
        self._onsets: list[Fraction] = []
        self._starts: list[float] = []
        self._speeds: list[float] = []
        for signature in voice.signatures:
            value = signature.value
            if isinstance(value, Tempo) and (tempo is None or not self._onsets):
                value = value if tempo is None else Tempo(value.beat, tempo)
                start = self.milliseconds(signature.onset) if self._onsets else 0.0
                self._onsets.append(signature.onset)
                self._starts.append(start)
                self._speeds.append(240_000 / value.quarters_per_minute)

    def milliseconds(self, onset: Fraction) -> float:
        """Return the time of ``onset``, which is in whole notes."""
        index = max(bisect_right(self._onsets, onset) - 1, 0)
        return self._starts[index] + float(onset - self._onsets[index]) * self._speeds[index]

    def rounded(self, onset: Fraction) -> int:
        """Return that time in whole milliseconds."""
        return round(self.milliseconds(onset))


def playlist_of(tune: Tune, prefix: str = "n", playback: Playback = AS_WRITTEN) -> Playlist:
    """Return the playlist of ``tune``, with repeats.

    The playlist of a tune that plays more than 20,000 notes, or lasts longer than 20,000 whole
    notes, is empty.

    Args:
        tune: the tune.
        prefix: that of the ids in its picture.
        playback: swing, tempo, chords and instrument.
    """
    voices = perform(tune, swing=playback.swing)
    notes = [note for voice in voices for note in voice.notes]
    if not notes or len(notes) > _MOST_NOTES:
        return Playlist()
    if max(note.onset + note.duration for note in notes) > _LONGEST:
        return Playlist()
    clock = _Clock(next(voice for voice in voices if voice.signatures), playback.tempo)
    chords = accompaniment_of(voices, tune.value("R") or "") if playback.chords else ()
    played: list[_Played] = [timed for note in notes for timed in _timed(note, clock)]
    for note in chords:
        for start, duration, pitch in _timed(note, clock):
            played.append((start, duration, pitch, _CHORD_VOLUME))
    first = voices[0]
    tempo = tempo_of(tune)
    beat = _beat(tune.meter, tempo)
    written = explicit_repeats(bars(tune.voices[0].tune))
    end = max(bar.onset + bar.bar.duration for bar in first.bars) if first.bars else Fraction(0)
    return Playlist(
        tuple(sorted(played)),
        tuple(sorted((clock.rounded(onset), name) for onset, name in _written(first, prefix))),
        tuple(_bars(written, first, clock, tempo)),
        tuple(at.number for at in number_bars(written)),
        max(clock.rounded(end), *(start + duration for start, duration, *_ in played)),
        round((tune.meter.bar or beat * 4) / beat),
        round(60_000 / _length(clock, Fraction(0), beat), 1),
        timbre_of(tune, playback.instrument),
    )


def _timed(note: SoundingNote, clock: _Clock) -> Iterator[tuple[int, int, int]]:
    """Yield the note and its grace notes, which take at most half its time, as in the MIDI file."""
    onset = note.onset
    chords = note.grace_chords
    each = min(_GRACE, note.duration / 2 / len(chords)) if chords else Fraction(0)
    for chord in chords:
        for pitch, _ in chord:
            yield _span(onset, onset + each, pitch, clock)
        onset += each
    for pitch in note.pitches:
        yield _span(onset, note.onset + note.duration, pitch, clock)


def _span(start: Fraction, end: Fraction, pitch: int, clock: _Clock) -> tuple[int, int, int]:
    first = clock.rounded(start)
    return first, clock.rounded(end) - first, pitch


def _written(voice: PlayedVoice, prefix: str) -> Iterator[tuple[Fraction, str]]:
    """Yield each event of a voice with its onset, as often as it is played."""
    for played in voice.bars:
        now = played.onset
        for item in played.bar.items:
            if isinstance(item, Event):
                yield now, event_id(prefix, item)
                now += item.duration
            elif isinstance(item, Overlay):
                now = played.onset


def _bars(
    written: Sequence[Bar], voice: PlayedVoice, clock: _Clock, tempo: Tempo
) -> Iterator[_PlayedBar]:
    """Yield the bars of the first voice as they are played."""
    indices = {
        (item.token.line, item.token.column): index
        for index, bar in enumerate(written)
        for item in _events(bar.items)
    }
    index = 0
    for played in voice.bars:
        event = next(_events(played.bar.items), None)
        if event is not None:
            index = indices.get((event.token.line, event.token.column), index)
        beat = _beat(played.bar.meter, tempo)
        missing = round(float(pickup_offset(played.bar) / beat), 3)
        yield clock.rounded(played.onset), index, round(_length(clock, played.onset, beat)), missing


def _events(items: Sequence[object]) -> Iterator[Event]:
    return (item for item in items if isinstance(item, Event))


def _beat(meter: Meter, tempo: Tempo) -> Fraction:
    """Return what a metronome counts: the beat of the tempo if a bar has a whole number of it."""
    if meter.bar is None:
        return Fraction(1, 4)
    if meter.bar % tempo.beat == 0:
        return tempo.beat
    return Fraction(3 if meter.compound else 1, meter.beat_unit)


def _length(clock: _Clock, onset: Fraction, beat: Fraction) -> float:
    return clock.milliseconds(onset + beat) - clock.milliseconds(onset)
