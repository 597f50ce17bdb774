"""Pieces of several voices in figures, each beside what it should be and beside real pieces.

    python benchmarks/voices.py CHECKPOINT [-n 1000] [--seed 0] [--temperature 1.0]
        [--ranges satb] [--corpus NAME]

The checkpoint writes the pieces twice, the second time with ``--no-parallels``, in one process for
each core. Exit code 1 if a figure of those without it is not what it should be.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from abclm.api.checkpoints import corpus_of, load_by_name
from abclm.compose.generation import Composer
from abclm.constraint.pitch_range import parse_ranges
from abclm.constraint.voice_leading import VoiceLeading
from abclm.evaluate.apart.told_apart import Area
from abclm.evaluate.options import Options
from abclm.evaluate.tunes import held_out_splits
from abclm.evaluate.voices.bench import VoicesBench
from abclm.evaluate.voices.figures import VoicesRow

MOST_BITS: Final = 3.3


@dataclass(frozen=True)
class Target:
    """A figure and its bound.

    Attributes:
        name: what is measured.
        figure: reads it from a row.
        bound: the bound as text; empty if there is none.
        holds: whether a figure is within it.
    """

    name: str
    figure: Callable[[VoicesRow], float | None]
    bound: str = ""
    holds: Callable[[float], bool] = lambda _figure: True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint")
    parser.add_argument("-n", "--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--ranges", default="satb")
    parser.add_argument("--corpus", help="its corpus, if that has another name here")
    options = parser.parse_args()
    checkpoint = load_by_name(options.checkpoint)
    corpus = corpus_of(checkpoint, options.corpus)
    splits = held_out_splits(corpus, Composer(checkpoint).read)
    bench = VoicesBench(
        checkpoint,
        corpus,
        splits,
        Options(options.count, options.seed, options.temperature),
        progress=lambda line: print(line, file=sys.stderr),
    )
    ranges = parse_ranges(options.ranges) if options.ranges else ()
    plain, tunes = bench.network(ranges=ranges)
    print(plain.as_dict(), file=sys.stderr)
    careful, _ = bench.network(ranges=ranges, parallels=VoiceLeading())
    print(careful.as_dict(), file=sys.stderr)
    humans = bench.humans()
    missed = show(plain, careful, *humans)
    apart = bench.tell_apart(tunes)
    print(f"\ntold apart from real, held out: {interval(apart.written)}")
    print(f"real, training (the floor):     {interval(apart.floor)}")
    for row in bench.bits():
        for split, bits in row.bits.items():
            print(
                f"{row.name}, {split}: {bits.per_note:.3f} bits per note (at most {MOST_BITS}), "
                f"{bits.per_character:.3f} per character"
            )
    speed = plain.characters_per_second or 0
    print(f"{options.count} pieces at once: {speed:,.0f} characters a second")
    print(f"missed: {', '.join(missed) or 'none'}")
    sys.exit(bool(missed))


def show(plain: VoicesRow, *others: VoicesRow) -> list[str]:
    """Print a table of the rows, and return the names of the figures of ``plain`` that are off."""
    rows = (plain, *others)
    print(" " * 44 + "target  " + "".join(f"{row.name[-27:]:>29}" for row in rows))
    print(f"{'pieces':52}" + "".join(f"{row.pieces:29}" for row in rows))
    missed = []
    for target in TARGETS:
        cells = [target.figure(row) for row in rows]
        text = "".join(" " * 28 + "-" if one is None else f"{one:29.2f}" for one in cells)
        first = cells[0]
        off = bool(target.bound) and (first is None or not target.holds(first))
        print(f"{target.name:42}{target.bound:>8}  {text}{'  MISSED' if off else ''}")
        missed += [target.name] * off
    return missed


def interval(area: Area | None) -> str:
    return "-" if area is None else f"{area.value:.3f} ({area.low:.3f} to {area.high:.3f})"


def at_least(least: float) -> Callable[[float], bool]:
    return lambda figure: figure >= least


def at_most(most: float) -> Callable[[float], bool]:
    return lambda figure: figure <= most


def percent(name: str) -> Callable[[VoicesRow], float | None]:
    def figure(row: VoicesRow) -> float | None:
        share = getattr(row, name)
        return None if share is None else 100 * float(share)

    return figure


def rate(name: str) -> Callable[[VoicesRow], float | None]:
    return lambda row: row.leading.per_hundred(name)


def copied(name: str) -> Callable[[VoicesRow], float | None]:
    return lambda row: None if row.copying is None else float(getattr(row.copying, name))


def copied_half(row: VoicesRow) -> float | None:
    return None if row.copying is None else 100 * row.copying.half


TARGETS: Final = (
    Target("voices aligned, %", percent("aligned"), "100", at_least(100)),
    Target(
        "exact bars, voice with fewest, %",
        lambda row: 100 * min(row.exact_bars, default=0.0),
        "100",
        at_least(100),
    ),
    Target("abc2midi -c clean, %", percent("clean"), ">= 99", at_least(99)),
    Target("validate --strict finds nothing, %", percent("valid")),
    Target("ended, %", percent("ended"), "100", at_least(100)),
    Target("ranges of a choir kept, %", percent("ranges"), "100", at_least(100)),
    Target("parallel fifths per 100 moves", rate("fifths"), "<= .5", at_most(0.5)),
    Target("parallel octaves per 100 moves", rate("octaves"), "<= .3", at_most(0.3)),
    Target("crossings per 100 moves", rate("crossings"), "<= 4", at_most(4)),
    Target("gaps over an octave per 100 moves", rate("gaps")),
    Target("last chord on the tonic, %", percent("final_tonic"), ">= 95", at_least(95)),
    Target("triads and sevenths on strong beats, %", percent("chords")),
    Target("copying, median", copied("median")),
    Target("copying, 95th percentile", copied("p95")),
    Target("copying, pieces with half or more, %", copied_half),
    Target("bits taken away, per piece", lambda row: row.taken),
)


if __name__ == "__main__":
    main()
