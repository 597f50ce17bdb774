"""Do tunes generated for a key keep to it, and does the network use the key it is given?

    python benchmarks/keys.py [--checkpoint irish] [--count 50]

Tunes are generated for each key. The share that end on its tonic, and their range, are printed
beside those of the training tunes in that key. A network reads every tune with G as its tonic, and
the original ``K:`` with it (see `abclm.model.text`). So held-out tunes are also read with a wrong
``K:`` of the same mode in their canonical text. The extra bits in each quarter of the body show how
much the network relies on the key.
"""

from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import NamedTuple

import numpy as np
from writing import add_writing, parser_of, read_checkpoint, share, write

from abclm.compose.generation import Composer
from abclm.compose.settings import Settings
from abclm.corpus.store import load_corpus
from abclm.errors import InputError
from abclm.evaluate.bits import Costs, network_costs
from abclm.evaluate.musical import lines_of
from abclm.evaluate.rows import parse_text
from abclm.model.text import music_start, plan_start, read_canonical
from abclm.notation.syntax.key import parse_key
from abclm.notation.tune.hearing import final_tonic
from abclm.notation.tune.line import MelodicLine

KEYS = ("G", "D", "A", "Em", "Am", "Edor", "Ador", "Amix", "Dmix", "Gm")
NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
QUARTERS = 4


class Pair(NamedTuple):
    """A held-out tune as the network reads it, with its own key and with a wrong one."""

    right: str
    wrong: str


def main() -> None:
    parser = parser_of(__doc__)
    add_writing(parser)
    parser.add_argument("--count", type=int, default=50, help="tunes in each key")
    parser.add_argument("--held-out", type=int, help="use at most this many held-out tunes")
    options = parser.parse_args()
    checkpoint = read_checkpoint(options.checkpoint, options.candidates)
    composer = Composer(checkpoint)
    corpus = load_corpus(checkpoint.config.corpus["name"])
    if options.count:
        show_keys(composer, corpus.train, options.count, options.seed, options.candidates)
    held_out = (*corpus.held_out, *corpus.held_out_by_tune)[: options.held_out]
    show_wrong_keys(composer, list(pairs(composer, held_out)))


def show_keys(
    composer: Composer, train: Sequence[str], count: int, seed: int, candidates: int
) -> None:
    real: dict[str, list[str]] = {}
    for text in train:
        real.setdefault(read_canonical(text).fields["K"], []).append(text)
    print("| key | ends on the tonic | lowest to highest | real: ends on the tonic | real: range |")
    print("|---" * 5 + "|")
    every: list[list[float]] = [[], []]
    for key in KEYS:
        settings = Settings(key=key, candidates=candidates)
        mine = [tune.text for tune in write(composer, settings, range(count), seed)]
        sides = [lines_of(list(map(parse_text, texts))) for texts in (mine, real.get(key, []))]
        cells: list[str] = []
        for tonics, lines in zip(every, sides, strict=True):
            found = [bool(final_tonic(line)) for line in lines]
            tonics.extend([fmean(found)] if found else [])
            cells += [share(found), compass(lines)]
        print(f"| {key} | {' | '.join(cells)} |", flush=True)
    own, theirs = (f"{fmean(shares):.0%}" if shares else "-" for shares in every)
    print(f"| mean of the keys | {own} | | {theirs} | |\n")


def compass(lines: Sequence[MelodicLine]) -> str:
    """Return the median lowest and highest notes; in brackets the range of 9 tunes in 10."""
    if not lines:
        return "-"
    low = [min(note.pitch for note in line.notes) for line in lines]
    high = [max(note.pitch for note in line.notes) for line in lines]
    usual, outer = (f"{pitch(low, down)} to {pitch(high, up)}" for down, up in ((50, 50), (10, 90)))
    return f"{usual} ({outer})"


def pitch(notes: Sequence[int], percentile: int) -> str:
    """Return the note name of a percentile of MIDI numbers, such as G3."""
    octave, semitone = divmod(int(np.percentile(notes, percentile, method="nearest")), 12)
    return f"{NAMES[semitone]}{octave - 1}"


def pairs(composer: Composer, texts: Sequence[str]) -> Iterator[Pair]:
    """Yield the tunes that the network can read with their own and with a wrong key."""
    for place, text in enumerate(texts):
        wrong = wrong_key(composer, text, place)
        try:
            if wrong:
                yield Pair(composer.read(text), composer.read(wrong))
        except InputError:
            continue


def wrong_key(composer: Composer, text: str, place: int) -> str:
    """Return the canonical text with another key of its mode, notes unchanged; empty without one.

    The other keys that the network knows are used in turn.
    """
    key = read_canonical(text).key
    if key is None or key.tonic == "none":
        return ""
    known = [parse_key(name) for name in composer.usual.keys]
    others = [one for one in known if one and one.mode == key.mode and one.tonic != key.tonic]
    if not others:
        return ""
    return text.replace(f"\nK:{key}\n", f"\nK:{others[place % len(others)]}\n", 1)


def show_wrong_keys(composer: Composer, found: Sequence[Pair]) -> None:
    """Print bits per character of the plan and of each quarter of the body, with either key."""
    if not found:
        return
    sides = [network_costs(composer, texts) for texts in zip(*found, strict=True)]
    print(f"{len(found)} held-out tunes, bits per character:")
    print(
        "| K: | plan | " + " | ".join(f"quarter {n}" for n in range(1, QUARTERS + 1)) + " | body |"
    )
    print("|---" * (QUARTERS + 3) + "|")
    rows = []
    for name, texts, costs in zip(("right", "wrong"), zip(*found, strict=True), sides, strict=True):
        parts = [parts_of(text, cost) for text, cost in zip(texts, costs, strict=True)]
        joined = [np.concatenate(part) for part in zip(*parts, strict=True)]
        rows.append([float(part.mean()) if len(part) else 0.0 for part in joined])
        rows[-1].append(float(np.concatenate(joined[1:]).mean()))
        print(f"| {name} | {' | '.join(f'{value:.3f}' for value in rows[-1])} |")
    more = [wrong - right for right, wrong in zip(*rows, strict=True)]
    print(f"| more | {' | '.join(f'{value:+.3f}' for value in more)} |")


def parts_of(text: str, cost: Costs) -> list[Costs]:
    """Return the costs of the plan and of the quarters of the body; its end is in the last."""
    start = music_start(text)
    return [cost[plan_start(text) : start], *np.array_split(cost[start:], QUARTERS)]


if __name__ == "__main__":
    main()
