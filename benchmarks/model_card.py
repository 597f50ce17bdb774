"""Prints the README of a checkpoint: what it is, what was measured, twenty tunes as they came.

Run by hand: ``python benchmarks/model_card.py irish > checkpoints/irish/README.md``.
"""

import sys

from abclm.cli.checkpoint import load
from abclm.compose.generation import Composer
from abclm.compose.tunebook import with_reference_number
from abclm.notation.validate import validate

COUNT, LARGE, SEED = 20, 200, 1
NOTES = """
Held-out bits are teacher-forced over whole tunes, header and end of tune included, the state zero
at each tune's first character; the epoch kept is the one where they were lowest. The README of the
project has the commands that trained it.

Licence: {licence}.

## {count} tunes as they came

`abclm generate -n {count} --seed {seed}`: nothing chosen, nothing mended. What `abclm validate`
finds wrong in a tune stands after it.
"""


def share(count: int) -> str:
    return f"{count} ({count / LARGE:.1%})"


def main() -> None:
    checkpoint = load(sys.argv[1])
    config, composer = checkpoint.config, Composer(checkpoint)
    tunes = composer.generate(count=LARGE, seed=SEED)
    numbered = [with_reference_number(tune.text, n) for n, tune in enumerate(tunes, 1)]
    problems = [validate(text) for text in numbered]
    clean = sum(not found for found in problems[:COUNT])
    clean_of_many = sum(not found for found in problems)
    exact = sum(all(p.rule != "bar-length" for p in found) for found in problems)
    parameters = sum(weight.size for weight in checkpoint.weights.values())
    corpus, results, network = config.corpus, config.results, config.network
    bits = results["held_out_bits_per_character"]
    rows = {
        "network": f"embedding {network.embedding_size}, {network.num_layers} LSTM layers of "
        f"{network.units}, dropout {network.dropout}; {parameters:,} parameters",
        "weights": f"float16, `sha256 {checkpoint.sha256[:16]}…`",
        "held-out bits per character": f"{bits:.4f}",
        f"of {LARGE} tunes at temperature 1.0, seed {SEED}, without any problem": share(
            clean_of_many
        ),
        "the same, right in every bar": share(exact),
        f"without any problem, of the {COUNT} below": str(clean),
    }
    train, held_out = corpus["train"], corpus["held_out"]
    print(f"# {config.name}\n")
    print(f"{corpus['title']}; trained on the corpus `{corpus['name']}`:")
    print(f"{train['tunes']:,} tunes, {train['characters']:,} characters;")
    print(f"{held_out['tunes']} more tunes were held out.\n")
    print("| what | figure |\n|---|---|")
    for what, figure in rows.items():
        print(f"| {what} | {figure} |")
    print(NOTES.format(licence=config.licence, count=COUNT, seed=SEED))
    for text, found in zip(numbered[:COUNT], problems, strict=False):
        print(f"```abc\n{text}```\n")
        for problem in found:
            print(
                f"- line {problem.line}, column {problem.column}: {problem.rule}: {problem.message}"
            )
        print("" if found else "No problem.\n")


if __name__ == "__main__":
    main()
