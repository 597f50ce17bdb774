"""What sounds in each bar of a tune, in playing order and in seconds."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Final, NamedTuple

from abclm.notation.play.accompaniment import accompaniment_of
from abclm.notation.play.clock import Clock, struck
from abclm.notation.play.sounding import PlayedBar, PlayedVoice, Signature, SoundingNote, perform
from abclm.notation.play.tempo import Tempo
from abclm.notation.play.voices import played_voices
from abclm.notation.tune.bars import Bar, bars, pickup_offset
from abclm.notation.tune.music import Tune
from abclm.notation.tune.numbering import number_bars
from abclm.render.midi.score import CHORD_VELOCITY, channel_of, check_size, chord_program
from abclm.render.player.bar_text import BarLine, bar_lines
from abclm.render.sound.instruments import program_for
from abclm.render.sound.playback import Playback

__all__ = ["Part", "PieceBar", "Strike", "piece_of"]

_VELOCITY: Final = 90
_CLICK_VELOCITY: Final = 110
_CLICK: Final = 0.05
"""Seconds."""
_STRONG, _WEAK = 76, 77
"""High and low wood block, of General MIDI's percussion."""


class Strike(NamedTuple):
    """A note that is struck in a bar.

    Attributes:
        start, end: in seconds from the start of the bar, at the piece's own tempo; a tied note may
            end in a later bar.
        pitch: its MIDI number.
        part: the index of its part.
    """

    start: float
    end: float
    pitch: int
    part: int


class Part(NamedTuple):
    """Notes of one instrument: MIDI channel and program, from 0, and how hard they are struck."""

    channel: int
    program: int
    velocity: int = _VELOCITY


@dataclass(frozen=True, slots=True)
class PieceBar:
    """A bar as often as it is played.

    Attributes:
        number: its number as musicians count, see `abclm.notation.tune.numbering`.
        text: its music as written, on one line.
        marks: for each note when it sounds, in seconds, and where it begins and stops in the text.
        seconds: how long it lasts, at the piece's own tempo.
        strikes: the notes that are struck in it, by start.
        parts: their instruments.
        tempo: beats per minute where it begins.
        beat: the seconds of a beat.
        beats: the beats of a full bar.
        pickup: the beats of a full bar that are missing before it.
        title: the title of the tune.
    """

    number: int
    text: str
    marks: tuple[tuple[float, int, int], ...]
    seconds: float
    strikes: tuple[Strike, ...]
    parts: tuple[Part, ...]
    tempo: float
    beat: float = 0.5
    beats: int = 4
    pickup: float = 0.0
    title: str = ""

    @property
    def count_in(self) -> "PieceBar":
        """The clicks of one full bar before it; before a pickup, until that enters."""
        total = self.beats + self.pickup
        strikes = tuple(
            Strike(
                number * self.beat,
                number * self.beat + _CLICK,
                _WEAK if number % self.beats else _STRONG,
                len(self.parts) - 1,
            )
            for number in range(ceil(total))
        )
        seconds = total * self.beat
        return replace(
            self, text="count-in", marks=(), seconds=seconds, strikes=strikes, pickup=0.0
        )


def piece_of(tune: Tune, playback: Playback, *, click: bool = False) -> tuple[PieceBar, ...]:
    """Return the bars of ``tune`` in playing order.

    Args:
        tune: the tune.
        playback: how it is played.
        click: whether every beat has a click.

    Raises:
        RenderError: the tune has no notes, or too many.
    """
    voices = perform(tune, swing=playback.swing)
    check_size(tune, voices)
    leading = next(index for index, voice in enumerate(voices) if voice.signatures)
    leader, source = voices[leading], played_voices(tune)[leading].tune
    clock = Clock(_signatures(leader, playback.tempo))
    parts, strikes = _strikes(tune, voices, playback, clock, leader)
    lines, numbers = bar_lines(source), _numbers(source)
    made: list[PieceBar] = []
    for index, played in enumerate(leader.bars):
        tempo, place = clock.tempo(played.onset), _place(played.bar)
        beats = _clicks(played, tempo, clock, len(parts) - 1) if click else ()
        line = lines.get(place, BarLine("", ()))
        beat = _beat(played.bar, tempo)
        made.append(
            PieceBar(
                numbers.get(place, index + 1),
                line.text,
                tuple(
                    (_since(one.onset, played, clock), one.begin, one.stop) for one in line.marks
                ),
                _since(played.bar.duration, played, clock),
                tuple(sorted((*strikes.get(index, ()), *beats))),
                parts,
                tempo.per_minute,
                float(beat) * 240 / tempo.quarters_per_minute,
                max(1, round((played.bar.meter.bar or 4 * beat) / beat)),
                float(pickup_offset(played.bar) / beat),
                tune.title,
            )
        )
    return tuple(made)


def _since(moment: Fraction, played: PlayedBar, clock: Clock) -> float:
    """Return the seconds from the start of a bar to a moment in it, given in whole notes."""
    onset = played.onset
    return (clock.milliseconds(onset + moment) - clock.milliseconds(onset)) / 1000


def _signatures(voice: PlayedVoice, tempo: float | None) -> Iterator[Signature]:
    """Yield the tempos of a voice; with ``tempo``, in beats per minute, that alone."""
    tempos = [one for one in voice.signatures if isinstance(one.value, Tempo)]
    for one in tempos if tempo is None else tempos[:1]:
        if isinstance(one.value, Tempo):
            yield one if tempo is None else replace(one, value=Tempo(one.value.beat, tempo))


def _strikes(
    tune: Tune, voices: Sequence[PlayedVoice], playback: Playback, clock: Clock, leader: PlayedVoice
) -> tuple[tuple[Part, ...], dict[int, list[Strike]]]:
    """Return the parts, clicks last, and the notes that are struck in each bar, by its index."""
    parts: list[Part] = []
    onsets = [played.onset for played in leader.bars]
    starts = [clock.milliseconds(onset) / 1000 for onset in onsets]
    found: dict[int, list[Strike]] = {}

    def add(notes: Sequence[SoundingNote], part: Part) -> None:
        parts.append(part)
        for note in notes:
            for onset, end, pitch in struck(note):
                bar = max(bisect_right(onsets, onset) - 1, 0)
                first, last = (clock.milliseconds(one) / 1000 - starts[bar] for one in (onset, end))
                found.setdefault(bar, []).append(Strike(first, last, pitch, len(parts) - 1))

    for number, (written, voice) in enumerate(zip(played_voices(tune), voices, strict=True)):
        channel = channel_of(number, drums=voice.drums)
        add(voice.notes, Part(channel, program_for(tune, written.id, playback.instrument)))
    accompaniment = accompaniment_of(voices, tune.value("R") or "") if playback.chords else ()
    if accompaniment:
        channel = channel_of(len(voices), drums=False)
        add(accompaniment, Part(channel, chord_program(voices), CHORD_VELOCITY))
    return (*parts, Part(channel_of(0, drums=True), 0, _CLICK_VELOCITY)), found


def _place(bar: Bar) -> tuple[int, int]:
    """Return the line and column of the first event of a bar, by which its text is found."""
    token = bar.events[0].token
    return token.line, token.column


def _numbers(tune: Tune) -> dict[tuple[int, int], int]:
    written = bars(tune)
    counted = zip(written, number_bars(written), strict=True)
    return {_place(bar): number.number for bar, number in counted}


def _beat(bar: Bar, tempo: Tempo) -> Fraction:
    """Return the length of a beat: of the tempo if that divides the bar, else of the meter."""
    meter = bar.meter
    own = Fraction(1, meter.beat_unit) * (3 if meter.compound else 1)
    if meter.bar is None:
        return tempo.beat
    return tempo.beat if tempo.beat >= own and not meter.bar % tempo.beat else own


def _clicks(played: PlayedBar, tempo: Tempo, clock: Clock, part: int) -> Iterator[Strike]:
    """Yield a click for each beat in a bar, the first one strong."""
    beat, offset = _beat(played.bar, tempo), pickup_offset(played.bar)
    moment = -(-offset // beat) * beat
    while moment < offset + played.bar.duration:
        at = _since(moment - offset, played, clock)
        yield Strike(at, at + _CLICK, _WEAK if moment else _STRONG, part)
        moment += beat
