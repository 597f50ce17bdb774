"""A blind test: real and machine tunes in one tunebook, in random order, and a reader's score.

    python benchmarks/blind.py write --count 20 -o blind.abc --key blind.key
    python benchmarks/blind.py score blind.key guesses.txt

The real tunes are drawn from the held-out tunes of the corpus; the others are written as by
`abclm generate`, with none discarded. All go through the same writer, with numbers for titles and
without R:. The key is in another file, which the reader must not open before guessing.

A file of guesses has one line per tune: its number, `real` or `machine` (or r, m), and optionally a
grade, such as ``7 machine 3``; the guess ``-`` gives only a grade. Lines that start with # are
comments.
"""

import sys
from argparse import Namespace
from collections.abc import Iterator
from math import comb
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import numpy as np
from writing import add_writing, parser_of, read_checkpoint, write

from abclm.compose.generation import Composer
from abclm.compose.settings import Settings
from abclm.corpus.simplify import simplify
from abclm.corpus.store import load_corpus
from abclm.evaluate.rows import parse_text
from abclm.files import write_atomically
from abclm.notation.write.writer import write_tune

REAL, MACHINE = "real", "machine"


class Guess(NamedTuple):
    """A reader's guess and grade of a tune; None or empty if not given."""

    number: int
    side: str
    grade: float | None


def main() -> None:
    parser = parser_of(__doc__)
    modes = parser.add_subparsers(dest="mode", required=True)
    book = modes.add_parser("write", help="write the tunebook and its key")
    add_writing(book)
    book.add_argument("--count", type=int, default=20, help="tunes of each side")
    book.add_argument("-o", "--output", type=Path, default=Path("blind.abc"))
    book.add_argument("--key", type=Path, default=Path("blind.key"))
    book.add_argument("--rhythm", help="only tunes of this rhythm, on both sides")
    scores = modes.add_parser("score", help="score a file of guesses")
    scores.add_argument("key", type=Path)
    scores.add_argument("guesses", type=Path)
    options = parser.parse_args()
    if options.mode == "write":
        write_book(options)
    else:
        score(read_key(options.key), list(read_guesses(options.guesses)))


def write_book(options: Namespace) -> None:
    checkpoint = read_checkpoint(options.checkpoint, options.candidates)
    corpus = load_corpus(checkpoint.config.corpus["name"])
    rng = np.random.default_rng(options.seed)
    held_out = [
        text
        for text in (*corpus.held_out, *corpus.held_out_by_tune)
        if options.rhythm is None or f"\nR:{options.rhythm}\n" in text
    ]
    if len(held_out) < options.count:
        sys.exit(f"only {len(held_out)} such tunes are held out: use a smaller --count")
    settings = Settings(rhythm=options.rhythm, candidates=options.candidates)
    written = write(Composer(checkpoint), settings, range(options.count), options.seed)
    drawn = rng.choice(len(held_out), options.count, replace=False)
    tunes = [(REAL, held_out[at], title_of(held_out[at])) for at in drawn] + [
        (MACHINE, tune.text, f"{title_of(tune.text)} (seed {tune.seed}, number {tune.number})")
        for tune in written
    ]
    order = [tunes[at] for at in rng.permutation(len(tunes))]
    texts = [neutral(text, number) for number, (_, text, _) in enumerate(order, 1)]
    key = [f"{number}\t{side}\t{what}\n" for number, (side, _, what) in enumerate(order, 1)]
    write_atomically(options.output, "\n".join(texts))
    write_atomically(options.key, "".join(key))
    print(f"{len(tunes)} tunes: {options.output}; key: {options.key}")


def title_of(text: str) -> str:
    return parse_text(text).title


def neutral(text: str, number: int) -> str:
    """Return a tune in canonical form with its number as title and without R:."""
    lines = write_tune(simplify(parse_text(text), number)).splitlines()
    kept = [f"X:{number}", f"T:Tune {number}"]
    header = True
    for line in lines:
        if not (header and line[:2] in {"X:", "T:", "R:"}):
            kept.append(line)
        header = header and not line.startswith("K:")
    return "\n".join(kept) + "\n"


def read_key(path: Path) -> dict[int, str]:
    """Return the side of each tune by number."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return {int(number): side for number, side, *_ in rows}


def read_guesses(path: Path) -> Iterator[Guess]:
    sides = {"r": REAL, "m": MACHINE, "-": ""}
    for place, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.replace("\t", " ").replace(",", " ").split()
        if not words or words[0].startswith("#"):
            continue
        try:
            side = sides[words[1][0].lower()]
            yield Guess(int(words[0]), side, float(words[2]) if len(words) > 2 else None)
        except (IndexError, KeyError, ValueError):
            sys.exit(f'{path}:{place}: expected a line such as "7 machine 3", not {line!r}')


def score(key: dict[int, str], guesses: list[Guess]) -> None:
    unknown = [guess.number for guess in guesses if guess.number not in key]
    if unknown:
        sys.exit(f"tune {unknown[0]} is not in the key")
    said = [guess for guess in guesses if guess.side]
    right = [guess for guess in said if guess.side == key[guess.number]]
    if said:
        tries = 2 ** len(said)
        by_chance = sum(comb(len(said), n) for n in range(len(right), len(said) + 1)) / tries
        print(f"right: {len(right)} of {len(said)}; as many or more by chance: {by_chance:.1%}")
    for side in (REAL, MACHINE):
        of_side = [guess for guess in guesses if key[guess.number] == side]
        taken = [guess for guess in of_side if guess.side == MACHINE]
        known = [guess for guess in of_side if guess.side]
        grades = [guess.grade for guess in of_side if guess.grade is not None]
        grade = f"; mean grade {fmean(grades):.2f} of {len(grades)}" if grades else ""
        print(f"{side}: {len(taken)} of {len(known)} taken for the machine's{grade}")


if __name__ == "__main__":
    main()
