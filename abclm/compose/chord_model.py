"""The tables from which chords are chosen: what was learnt of the harmony of the corpora.

`benchmarks/chord_tables.py` makes ``chord_tables.json`` again.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from abclm.compose.chord_grid import BEATS, HALVES
from abclm.compose.chord_names import CHORDS, TONES
from abclm.compose.chord_slots import Part

__all__ = ["HarmonyModel", "Indices", "Scores", "Table", "flat_table", "load_harmony"]

Scores = NDArray[np.float64]
Indices = NDArray[np.intp]

_FILE: Final = "chord_tables.json"
_STRENGTHS: Final = 3
_EVIDENCE: Final = {HALVES: 5.0, BEATS: 2.5}
"""How many independent notes the melody of one slot counts for."""
_WEAK: Final = 2
_WEAK_CHANGE: Final = 0.35
"""Chords change on the last beat of 3/4 less readily than was counted."""
_PLACE: Final = 0.7
"""The exponent of what is known of a place beside what is known of the chord before."""
_LIKING: Final = {
    "": {"V7": 0.3, "ii": -0.9, "iii": -1.0, "vi": -0.6},
    "mix": {"ii": -0.9, "vi": -0.6},
}
"""What players take where several chords would do, in nats: the three chords of a beginner."""
_FLOOR: Final = 1e-4
_UNHEARD: Final = 4.0
"""What a chord with a tone outside the scale loses unless the melody has that tone, in nats."""


@dataclass(frozen=True, slots=True)
class Table:
    """What is known of the chords of one mode, all probabilities; chords in the order of `CHORDS`.

    Attributes:
        change: that the chord changes, by level of the slot (`Slot.level`).
        moves: of the next chord after a change, ``(chord before, chord)``.
        places: of each chord by the place of a slot.
        chords: of each chord anywhere.
        pitches: of each pitch class of the melody above the tonic.
    """

    change: tuple[float, ...]
    moves: Scores
    places: Mapping[str, Scores]
    chords: Scores
    pitches: Scores


@dataclass(frozen=True)
class HarmonyModel:
    """Scores chords by the melody above them, the chord before and the place in the section.

    Attributes:
        roles: by grid, kind of chord and strength of a note: the probability that it is the root,
            third, fifth or seventh, and last that it is none of them.
        tables: by grid and mode.
        licence: the licence line of what they were learnt from.
    """

    roles: Mapping[str, Mapping[str, Scores]]
    tables: Mapping[str, Mapping[str, Table]]
    licence: str = ""
    _notes: dict[tuple[str, str], Scores] = field(default_factory=dict, repr=False, compare=False)

    def table(self, grid: str, mode: str) -> Table:
        """Return the table of ``mode``; that of dances, or a flat one, if none was learnt."""
        known = self.tables.get(grid, {}).get(mode) or self.tables.get(HALVES, {}).get(mode)
        return known or flat_table(mode)

    def melody(self, grid: str, mode: str, parts: Sequence[Part], size: int) -> Scores:
        """Return the log-probability of a slot's melody under each chord, ``(chord,)``."""
        notes = self._note_scores(grid, mode)
        total = np.zeros(len(CHORDS[mode]))
        heard = {part.pitch for part in parts}
        for part in parts:
            total += part.share * notes[part.strength, part.pitch]
        return _EVIDENCE[grid] * size * total + self._liking(mode, heard)

    def moves(self, grid: str, mode: str, level: int) -> Scores:
        """Return the log-probability of each chord after each other, ``(before, chord)``."""
        table = self.table(grid, mode)
        change = table.change[level]
        if grid == HALVES and level == _WEAK:
            change *= _WEAK_CHANGE
        stays = np.eye(len(table.chords), dtype=bool)
        return np.log(np.where(stays, 1 - change, change * np.maximum(table.moves, _FLOOR)))

    def place(self, grid: str, mode: str, place: str) -> Scores:
        """Return how much a place favours each chord over others, as a logarithm, ``(chord,)``."""
        table = self.table(grid, mode)
        here = table.places.get(place, table.chords)
        return _PLACE * (np.log(here + _FLOOR) - np.log(table.chords + _FLOOR))

    def anywhere(self, grid: str, mode: str) -> Scores:
        """Return the log-probability of each chord, ``(chord,)``."""
        return np.log(self.table(grid, mode).chords + _FLOOR)

    def _liking(self, mode: str, heard: Collection[int]) -> Scores:
        """What each chord gains or loses whatever the melody, but for tones outside the scale."""
        liking = _LIKING.get(mode, {})
        borrowed = [chord.borrowed(mode) for chord in CHORDS[mode]]
        unheard = [bool(tones) and tones.isdisjoint(heard) for tones in borrowed]
        gains = [liking.get(chord.numeral, 0.0) for chord in CHORDS[mode]]
        return np.array(gains) - _UNHEARD * np.array(unheard)

    def _note_scores(self, grid: str, mode: str) -> Scores:
        """The log-probability of a note, ``(strength, pitch, chord)``."""
        if (grid, mode) not in self._notes:
            self._notes[grid, mode] = np.stack(
                [self._under(grid, mode, strength) for strength in range(_STRENGTHS)]
            )
        return self._notes[grid, mode]

    def _under(self, grid: str, mode: str, strength: int) -> Scores:
        columns = []
        pitches = self.table(grid, mode).pitches + 1e-3
        for chord in CHORDS[mode]:
            roles = self.roles[grid][chord.kind][strength]
            others = pitches.copy()
            others[list(chord.tones)] = 0
            column = roles[-1] * others / others.sum()
            column[list(chord.tones)] = roles[: len(TONES[chord.kind])]
            columns.append(np.log(column + _FLOOR))
        return np.stack(columns, axis=1)


def flat_table(mode: str) -> Table:
    """Return a table that knows only that the tonic chord is the commonest, and comes first."""
    count = len(CHORDS[mode])
    chords = np.full(count, 1.0)
    chords[0] = 3.0
    chords /= chords.sum()
    moves = np.tile(chords, (count, 1))
    np.fill_diagonal(moves, 0)
    moves /= moves.sum(axis=1, keepdims=True)
    closes = np.full(count, 0.1 / (count - 1))
    closes[0] = 0.9
    return Table(
        (0.6, 0.25, 0.1),
        moves,
        {"1": closes, "end": closes, "close": closes},
        chords,
        np.full(12, 1 / 12),
    )


@cache
def load_harmony() -> HarmonyModel:
    """Load the tables that come with the package."""
    path = files("abclm.compose").joinpath(_FILE)
    return _read(json.loads(path.read_text(encoding="utf-8")))


def _read(data: Mapping[str, Any]) -> HarmonyModel:
    roles = {
        grid: {kind: np.array(rows) for kind, rows in kinds.items()}
        for grid, kinds in data["roles"].items()
    }
    tables = {
        grid: {mode: _read_table(table) for mode, table in modes.items()}
        for grid, modes in data["tables"].items()
    }
    return HarmonyModel(roles, tables, data["licence"])


def _read_table(table: Mapping[str, Any]) -> Table:
    return Table(
        tuple(table["change"]),
        np.array(table["moves"]),
        {place: np.array(row) for place, row in table["places"].items()},
        np.array(table["chords"]),
        np.array(table["pitches"]),
    )
