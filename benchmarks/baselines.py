"""How many bits do models without a network need for the held-out tunes of a corpus?

    pip install pyppmd
    python benchmarks/baselines.py irish

Two baselines learn from the training tunes: a character n-gram of order 6 (`abclm.evaluate.ngram`),
and the compressor PPMd of order 10. They read the tunes as in the corpus, with titles and in their
own keys; the text of a network has neither, so only bits per note are comparable with it. The cost
of a tune under PPMd is the growth of the compressed training tunes when the tune is appended; a
line end marks the end of each tune. It is a whole number of bytes per tune, so only the sum is
meaningful. The cost of the header is found in the same way, and the body costs the rest.
"""

import sys
from collections.abc import Callable, Sequence

from writing import parser_of

from abclm.corpus.store import Corpus, load_corpus
from abclm.evaluate.bits import Bits, count_notes, total_bits
from abclm.evaluate.ngram import ORDER, NGram
from abclm.evaluate.rows import parse_text
from abclm.evaluate.tunes import Read, Split, held_out_splits
from abclm.model.text import model_text, plan_start, usual
from abclm.model.vocabulary import Vocabulary

try:
    import pyppmd
except ImportError:
    pyppmd = None

MEMORY = 256 << 20
"""Bytes for PPMd's tree: with less it would discard what it learnt first."""


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("corpus", nargs="?", default="irish")
    parser.add_argument("--order", type=int, default=ORDER, help="order of the n-gram")
    parser.add_argument("--ppmd-order", type=int, default=10)
    parser.add_argument("--count", type=int, help="use at most COUNT tunes of each part")
    options = parser.parse_args()
    encoder = ppmd_encoder()
    corpus = load_corpus(options.corpus)
    splits = held_out_splits(corpus, reading(corpus))
    tunes = [*corpus.train, *(text for split in splits for text in split.texts)]
    ngram = NGram(Vocabulary.from_text(tunes), corpus.train, options.order)
    print(
        "| model | tunes | number | bits per character | bits per note |",
        "|---" * 5 + "|",
        sep="\n",
    )
    for split in splits:
        texts = split.texts[: options.count]
        show(f"n-gram of order {options.order}", split, texts, ngram_bits(ngram, texts))
        compressed = ppmd_bits(encoder, corpus.train, texts, options.ppmd_order)
        show(f"PPMd of order {options.ppmd_order}", split, texts, compressed)


def reading(corpus: Corpus) -> Read:
    """Selects the tunes that a network trained on the corpus can read, for a fair comparison."""
    known = usual(corpus.train)
    return lambda text: model_text(text, known, planned=True)


def ngram_bits(ngram: NGram, texts: Sequence[str]) -> Bits:
    return total_bits(texts, texts, ngram.costs(texts))


def ppmd_bits(
    encode: Callable[[bytes, int], int], training: Sequence[str], texts: Sequence[str], order: int
) -> Bits:
    """Return the bits by which the training tunes grow when each of ``texts`` is appended."""
    learnt = "".join(f"{text}\n" for text in training)

    def size(more: str) -> int:
        return 8 * encode((learnt + more).encode(), order)

    nothing = size("")
    bits = body_bits = notes = 0
    print(f"PPMd: {len(texts)} tunes, half a second each", file=sys.stderr)
    for text in texts:
        whole, header = size(f"{text}\n"), size(text[: plan_start(text)])
        bits += whole - nothing
        body_bits += whole - header
        notes += count_notes(parse_text(text))
    return Bits(bits, sum(len(text) + 1 for text in texts), body_bits, notes)


def ppmd_encoder() -> Callable[[bytes, int], int]:
    """Return the compressed size in bytes with PPMd (variant I) of the given order."""
    if pyppmd is None:
        sys.exit("this benchmark needs pyppmd, which is not installed: pip install pyppmd")

    def size(data: bytes, order: int) -> int:
        encoder = pyppmd.Ppmd8Encoder(order, MEMORY)
        return len(encoder.encode(data)) + len(encoder.flush())

    return size


def show(model: str, split: Split, texts: Sequence[str], bits: Bits) -> None:
    print(
        f"| {model} | {split.title} | {len(texts)} | {bits.per_character:.3f} "
        f"| {bits.per_note:.3f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
