"""Pitches get names: F sharp or G flat, by the key, the melody and the notes around.

A note's name is a place on the line of fifths (C is 0, G 1, F -1). Each note has three candidates,
twelve places apart; their score adds up weights for the place in the key, and for the distances to
the note before and after in its voice, to what sounds with it, to the notes around, and to the
moving centre of the harmony. All notes start with the names nearest to that centre and are then
renamed in a few rounds, until nothing changes. The notes of a pitch class within a half note have
one name and are renamed together, since each alone would keep the name that the others have. A
passage that is enharmonic as a whole would stay so: it is also spelled from centres that are off to
either side, and the spelling that fits best is taken, passage by passage.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abclm.notation.syntax.tables import NATURAL_SEMITONES
from abclm.reading.centres import MIDDLE, find_centres, nearest
from abclm.reading.score import QUARTER, Pitch
from abclm.reading.spelling_weights import WEIGHTS
from abclm.reading.tones import Tone

__all__ = ["Evidence", "Neighbours", "candidates_of", "evidence", "named", "number", "spell"]

_REACH: Final = 12
"""Distances on the line of fifths are counted up to this."""
_NEAR: Final = 12
"""Notes before and after that are the notes around."""
_FAR: Final = 36
"""Up to so many, beyond those, are the notes further off."""
_SOUNDING: Final = 12
"""What sounds with a note is looked for among so many that begin before it or with it."""
_TOGETHER: Final = 2 * QUARTER
"""Notes of a pitch class within so many ticks have one name."""
_SOUNDS: Final = 3
_AMOUNTS: Final = {1: 1.0, 2: 1.0, 4: 0.5 / _NEAR, 6: 1.0, 7: 1.0, 8: 0.5 / _NEAR}
"""What the weight of each kind of `Evidence` from a pair of notes is multiplied by; of what sounds
too, the mean is taken."""
_ROUNDS: Final = 4
_SHIFTS: Final = (-3, 3)
"""Places on the line of fifths by which the centres of further first spellings are off."""
_PASSAGE: Final = 4 * QUARTER
"""Notes whose names differ are of two passages if they begin further apart than this."""
_AROUND: Final = _FAR
"""So many notes before and after a passage have a say in how it is spelled."""
_WIDTH: Final = 2 * _REACH + 1
_LETTERS: Final = "FCGDAEB"


def spell(
    tones: Sequence[Tone], lines: Sequence[Sequence[int]], signatures: Sequence[int]
) -> list[Pitch]:
    """The name of each note.

    Args:
        tones: by start.
        lines: the voices, as indices of ``tones`` in order.
        signatures: the sharps (flats if negative) in force at each of ``tones``.
    """
    key = np.asarray(signatures)
    pitches = np.array([tone.pitch for tone in tones])
    centres = find_centres(tones, key)
    speller = _Speller(tones, key, centres, Neighbours(tones, lines))
    places = speller.settled(nearest(pitches, centres))
    for shift in _SHIFTS:
        places = speller.best_of(places, speller.settled(nearest(pitches, centres + shift)))
    return [named(int(place), tone.pitch) for place, tone in zip(places, tones, strict=True)]


class _Speller:
    """Renames the notes of a piece until each fits its neighbours.

    Args:
        tones: by start.
        key: the signatures in force.
        centres: those of the harmony.
        neighbours: of the notes.
    """

    def __init__(
        self,
        tones: Sequence[Tone],
        key: NDArray[np.int64],
        centres: NDArray[np.int64],
        neighbours: "Neighbours",
    ) -> None:
        self._starts = np.array([tone.start for tone in tones])
        self._key, self._centres, self._neighbours = key, centres, neighbours
        self._weights = np.reshape(WEIGHTS, (-1, _WIDTH))

    def settled(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """The places once no group of notes fits better under another name, or nearly."""
        group = self._neighbours.group
        for _ in range(_ROUNDS):
            candidates = candidates_of(places, self._key)
            sums = np.zeros((int(group.max()) + 1, candidates.shape[1]))
            np.add.at(sums, group, self._scores(candidates, places))
            best = sums.argmax(axis=1)[group]
            chosen = candidates[np.arange(len(places)), best]
            if (chosen == places).all():
                break
            places = chosen
        return places

    def best_of(self, places: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of each passage in which two spellings differ, the one that fits better."""
        differ = np.flatnonzero(places != others)
        if not len(differ):
            return places
        gained = self._scores(others[:, None], others) - self._scores(places[:, None], places)
        total = np.concatenate([[0], np.cumsum(gained)])
        chosen = places.copy()
        breaks = np.flatnonzero(np.diff(self._starts[differ]) > _PASSAGE) + 1
        for passage in np.split(differ, breaks):
            first, end = max(0, passage[0] - _AROUND), min(len(places), passage[-1] + _AROUND + 1)
            if total[end] > total[first]:
                chosen[passage] = others[passage]
        return chosen

    def _scores(
        self, candidates: NDArray[np.int64], places: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """How well each candidate fits the present places, of shape ``(notes, candidates)``."""
        scores = np.zeros(candidates.shape)
        for one in evidence(candidates, places, self._key, self._centres, self._neighbours):
            scores[one.notes] += one.amount * self._weights[one.kind, one.distances]
        return scores


def named(place: int, pitch: int) -> Pitch:
    """The pitch with MIDI number ``pitch`` at a place of the line of fifths."""
    alteration, letter = divmod(place + 1, 7)
    name = _LETTERS[letter]
    return Pitch(name, alteration, (pitch - alteration - NATURAL_SEMITONES[name]) // 12 - 1)


def number(pitch: Pitch) -> int:
    """The MIDI number of a pitch."""
    return 12 * (pitch.octave + 1) + NATURAL_SEMITONES[pitch.letter] + pitch.alteration


def candidates_of(places: NDArray[np.int64], key: NDArray[np.int64]) -> NDArray[np.int64]:
    """Three places for each note, none with more than two accidentals."""
    base = key + MIDDLE - 5
    middle = base + (places - base) % 12
    three = middle[:, None] + np.array([-12, 0, 12])
    return np.asarray(np.where((three >= -15) & (three <= 19), three, middle[:, None]))


class Evidence(NamedTuple):
    """What one kind of neighbour says about some notes.

    Attributes:
        kind: 0 the key, 1 the note before, 2 the note after, 3 what sounds too, 4 what is near,
            5 the centre, 6 the note before the last, 7 the note after the next, 8 what is far.
        notes: the indices of the notes, none twice.
        distances: for each of them and each candidate, the column of the weights.
        amount: what the weight is multiplied by.
    """

    kind: int
    notes: NDArray[np.int64]
    distances: NDArray[np.int64]
    amount: float | NDArray[np.float64]


class Neighbours:
    """Which notes stand beside each note.

    Attributes:
        before, after: the note beside each in its voice, -1 for none.
        together: pairs of arrays of notes that sound together.
        company: how many notes sound with each.
        group: a number for each note, the same for those that have one name.
    """

    def __init__(self, tones: Sequence[Tone], lines: Sequence[Sequence[int]]) -> None:
        self.after = np.full(len(tones), -1)
        self.before = np.full(len(tones), -1)
        for line in lines:
            self.after[list(line[:-1])] = line[1:]
            self.before[list(line[1:])] = line[:-1]
        starts = np.array([tone.start for tone in tones])
        ends = np.array([tone.end for tone in tones])
        classes = np.array([tone.pitch % 12 for tone in tones])
        self.group = np.unique(12 * (starts // _TOGETHER) + classes, return_inverse=True)[1]
        order = np.arange(len(tones))
        self.company = np.zeros(len(tones))
        self.together = []
        for back in range(1, _SOUNDING + 1):
            sounding = ends[:-back] > starts[back:]
            pair = order[back:][sounding], order[:-back][sounding]
            self.together.append(pair)
            for half in pair:
                self.company[half] += 1  # none stands twice in it


def evidence(
    candidates: NDArray[np.int64],
    places: NDArray[np.int64],
    key: NDArray[np.int64],
    centres: NDArray[np.int64],
    neighbours: Neighbours,
) -> Iterator[Evidence]:
    """What speaks for the candidates, an array of shape ``(notes, candidates)``.

    Notes of one group say nothing about each other.

    ``places`` are the present places of all notes, ``key`` the signatures in force and
    ``centres`` the centres of the harmony.
    """
    order = np.arange(len(places))
    yield Evidence(0, order, _clipped(candidates - key[:, None] - MIDDLE), 1.0)
    yield Evidence(5, order, _clipped(candidates - centres[:, None]), 1.0)
    for kind, notes, others in _pairs(order, neighbours):
        apart = neighbours.group[notes] != neighbours.group[others]
        at, beside = notes[apart], others[apart]
        amount = 1 / neighbours.company[at][:, None] if kind == _SOUNDS else _AMOUNTS[kind]
        yield Evidence(kind, at, _clipped(places[beside][:, None] - candidates[at]), amount)


def _pairs(
    order: NDArray[np.int64], neighbours: Neighbours
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
    """The kind of evidence, some notes, and the neighbour of each."""
    before, after = neighbours.before, neighbours.after
    beyond = (
        (6, np.where(before >= 0, before[before], -1)),
        (7, np.where(after >= 0, after[after], -1)),
    )
    for kind, beside in ((1, before), (2, after), *beyond):
        known = order[beside >= 0]
        yield kind, known, beside[known]
    for one, other in neighbours.together:
        yield _SOUNDS, one, other
        yield _SOUNDS, other, one
    for shift in (*range(-_FAR, 0), *range(1, _FAR + 1)):
        at = order[max(0, -shift) : max(0, len(order) - max(0, shift))]
        yield 4 if abs(shift) <= _NEAR else 8, at, at + shift


def _clipped(distance: NDArray[np.int64]) -> NDArray[np.int64]:
    """A distance as a column."""
    return np.clip(distance, -_REACH, _REACH) + _REACH
