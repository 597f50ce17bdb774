"""Voices for held-out melodies: of chorales with four voices, of reels with two and four.

    python benchmarks/harmonize.py [-n 30] [--checkpoint chorales]

The corpora `chorales` and `irish` must be built (``abclm corpus build``). For each set: the share
of results that are valid, whose voices are aligned, and in which the melody's own text is
unchanged, and the figures of `abclm.evaluate.voices`; beside the chorales, those of the same
melodies as Bach set them. Prints one result of each set.
"""

import sys
from collections.abc import Sequence

from writing import parser_of

import abclm
from abclm.corpus.several import read_piece
from abclm.corpus.store import load_corpus
from abclm.errors import InputError
from abclm.evaluate.voices.figures import VoicesRow, measure_pieces, parse_piece
from abclm.notation.write.score_rows import rows_body

_CHOIR = "satb"


def melody(text: str) -> str:
    """The highest voice of a piece, as a tune of its own."""
    piece = read_piece(parse_piece(text))
    rows = [row._replace(cells=row.cells[:1]) for row in piece.rows]
    body = rows_body(rows).replace("[V:1]", "").replace("\n", "")
    return f"X:1\nT:{piece.title}\nM:{piece.meter}\nL:{piece.unit}\nK:{piece.key}\n{body}\n"


def harmonized(
    model: abclm.Model, tunes: Sequence[str], voices: int, ranges: str | None
) -> tuple[list[str], int]:
    """The tunes with their voices, without ``X:``, and how many kept their own text."""
    found, kept = [], 0
    for seed, text in enumerate(tunes):
        tune = abclm.Tune(text)
        try:
            result = model.harmonize(
                tune, voices, ranges=ranges, no_parallels=True, count=6, seed=seed
            )
        except InputError as error:
            print(f"{tune.title}: {error}", file=sys.stderr)
            continue
        body = text.split("\nK:", 1)[1].partition("\n")[2].strip()
        kept += body in result.abc
        found.append(result.abc.partition("\n")[2])
    return found, kept


def line(row: VoicesRow, kept: int | None) -> str:
    leading = [row.leading.per_hundred(name) or 0.0 for name in ("fifths", "octaves", "crossings")]
    shares = [row.aligned, row.valid, row.final_tonic or 0.0, row.chords or 0.0]
    own = "-" if kept is None else f"{kept} of {row.pieces}"
    cells = [row.name, str(row.pieces), own, *(f"{100 * share:.1f}" for share in shares)]
    return f"| {' | '.join([*cells, *(f'{value:.2f}' for value in leading)])} |"


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("-n", type=int, default=30)
    parser.add_argument("--checkpoint", default="chorales")
    options = parser.parse_args()
    model = abclm.load(options.checkpoint)
    chorales = load_corpus("chorales").held_out[: options.n]
    irish = load_corpus("irish").held_out
    reels = [f"X:1\n{text}" for text in irish if "\nR:reel\n" in f"\n{text}"][: options.n]
    print(
        "| set | pieces | own text kept | aligned % | strict % | last chord tonic % | chords % "
        "| fifths | octaves | crossings |"
    )
    print("|---" * 10 + "|")
    print(line(measure_pieces("as Bach set them", "human", list(chorales)), None))
    examples = []
    for name, tunes, voices, ranges in (
        ("chorale melodies, four voices", [melody(text) for text in chorales], 4, _CHOIR),
        ("reels, four voices", reels, 4, None),
        ("reels, two voices", reels, 2, None),
    ):
        found, kept = harmonized(model, tunes, voices, ranges)
        print(line(measure_pieces(name, "model", found), kept), flush=True)
        examples.append(found[0])
    print("\n".join(f"\nX:{number}\n{text}" for number, text in enumerate(examples, 1)))


if __name__ == "__main__":
    main()
