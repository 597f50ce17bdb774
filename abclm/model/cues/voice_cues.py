"""Cues of several voices: which voice is written, its own line, and what the others sound.

The voices are written in the order of `abclm.notation.cursor.ensemble.score_places`, a bar of each
in turn. The moment that counts is the one at which the next event of this voice would begin.

The cue ``voices``:

- ``voice``: the number of voices and the one that is written.
- ``key_mode``, ``key_tonic``: of the header's key: the network forgets the header over time.
- ``pitch``, ``move``: the last pitch of this voice and the interval that led to it.

The cue ``clock``:

- ``left``: the time left in the bar.

The cue ``sounding``:

- ``melody``, ``bass``, ``inner``: what the first voice, the lowest, and the nearest other voice
  sound at the moment, as semitones above the tonic, and whether they begin a note there; nothing of
  voices whose bar is still to come.
- ``over``, ``under``: the intervals to the nearest voices that sound above and below.
- ``ceiling``, ``floor``: what these two sound, as pitches.
- ``avoid_melody``, ``avoid_bass``, ``avoid_inner``: the note, as semitones above the tonic, with
  which this voice would move in parallel fifths or octaves with those voices.
- ``closing``: the bar line at the end of this row, known from its first voice.
- ``chord``, ``chord_before``: the pitch classes that sound together, at the moment and just before
  it. Where a row begins, those at the end of the last row.
- ``next``: the time to the next event in a voice already written.
- ``melody_move``, ``bass_move``: how those voices have come to what they sound.

The cue ``phrase``, of the first voice's phrases (`abclm.notation.cursor.phrases`):

- ``phrase_at``: the time since the phrase began.
- ``phrase_before``: the length of the phrase before it.
- ``phrases``: how many have ended, and whether with fermatas.
- ``phrase_close``: the note on which the last one ended, as semitones above the tonic.
- ``pause``: for the other voices, the time to the next fermata of the first in this bar.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import combinations
from typing import Final

from abclm.model.cues.form_cues import MODES, TONICS, mode_and_tonic
from abclm.notation.cursor.ensemble import MOST_VOICES, Ensemble, neighbours
from abclm.notation.cursor.rows import BAR_LINES, Rows
from abclm.notation.cursor.sound import Attack, VoiceSound
from abclm.notation.cursor.time import WHOLE

__all__ = ["VOICE_CUES", "voice_ids"]

_TONIC: Final = 67
"""The tonic of the normal form, G above middle C, as a MIDI note number."""
_FARTHEST: Final = 36
"""Pitches farther from the tonic than three octaves count as this far."""
_HIGHEST: Final = 24
"""The voices above and below count as at most two octaves from the tonic."""
_WIDEST: Final = 19
"""Voices farther apart than an octave and a fifth count as this far."""
_LEAP: Final = 12
_DEGREES: Final = 12
_GRAIN: Final = 16
"""Time is counted in sixteenths of a whole note, rounded up."""
_LONGEST: Final = 16
_MOST_LEFT: Final = 24
"""In sixteenths: a bar of 3/2 or 12/8."""
_OVERFULL = 1
_FIRST_LEFT = 2
_QUARTER: Final = WHOLE // 4
_LONGEST_PHRASE: Final = 24
"""In quarters: six bars of four."""
_MOST_PHRASES: Final = 15
_LONGEST_PAUSE: Final = 6
"""In quarters."""
_MOST_PITCHES: Final = 4
_REST, _SOUNDS = 1, 2
_CHORDS: Final = {
    frozenset(chord): place
    for place, chord in enumerate(
        chord for size in range(_MOST_PITCHES + 1) for chord in combinations(range(_DEGREES), size)
    )
}
"""The id of each set of up to four pitch classes."""
_DEGREE_IDS: Final = _SOUNDS + 2 * _DEGREES
_PITCH_IDS: Final = 2 + 2 * _FARTHEST
_MOVE_IDS: Final = 2 + 2 * _LEAP
_GAP_IDS: Final = 2 + 2 * _WIDEST
_HEIGHT_IDS: Final = 2 + 2 * _HIGHEST
_LINES: Final = {line: place for place, line in enumerate(BAR_LINES.values(), 1)}
"""The id of each bar line; 0 for one that is not known yet."""

_VOICES: Final = {
    "voice": 1 + MOST_VOICES * (MOST_VOICES + 1) // 2,
    "key_mode": MODES,
    "key_tonic": TONICS,
    "pitch": _PITCH_IDS,
    "move": _MOVE_IDS,
}
_CLOCK: Final = {"left": _FIRST_LEFT + _MOST_LEFT + 1}
_SOUNDING: Final = {
    "melody": _DEGREE_IDS,
    "bass": _DEGREE_IDS,
    "inner": _DEGREE_IDS,
    "over": _GAP_IDS,
    "under": _GAP_IDS,
    "ceiling": _HEIGHT_IDS,
    "floor": _HEIGHT_IDS,
    "avoid_melody": 1 + _DEGREES,
    "avoid_bass": 1 + _DEGREES,
    "avoid_inner": 1 + _DEGREES,
    "closing": 1 + len(BAR_LINES),
    "chord": len(_CHORDS),
    "chord_before": len(_CHORDS),
    "next": 2 + _LONGEST,
    "melody_move": _MOVE_IDS,
    "bass_move": _MOVE_IDS,
}
_PHRASE: Final = {
    "phrase_at": _FIRST_LEFT + _LONGEST_PHRASE,
    "phrase_before": _FIRST_LEFT + _LONGEST_PHRASE,
    "phrases": 2 * (1 + _MOST_PHRASES),
    "phrase_close": 1 + _DEGREES,
    "pause": 2 + _LONGEST_PAUSE,
}
VOICE_CUES: Final[Mapping[str, Mapping[str, int]]] = {
    "voices": _VOICES,
    "clock": _CLOCK,
    "sounding": _SOUNDING,
    "phrase": _PHRASE,
}
"""The columns of each cue, and the number of different ids of each."""


def voice_ids(cue: str, ensemble: Ensemble, used: int) -> tuple[int, ...]:
    """The ids of the columns of a cue of `VOICE_CUES`; all 0 in the header.

    Args:
        cue: its name.
        ensemble: the voices so far.
        used: ticks of the bar taken by the events of the voice that is written next.
    """
    if ensemble.rows is None:
        return (0,) * len(VOICE_CUES[cue])
    return _IDS[cue](ensemble, ensemble.rows, used)


def _voice(ensemble: Ensemble, rows: Rows, _used: int) -> tuple[int, ...]:
    count = rows.voices
    mode, tonic = mode_and_tonic(ensemble.header.fields.get("K", "none"))
    last, move = _line(ensemble.voices[rows.at].sound)
    pitch = 0 if last is None else 1 + _clipped(last - _TONIC, _FARTHEST)
    return (1 + count * (count - 1) // 2 + rows.at, mode, tonic, pitch, move)


def _clock(ensemble: Ensemble, rows: Rows, used: int) -> tuple[int, ...]:
    return (_left(ensemble.voices[rows.at].cursor.time.bar - used),)


def _sounding(ensemble: Ensemble, rows: Rows, used: int) -> tuple[int, ...]:
    count, at, voices = rows.voices, rows.at, ensemble.voices
    own = voices[at].sound
    last, _ = _line(own)
    written = [voices[number].sound for number in range(at)]
    sounding = [sound.at(used) for sound in written]
    melody, bass, inner = _roles(count, at)
    if at:
        before = _pitches([*(sound.just_before(used) for sound in written), own.last])
    else:
        before = _pitches([voice.sound.bar[-1] if voice.sound.bar else None for voice in voices])
    above, below = neighbours(ensemble, at, used)
    return (
        _degree(sounding, melody, used),
        _degree(sounding, bass, used),
        _degree(sounding, inner, used),
        0 if above is None or last is None else 1 + _clipped(above - last, _WIDEST),
        0 if below is None or last is None else 1 + _clipped(last - below, _WIDEST),
        0 if above is None else 1 + _clipped(above - _TONIC, _HIGHEST),
        0 if below is None else 1 + _clipped(below - _TONIC, _HIGHEST),
        *(_avoid(written, number, used, last) for number in (melody, bass, inner)),
        _LINES.get(rows.closing, 0),
        _chord(_pitches(sounding)),
        _chord(before),
        _next(written, used),
        _move_of(written, melody, used),
        _move_of(written, bass, used),
    )


def _phrase(ensemble: Ensemble, rows: Rows, used: int) -> tuple[int, ...]:
    bar = ensemble.voices[0].sound.bar
    begun = rows.at > 0 or rows.begun
    here = ensemble.phrases.through(bar, used) if begun else ensemble.phrases
    return (
        1 + min(here.at // _QUARTER, _LONGEST_PHRASE),
        min(-(-here.length // _QUARTER), 1 + _LONGEST_PHRASE),
        2 * min(here.number, _MOST_PHRASES) + here.paused,
        0 if here.close is None else 1 + (here.close - _TONIC) % _DEGREES,
        _pause(bar, used) if rows.at > 0 else 0,
    )


def _pause(bar: Iterable[Attack], moment: int) -> int:
    """The id of the time to the next event with a fermata; 0 for none."""
    onsets = [attack.onset for attack in bar if attack.paused and attack.onset >= moment]
    return 1 + min(-((moment - onsets[0]) // _QUARTER), _LONGEST_PAUSE) if onsets else 0


_IDS: Final[Mapping[str, Callable[[Ensemble, Rows, int], tuple[int, ...]]]] = {
    "voices": _voice,
    "clock": _clock,
    "sounding": _sounding,
    "phrase": _phrase,
}


@lru_cache(maxsize=64)
def _roles(count: int, at: int) -> tuple[int, int, int]:
    """The numbers of the melody, the bass and the nearest other voice; -1 if not written yet."""
    others = range(2, at)
    return (0 if at > 0 else -1, 1 if at > 1 and count > 2 else -1, others[-1] if others else -1)


def _left(ticks: int) -> int:
    """The id of the time left in the bar, rounded up."""
    if ticks < 0:
        return _OVERFULL
    return _FIRST_LEFT + min(-(-ticks * _GRAIN // WHOLE), _MOST_LEFT)


def _line(own: VoiceSound) -> tuple[int | None, int]:
    """The last pitch of a voice, and the id of the interval that led to it."""
    found: list[int] = []
    for attack in (*reversed(own.bar), *reversed(own.before)):
        if attack.pitches and not attack.held:
            found.append(attack.pitches[-1])
            if len(found) == 2:
                return found[0], 1 + _clipped(found[0] - found[1], _LEAP)
    return (found[0] if found else None), 0


def _clipped(value: int, most: int) -> int:
    """``value`` between ``-most`` and ``most``, counted from 0."""
    return min(max(value, -most), most) + most


def _degree(sounding: list[Attack | None], number: int, moment: int) -> int:
    attack = sounding[number] if number >= 0 else None
    if attack is None:
        return 0
    if not attack.pitches:
        return _REST
    begins = attack.onset == moment and not attack.held
    return _SOUNDS + 2 * ((attack.pitches[0] - _TONIC) % _DEGREES) + begins


def _pitches(attacks: Iterable[Attack | None]) -> frozenset[int]:
    found = {
        (pitch - _TONIC) % _DEGREES
        for attack in attacks
        if attack is not None
        for pitch in attack.pitches
    }
    return frozenset(found if len(found) <= _MOST_PITCHES else sorted(found)[:_MOST_PITCHES])


def _chord(pitches: frozenset[int]) -> int:
    return _CHORDS[pitches]


def _avoid(written: list[VoiceSound], number: int, moment: int, last: int | None) -> int:
    """The id of the degree that would make parallels with a voice; 0 for none."""
    if number < 0 or last is None:
        return 0
    found = written[number].parallel(moment, last)
    return 0 if found is None else 1 + (found - _TONIC) % _DEGREES


def _next(written: list[VoiceSound], moment: int) -> int:
    onsets = [onset for sound in written if (onset := sound.next_onset(moment)) is not None]
    if not onsets:
        return 0
    return 1 + min(-((moment - min(onsets)) * _GRAIN // WHOLE), _LONGEST)


def _move_of(written: list[VoiceSound], number: int, moment: int) -> int:
    """The id of the interval by which a voice came to what it sounds at the moment."""
    if number < 0:
        return 0
    sound = written[number]
    here = sound.at(moment)
    if here is None or not here.pitches or here.onset != moment or here.held:
        return 0
    before = sound.just_before(moment)
    if before is None or not before.pitches:
        return 0
    return 1 + _clipped(here.pitches[0] - before.pitches[0], _LEAP)
