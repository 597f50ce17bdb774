"""Learns the tables from which chord symbols are chosen, ``abclm/compose/chord_tables.json``.

    abclm corpus build chorales && abclm corpus build irish
    python benchmarks/chord_tables.py corpora/chorales corpora/irish

The chorales have harmony: each beat is labelled with the chord that fits its four voices best, and
the tables of `BEATS` are counts of these labels. The tunes have none: the tables of `HALVES` start
from the chorales and from `_FIRST_GUESS`, then the tunes are given chords and the tables counted
again, a few times (Baum-Welch
training). Only the training part of each corpus is read.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from abclm.compose.chord_grid import BEATS, HALVES
from abclm.compose.chord_model import HarmonyModel, Table, flat_table
from abclm.compose.chord_names import CHORDS, TONES, Chord, mode_of
from abclm.compose.chord_slots import Slot, slots_of
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
_OUTSIDE = (0.12, 0.35, 0.45)
"""How many notes of a dance are outside the chord, by strength."""
_TRIAD = (0.38, 0.32, 0.30)
"""How many of the others are root, third and fifth.

Guesses, as these two cannot be counted without real chords: counted again and again, the first
would vanish, and the third of vi would take the place of the root of I.
"""
_ANCHORED = {"pre+": 0.5, "end": 0.75, "close": 0.75}
"""How far the chords at the end of a section stay those of the cadences of chorales."""
_ROUNDS = 2
_KINDS = tuple(TONES)
_LEVELS = 3

Labelled = tuple[str, list[Slot], Any, Any]
"""A mode, the slots of a tune in it, the probability of each chord in each slot ``(slot, chord)``
and of each pair of chords in it and the slot before ``(slot, before, chord)``."""


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
    sung = count_roles(hymns)
    roles = {BEATS: sung, HALVES: roles_of_dances(sung)}
    starts = {mode: _start(mode, tables[BEATS]) for mode in _FIRST_GUESS}
    model = HarmonyModel(roles, {**tables, HALVES: starts})
    melodies = [*melodies_of(map(parsed, dances.train))]
    for _ in range(_ROUNDS):
        model = learn_again(model, melodies, starts)
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


def learn_again(
    model: HarmonyModel, melodies: Sequence[tuple[str, list[Slot]]], starts: dict[str, Table]
) -> HarmonyModel:
    """Give chords to the melodies by ``model``, and return the model counted from them."""
    labelled = [(mode, slots, *expected(model, mode, slots)) for mode, slots in melodies]
    _report(labelled)
    tables = {**model.tables, HALVES: count_tables(labelled, starts, 60.0)}
    return HarmonyModel(model.roles, tables)


def expected(model: HarmonyModel, mode: str, slots: Sequence[Slot]) -> tuple[Any, Any]:
    """Return the probabilities of chords and of pairs of them (forward-backward algorithm)."""
    here = np.exp(
        np.stack(
            [
                model.melody(HALVES, mode, slot.parts, slot.size)
                + model.place(HALVES, mode, slot.place)
                for slot in slots
            ]
        )
    )
    size = here.shape[1]
    anywhere = np.tile(np.exp(model.anywhere(HALVES, mode)), (size, 1))
    steps = np.stack(
        [
            anywhere if not at or slot.ending > 1 else np.exp(model.moves(HALVES, mode, slot.level))
            for at, slot in enumerate(slots)
        ]
    )
    forward, backward = np.ones_like(here), np.ones_like(here)
    forward[0] = _normal(anywhere[0] * here[0])
    for at in range(1, len(slots)):
        forward[at] = _normal(forward[at - 1] @ steps[at] * here[at])
    for at in range(len(slots) - 2, -1, -1):
        backward[at] = _normal(steps[at + 1] @ (here[at + 1] * backward[at + 1]))
    pairs = np.zeros_like(steps)
    for at in range(1, len(slots)):
        pairs[at] = _normal(forward[at - 1][:, None] * steps[at] * (here[at] * backward[at]))
    chords = forward * backward
    return chords / chords.sum(axis=1, keepdims=True), pairs


def _normal(values: Any) -> Any:
    return values / values.sum()


def labelled_chorales(tunes: Iterable[Tune]) -> Iterator[Labelled]:
    """Yield each chorale with the chord of every beat."""
    for tune in tunes:
        slots = slots_of(tune, BEATS)
        if not slots or len({slot.key for slot in slots}) > 1:
            continue
        mode = mode_of(slots[0].key)
        if mode in {"", "m"}:
            chords = np.eye(len(CHORDS[mode]))[
                [best_label(CHORDS[mode], *one) for one in _sonorities(tune, slots)]
            ]
            before = np.vstack([np.zeros((1, chords.shape[1])), chords[:-1]])
            yield mode, slots, chords, before[:, :, None] * chords[:, None, :]


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
                    # What sounds at the start of the beat is more often the chord.
                    weights[above] += float(overlap) * (1.5 if onset <= start else 1.0)
                    lowest = min(lowest, (pitch, above)) if onset <= start else lowest
        total = sum(weights) or 1.0
        yield [weight / total for weight in weights], lowest[1]


def _timed(tune: Tune, begins: Sequence[Fraction]) -> Iterator[tuple[Fraction, Fraction, int, int]]:
    line = melodic_line(tune)
    for note in line.notes if line else ():
        if note.bar < len(begins):
            onset = begins[note.bar] + Fraction(note.onset, line.ticks if line else 1)
            yield (
                onset,
                Fraction(note.duration, line.ticks if line else 1),
                note.pitch,
                (note.above_tonic),
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
    places: dict[str, Any] = {name: row * 20.0 for name, row in before.places.items()}
    for _, slots, found, pairs in labelled:
        for at, (slot, here, pair) in enumerate(zip(slots, found, pairs, strict=True)):
            chords += slot.size * here
            places.setdefault(slot.place, before.chords * 5.0)
            places[slot.place] += here
            for part in slot.parts:
                pitches[part.pitch] += part.share * slot.size
            if at and slot.ending < 2:
                changes[slot.level] += (1 - np.trace(pair), 1)
                moves += pair
    np.fill_diagonal(moves, 0)
    moves = moves + 0.02 * moves.sum(axis=1, keepdims=True) * (1 - np.eye(size)) / (size - 1)
    return Table(
        tuple(changes[:, 0] / changes[:, 1]),
        moves / moves.sum(axis=1, keepdims=True),
        {name: _anchored(name, row, before) for name, row in sorted(places.items())},
        chords / chords.sum(),
        pitches / pitches.sum(),
    )


def _anchored(place: str, counts: Any, before: Table) -> Any:
    """The chords at a place; at the end of a section few are counted.

    Counted alone, the tonic would take the whole last bar and leave no cadence.
    """
    if place not in _ANCHORED or place not in before.places:
        return _normal(counts)
    known = _ANCHORED[place]
    return (1 - known) * _normal(counts) + known * before.places[place]


def count_roles(labelled: Iterable[Labelled]) -> dict[str, Any]:
    """Count how often a note of each strength is root, third, fifth, seventh or none of them."""
    counts = {kind: np.full((_LEVELS, len(TONES[kind]) + 1), 0.5) for kind in _KINDS}
    for mode, slots, found, _ in labelled:
        for slot, here in zip(slots, found, strict=True):
            chord = CHORDS[mode][int(here.argmax())]
            roles = {tone: role for role, tone in enumerate(chord.tones)}
            for part in slot.parts:
                counts[chord.kind][part.strength, roles.get(part.pitch, -1)] += part.share
    return {kind: rows / rows.sum(axis=1, keepdims=True) for kind, rows in counts.items()}


def roles_of_dances(hymns: dict[str, Any]) -> dict[str, Any]:
    """The roles of notes in dances; the share of the seventh is that of the chorales."""

    triad = np.array(_TRIAD)
    seventh = hymns["7"][0, 3] / hymns["7"][0, :4].sum()
    inside = {"": triad, "m": triad, "7": np.append(triad * (1 - seventh), seventh)}
    return {
        kind: np.stack([np.append(shares * (1 - outside), outside) for outside in _OUTSIDE])
        for kind, shares in inside.items()
    }


def _start(mode: str, hymns: dict[str, Table]) -> Table:
    """The table of dances in ``mode`` before anything was learnt from them."""
    flat = flat_table(mode)
    words = _FIRST_GUESS[mode].split()
    guess = dict(zip(words[::2], map(float, words[1::2]), strict=True))
    chords = np.array([guess[chord.numeral] for chord in CHORDS[mode]])
    chords /= chords.sum()
    moves = np.tile(chords, (len(chords), 1))
    np.fill_diagonal(moves, 0)
    cadence = {"": "", "mix": ""}.get(mode, "m")
    before_last = dict(
        zip((chord.numeral for chord in CHORDS[cadence]), hymns[cadence].places["pre"], strict=True)
    )
    if mode in {"dor", "mix"}:
        before_last["bVII"] = before_last["V"] + before_last["V7"]
        before_last["V"] = before_last["V7"] = 0.0
    end = np.array([before_last.get(chord.numeral, 0.0) for chord in CHORDS[mode]]) + 0.005
    end[0] = end.sum()
    places = {**flat.places, "end": end / end.sum(), "pre+": end / end.sum()}
    return replace(
        flat, chords=chords, moves=moves / moves.sum(axis=1, keepdims=True), places=places
    )


def _report(labelled: Sequence[Labelled]) -> None:
    for mode in _FIRST_GUESS:
        own = [one for one in labelled if one[0] == mode]
        counts = sum(found.sum(axis=0) for _, _, found, _ in own)
        changes = sum(pairs.sum() - np.einsum("sii->", pairs) for *_, pairs in own)
        bars_seen = sum(len({slot.bar for slot in slots}) for _, slots, *_ in own)
        shares = {
            c.numeral: round(float(n), 3)
            for c, n in zip(CHORDS[mode], _normal(counts), strict=True)
        }
        print(mode or "major", f"{changes / bars_seen:.2f} changes a bar", shares)
    print()


def as_json(model: HarmonyModel) -> str:
    """Return the text of the file of tables, one row a line."""
    data = {
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
