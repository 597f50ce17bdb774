"""Learns the tables from which chord symbols are chosen, ``abclm/compose/chord_tables.json``.

    abclm corpus build chorales && abclm corpus build irish
    python benchmarks/chord_tables.py corpora/chorales corpora/irish

The chorales have harmony: each beat is labelled with the chord that fits its four voices best, and
the tables of `BEATS` are counts of these labels. The tunes have none: the tables of `HALVES` start
from the chorales and from `_FIRST_GUESS`, then the tunes are given chords and the tables counted
again, a few times (Viterbi training). Only the training part of each corpus is read.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from abclm.compose.chord_model import FORMAT, HarmonyModel, Table, flat_table
from abclm.compose.chord_names import CHORDS, TONES, Chord, mode_of
from abclm.compose.chord_slots import BEATS, HALVES, Slot, slots_of
from abclm.compose.chords import best_path
from abclm.corpus.store import load_corpus
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bars import bars
from abclm.notation.tune.line import melodic_line
from abclm.notation.tune.music import Tune

_FIRST_GUESS = {
    "m": "i 5 bVII 2 bIII 1 iv 1 IV .2 v .7 V 1 V7 .6 bVI .7",
    "dor": "i 5 bVII 3 bIII .7 IV .7 v .6 ii .2 V7 .05",
    "mix": "I 5 bVII 3 IV .8 v .5 V7 .3 ii .3 vi .3",
    "": "I 5 IV 2 V 1.5 V7 1.5 vi .8 ii .8 iii .1 bVII .1 II7 .1 III7 .03",
}
"""How common chords are in dances before anything was learnt from them."""
_ROUNDS = 6
_KINDS = tuple(TONES)
_LEVELS = 3

Labelled = tuple[str, list[Slot], list[int]]
"""A mode, the slots of a tune in it, and the index of the chord of each."""


def main() -> None:
    """Learn the tables and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("chorales", type=Path)
    parser.add_argument("tunes", type=Path)
    parser.add_argument("-o", type=Path, default=Path("abclm/compose/chord_tables.json"))
    given = parser.parse_args()
    chorales = load_corpus(str(given.chorales))
    dances = load_corpus(str(given.tunes))
    hymns = [*labelled_chorales(map(parsed, chorales.train))]
    tables = {BEATS: count_tables(hymns, {mode: flat_table(mode) for mode in ("", "m")}, 20.0)}
    sung = count_roles(hymns, None)
    roles = {BEATS: sung, HALVES: {kind: _for_dances(rows) for kind, rows in sung.items()}}
    model = HarmonyModel(roles, {**tables, HALVES: {mode: _start(mode) for mode in _FIRST_GUESS}})
    melodies = [*melodies_of(map(parsed, dances.train))]
    for _ in range(_ROUNDS):
        model = learn_again(model, melodies)
    licence = f"{chorales.report['licence']}; {dances.report['licence']}"
    given.o.write_text(as_json(replace(model, licence=licence)), encoding="utf-8")


def parsed(text: str) -> Tune:
    """Return the first tune of ``text``."""
    return parse_tunebook(text)[0].tune


def melodies_of(tunes: Iterable[Tune]) -> Iterator[tuple[str, list[Slot]]]:
    """Yield the mode and the slots of each tune in a mode that is learnt, in one key."""
    for tune in tunes:
        slots = slots_of(tune, HALVES)
        if slots and len({slot.key for slot in slots}) == 1:
            mode = mode_of(slots[0].key)
            if mode in _FIRST_GUESS:
                yield mode, slots


def learn_again(model: HarmonyModel, melodies: Sequence[tuple[str, list[Slot]]]) -> HarmonyModel:
    """Give chords to the melodies by ``model``, and return the model counted from them."""
    labelled = [
        (mode, slots, best_path(model, HALVES, mode, slots)) for mode, slots in melodies
    ]
    before = {mode: _start(mode) for mode in _FIRST_GUESS}
    tables = {**model.tables, HALVES: count_tables(labelled, before, 60.0)}
    roles = {**model.roles, HALVES: count_roles(labelled, model.roles[HALVES])}
    _report(labelled)
    return HarmonyModel(roles, tables)


def labelled_chorales(tunes: Iterable[Tune]) -> Iterator[Labelled]:
    """Yield each chorale with the chord of every beat."""
    for tune in tunes:
        slots = slots_of(tune, BEATS)
        if not slots or len({slot.key for slot in slots}) > 1:
            continue
        mode = mode_of(slots[0].key)
        if mode in {"", "m"}:
            yield mode, slots, [best_label(CHORDS[mode], *one) for one in _sonorities(tune, slots)]


def best_label(chords: Sequence[Chord], weights: Sequence[float], bass: int) -> int:
    """Return the index of the chord that fits a beat best.

    Args:
        chords: the chords to choose from.
        weights: how long each pitch class above the tonic sounds in it, as a share of all.
        bass: the pitch class of its lowest voice.
    """

    def fit(chord: Chord) -> float:
        tones = chord.tones
        inside = sum(weights[tone] for tone in tones)
        score = 2 * inside + 0.25 * (bass == tones[0]) + 0.05 * (bass in tones)
        score -= 0.3 * (weights[tones[1]] == 0)
        return score - (0.12 + 0.3 * (weights[tones[3]] == 0) if chord.kind == "7" else 0)

    return max(range(len(chords)), key=lambda at: fit(chords[at]))


def _sonorities(tune: Tune, slots: Sequence[Slot]) -> Iterator[tuple[list[float], int]]:
    """The weights of the pitch classes in each slot, and the bass at its start."""
    begins = [Fraction(0)]
    for bar in bars(tune.voices[0].tune):
        begins.append(begins[-1] + bar.duration)
    notes = [sorted(_timed(voice.tune, begins)) for voice in tune.voices]
    starts = [begins[slot.bar] + slot.onset for slot in slots]
    for start, stop in zip(starts, [*starts[1:], begins[-1]], strict=True):
        weights = [0.0] * 12
        lowest = (200, 0)
        for voice in notes:
            for onset, duration, pitch, above in voice:
                overlap = min(stop, onset + duration) - max(start, onset)
                if overlap > 0:
                    # What sounds at the start of the beat is the chord more often than what follows.
                    weights[above] += float(overlap) * (1.5 if onset <= start else 1.0)
                    lowest = min(lowest, (pitch, above)) if onset <= start else lowest
        total = sum(weights) or 1.0
        yield [weight / total for weight in weights], lowest[1]


def _timed(tune: Tune, begins: Sequence[Fraction]) -> Iterator[tuple[Fraction, Fraction, int, int]]:
    line = melodic_line(tune)
    for note in line.notes if line else ():
        if note.bar < len(begins):
            onset = begins[note.bar] + Fraction(note.onset, line.ticks if line else 1)
            yield onset, Fraction(note.duration, line.ticks if line else 1), note.pitch, (
                note.above_tonic
            )


def count_tables(
    labelled: Iterable[Labelled], before: dict[str, Table], weight: float
) -> dict[str, Table]:
    """Count the tables of each mode.

    Args:
        labelled: slots with chords.
        before: tables whose probabilities count like ``weight`` slots each.
        weight: in slots.
    """
    tunes: dict[str, list[Labelled]] = defaultdict(list)
    for one in labelled:
        tunes[one[0]].append(one)
    return {mode: _table(tunes[mode], before[mode], weight) for mode in before}


def _table(labelled: Sequence[Labelled], before: Table, weight: float) -> Table:
    size = len(before.chords)
    moves = before.moves * weight * before.chords[:, None]
    chords = before.chords * weight
    pitches = np.full(12, 1.0)
    changes = np.array([[weight * one, weight] for one in before.change])
    places: dict[str, Any] = {
        name: row * min(weight, 20.0) for name, row in before.places.items()
    }
    for _, slots, path in labelled:
        for at, (slot, chord) in enumerate(zip(slots, path, strict=True)):
            chords[chord] += slot.size
            places.setdefault(slot.place, before.chords * 5.0)[chord] += 1
            for part in slot.parts:
                pitches[part.pitch] += part.share * slot.size
            if at and not slot.returns:
                changes[slot.level] += (path[at - 1] != chord, 1)
                moves[path[at - 1], chord] += path[at - 1] != chord
    np.fill_diagonal(moves, 0)
    moves = moves + 0.02 * moves.sum(axis=1, keepdims=True) * (1 - np.eye(size)) / (size - 1)
    return Table(
        tuple(changes[:, 0] / changes[:, 1]),
        moves / moves.sum(axis=1, keepdims=True),
        {name: row / row.sum() for name, row in sorted(places.items())},
        chords / chords.sum(),
        pitches / pitches.sum(),
    )


def count_roles(labelled: Iterable[Labelled], before: dict[str, Any] | None) -> dict[str, Any]:
    """Count how often a note of each strength is root, third, fifth, seventh or none of them."""
    counts = {
        kind: 100.0 * before[kind] if before else np.full((_LEVELS, len(TONES[kind]) + 1), 0.5)
        for kind in _KINDS
    }
    for mode, slots, path in labelled:
        for slot, at in zip(slots, path, strict=True):
            chord = CHORDS[mode][at]
            roles = {tone: role for role, tone in enumerate(chord.tones)}
            for part in slot.parts:
                counts[chord.kind][part.strength, roles.get(part.pitch, -1)] += part.share
    return {kind: rows / rows.sum(axis=1, keepdims=True) for kind, rows in counts.items()}


def _for_dances(rows: Any) -> Any:
    """The roles of hymns for notes of dances: a beat inside the half bar is between the two."""
    return np.stack([rows[0], (rows[0] + rows[2]) / 2, rows[2]])


def _start(mode: str) -> Table:
    """The table of dances in ``mode`` before anything was learnt from them."""
    flat = flat_table(mode)
    words = _FIRST_GUESS[mode].split()
    guess = dict(zip(words[::2], map(float, words[1::2]), strict=True))
    chords = np.array([guess[chord.numeral] for chord in CHORDS[mode]])
    chords /= chords.sum()
    moves = np.tile(chords, (len(chords), 1))
    np.fill_diagonal(moves, 0)
    return replace(flat, chords=chords, moves=moves / moves.sum(axis=1, keepdims=True))


def _report(labelled: Sequence[Labelled]) -> None:
    for mode in _FIRST_GUESS:
        counts: Counter[str] = Counter()
        changes = bars_seen = 0
        for _, slots, path in (one for one in labelled if one[0] == mode):
            counts.update(CHORDS[mode][at].numeral for at in path)
            changes += sum(a != b for a, b in zip(path, path[1:], strict=False))
            bars_seen += len({slot.bar for slot in slots})
        shares = {name: round(n / counts.total(), 3) for name, n in counts.most_common()}
        print(mode or "major", f"{changes / max(1, bars_seen):.2f} changes a bar", shares)
    print()


def as_json(model: HarmonyModel) -> str:
    """Return the text of the file of tables, one row a line."""
    data = {
        "format": FORMAT,
        "licence": model.licence,
        "roles": {
            grid: {kind: _rounded(rows) for kind, rows in kinds.items()}
            for grid, kinds in model.roles.items()
        },
        "tables": {
            grid: {mode: _as_data(table) for mode, table in modes.items()}
            for grid, modes in model.tables.items()
        },
    }
    return json.dumps(data, indent=None, separators=(",", ":"), sort_keys=True) + "\n"


def _as_data(table: Table) -> dict[str, Any]:
    return {
        "change": _rounded(table.change),
        "moves": _rounded(table.moves),
        "places": {name: _rounded(row) for name, row in table.places.items()},
        "chords": _rounded(table.chords),
        "pitches": _rounded(table.pitches),
    }


def _rounded(values: Any) -> Any:
    return np.round(np.array(values, dtype=float), 4).tolist()


if __name__ == "__main__":
    main()
