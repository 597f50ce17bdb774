"""Walks at random through the grammar of several voices, without a network.

    python benchmarks/fuzz_voices.py [--seconds 600] [--pieces COUNT] [--seed 1] [--only NUMBER]

Each piece has a meter, a unit, a key, a number of voices and ranges of its own, and a weight for
each character, which decides what is drawn from the mask. Some pieces are short of room; some go
back to the start of a bar at times. Then parts of the finished piece are given: its first rows, its
first voice throughout, or some of its cells; and the rest is walked again. Each piece must end
within its limit, `validate --strict` must accept it, its voices must be aligned, and what was given
must be unchanged. Exit code 1 if any failed.
"""

import argparse
import random
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, takewhile
from typing import Final

import numpy as np

from abclm.compose.several import SeveralPresentation, given_rows
from abclm.constraint.header import Header
from abclm.constraint.masks import Masks
from abclm.constraint.pitch_range import VOICE_RANGES, PitchRange, parse_ranges
from abclm.constraint.prompt import Prompt
from abclm.constraint.usable_values import METERS
from abclm.constraint.voice_leading import VoiceLeading
from abclm.constraint.voices_constraint import GivenRow, VoicesConstraint
from abclm.constraint.voices_grammars import VoicesGrammars
from abclm.corpus.several import Piece, read_piece
from abclm.errors import InputError
from abclm.model.rows_text import read_rows
from abclm.model.text import Usual
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary
from abclm.notation.check.validate import validate
from abclm.notation.cursor.rows import ROW_END
from abclm.notation.parse.parser import parse_tunebook

LETTERS: Final = "ABCDEFGabcdefgz"
FIELDS: Final = "MLVKm:dorixphylbC#C|/0123456789\n;] "
VOCABULARIES: Final = tuple(
    Vocabulary.from_text([FIELDS + LETTERS + more])
    for more in ("^_=',-/", "^_=',-/<>{}H", "^_=',-/<>{}[](.~THuvxy5")
)
"""Notes alone; with broken rhythm, grace notes and fermatas, as chorales are; with all else."""
KEYS: Final = ("C", "G", "D", "Eb", "F#m", "Am", "Ddor", "Bphr", "Amix", "none")
UNITS: Final = ("1/4", "1/8", "1/16")
CHORDS: Final = "[(/{<>"
MOST: Final = 20_000
"""A piece of this many characters has no end."""


class FaultError(Exception):
    """What is wrong with a piece."""


@dataclass(frozen=True)
class Task:
    """What a piece must be.

    Attributes:
        header: its header.
        voices: the number of voices.
        limit: the most characters.
        ranges: the range of each voice from the top.
        parallels: the cost of parallels.
        given: the rows of which some cells are given.
        ends: whether the piece ends with them.
    """

    header: Header
    voices: int
    limit: int
    ranges: tuple[PitchRange, ...] = ()
    parallels: VoiceLeading | None = None
    given: tuple[GivenRow, ...] = ()
    ends: bool = False


class Walker:
    """Draws characters by weights of its own from what a constraint allows."""

    def __init__(self, vocabulary: Vocabulary, rng: np.random.Generator) -> None:
        self._vocabulary = vocabulary
        self._rng = rng
        self._weights = np.exp(rng.normal(scale=rng.choice([0.3, 1.5]), size=vocabulary.size))
        common = vocabulary.encode(LETTERS + "|\n")
        self._weights[common] *= 4
        rare = [one for one in CHORDS if one in vocabulary.characters]
        self._weights[vocabulary.encode("".join(rare))] *= 0.2

    def walk(self, constraint: VoicesConstraint) -> str:
        """Return a piece that ``constraint`` allows, as a network writes it."""
        text = constraint.opening
        saved: tuple[str, object] | None = None
        while len(text) < MOST:
            drawn = self._drawn(constraint)
            if drawn == END_OF_TUNE:
                return text
            text += constraint.accept(self._vocabulary.characters[drawn - 1])
            if saved is not None and self._rng.random() < 0.02:
                text = saved[0]
                constraint.rollback(saved[1])
                saved = None
            if constraint.can_roll_back:
                saved = text, constraint.snapshot()
        raise FaultError("it does not end")

    def _drawn(self, constraint: VoicesConstraint) -> int:
        mask, bias = constraint.mask(), constraint.bias()
        weights = self._weights if mask is None else self._weights * mask
        if bias is not None:
            weights = weights * np.exp(bias)
        total = weights.sum()
        if not total > 0:
            raise FaultError("nothing is allowed")
        return int(self._rng.choice(len(weights), p=weights / total))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--pieces", type=int, help="number of pieces, however long it takes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="only the piece with this number")
    options = parser.parse_args()
    until = time.monotonic() + options.seconds
    numbers = count() if options.only is None else iter([options.only])
    if options.pieces is not None:
        numbers = iter(range(options.pieces))
    else:
        numbers = takewhile(lambda _: time.monotonic() < until, numbers)
    pieces = written = 0
    failed: list[int] = []
    for number in numbers:
        pieces += 1
        try:
            written += walk(options.seed, number)
        except Exception as error:  # noqa: BLE001 - any is a fault
            failed.append(number)
            print(f"piece {number}: {type(error).__name__}: {error}")
            if not isinstance(error, FaultError):
                traceback.print_exc(limit=-4)
    print(f"{pieces} pieces walked, {written} with those in which parts were given")
    print(f"failed: {len(failed)}: {failed[:40]}")
    sys.exit(bool(failed))


def walk(seed: int, number: int) -> int:
    """Walk a piece and then the same with parts given; return the number of pieces."""
    draw = random.Random(f"{seed} {number}")
    walker_rng = np.random.Generator(np.random.PCG64([seed, number]))
    vocabulary = draw.choice(VOCABULARIES)
    walker = Walker(vocabulary, walker_rng)
    task = draw_task(draw)
    try:
        constraint = constraint_of(task, vocabulary)
    except InputError:
        # The vocabulary cannot fill a bar of this meter with this unit.
        return 0
    piece = checked(task, walker.walk(constraint))
    walked = 1
    for again in given_tasks(task, piece, draw):
        found = checked(again, walker.walk(constraint_of(again, vocabulary)))
        check_given(again, found)
        walked += 1
    return walked


def draw_task(draw: random.Random) -> Task:
    """Draw the requirements of a piece in which nothing is given."""
    voices = draw.choice([2, 2, 3, 4, 4, 5, 6])
    ranges: tuple[PitchRange, ...] = ()
    kind = draw.random()
    if kind < 0.25:
        ranges = parse_ranges(draw.choice([*VOICE_RANGES]))[:voices]
    elif kind < 0.4:
        lows = [draw.randrange(36, 70) for _ in range(voices)]
        ranges = tuple(PitchRange(low, low + draw.randrange(12, 25)) for low in lows)
    return Task(
        Header(meter=draw.choice(METERS), unit=draw.choice(UNITS), key=draw.choice(KEYS)),
        voices,
        limit=draw.choice([250 * voices, 2_000, 4_000]),
        ranges=ranges,
        parallels=VoiceLeading(draw.choice([1.0, 4.0, 30.0])) if draw.random() < 0.3 else None,
    )


def given_tasks(task: Task, piece: Piece, draw: random.Random) -> list[Task]:
    """Return tasks of which parts are those of ``piece``."""
    begun = given_rows(piece, task.voices)
    whole = given_rows(piece, task.voices, ends=True)
    first = draw.randrange(len(begun))
    upper = [row._replace(cells=(row.cells[0], *[None] * (task.voices - 1))) for row in whole]
    # Ties lead from one cell to the next, so cells that are given stand behind those of before.
    holes = [row._replace(cells=_with_holes(row.cells, draw)) for row in whole]
    return [
        _given(task, begun[:first], ends=False),
        _given(task, upper, ends=True),
        _given(task, holes, ends=True),
    ]


def _given(task: Task, rows: Sequence[GivenRow], *, ends: bool) -> Task:
    room = 40 * len(rows) * task.voices if ends else 250 * task.voices
    length = sum(len(cell or "") + 1 for row in rows for cell in row.cells)
    return Task(
        task.header,
        task.voices,
        task.limit + length + room,
        task.ranges,
        task.parallels,
        tuple(rows),
        ends,
    )


def _with_holes(cells: Sequence[str | None], draw: random.Random) -> tuple[str | None, ...]:
    return tuple(cell if draw.random() < 0.7 else None for cell in cells)


def constraint_of(task: Task, vocabulary: Vocabulary) -> VoicesConstraint:
    """Return the constraint of a piece."""
    return VoicesConstraint(
        Prompt(task.header),
        masks_of(vocabulary),
        grammars_of(vocabulary),
        Usual(KEYS, (), (2, 3, 4, 5, 6)),
        task.limit,
        voices=task.voices,
        given=task.given,
        ends=task.ends,
        ranges=task.ranges,
        parallels=task.parallels,
    )


@cache
def masks_of(vocabulary: Vocabulary) -> Masks:
    """Return the masks over a vocabulary, made once."""
    return Masks(vocabulary)


@cache
def grammars_of(vocabulary: Vocabulary) -> VoicesGrammars:
    """Return the grammars over a vocabulary, made once."""
    return VoicesGrammars(vocabulary)


def checked(task: Task, text: str) -> Piece:
    """Return a piece that has been walked.

    Raises:
        FaultError: it is too long, not valid or not aligned.
    """
    if not text.endswith(ROW_END):
        raise FaultError(f"it ends inside a row: {text[-60:]!r}")
    if len(text) > task.limit:
        raise FaultError(f"{len(text)} characters, more than {task.limit}\n{task}\n{text}")
    abc = "X:1\n" + SeveralPresentation(Prompt(task.header), len(task.given))(text)
    problems = validate(abc, strict=True)
    if problems:
        raise FaultError(f"{problems[0]}\n{task}\n{text}\n{abc}")
    try:
        piece = read_piece(parse_tunebook(abc)[0].tune)
    except InputError as error:
        raise FaultError(f"{error}\n{abc}") from error
    if len(piece.rows) != len(read_rows(text)[1]):
        raise FaultError(f"{len(piece.rows)} rows are read\n{text}")
    return piece


def check_given(task: Task, piece: Piece) -> None:
    """Check that what was given is in the piece.

    Raises:
        FaultError: it is not.
    """
    found = given_rows(piece, task.voices, ends=True)
    if task.ends and len(found) != len(task.given):
        raise FaultError(f"{len(found)} rows, {len(task.given)} are given")
    for number, (row, given) in enumerate(zip(found, task.given, strict=False), 1):
        pairs = zip(row.cells, given.cells, strict=True)
        if (row.opening, row.closing, row.ticks) != (given.opening, given.closing, given.ticks):
            raise FaultError(f"row {number} is {row}, given {given}")
        if any(one is not None and one != cell for cell, one in pairs):
            raise FaultError(f"row {number} is {row}, given {given}")


if __name__ == "__main__":
    main()
