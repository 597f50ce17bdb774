"""The playlist of a tune on a page: notes in milliseconds, bars, and which note sounds when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from abclm.notation.play.accompaniment import accompaniment_of
from abclm.notation.play.clock import Clock, struck
from abclm.notation.play.sounding import PlayedVoice, Signature, SoundingNote, perform
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
    clock = _clock(next(voice for voice in voices if voice.signatures), playback.tempo)
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
        tuple(sorted((_rounded(clock, onset), name) for onset, name in _written(first, prefix))),
        tuple(_bars(written, first, clock, tempo)),
        tuple(at.number for at in number_bars(written)),
        max(_rounded(clock, end), *(start + duration for start, duration, *_ in played)),
        round((tune.meter.bar or beat * 4) / beat),
        round(60_000 / _length(clock, Fraction(0), beat), 1),
        timbre_of(tune, playback.instrument),
    )


def _clock(voice: PlayedVoice, tempo: float | None) -> Clock:
    """Return the clock of a voice; a tempo that the listener chose holds from start to end."""
    if tempo is None:
        return Clock(voice.signatures)
    first = next(one for one in voice.signatures if isinstance(one.value, Tempo))
    beat = first.value.beat if isinstance(first.value, Tempo) else Fraction(1, 4)
    return Clock([Signature(first.onset, Tempo(beat, tempo))])


def _rounded(clock: Clock, onset: Fraction) -> int:
    """Return the time of ``onset`` in whole milliseconds."""
    return round(clock.milliseconds(onset))


def _timed(note: SoundingNote, clock: Clock) -> Iterator[tuple[int, int, int]]:
    """Yield the start, duration and pitch of the note and of its grace notes."""
    for start, end, pitch in struck(note):
        first = _rounded(clock, start)
        yield first, _rounded(clock, end) - first, pitch


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
    written: Sequence[Bar], voice: PlayedVoice, clock: Clock, tempo: Tempo
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
        yield (
            _rounded(clock, played.onset),
            index,
            round(_length(clock, played.onset, beat)),
            missing,
        )


def _events(items: Sequence[object]) -> Iterator[Event]:
    return (item for item in items if isinstance(item, Event))


def _beat(meter: Meter, tempo: Tempo) -> Fraction:
    """Return what a metronome counts: the beat of the tempo if a bar has a whole number of it."""
    if meter.bar is None:
        return Fraction(1, 4)
    if meter.bar % tempo.beat == 0:
        return tempo.beat
    return Fraction(3 if meter.compound else 1, meter.beat_unit)


def _length(clock: Clock, onset: Fraction, beat: Fraction) -> float:
    return clock.milliseconds(onset + beat) - clock.milliseconds(onset)
