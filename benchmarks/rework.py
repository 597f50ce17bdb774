"""``redo`` of bars 5 to 8 in real tunes: what changes, whether it is valid, what choosing brings.

Each tune's candidates are drawn from left to right; `redo` takes the one that is likeliest between
what stands before and what follows. Beside it stands the first one drawn, which is what a model
writes that knows nothing of what follows: how likely does either make what follows?

Run by hand: ``python benchmarks/rework.py [--checkpoint irish] [--count 50] [--seed 1] [-n 6]``.
The tunes are from O'Neill's 1850, which comes with music21; every so-manieth one is taken.
"""

import argparse
from pathlib import Path
from statistics import mean

import music21

from abclm.cli.checkpoint import load
from abclm.compose.replacing import with_bars
from abclm.compose.rework import redo
from abclm.compose.workshop import Workshop
from abclm.corpus.simplify import simplify
from abclm.notation.bar_texts import bar_texts
from abclm.notation.bars import bars
from abclm.notation.music import Tune
from abclm.notation.numbering import find_bars, number_bars
from abclm.notation.parser import parse_tunebook
from abclm.notation.source import decode_source
from abclm.notation.validate import validate

BARS = (5, 8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", default="irish")
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-n", type=int, default=6)
    options = parser.parse_args()
    workshop = Workshop(load(options.checkpoint))
    tunes = real_tunes()
    tunes = tunes[:: len(tunes) // options.count][: options.count]
    rows = [
        # The candidates of one seed draw the same numbers whatever the tune.
        one_tune(workshop, tune, 1000 * options.seed + at, options.n)
        for at, tune in enumerate(tunes)
    ]
    same, valid, chosen, plain, old, notes = zip(*rows, strict=True)
    print(f"{len(rows)} tunes, bars {BARS[0]} to {BARS[1]}, {options.n} candidates each")
    print(f"the rest unchanged byte for byte: {sum(same)}")
    print(f"valid: {sum(valid)}")
    print("log2 p of what follows, mean over tunes:")
    for name, values in (("chosen", chosen), ("first drawn", plain), ("the tune's own bars", old)):
        print(f"  {name:<20} {mean(values):9.2f}  ({-sum(values) / sum(notes):.3f} bits per note)")
    pairs = list(zip(chosen, plain, strict=True))
    print(f"chosen >= first drawn in {sum(a >= b for a, b in pairs)} tunes, ", end="")
    print(f"> in {sum(a > b for a, b in pairs)}")


def real_tunes() -> list[Tune]:
    """The valid tunes of O'Neill's 1850 with bars 5 to 8 and more behind them."""
    folder = Path(music21.__file__).parent / "corpus" / "oneills1850"
    found: list[Tune] = []
    for path in sorted(folder.glob("*.abc")):
        text = decode_source(path.read_bytes())
        for parsed in parse_tunebook(text):
            tune = parsed.tune
            joined = "".join(token.text for token in tune.tokens)
            numbers = number_bars(bars(tune))
            if numbers and numbers[-1].number > BARS[1] and not validate(joined):
                found.append(tune)
    return found


def one_tune(
    workshop: Workshop, tune: Tune, seed: int, count: int
) -> tuple[bool, bool, float, float, float, int]:
    """Whether the rest is the same, whether all is valid, and log2 p of what follows: chosen,
    first drawn, as it was; and the notes that follow.
    """
    simple = simplify(tune, 1)
    place = find_bars(number_bars(bars(tune)), *BARS)
    assert place is not None
    result = redo(workshop, simple, *place, seed=seed, count=count)
    chosen = result.candidates[0]
    plain = min(result.candidates, key=lambda one: one.number)
    new, _ = with_bars(tune, place[0], chosen.bars, simple.unit)
    return (
        is_same_outside(tune, new, place[0], place[1]),
        not validate(new),
        -chosen.after_bits,
        -plain.after_bits,
        -result.before.after_bits,
        chosen.after_notes,
    )


def is_same_outside(tune: Tune, new: str, first: int, last: int) -> bool:
    """Whether ``new`` differs from ``tune`` in the music of those bars alone."""
    old = "".join(token.text for token in tune.tokens)
    texts = bar_texts(tune, bars(tune))
    start, stop = texts[first].start, texts[last].stop
    between = [old[texts[at].stop : texts[at + 1].start] for at in range(first, last)]
    middle = new[start : len(new) - (len(old) - stop)]
    for piece in between:
        music, found, middle = middle.partition(piece)
        if not found or not music:
            return False
    return bool(middle) and new.startswith(old[:start]) and new.endswith(old[stop:])


if __name__ == "__main__":
    main()
