"""The beats of a played file, found from its onsets in seconds.

A beam search goes from onset to onset. Each hypothesis is a Kalman filter whose state is the time
of the last onset, freed from its jitter, and the length of a quarter note; it predicts the next
onset for each usual number of 24ths of a quarter. A hypothesis costs by its surprise at the time,
and by how unusual its rhythm is (after Cemgil and others, 2000, and Raphael, 2002).
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abclm.reading.midi_file import MidiFile
from abclm.reading.rhythm import STEPS, UNIT, habit_cost, step_costs

__all__ = ["Beats", "find_beats"]

_BEAM: Final = 120
_TOGETHER: Final = 0.045
"""Onsets within so many seconds are one chord."""
_JITTER: Final = 0.016
"""The standard deviation of an onset, in seconds."""
_DRIFT: Final = 0.02
"""The standard deviation of the change of the tempo from one quarter note to the next."""
_DEFAULT: Final = 500_000
"""Microseconds of a quarter note in a file that says nothing, and in many that say something."""
_SHORTEST, _LONGEST = 0.12, 3.0
"""A quarter note lasts so many seconds."""
_FULL: Final = 1.6
"""What a full chord off the beat costs."""
_HABITS: Final = 0.5
"""What the cost of a rhythm is multiplied by where levels of the beat are compared."""
_LOST: Final = 30.0
"""The most that an onset costs, where nothing predicts it."""


class _Tempo(NamedTuple):
    """The tempo that is expected: the seconds of a quarter note, and how far it may be off."""

    quarter: float
    width: float
    """The standard deviation of the logarithm."""
    hold: float
    """What the cost of each onset's quarter note is multiplied by."""

    def cost(self, quarter: NDArray[np.float64]) -> NDArray[np.float64]:
        """How unexpected quarter notes of this length are, in nats."""
        return np.asarray((np.log(quarter / self.quarter) / self.width) ** 2 / 2)


_USUAL: Final = _Tempo(0.65, 0.3, 0.02)
"""That of music in general."""


@dataclass(frozen=True, slots=True)
class Beats:
    """Where the notes of a file stand.

    Attributes:
        quarters: start and end of each note, in quarter notes.
        tempo: quarter notes a minute, on average.
    """

    quarters: list[tuple[float, float]]
    tempo: int


def find_beats(file: MidiFile) -> Beats:
    """Find the beats of a file from the times of its notes, which stand by start."""
    starts = file.seconds([note.start for note in file.notes])
    order = sorted(range(len(file.notes)), key=lambda one: file.notes[one].end)
    ends = dict(zip(order, file.seconds([file.notes[one].end for one in order]), strict=True))
    times, sizes, chord_of = _chords(starts)
    tempo = _expected(file)
    places = _at_level(_track(np.array(times), np.array(sizes), tempo), times, tempo) / UNIT
    quarters = []
    for index, chord in enumerate(chord_of):
        place = places[chord]
        late = ends[index] + times[chord] - starts[index]
        quarters.append((place, max(place + 0.02, _between(late, times, places))))
    lasting = times[-1] - times[0]
    a_minute = 60 * (places[-1] - places[0]) / lasting if lasting else 60 / tempo.quarter
    return Beats(quarters, max(1, round(a_minute)))


def _expected(file: MidiFile) -> _Tempo:
    """The tempo of the file, unless it is the one that stands in every file."""
    first = 0 if file.timed or not file.tempos else file.tempos[0].microseconds
    if 150_000 < first < 2_000_000 and first != _DEFAULT:
        return _Tempo(first / 1e6, 0.15, 0.4)
    return _USUAL


def _chords(starts: Sequence[float]) -> tuple[list[float], list[int], list[int]]:
    """The times of chords, how many notes each has, and the chord of each note."""
    groups: list[list[float]] = []
    chord_of = []
    for start in starts:
        if not groups or start - groups[-1][0] > _TOGETHER:
            groups.append([])
        groups[-1].append(start)
        chord_of.append(len(groups) - 1)
    return [sum(group) / len(group) for group in groups], [len(one) for one in groups], chord_of


def _between(time: float, times: Sequence[float], places: NDArray[np.float64]) -> float:
    """The place of a time between or behind those of chords."""
    if len(times) == 1:
        return float(places[0]) + (time - times[0]) / _USUAL.quarter
    left = min(max(0, bisect_right(times, time) - 1), len(times) - 2)
    if time > times[-1]:
        left = max(0, len(times) - 9)
    right = len(times) - 1 if time > times[-1] else left + 1
    speed = (places[right] - places[left]) / (times[right] - times[left])
    base = right if time > times[-1] else left
    return float(places[base] + (time - times[base]) * speed)


def _track(
    times: NDArray[np.float64], sizes: NDArray[np.int64], tempo: _Tempo
) -> NDArray[np.float64]:
    """The places of chords in 24ths of a quarter note; the first lies in the first quarter."""
    table, ahead = step_costs(), STEPS / UNIT
    weights = np.minimum(1.0, sizes / max(1, int(np.quantile(sizes, 0.8))))
    state = _first_states(times[0], tempo)
    place, total, mean, length, spread, mixed, wide, cost = state
    history = [(np.zeros(len(place), dtype=np.int64), total)]
    for time, weight in zip(times[1:], weights[1:], strict=True):
        passed = ahead[None, :]
        predicted = mean[:, None] + passed * length[:, None]
        tempo_noise = (_DRIFT * length[:, None]) ** 2 * passed
        new_spread = spread[:, None] + 2 * passed * mixed[:, None] + passed**2 * wide[:, None]
        new_spread = new_spread + tempo_noise * passed**2 / 3
        new_mixed = mixed[:, None] + passed * wide[:, None] + tempo_noise * passed / 2
        new_wide = wide[:, None] + tempo_noise
        surprise = new_spread + _JITTER**2
        error = time - predicted
        arrival = (place[:, None] + STEPS) % UNIT
        fit = error**2 / surprise / 2 + np.log(surprise) / 2 - np.log(_JITTER)
        costs = cost[:, None] + table[place] + np.minimum(fit, _LOST)
        costs = costs + _FULL * weight * np.where(arrival == 0, 0, np.where(arrival == 12, 0.6, 1))
        gain = new_spread / surprise
        gain_length = new_mixed / surprise
        new_length = length[:, None] + gain_length * error
        costs += _LOST * ((new_length < _SHORTEST) | (new_length > _LONGEST))
        new_length = np.clip(new_length, _SHORTEST, _LONGEST)
        costs += tempo.hold * tempo.cost(new_length)
        chosen = _best(costs, arrival, new_length)
        rows, columns = np.unravel_index(chosen, costs.shape)
        place = arrival[rows, columns]
        total = total[rows] + STEPS[columns]
        mean = (predicted + gain * error)[rows, columns]
        length = new_length[rows, columns]
        left = (1 - gain)[rows, columns]
        mixed = new_mixed[rows, columns] * left
        wide = (new_wide - gain_length * new_mixed)[rows, columns]
        spread = new_spread[rows, columns] * left
        cost = costs[rows, columns]
        cost -= cost.min()
        history.append((rows, total))
    return _path(history, int(cost.argmin()))


def _at_level(
    places: NDArray[np.float64], times: Sequence[float], tempo: _Tempo
) -> NDArray[np.float64]:
    """The same places, or twice or half as many quarter notes, whichever is likelier.

    A piece has its own habits: a rhythm that it repeats becomes cheap, so that its tempo decides.
    """
    lasting = times[-1] - times[0]
    if not lasting:
        return places
    found = []
    for factor, shift in ((1.0, 0), (2.0, 0), (0.5, 0), (0.5, UNIT // 2)):
        changed = places * factor + shift
        quarter = lasting * UNIT / max(1.0, changed[-1] - changed[0])
        known = (1 + tempo.hold * len(places)) * float(tempo.cost(quarter))
        cost = known + _HABITS * habit_cost(changed)
        found.append((cost, changed))
    return min(found, key=lambda pair: pair[0])[1]


def _first_states(time: float, tempo: _Tempo) -> tuple[NDArray[np.float64], ...]:
    """Hypotheses of every tempo, on the beat and off it."""
    lengths = tempo.quarter * np.exp(np.arange(-2.2, 2.3, 0.06) * 0.5)
    kinds = ((0, 0.0), (12, 1.5), (18, 3.5))
    place = np.repeat([kind for kind, _ in kinds], len(lengths))
    length = np.tile(lengths, len(kinds))
    cost = np.repeat([cost for _, cost in kinds], len(lengths))
    cost = cost + tempo.cost(length)
    count = len(place)
    return (
        place,
        place.astype(np.float64),
        np.full(count, time),
        length,
        np.full(count, _JITTER**2),
        np.zeros(count),
        (0.05 * length) ** 2,
        cost,
    )


def _best(
    costs: NDArray[np.float64], arrival: NDArray[np.int64], lengths: NDArray[np.float64]
) -> NDArray[np.int64]:
    """The cheapest hypotheses, as flat indices: one for each place and tempo."""
    flat = costs.ravel()
    many = min(len(flat), 5 * _BEAM)
    first = np.argpartition(flat, many - 1)[:many]
    first = first[np.argsort(flat[first], kind="stable")]
    first = first[np.isfinite(flat[first])]
    tempo = np.round(np.log(np.maximum(lengths.ravel()[first], 1e-3)) * 33).astype(np.int64)
    keys = tempo * UNIT + arrival.ravel()[first]
    _, kept = np.unique(keys, return_index=True)
    return np.asarray(first[np.sort(kept)[:_BEAM]])


def _path(
    history: list[tuple[NDArray[np.int64], NDArray[np.float64]]], last: int
) -> NDArray[np.float64]:
    """The places along the way to hypothesis ``last`` at the end."""
    places = np.empty(len(history))
    for index in range(len(history) - 1, -1, -1):
        rows, total = history[index]
        places[index] = total[last]
        last = int(rows[last])
    return places
