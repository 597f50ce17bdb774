"""All problems of a text, sorted by position, one per fault."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from abclm.notation.check.rules import (
    STRICT_RULES,
    TUNE_RULES,
    USUAL_RULES,
    VOICE_RULES,
)
from abclm.notation.check.rules.alignment import alignment
from abclm.notation.check.rules.pickups import evident_pickups
from abclm.notation.check.rules.ties import are_slurs, wrong_ties
from abclm.notation.parse.parser import Parsed, parse_tune
from abclm.notation.parse.tunebook import TuneTokens, each_tune
from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.tokens import FIELD_KINDS, Token
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import Tune, Voice

__all__ = [
    "Findings",
    "PartFindings",
    "examine",
    "examine_part",
    "examine_tune",
    "problems_of",
    "together",
    "validate",
]

_STAVES = re.compile(r"%%(?:staves|score)\b")
_TIE = "tie"

_BY_LENGTH = frozenset({"bar-length", "pickup", "voices-align"})
_OF_ONE_BAR = frozenset({"bar-length", "pickup"})
_MISALIGNS = frozenset({"bar-length", "repeat", "ending"})
"""The rules whose problems explain why a voice is out of step with the others."""


class Findings(NamedTuple):
    """The findings in a text.

    Attributes:
        problems: what is wrong, sorted by position.
        remarks: what is legal but may not be intended, sorted by position.
    """

    problems: list[Problem]
    remarks: list[Problem]


class PartFindings(NamedTuple):
    """The findings in part of a book.

    Attributes:
        problems, remarks: as in `Findings`.
        tunes: the number of its tunes.
        writes_slurs: the number of its tunes that write slurs as ties throughout.
    """

    problems: list[Problem]
    remarks: list[Problem]
    tunes: int
    writes_slurs: int


def validate(text: str, *, strict: bool = False) -> list[Problem]:
    """Return every problem of every tune in ``text``; never raises, whatever the text.

    A text without a tune has one problem, ``no-tune``.

    Args:
        text: a tunebook.
        strict: whether a pickup and the last bar of its section must always make one full bar.
    """
    return examine(text, strict=strict).problems


def examine(text: str, *, strict: bool = False) -> Findings:
    """Return the problems of `validate` together with the remarks.

    A tie between two pitches is a problem. But where several tunes of a book write slurs as ties
    throughout, a single such tie in another tune of it is taken for a slur too.
    """
    return together([examine_part(each_tune(text), strict=strict)])


def examine_part(tunes: Iterable[TuneTokens], *, strict: bool = False) -> PartFindings:
    """Return the findings in some tunes of a book."""
    problems: list[Problem] = []
    remarks: list[Problem] = []
    count = writes_slurs = 0
    # One tune at a time, each freed at once: a whole book of tokens slows the garbage collector.
    for count, tokens in enumerate(tunes, 1):  # noqa: B007 - counts them
        found = examine_tune(parse_tune(tokens), strict=strict)
        problems += found.problems
        remarks += found.remarks
        writes_slurs += any(remark.rule == _TIE for remark in found.remarks)
    return PartFindings(problems, remarks, count, writes_slurs)


def together(parts: Iterable[PartFindings]) -> Findings:
    """Combine the findings in the parts of a book, given in order, into those of the book."""
    parts = list(parts)
    problems = [problem for part in parts for problem in part.problems]
    remarks = [remark for part in parts for remark in part.remarks]
    if not any(part.tunes for part in parts):
        what = Problem(1, 1, "no-tune", "no tune found: a tune starts with a line such as X:1")
        return Findings([what], [])
    if sum(part.writes_slurs for part in parts) > 1:
        ties = sorted(one for one in [*remarks, *problems] if one.rule == _TIE)
        message = f"{ties[0].message}; this book has {len(ties)} such places or tunes"
        once = Problem(ties[0].line, ties[0].column, _TIE, message)
        remarks = sorted([once, *(remark for remark in remarks if remark.rule != _TIE)])
        problems = [problem for problem in problems if problem.rule != _TIE]
    return Findings(problems, remarks)


def problems_of(parsed: Parsed, *, strict: bool = False) -> list[Problem]:
    """Return the problems of one tune, from its grammar and from the rules, sorted by position."""
    return examine_tune(parsed, strict=strict).problems


def examine_tune(parsed: Parsed, *, strict: bool = False) -> Findings:
    """Return the findings in one tune.

    The bar rules check each voice by itself; several voices are also checked against each other.
    """
    tune = parsed.tune
    voices = tune.voices if parsed.has_voices else []
    tunes = [voice.tune for voice in voices] or [tune]
    written = [bars(one) for one in tunes]
    rules = (*VOICE_RULES, *(STRICT_RULES if strict else USUAL_RULES))
    remarks = [*parsed.remarks]
    found: list[Problem] = []
    for tune_rule in TUNE_RULES:
        found.extend(tune_rule(tune))
    by_voice: list[list[Problem]] = []
    for one, its_bars in zip(tunes, written, strict=True):
        its_problems = [problem for rule in rules for problem in rule(one, its_bars)]
        ties = wrong_ties(its_bars) if parsed.has_ties else []
        if are_slurs(ties, its_bars):
            remarks.append(ties[0].problem)
        else:
            its_problems += [tie.problem for tie in ties]
        by_voice.append(its_problems)
        found += its_problems
    own_signs = _own_signs(parsed.problems) if parsed.problems else {}
    of_grammar = [problem for problem in parsed.problems if problem.message not in own_signs]
    if len(voices) > 1 and not _changes_staves(tune):
        found.extend(_misaligned(voices, written, by_voice, of_grammar))
    if of_grammar or any(problem.rule == "field" for problem in found):
        written_bars = [bar for some in written for bar in some]
        found = _not_consequences(found, of_grammar, parsed.tune, written_bars)
    return Findings(sorted([*of_grammar, *found]), sorted([*remarks, *own_signs.values()]))


def _changes_staves(tune: Tune) -> bool:
    """Whether ``%%staves`` in the body lets voices come and go."""
    return any(_STAVES.match(token.text) for token in tune.body_directives)


def _misaligned(
    voices: Sequence[Voice],
    written: Sequence[Sequence[Bar]],
    by_voice: Sequence[Sequence[Problem]],
    of_grammar: Iterable[Problem],
) -> Iterator[Problem]:
    """Yield where a voice is out of step with the others and no fault of its own explains it."""
    starts = sorted(
        (_place(bar.events[0].token), number) for number, its in enumerate(written) for bar in its
    )
    # The bar of a fault starts at or before it.
    broken = {
        starts[max(0, bisect_right(starts, ((one.line, one.column), len(written))) - 1)][1]
        for one in of_grammar
    }
    faulty = [
        number in broken
        or any(one.rule in _MISALIGNS for one in its)
        or any(evident_pickups(voices[number].tune, written[number]))
        for number, its in enumerate(by_voice)
    ]
    return alignment(voices, written, faulty)


def _own_signs(problems: Sequence[Problem]) -> dict[str, Problem]:
    """The first problem of each unknown decoration that occurs more than once, by its message.

    A letter that occurs once may be a slip; one that occurs often is a sign its writer uses.
    """
    unknown = [problem for problem in problems if problem.rule == "decoration"]
    count = Counter(problem.message for problem in unknown)
    return {one.message: one for one in reversed(unknown) if count[one.message] > 1}


def _not_consequences(
    found: Iterable[Problem], of_grammar: Iterable[Problem], tune: Tune, written: Sequence[Bar]
) -> list[Problem]:
    """Drop the bar problems that are caused by another fault.

    That is a fault of grammar inside the bar, or an ``L:`` that is not a length.
    """
    starts = sorted(_place(bar.events[0].token) for bar in written)
    if not starts:
        return list(found)
    units = {
        (token.line, token.column + len(token.text.partition(":")[0]) + 1)
        for token in tune.tokens
        if token.kind in FIELD_KINDS and token.field == "L"
    }
    # The bar of a fault starts at or before it; a fault before all bars belongs to the first.
    faulty = {
        starts[max(0, bisect_right(starts, (problem.line, problem.column)) - 1)]
        for problem in of_grammar
    }
    no_unit = any(one.rule == "field" and (one.line, one.column) in units for one in found)
    return [
        problem
        for problem in found
        if problem.rule not in _BY_LENGTH
        or not (
            no_unit or (problem.rule in _OF_ONE_BAR and (problem.line, problem.column) in faulty)
        )
    ]


def _place(token: Token) -> tuple[int, int]:
    return token.line, token.column
