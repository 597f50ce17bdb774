"""The share of valid tunes among those a checkpoint writes, and the problems of the others.

python benchmarks/validity.py [--checkpoint irish] [--count 200] [--seed 1] [--raw]
"""

from collections import Counter

from writing import add_writing, parser_of, read_checkpoint, write

from abclm.compose.generation import Composer
from abclm.compose.settings import Settings
from abclm.compose.tunebook import with_reference_number
from abclm.notation.check.validate import problems_of
from abclm.notation.parse.parser import parse_tunebook


def main() -> None:
    parser = parser_of(__doc__)
    add_writing(parser)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--raw", action="store_true")
    options = parser.parse_args()
    composer = Composer(
        read_checkpoint(options.checkpoint, 1 if options.raw else options.candidates)
    )
    settings = Settings(raw=options.raw, candidates=options.candidates)
    tunes = write(composer, settings, range(options.count), options.seed)
    broken: Counter[str] = Counter()
    clean = 0
    for tune in tunes:
        found = set()
        for parsed in parse_tunebook(with_reference_number(tune.text, 1)):
            found |= {problem.rule for problem in problems_of(parsed)}
        found |= set() if tune.ended else {"not ended"}
        clean += not found
        broken.update(found)
    share = clean / len(tunes)
    print(f"{len(tunes)} tunes, seed {options.seed}: {clean} without a problem ({share:.1%})")
    for rule, count in broken.most_common():
        print(f"  {count:>4} tunes: {rule}")


if __name__ == "__main__":
    main()
