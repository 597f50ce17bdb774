"""How many real tunes pass the rule of bars, beside an independent count; and what else is said.

    python benchmarks/false_alarms.py

The rule is DESIGN's STANDARD: no bar longer than the meter, a bar that touches no section boundary
exactly full. The independent count was made with other code (exact fractions over bar tokens,
tunes without a meter or with voices left out) before this one was written. Half a point apart is
allowed.
"""

from collections import Counter

from abclm.corpus.recipe import Source
from abclm.corpus.recipes import find_recipe
from abclm.notation.bars import bars
from abclm.notation.parser import Parsed, parse_tunebook
from abclm.notation.source import decode_source
from abclm.notation.validate import problems_of

INDEPENDENT = {"oneills1850": 90.5, "ryansMammoth": 95.5, "airdsAirs": 99.2}


def main() -> None:
    print(f"{'':14}{'tunes':>7}{'holds':>9}{'other count':>13}{'no problem':>12}{'--strict':>10}")
    rules: Counter[str] = Counter()
    for source in find_recipe("irish").sources:
        tunes = read(source)
        name = source.files[0].parent.name
        problems = [{problem.rule for problem in problems_of(parsed)} for parsed in tunes]
        rules.update(rule for found in problems for rule in found)
        strict = share([not problems_of(parsed, strict=True) for parsed in tunes])
        print(
            f"{name:14}{len(tunes):7}{share(list(map(holds, tunes))):8.1f}%"
            f"{INDEPENDENT[name]:12.1f}%{share([not found for found in problems]):11.1f}%"
            f"{strict:9.1f}%"
        )
    print("\ntunes   with a problem of the rule")
    for rule, count in sorted(rules.items(), key=lambda item: (-item[1], item[0])):
        print(f"{count:5}   {rule}")


def read(source: Source) -> list[Parsed]:
    """The tunes of a book that have notes, a meter and one voice."""
    texts = [decode_source(path.read_bytes(), path.name) for path in source.files]
    found = [parsed for text in texts for parsed in parse_tunebook(text)]
    with_notes = [parsed for parsed in found if parsed.tune.sounds and parsed.tune.meter.bar]
    return [parsed for parsed in with_notes if len(parsed.tune.voices) == 1]


def holds(parsed: Parsed) -> bool:
    return all(bar.exact for bar in bars(parsed.tune))


def share(of: list[bool]) -> float:
    return 100 * sum(of) / len(of)


if __name__ == "__main__":
    main()
