"""Writes the README of a checkpoint: a description, the results of `abclm evaluate`, and samples.

Run it by hand, after building the corpus that the checkpoint was trained on:

    python benchmarks/model_card.py irish

The file goes into the checkpoint's folder, or to the path given with ``-o``. The section "Read
blind" between its two marker lines is written by hand, and is kept.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from writing import parser_of, read_checkpoint

from abclm.api.indexes import index_of
from abclm.compose.generation import Composer
from abclm.compose.judge import JUDGE
from abclm.compose.network import Network
from abclm.compose.settings import CANDIDATES
from abclm.compose.tunebook import with_reference_number
from abclm.corpus.store import load_corpus
from abclm.evaluate.evaluation import Evaluation, Options, evaluate
from abclm.evaluate.report.music_table import music_table, told_apart_table
from abclm.evaluate.report.table import Table, bits_table, tunes_table
from abclm.evaluate.tunes import held_out_splits
from abclm.files import write_atomically
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.checkpoint.title_list import TITLES, read_titles
from abclm.notation.check.validate import validate
from abclm.originality.index import INDEX

SEED = 1
BEGIN, END = (
    "<!-- read blind: written by hand, kept by benchmarks/model_card.py -->",
    "<!-- end -->",
)
NOT_YET = "Not yet: see `benchmarks/blind.py`."

FILES = {
    "weights.safetensors": "the weights, in float16",
    "config.json": "the shape of the network, its characters, how it was trained, its licence",
    "history.csv": "a row for each epoch of the run",
    JUDGE: "the judge of phrases, which draws among the candidates; `abclm checkpoint judge`",
    TITLES: "those of the training tunes, from whose words new ones are made",
    INDEX: "hashes of the bars of the training tunes, for `abclm originality`",
}
"""The purpose of each file."""


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("checkpoint", nargs="?", default="irish", help="name or folder")
    parser.add_argument("-n", "--count", type=int, default=1000, help="as for abclm evaluate")
    parser.add_argument("--shown", type=int, default=20, help="tunes shown")
    parser.add_argument("--raw", type=int, default=5, help="tunes shown without the grammar")
    parser.add_argument("-o", "--output", type=Path, help="default: the checkpoint's README.md")
    options = parser.parse_args()
    checkpoint = read_checkpoint(options.checkpoint, CANDIDATES)
    path = options.output or checkpoint.path / "README.md"
    blind = kept(path.read_text(encoding="utf-8")) if path.is_file() else NOT_YET
    composer = Composer(checkpoint)
    result = measure(checkpoint, options.checkpoint, options.count)
    sections = (
        about(checkpoint),
        figures(result, options.count),
        ["## Read blind\n", BEGIN, blind, f"{END}\n"],
        tunes(composer, options.shown),
        raw_tunes(composer, options.raw),
    )
    text = "\n".join(line for section in sections for line in section)
    write_atomically(path, f"{text.rstrip()}\n")
    print(f"written: {path}", file=sys.stderr)


def kept(text: str) -> str:
    """Return the section of the existing card that was written by hand."""
    _, begun, rest = text.partition(f"{BEGIN}\n")
    section, ended, _ = rest.partition(f"\n{END}")
    return section if begun and ended else NOT_YET


def measure(checkpoint: Checkpoint, name: str, count: int) -> Evaluation:
    """Return the results of `abclm evaluate`."""
    corpus = load_corpus(checkpoint.config.corpus["name"])
    if corpus.report["sha256"] != checkpoint.config.corpus["sha256"]:
        sys.exit(
            f"{corpus.name} is not what {checkpoint.config.name} was trained on: build it again"
        )
    return evaluate(
        checkpoint,
        corpus,
        held_out_splits(corpus, Network(checkpoint).read),
        index_of(name, print),
        Options(count),
        progress=lambda message: print(message, file=sys.stderr),
    )


def about(checkpoint: Checkpoint) -> Iterator[str]:
    config = checkpoint.config
    corpus, network = config.corpus, config.network
    parameters = sum(weight.size for weight in checkpoint.weights.values())
    rows = {
        "network": f"embedding {network.embedding_size}, {network.num_layers} "
        f"{network.cell.upper()} layers of {network.units}, dropout {network.dropout}, of direct "
        f"connections {network.direct_dropout}; {parameters:,} parameters",
        "cues": ", ".join(network.cues) or "none",
        "keys it knows": ", ".join(config.usual.keys) or "any",
        "rhythms it knows": ", ".join(config.usual.rhythms) or "none",
        "weights": f"float16, `sha256 {checkpoint.sha256[:16]}…`",
        "trained by": f"`{config.command}`",
        "licence": config.licence,
    }
    train, held_out = corpus["train"], corpus["held_out"]
    yield f"# {config.name}\n"
    yield f"{corpus['title']}; trained on the corpus `{corpus['name']}`:"
    yield f"{train['tunes']:,} tunes, {train['characters']:,} characters;"
    yield f"{held_out['tunes']} more tunes were held out by family.\n"
    yield "| what | |\n|---|---|"
    yield from (line(row) for row in rows.items())
    yield "\n| file | |\n|---|---|"
    titles = len(read_titles(checkpoint.path))
    for file, purpose in FILES.items():
        if (checkpoint.path / file).is_file():
            number = f"{titles:,} titles: " if file == TITLES else ""
            yield line((f"`{file}`", f"{number}{purpose}"))
    yield ""


def figures(result: Evaluation, count: int) -> Iterator[str]:
    name, told_apart = result.checkpoint[0], told_apart_table(result)
    yield f"## What `abclm evaluate {name} -n {count}` says\n"
    yield from (shown(table) for table in tunes_table(result).halves())
    yield "### What a listener would notice\n"
    yield from (shown(table) for table in music_table(result).halves())
    yield "### Told apart from real tunes\n"
    if told_apart is not None:
        yield shown(told_apart)
        yield (
            "The area under the ROC curve of two classifiers with its 95 % interval: .5, they\n"
            "cannot tell; 1, they always can. The floor is the same of real tunes.\n"
        )
    yield from (f"{remark}\n" for remark in result.comparison.remarks)
    yield "### Bits\n"
    yield shown(bits_table(result))
    yield (
        "Shares are percentages of the tunes; `abclm evaluate --html` says what each column means."
        "\nBits per note can be compared between the two, bits per character cannot: a network's"
        "\ntext of a tune has a plan and no title.\n"
    )


def tunes(composer: Composer, count: int) -> Iterator[str]:
    written = composer.generate(count=count, seed=SEED, rivals=CANDIDATES) if count else []
    yield f"## {count} tunes as they came\n"
    yield f"`abclm generate -n {count} --seed {SEED}`: nothing chosen, nothing mended.\n"
    yield from tunes_as_text(tune.text for tune in written)


def raw_tunes(composer: Composer, count: int) -> Iterator[str]:
    raw = composer.generate(count=count, seed=SEED, raw=True) if count else []
    yield f"## {count} without the grammar\n"
    yield (
        f"`abclm generate -n {count} --seed {SEED} --raw`, and what `abclm validate` finds in them."
        "\n"
    )
    yield from tunes_as_text((tune.text for tune in raw), check=True)


def shown(table: Table) -> str:
    """A table in Markdown."""
    rows: tuple[str, ...] = (
        line(column.head.replace("\n", " ").replace("- ", "") for column in table.columns),
    )
    rows += ("|---" * len(table.columns) + "|", *map(line, table.rows))
    return "\n".join(rows) + "\n"


def line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def tunes_as_text(texts: Iterable[str], *, check: bool = False) -> Iterator[str]:
    for number, text in enumerate(texts, 1):
        numbered = with_reference_number(text, number)
        yield f"```abc\n{numbered.rstrip()}\n```\n"
        if check:
            found: Sequence[str] = [
                f"- line {problem.line}, column {problem.column}: {problem.rule}: {problem.message}"
                for problem in validate(numbered)
            ]
            yield "\n".join(found or ["No problem."]) + "\n"


if __name__ == "__main__":
    main()
