"""What a tune must keep to: each rule a small function from a tune and its bars to its problems.

A rule names itself in the problems it makes; `RULES` is all of them.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from abclm.notation.bars import Bar
from abclm.notation.key import parse_key
from abclm.notation.lexer import Kind, Token
from abclm.notation.meter import parse_meter, parse_unit
from abclm.notation.music import Tune
from abclm.notation.problem import Problem
from abclm.notation.tables import FIELD_NAMES

__all__ = ["RULES", "Rule", "bar_lengths", "endings", "field_values", "missing_fields", "repeats"]

_REQUIRED = {
    "X": "X:1 as its first line",
    "T": "T:title after X:",
    "K": "K:key as the last line of the header",
}
_HEADER_PARSERS: dict[str, tuple[Callable[[str], object], str]] = {
    "M": (parse_meter, "6/8, C|, 4/4 or none"),
    "L": (parse_unit, "1/8 or 1/16"),
    "K": (parse_key, "G, Am, Edor, Dmix or none"),
}


def missing_fields(tune: Tune, _bars: Sequence[Bar]) -> Iterator[Problem]:
    """X:, T: and K: must be there (ABC 2.1 section 2.2.1); music must follow them."""
    present = {token.text[0] for token in tune.fields}
    line, column = _start(tune)
    for name, remedy in _REQUIRED.items():
        if name not in present:
            yield Problem(
                line, column, "missing-field", f"no {name}: ({FIELD_NAMES[name]}): add {remedy}"
            )
    if "K" in present and not tune.sounds:
        yield Problem(line, column, "no-music", "a header without notes after it")


def field_values(tune: Tune, _bars: Sequence[Bar]) -> Iterator[Problem]:
    """M:, L: and K: must name a meter, a length and a key; other header lines must be fields."""
    for token in tune.fields:
        parse, examples = _HEADER_PARSERS.get(token.text[0], (str, ""))
        if parse(token.value) is None:
            what = FIELD_NAMES[token.text[0]]
            message = f"{token.value!r} is no {what}: write for example {examples}"
            yield Problem(token.line, token.column + 2, "field", message)
    for token in _before_body(tune):
        if token.kind is Kind.UNKNOWN:
            message = "this header line is no field: start it with a letter and a colon, or %"
            yield Problem(token.line, token.column, "field", message)


def bar_lengths(_tune: Tune, bars: Sequence[Bar]) -> Iterator[Problem]:
    """No bar is longer than its meter; only a bar at a section boundary is shorter."""
    for bar in bars:
        full = bar.meter.bar
        if bar.exact or full is None:
            continue
        token = bar.sounds[0].token
        difference = bar.duration - full
        verdict = "too long" if difference > 0 else "too short"
        message = (
            f"bar lasts {_in_meter(bar.duration, bar)}, meter is {bar.meter}: "
            f"{abs(difference)} {verdict}"
        )
        yield Problem(token.line, token.column, "bar-length", message)


def repeats(_tune: Tune, bars: Sequence[Bar]) -> Iterator[Problem]:
    """A repeat that opens must close before the next one opens or the tune ends."""
    opened: Token | None = None
    for bound in [bar.before for bar in bars[:1]] + [bar.after for bar in bars]:
        if bound.closes:
            opened = None
        if bound.opens:
            if opened is not None:
                yield _unclosed(opened)
            opened = bound.tokens[0]
    if opened is not None:
        yield _unclosed(opened)


def endings(_tune: Tune, bars: Sequence[Bar]) -> Iterator[Problem]:
    """A first ending has a second, and a second one a first."""
    first: Token | None = None
    for bar in bars:
        bound = bar.before
        if not bound.ending:
            continue
        mark = bound.tokens[-1]
        if 1 in bound.ending:
            if first is not None:
                yield _lonely(first)
            first = mark
        elif first is None and bound.ending[0] == 2:
            yield Problem(mark.line, mark.column, "ending", "second ending without a first: add |1")
        elif bound.ending[0] >= 2:
            # A third ending goes on from a second one.
            first = None
    if first is not None and not _has_more_times(bars):
        yield _lonely(first)


Rule = Callable[[Tune, Sequence[Bar]], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    missing_fields,
    field_values,
    bar_lengths,
    repeats,
    endings,
)


def _start(tune: Tune) -> tuple[int, int]:
    token = tune.tokens[0]
    return token.line, token.column


def _before_body(tune: Tune) -> Iterator[Token]:
    for token in tune.tokens:
        if token.kind is Kind.FIELD and token.text[0] == "K":
            return
        yield token


def _in_meter(duration: Fraction, bar: Bar) -> str:
    """A duration over the meter's own beat unit where that comes out even."""
    beats = duration * bar.meter.beat_unit
    return f"{beats}/{bar.meter.beat_unit}" if beats.denominator == 1 else str(duration)


def _unclosed(token: Token) -> Problem:
    return Problem(token.line, token.column, "repeat", "this repeat is never closed: add :|")


def _lonely(token: Token) -> Problem:
    return Problem(token.line, token.column, "ending", "first ending without a second: add :|2")


def _has_more_times(bars: Sequence[Bar]) -> bool:
    """Whether the tune's last ending serves all times, such as ``[1,2``."""
    last = [bar.before.ending for bar in bars if bar.before.ending][-1]
    return len(last) > 1
