"""A personal repertoire: how much does `abclm train --from` gain with a few tunes of one kind?

    python benchmarks/repertoire.py BOOK.abc --meter 9/8 --learn 30

Of the tunes of BOOK in that meter (or of all), `--learn` tunes are for training, an eighth of the
others for early stopping, and the rest for measuring: bits per note of the body before and after.
Then tunes are generated without a prompt, before and after, and their meters counted. Unknown
options are passed to `abclm train`.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from writing import parser_of, write

from abclm.api.checkpoints import load_by_name as load
from abclm.compose.generation import Composer
from abclm.compose.settings import CANDIDATES, Settings
from abclm.corpus.build import BuiltCorpus, build_corpus
from abclm.corpus.recipes import own_recipe
from abclm.corpus.store import load_corpus, save_corpus
from abclm.errors import AbclmError, InputError
from abclm.evaluate.bits import network_costs, total_bits
from abclm.evaluate.rows import parse_text

NAME = "repertoire"


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("books", nargs="+", type=Path)
    parser.add_argument("--meter", help="only tunes in this meter")
    parser.add_argument("--learn", type=int, default=30, help="tunes to learn from")
    parser.add_argument("--from", dest="start", default="irish", help="checkpoint")
    parser.add_argument("--written", type=int, default=100, help="tunes written before and after")
    parser.add_argument("--candidates", type=int, default=CANDIDATES, help="for each phrase")
    options, training = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        demonstrate(options, training, Path(folder))


def demonstrate(options: argparse.Namespace, training: list[str], folder: Path) -> None:
    built = divided(options)
    recipe = own_recipe(NAME, options.books)
    save_corpus(recipe, built, folder / NAME)
    corpus = load_corpus(str(folder / NAME))
    texts = corpus.held_out_by_tune
    print(f"{len(corpus.train)} tunes to learn from, {len(corpus.held_out)} to stop by", end=", ")
    print(f"{len(texts)} to measure")
    before = Composer(load(options.start))
    start = time.perf_counter()
    train([str(folder / NAME), "--from", options.start, "--out", str(folder / "mine"), *training])
    minutes = (time.perf_counter() - start) / 60
    after = Composer(load(str(folder / "mine")))
    print(f"{minutes:.1f} minutes of training")
    known = [text for text in texts if is_read(before, text)]
    print(f"{len(known)} of those to measure can be read by {options.start}")
    bits = [bits_per_note(model, known) for model in (before, after)]
    less = 1 - bits[1] / bits[0]
    print(f"bits per note: {bits[0]:.3f} before, {bits[1]:.3f} after, {less:.1%} less")
    settings = Settings(candidates=options.candidates)
    for name, model in (("before", before), ("after", after)):
        written = write(model, settings, range(options.written), seed=1)
        meters = Counter(str(parse_text(tune.text).meter) for tune in written)
        print(f"meters of {len(written)} tunes written {name}: {meters.most_common(5)}")


def is_read(model: Composer, text: str) -> bool:
    try:
        model.read(text)
    except InputError:
        return False
    return True


def bits_per_note(model: Composer, texts: Sequence[str]) -> float:
    """Return bits per note of the bodies, plans included."""
    read = [model.read(text) for text in texts]
    return total_bits(texts, read, network_costs(model, read)).per_note


def divided(options: argparse.Namespace) -> BuiltCorpus:
    """Build the corpus of these tunes, with the ones to measure held out tune by tune."""
    recipe = own_recipe(NAME, options.books)
    built = build_corpus(replace(recipe, held_out=1e-9))
    tunes = [
        tune
        for tune in (*built.train, *built.held_out)
        if options.meter is None or f"\nM:{options.meter}\n" in tune.text
    ]
    # Neighbours in the book are alike, so every k-th tune is used for training.
    step = len(tunes) / options.learn
    if step < 1.3:
        sys.exit(f"{len(tunes)} tunes of this kind are too few to train on {options.learn}")
    learnt = {int(place * step) for place in range(options.learn)}
    rest = [tune for place, tune in enumerate(tunes) if place not in learnt]
    return BuiltCorpus(
        tuple(tune for place, tune in enumerate(tunes) if place in learnt),
        tuple(rest[::8]),
        tuple(tune for place, tune in enumerate(rest) if place % 8),
        built.sources,
    )


def train(arguments: list[str]) -> None:
    """Run `abclm train` in its own process, as a user does."""
    subprocess.run([sys.executable, "-m", "abclm", "train", *arguments], check=True)


if __name__ == "__main__":
    try:
        main()
    except AbclmError as error:
        sys.exit(str(error))
