"""From tunebooks to a corpus: read, drop, simplify, write canonically, split."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from abclm.corpus.excerpts import excerpts_of
from abclm.corpus.families import MelodyFingerprint, find_families, near_duplicates
from abclm.corpus.recipe import Filters, Recipe
from abclm.corpus.several import simple_piece
from abclm.corpus.simplify import in_usual_meter, simplify
from abclm.corpus.sources import read_source
from abclm.corpus.split import draw
from abclm.errors import CorpusError, InputError
from abclm.notation.check.rules import TUNE_RULES, VOICE_RULES
from abclm.notation.check.strictness import has_strict_metre
from abclm.notation.parse.parser import Parsed, parse_tunebook
from abclm.notation.tune.bars import bars
from abclm.notation.tune.music import BodyField, Overlay, Tune
from abclm.notation.write.writer import write_tune

__all__ = ["BuiltCorpus", "CorpusTune", "SourceReport", "build_corpus"]

_UNSOUND = frozenset({"tuplet", "chord", "grace", "broken-rhythm", "length"})
"""Grammar problems that make the notes themselves doubtful."""


@dataclass(frozen=True, slots=True)
class CorpusTune:
    """One tune of a corpus: its canonical text, its source and its number of notes.

    Attributes:
        family: the number of the first tune of its family, see `find_families`.
    """

    text: str
    source: str
    notes: int
    family: int


@dataclass(frozen=True, slots=True)
class SourceReport:
    """The numbers of tunes of one source; ``read`` is ``kept`` plus the sum of ``dropped``."""

    name: str
    read: int
    kept: int
    dropped: dict[str, int]


@dataclass(frozen=True, slots=True)
class BuiltCorpus:
    """The result: three disjoint lists of tunes, and a report for each source.

    Attributes:
        train: the tunes that a model learns from.
        held_out: whole families, so that no tune of `train` is related to them.
        held_out_by_tune: drawn tune by tune; `train` may have settings of the same tune.
        remarks: for each thing that conversion guessed, left out or changed, in how many files.
    """

    train: tuple[CorpusTune, ...]
    held_out: tuple[CorpusTune, ...]
    held_out_by_tune: tuple[CorpusTune, ...]
    sources: tuple[SourceReport, ...]
    remarks: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A tune that may be kept, the index of its source, and the number of its piece."""

    text: str
    source: int
    piece: int
    notes: int
    melody: MelodyFingerprint


def build_corpus(
    recipe: Recipe, progress: Callable[[str], None] = lambda _name: None
) -> BuiltCorpus:
    """Build the corpus of ``recipe``; the same files and recipe give the same corpus.

    Args:
        recipe: sources, filters and split.
        progress: called with the name of each source before it is read.

    Raises:
        InputError: a file cannot be read or is not text.
        CorpusError: fewer than two tunes are left.
    """
    remarks: Counter[str] = Counter()
    candidates, dropped = _candidates(recipe, progress, remarks)
    tunes = _keep(candidates, recipe, dropped)
    if len(tunes) < 2:
        raise CorpusError(_too_few(recipe, _reports(recipe, tunes, dropped)))
    families = [tune.family for tune in tunes]
    by_family, by_tune = draw(families, recipe.held_out, recipe.held_out_by_tune, recipe.seed)
    held_out = [tune for place, tune in enumerate(tunes) if place in by_family]
    held_out_by_tune = [tune for place, tune in enumerate(tunes) if place in by_tune]
    train = [tune for place, tune in enumerate(tunes) if place not in by_family | by_tune]
    if recipe.filters.strict_training:
        train = _only_strict(train, recipe, dropped)
    kept = [*train, *held_out, *held_out_by_tune]
    if not train:
        raise CorpusError(_too_few(recipe, _reports(recipe, kept, dropped)))
    return BuiltCorpus(
        tuple(train),
        tuple(held_out),
        tuple(held_out_by_tune),
        _reports(recipe, kept, dropped),
        dict(remarks.most_common()),
    )


def _candidates(
    recipe: Recipe, progress: Callable[[str], None], remarks: Counter[str]
) -> tuple[list[_Candidate], list[Counter[str]]]:
    """Return the tunes that may be kept, and for each source why others are dropped."""
    candidates: list[_Candidate] = []
    dropped: list[Counter[str]] = []
    seen: set[str] = set()
    piece = 0
    for place, source in enumerate(recipe.sources):
        progress(source.name)
        reasons: Counter[str] = Counter()
        for read in read_source(source, recipe, reasons, remarks):
            piece += 1
            for parsed in excerpts_of(read, recipe.filters, reasons):
                text, reason = _prepare(parsed, recipe.filters, seen)
                if reason:
                    reasons[reason] += 1
                    continue
                notes, melody = (
                    _count_notes(parsed.tune),
                    _melody(parsed.tune, read.tune.title, recipe.filters),
                )
                candidates.append(_Candidate(text, place, piece, notes, melody))
        dropped.append(reasons)
    return candidates, dropped


def _keep(
    candidates: Sequence[_Candidate], recipe: Recipe, dropped: Sequence[Counter[str]]
) -> list[CorpusTune]:
    """Return the tunes without near-duplicates, with their numbers and families."""
    melodies = [candidate.melody for candidate in candidates]
    overlaps = MelodyFingerprint.overlaps(melodies)
    twice = near_duplicates(melodies, overlaps) if recipe.filters.near_duplicates else set()
    pieces = [candidate.piece for candidate in candidates]
    families = find_families(melodies, overlaps, pieces)
    numbers: dict[int, int] = {}
    tunes: list[CorpusTune] = []
    for place, candidate in enumerate(candidates):
        if place in twice:
            dropped[candidate.source]["near-duplicate"] += 1
            continue
        number = len(tunes) + 1
        family = numbers.setdefault(families[place], number)
        text = f"X:{number}\n" + candidate.text.partition("\n")[2]
        name = recipe.sources[candidate.source].name
        tunes.append(CorpusTune(text, name, candidate.notes, family))
    return tunes


def _only_strict(
    tunes: Sequence[CorpusTune], recipe: Recipe, dropped: Sequence[Counter[str]]
) -> list[CorpusTune]:
    """Return the training tunes in strict metre, and count the others as dropped."""
    reasons = {
        source.name: counter for source, counter in zip(recipe.sources, dropped, strict=True)
    }
    strict: list[CorpusTune] = []
    for tune in tunes:
        if has_strict_metre(parse_tunebook(tune.text)[0].tune):
            strict.append(tune)
        else:
            reasons[tune.source]["not in strict metre, so not learnt from"] += 1
    return strict


def _reports(
    recipe: Recipe, tunes: Sequence[CorpusTune], dropped: Sequence[Counter[str]]
) -> tuple[SourceReport, ...]:
    kept = Counter(tune.source for tune in tunes)
    return tuple(
        SourceReport(
            source.name,
            kept[source.name] + reasons.total(),
            kept[source.name],
            dict(sorted(reasons.items())),
        )
        for source, reasons in zip(recipe.sources, dropped, strict=True)
    )


def _melody(tune: Tune, title: str, filters: Filters) -> MelodyFingerprint:
    """The fingerprint of a tune with the title of its piece, of several voices of the highest."""
    voices = tune.voices
    highest = voices[0].tune if len(voices) > 1 else tune
    if filters.melody_families and len(voices) > 1:
        return MelodyFingerprint.of_melody(highest)
    return MelodyFingerprint.of(highest, title)


def _prepare(parsed: Parsed, filters: Filters, seen: set[str]) -> tuple[str, str]:
    """Return the tune's canonical text, and why it is dropped, if it is."""
    reason = _reason_to_drop(parsed, filters)
    if reason:
        return "", reason
    if filters.voices > 1:
        try:
            text = write_tune(parse_tunebook(simple_piece(parsed.tune, named=True).text)[0].tune)
        except InputError as error:
            return "", _without_place(str(error))
    else:
        text = in_usual_meter(write_tune(simplify(parsed.tune, number=1)))
    if len(text) > filters.maximum_characters:
        return "", f"longer than {filters.maximum_characters} characters"
    if text.count("\n") < 5 or "|" not in text:
        return "", "no bar lines"
    # Two tunes that differ only in title or rhythm are duplicates.
    music = "\n".join(line for line in text.split("\n") if line[:2] not in {"X:", "T:", "R:"})
    if music in seen:
        return "", "exact duplicate"
    seen.add(music)
    return text, ""


def _reason_to_drop(parsed: Parsed, filters: Filters) -> str:
    tune = parsed.tune
    if not tune.events:
        return "no music"
    several = filters.voices > 1
    voices = [voice.tune for voice in tune.voices] if several else [tune]
    written = [bars(voice) for voice in voices]
    reasons = {
        "key not understood": tune.key is None,
        "no meter": tune.meter.bar is None,
        "several voices": not several and _has_voices(tune),
        f"not {filters.voices} voices": several and len(voices) != filters.voices,
        "notation in doubt": _is_in_doubt(parsed),
        f"under {filters.minimum_bars} bars": len(written[0]) < filters.minimum_bars,
    }
    for reason, holds in reasons.items():
        if holds:
            return reason
    broken = {problem.rule for rule in TUNE_RULES for problem in rule(tune)}
    for voice, found in zip(voices, written, strict=True):
        broken |= {problem.rule for rule in VOICE_RULES for problem in rule(voice, found)}
        if not all(bar.exact for bar in found):
            # The rule tolerates some inexact bars, but a model should learn from exact ones only.
            broken.add("bar-length")
    return next((f"breaks the rule {name}" for name in filters.rules if name in broken), "")


def _without_place(reason: str) -> str:
    """A reason without the number of the bar, so that pieces can be counted by it."""
    return re.sub(r"\bbar \d+", "a bar", re.sub(r"\bno bar \d+", "fewer bars", reason))


def _is_in_doubt(parsed: Parsed) -> bool:
    """Return whether the notes may not be as intended, as in ``A>B>c``."""
    unsound = any(problem.rule in _UNSOUND for problem in parsed.problems)
    return unsound or any(remark.rule in _UNSOUND for remark in parsed.remarks)


def _has_voices(tune: Tune) -> bool:
    changed = any(isinstance(item, BodyField) and item.name == "V" for item in tune.items)
    overlaid = any(isinstance(item, Overlay) for item in tune.items)
    return changed or overlaid or len(tune.values("V")) > 1


def _count_notes(tune: Tune) -> int:
    return sum(len(event.pitches) for event in tune.events)


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
