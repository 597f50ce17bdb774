"""Prints the README of a checkpoint: what it is, what `abclm evaluate` says, tunes as they came.

Run by hand, with the corpus built that it was trained on:

    python benchmarks/model_card.py irish > checkpoints/irish/README.md
"""

import sys
from collections.abc import Iterable, Sequence

from abclm.cli.checkpoint import load
from abclm.compose.generation import Composer
from abclm.compose.originality_index import INDEX, load_index
from abclm.compose.tunebook import with_reference_number
from abclm.corpus.store import load_corpus
from abclm.evaluate.evaluation import Options, evaluate
from abclm.evaluate.table import Table, bits_table, tunes_table
from abclm.evaluate.tunes import held_out_splits
from abclm.model.checkpoint import Checkpoint
from abclm.notation.validate import validate

COUNT, RAW, LARGE, SEED = 20, 5, 1000, 1


def main() -> None:
    checkpoint = load(sys.argv[1])
    corpus = load_corpus(checkpoint.config.corpus["name"])
    head(checkpoint)
    result = evaluate(
        checkpoint,
        corpus,
        held_out_splits(corpus, checkpoint.vocabulary),
        load_index(checkpoint.path / INDEX),
        Options(LARGE),
        progress=lambda message: print(message, file=sys.stderr),
    )
    print(f"## What `abclm evaluate {checkpoint.config.name} -n {LARGE}` says\n")
    form, likeness = tunes_table(result).halves()
    for table in (form, likeness, bits_table(result)):
        show(table)
    print(
        "Shares are percentages of the tunes; `abclm evaluate --html` says what each column means."
    )
    composer = Composer(checkpoint)
    tunes = composer.generate(count=COUNT, seed=SEED)
    print(f"\n## {COUNT} tunes as they came\n")
    print(f"`abclm generate -n {COUNT} --seed {SEED}`: nothing chosen, nothing mended.\n")
    tunes_as_text(tune.text for tune in tunes)
    raw = composer.generate(count=RAW, seed=SEED, raw=True)
    print(f"## {RAW} without the grammar\n")
    print(
        f"`abclm generate -n {RAW} --seed {SEED} --raw`, and what `abclm validate` finds in them.\n"
    )
    tunes_as_text((tune.text for tune in raw), check=True)


def head(checkpoint: Checkpoint) -> None:
    config = checkpoint.config
    corpus, network = config.corpus, config.network
    parameters = sum(weight.size for weight in checkpoint.weights.values())
    rows = {
        "network": f"embedding {network.embedding_size}, {network.num_layers} LSTM layers of "
        f"{network.units}, dropout {network.dropout}; {parameters:,} parameters",
        "cues": ", ".join(network.cues) or "none",
        "weights": f"float16, `sha256 {checkpoint.sha256[:16]}…`",
        "trained by": f"`{config.command}`",
        "licence": config.licence,
    }
    train, held_out = corpus["train"], corpus["held_out"]
    print(f"# {config.name}\n")
    print(f"{corpus['title']}; trained on the corpus `{corpus['name']}`:")
    print(f"{train['tunes']:,} tunes, {train['characters']:,} characters;")
    print(f"{held_out['tunes']} more tunes were held out by family.\n")
    print("| what | |\n|---|---|")
    for what, value in rows.items():
        print(f"| {what} | {value} |")
    print()


def show(table: Table) -> None:
    """A table in Markdown."""
    print(line(column.head.replace("\n", " ") for column in table.columns))
    print("|---" * len(table.columns) + "|")
    for row in table.rows:
        print(line(row))
    print()


def line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def tunes_as_text(texts: Iterable[str], *, check: bool = False) -> None:
    for number, text in enumerate(texts, 1):
        numbered = with_reference_number(text, number)
        print(f"```abc\n{numbered.rstrip()}\n```\n")
        if check:
            found: Sequence[str] = [
                f"- line {problem.line}, column {problem.column}: {problem.rule}: {problem.message}"
                for problem in validate(numbered)
            ]
            print("\n".join(found or ["No problem."]), end="\n\n")


if __name__ == "__main__":
    main()
