"""From tunebooks to a corpus: read, drop, simplify, write canonically, split."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from abclm.corpus.recipe import Filters, Recipe, Source
from abclm.corpus.simplify import simplify
from abclm.errors import CorpusError
from abclm.files import read_bytes
from abclm.notation.bars import bars
from abclm.notation.music import Change, Overlay, Tune
from abclm.notation.parser import Parsed, parse_tunebook
from abclm.notation.rules import RULES
from abclm.notation.source import decode_source
from abclm.notation.writer import write_tune

__all__ = ["BuiltCorpus", "CorpusTune", "SourceReport", "build_corpus"]

_UNSOUND = frozenset({"tuplet", "chord", "grace", "broken-rhythm", "length"})
"""Grammar problems after which the notes themselves are in doubt."""


@dataclass(frozen=True, slots=True)
class CorpusTune:
    """One tune of a corpus: its canonical text, where it came from, and its notes counted."""

    text: str
    source: str
    notes: int


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What became of the tunes of one source; ``read`` is ``kept`` plus all of ``dropped``."""

    name: str
    read: int
    kept: int
    dropped: dict[str, int]


@dataclass(frozen=True, slots=True)
class BuiltCorpus:
    """The result: two disjoint lists of tunes, and the reports source by source."""

    train: tuple[CorpusTune, ...]
    held_out: tuple[CorpusTune, ...]
    sources: tuple[SourceReport, ...]


def build_corpus(
    recipe: Recipe, progress: Callable[[str], None] = lambda _name: None
) -> BuiltCorpus:
    """Make the corpus of ``recipe``; the same files and recipe give the same corpus.

    Args:
        recipe: sources, filters and split.
        progress: told the name of each source before it is read.

    Raises:
        InputError: a file cannot be read or is no text.
        CorpusError: fewer than two tunes are left.
    """
    kept: list[CorpusTune] = []
    reports: list[SourceReport] = []
    seen: set[str] = set()
    for source in recipe.sources:
        progress(source.name)
        before, read = len(kept), 0
        dropped: Counter[str] = Counter()
        for parsed in _read(source):
            read += 1
            text, reason = _prepare(parsed, recipe.filters, seen)
            if reason:
                dropped[reason] += 1
            else:
                kept.append(CorpusTune(text, source.name, _count_notes(parsed.tune)))
        reports.append(
            SourceReport(source.name, read, len(kept) - before, dict(sorted(dropped.items())))
        )
    if len(kept) < 2:
        raise CorpusError(_too_few(recipe, reports))
    train, held_out = _split(kept, recipe.held_out, random.Random(recipe.seed))  # noqa: S311
    return BuiltCorpus(tuple(train), tuple(held_out), tuple(reports))


def _read(source: Source) -> Iterator[Parsed]:
    for path in source.files:
        yield from parse_tunebook(decode_source(read_bytes(path), str(path)))


def _prepare(parsed: Parsed, filters: Filters, seen: set[str]) -> tuple[str, str]:
    """The tune's canonical text, and why it is dropped if it is."""
    reason = _reason_to_drop(parsed, filters)
    if reason:
        return "", reason
    text = write_tune(simplify(parsed.tune, number=1))
    if len(text) > filters.maximum_characters:
        return "", f"longer than {filters.maximum_characters} characters"
    if text.count("\n") < 5 or "|" not in text:
        return "", "no bar lines"
    # Two tunes that differ only in title or rhythm are one tune twice.
    music = "\n".join(line for line in text.split("\n") if line[:2] not in {"X:", "T:", "R:"})
    if music in seen:
        return "", "exact duplicate"
    seen.add(music)
    return text, ""


def _reason_to_drop(parsed: Parsed, filters: Filters) -> str:
    tune = parsed.tune
    written = bars(tune)
    reasons = {
        "no music": not tune.sounds,
        "key not understood": tune.key is None,
        "no meter": tune.meter.bar is None,
        "several voices": _has_voices(tune),
        "notation in doubt": any(problem.rule in _UNSOUND for problem in parsed.problems),
        f"under {filters.minimum_bars} bars": len(written) < filters.minimum_bars,
    }
    for reason, holds in reasons.items():
        if holds:
            return reason
    broken = {problem.rule for rule in RULES for problem in rule(tune, written)}
    return next((f"breaks the rule {name}" for name in filters.rules if name in broken), "")


def _has_voices(tune: Tune) -> bool:
    changed = any(isinstance(item, Change) and item.name == "V" for item in tune.items)
    overlaid = any(isinstance(item, Overlay) for item in tune.items)
    return changed or overlaid or len(tune.values("V")) > 1


def _count_notes(tune: Tune) -> int:
    return sum(len(sound.pitches) for sound in tune.sounds)


def _split(
    tunes: Sequence[CorpusTune], share: float, rng: random.Random
) -> tuple[list[CorpusTune], list[CorpusTune]]:
    count = min(max(1, round(len(tunes) * share)), len(tunes) - 1)
    chosen = set(rng.sample(range(len(tunes)), count))
    numbered = list(_number(tunes))
    train = [tune for index, tune in enumerate(numbered) if index not in chosen]
    held_out = [tune for index, tune in enumerate(numbered) if index in chosen]
    return train, held_out


def _number(tunes: Iterable[CorpusTune]) -> Iterator[CorpusTune]:
    """Give every tune its reference number in the corpus."""
    for number, tune in enumerate(tunes, 1):
        yield replace(tune, text=f"X:{number}\n" + tune.text.partition("\n")[2])


def _too_few(recipe: Recipe, reports: Sequence[SourceReport]) -> str:
    total: Counter[str] = Counter()
    for report in reports:
        total.update(report.dropped)
    reasons = ", ".join(f"{count} {reason}" for reason, count in total.most_common())
    read = sum(report.read for report in reports)
    files = [path for source in recipe.sources for path in source.files]
    named = files[0] if len(files) == 1 else f"{len(files)} files"
    return f"{named}: {read} tunes found, a corpus needs two or more that can be used" + (
        f" (dropped: {reasons})" if reasons else ""
    )
