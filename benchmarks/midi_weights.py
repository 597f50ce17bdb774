"""The tables by which the reader of MIDI guesses meter, pickup, key and spelling.

    python benchmarks/midi_weights.py [meter] [key] [spelling] [--write]

Fits each table to music21's chorales, madrigals, quartets and piano pieces and to 300 tunes of
Ryan's Mammoth Collection, and prints how often it is right on pieces whose melody family was held
out, in ten turns. ``--write`` then fits it to all pieces and writes it into ``abclm/reading``.
"""

import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
from midi_pieces import Piece, families, pieces
from numpy.typing import NDArray
from scipy.optimize import minimize

from abclm.reading import key_features, meter_features, spelling
from abclm.reading.centres import find_centres
from abclm.reading.score import Pitch
from abclm.reading.tones import Tone

ROOM = Path(__file__).parents[1] / "abclm" / "reading"
TURNS: Final = 10
LETTERS: Final = "FCGDAEB"
Floats = NDArray[np.float64]


@dataclass
class Choice:
    """One of several candidates is right.

    Attributes:
        table: features of the candidates, of shape ``(candidates, features)``.
        right: the index of the right one.
        weight: how much the choice counts.
        figure: under which name it is counted.
        names: what the candidates are called, where several are right in a weaker sense.
    """

    table: Floats
    right: int
    weight: float
    figure: str
    names: tuple[str, ...] = ()


Read = Callable[[str, Piece], Iterator[Choice]]


@dataclass(frozen=True)
class Task:
    """A table that is fitted: its choices in a piece, a penalty, and how it is written.

    The penalty is on the squares of the weights; with ``scaled``, of those of features whose
    standard deviation is 1.
    """

    read: Read
    penalty: float
    scaled: bool
    line: int
    doc: str


def meter_choices(kind: str, piece: Piece) -> Iterator[Choice]:
    """The meter with the pickup, and the pickup alone with the meter given."""
    truth = piece.meter_and_pickup
    found, table = meter_features.hypotheses(piece.tones)
    if truth is None or truth not in found:
        return
    weight = {"madrigals": 2.0, "quartets": 4.0, "piano": 4.0}.get(kind, 1.0)
    yield Choice(
        table,
        found.index(meter_features.Hypothesis(*truth)),
        weight,
        f"{kind}: meter and pickup",
        tuple(one.meter for one in found),
    )
    given = [row for row, one in enumerate(found) if one.meter == truth[0]]
    right = given.index(found.index(meter_features.Hypothesis(*truth)))
    yield Choice(table[given], right, weight, f"{kind}: pickup, meter given")


def key_choices(kind: str, piece: Piece) -> Iterator[Choice]:
    """The first key signature."""
    if not piece.keys:
        return
    weight = {"lines": 0.3, "madrigals": 2.0, "quartets": 4.0, "piano": 4.0}.get(kind, 1.0)
    right = (piece.keys[0][1] - key_features.FIFTHS.start) % 12
    yield Choice(key_features.key_features(piece.tones), right, weight, kind)


def spelling_choices(kind: str, piece: Piece) -> Iterator[Choice]:
    """The names of the notes outside the scale, and of one in eight of the others."""
    if kind == "lines" and Random(piece.path).random() > 0.2:
        return
    tones, places, sharps = spelled(piece)
    lines: dict[int, list[int]] = {}
    for index, tone in enumerate(tones):
        lines.setdefault(tone.part, []).append(index)
    near = spelling.Neighbours(tones, list(lines.values()))
    candidates = spelling.candidates_of(places, sharps)
    centres = find_centres(tones, sharps)
    table = np.zeros((*candidates.shape, 9, 25))
    columns = np.arange(candidates.shape[1])
    for one in spelling.evidence(candidates, places, sharps, centres, near):
        table[one.notes[:, None], columns, one.kind, one.distances] += one.amount
    rng = Random(piece.path)
    for index, place in enumerate(places):
        in_scale = abs(place - sharps[index] - 2) <= 3
        if place in candidates[index] and (not in_scale or rng.random() < 1 / 8):
            _, kept = np.unique(candidates[index], return_index=True)
            right = list(candidates[index][kept]).index(place)
            yield Choice(table[index][kept].reshape(len(kept), -1), right, 1.0, kind)


def spelled(piece: Piece) -> tuple[list[Tone], NDArray[np.int64], NDArray[np.int64]]:
    """The notes, their places on the line of fifths, and the sharps in force."""
    tones, places, sharps = [], [], []
    keys = piece.keys or [(0, 0, None)]
    named = sorted(
        (
            start,
            spelling.number(Pitch(letter, alteration, octave)),
            start + length,
            part,
            LETTERS.index(letter) - 1 + 7 * alteration,
        )
        for part, notes in enumerate(piece.parts)
        for start, length, letter, alteration, octave in notes
    )
    for start, pitch, end, part, place in named:
        tones.append(Tone(start, end, pitch, part))
        places.append(place)
        sharps.append([many for at, many, _ in keys if at <= max(start, keys[0][0])][-1])
    return tones, np.array(places), np.array(sharps)


def fit(choices: list[Choice], task: Task) -> Floats:
    """The weights of a conditional softmax."""
    table = np.concatenate([one.table for one in choices]).astype(np.float32)
    scale = table.std(axis=0) + 1e-3 if task.scaled else np.ones(table.shape[1], np.float32)
    table /= scale
    sizes = [len(one.table) for one in choices]
    starts = np.cumsum([0, *sizes[:-1]])
    row_choice = np.repeat(np.arange(len(choices)), sizes)
    right = starts + np.array([one.right for one in choices])
    weight = np.array([one.weight for one in choices])
    weight = weight / weight.sum()

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = (table @ weights.astype(np.float32)).astype(np.float64)
        highest = np.maximum.reduceat(scores, starts)
        likely = np.exp(scores - highest[row_choice])
        total = np.add.reduceat(likely, starts)
        gained = weight @ (scores[right] - highest - np.log(total))
        shares = (likely / total[row_choice] * weight[row_choice]).astype(np.float32)
        slope = weight.astype(np.float32) @ table[right] - shares @ table
        return task.penalty * weights @ weights - gained, 2 * task.penalty * weights - slope

    start = np.zeros(table.shape[1])
    done = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return np.asarray(done.x / scale)


def held_out(name: str, task: Task, by_family: dict[tuple[str, int], list[Choice]]) -> None:
    """Print how often the table is right on families that it was not fitted to."""
    order = sorted(by_family)
    Random(1).shuffle(order)
    right: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for turn in range(TURNS):
        test = set(order[turn::TURNS])
        weights = fit([one for key in order if key not in test for one in by_family[key]], task)
        for one in (one for key in sorted(test) for one in by_family[key]):
            every[one.figure] += 1
            best = int(np.argmax(one.table @ weights))
            right[one.figure] += best == one.right
            if one.names:
                every[one.figure + ", the meter alone"] += 1
                right[one.figure + ", the meter alone"] += one.names[best] == one.names[one.right]
    for figure, count in sorted(every.items()):
        print(f"{name}, {figure}: {right[figure] / count:.4f} of {count}", flush=True)


def write(name: str, task: Task, weights: Floats) -> None:
    """Write the table as a module."""
    numbers = [f"{round(float(weight), 2) + 0.0:.2f}".rstrip("0") for weight in weights]
    numbers = [one + "0" if one.endswith(".") else one for one in numbers]
    lines = [
        "    " + ", ".join(numbers[place : place + task.line]) + ","
        for place in range(0, len(numbers), task.line)
    ]
    text = [
        f'"""{task.doc}, from ``benchmarks/midi_weights.py``."""',
        "",
        "from typing import Final",
        "",
        '__all__ = ["WEIGHTS"]',
        "",
        "WEIGHTS: Final = (",
        *lines,
        ")  # fmt: skip",
        "",
    ]
    (ROOM / f"{name}_weights.py").write_text("\n".join(text), encoding="utf-8")


TASKS = {
    "meter": Task(
        read=meter_choices,
        penalty=1e-3,
        scaled=True,
        line=10,
        doc="Weights of the features in `meter_features.NAMES`",
    ),
    "key": Task(
        read=key_choices,
        penalty=1e-3,
        scaled=False,
        line=12,
        doc="Weights of the features in `key_features.NAMES`",
    ),
    "spelling": Task(
        read=spelling_choices,
        penalty=1e-4,
        scaled=False,
        line=13,
        doc="Weights of `spelling.Evidence`, kind by kind",
    ),
}


def main() -> None:
    warnings.simplefilter("ignore")
    chosen = [name for name in TASKS if name in sys.argv] or list(TASKS)
    for name in chosen:
        task = TASKS[name]
        by_family: dict[tuple[str, int], list[Choice]] = {}
        for kind in ("chorales", "lines", "madrigals", "quartets", "piano"):
            found = pieces(kind)
            for piece, family in zip(found, families(found), strict=True):
                by_family.setdefault((kind, family), []).extend(task.read(kind, piece))
        print(name, len(by_family), "families")
        held_out(name, task, by_family)
        if "--write" in sys.argv:
            write(
                name,
                task,
                fit([one for key in sorted(by_family) for one in by_family[key]], task),
            )


if __name__ == "__main__":
    main()
