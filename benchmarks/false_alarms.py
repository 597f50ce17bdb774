"""The share of real tunes that pass the bar rule, an independent count, and other findings.

    python benchmarks/false_alarms.py

The rule: no bar is longer than the meter, and a bar not at a section boundary
is exactly full. The independent count was made with other code (exact fractions over bar tokens,
without tunes that have no meter or several voices) before this one was written. The two may differ
by half a percentage point.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from abclm.corpus.recipes import find_recipe
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import Parsed, parse_tunebook
from abclm.notation.syntax.source import decode_source
from abclm.notation.tune.bars import bars

INDEPENDENT = {"oneills1850": 90.5, "ryansMammoth": 95.5, "airdsAirs": 99.2}


class Tune(NamedTuple):
    """A tune with notes, a meter and one voice, and the rules of its problems."""

    parsed: Parsed
    rules: set[str]
    strict_rules: set[str]


def main() -> None:
    print(f"{'':14}{'tunes':>7}{'holds':>9}{'other count':>13}{'no problem':>12}{'--strict':>10}")
    rules: Counter[str] = Counter()
    for source in find_recipe("irish").sources:
        tunes = [tune for path in source.files for tune in read(path)]
        name = source.files[0].parent.name
        rules.update(rule for tune in tunes for rule in tune.rules)
        columns = (
            share([holds(tune.parsed) for tune in tunes]),
            INDEPENDENT[name],
            share([not tune.rules for tune in tunes]),
            share([not tune.strict_rules for tune in tunes]),
        )
        held, other, without, strict = columns
        print(f"{name:14}{len(tunes):7}{held:8.1f}%{other:12.1f}%{without:11.1f}%{strict:9.1f}%")
    print("\ntunes   with a problem of the rule")
    for rule, count in sorted(rules.items(), key=lambda item: (-item[1], item[0])):
        print(f"{count:5}   {rule}")


def read(path: Path) -> Iterator[Tune]:
    """Return the tunes of a file, with the findings of ``abclm validate`` on the whole file."""
    text = decode_source(path.read_bytes(), path.name)
    found = [parsed for parsed in parse_tunebook(text) if parsed.tune.tokens]
    starts = [parsed.tune.tokens[0].line for parsed in found]
    rules, strict_rules = (by_tune(text, starts, strict=strict) for strict in (False, True))
    for number, parsed in enumerate(found):
        tune = parsed.tune
        if tune.events and tune.meter.bar and len(tune.voices) == 1:
            yield Tune(parsed, rules[number], strict_rules[number])


def by_tune(text: str, starts: list[int], *, strict: bool) -> list[set[str]]:
    """Return the rules of the problems of each tune, by the line where the tune starts."""
    rules: list[set[str]] = [set() for _ in starts]
    for problem in validate(text, strict=strict):
        rules[max(0, bisect_right(starts, problem.line) - 1)].add(problem.rule)
    return rules


def holds(parsed: Parsed) -> bool:
    return all(bar.exact for bar in bars(parsed.tune))


def share(of: list[bool]) -> float:
    return 100 * sum(of) / len(of)


if __name__ == "__main__":
    main()
