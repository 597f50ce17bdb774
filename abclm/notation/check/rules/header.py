"""Rules for the header: required fields, their order, and their values."""

import re
from collections.abc import Callable, Iterator

from abclm.notation.check.rules.base import problem_at
from abclm.notation.syntax.key import parse_key, split_key
from abclm.notation.syntax.meter import parse_meter, parse_unit
from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.tables import FIELD_NAMES
from abclm.notation.syntax.tokens import HEADER_KINDS, Token, TokenKind
from abclm.notation.tune.music import Event, Tune

__all__ = ["blocks", "field_order", "field_values", "header_lines", "missing_fields"]

_REQUIRED = {
    "X": "X:1 as its first line",
    "T": "T:title after X:",
    "K": "K:key as the last line of the header",
}


_BLOCK = re.compile(r"%%(begin|end)[A-Za-z]")


def _parse_number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


_PARSERS: dict[str, tuple[Callable[[str], object], str]] = {
    "X": (_parse_number, "1"),
    "M": (parse_meter, "6/8, C|, 4/4 or none"),
    "L": (parse_unit, "1/8 or 1/16"),
    "K": (parse_key, "G, Am, Edor, Dmix or none"),
}


def missing_fields(tune: Tune) -> Iterator[Problem]:
    """X:, T: and K: must be there (ABC 2.1 section 2.2.1), and music after them."""
    present = {token.text[0] for token in tune.fields}
    for name, remedy in _REQUIRED.items():
        if name not in present:
            what = FIELD_NAMES[name]
            message = f"no {name}: ({what}): add {remedy}"
            yield problem_at(_where_missing(tune, name), "missing-field", message)
    if "K" in present and not any(isinstance(item, Event) for item in tune.items):
        yield problem_at(tune.tokens[0], "no-music", "this tune has a header but no notes")


def field_values(tune: Tune) -> Iterator[Problem]:
    """X:, M:, L: and K: must hold a number, a meter, a note length and a key."""
    for token in (*tune.fields, *tune.body_fields):
        if token.field not in _PARSERS:
            continue
        parse, examples = _PARSERS[token.field]
        if parse(token.value) is None and not _sets_clef_only(token):
            message = f"{token.value!r} is not a valid {FIELD_NAMES[token.field]}: try "
            column = token.column + len(token.text.partition(":")[0]) + 1
            yield Problem(token.line, column, "field", message + examples)


def _sets_clef_only(token: Token) -> bool:
    """Whether a ``K:`` sets only a clef or the like and leaves the key unchanged."""
    key, properties = split_key(token.value)
    return token.field == "K" and not key.strip() and bool(properties)


def blocks(tune: Tune) -> Iterator[Problem]:
    """A block such as ``%%begintext`` must end."""
    opened: Token | None = None
    for token in (*tune.directives, *tune.body_directives):
        if match := _BLOCK.match(token.text):
            begins = match[1] == "begin"
            if begins and opened is not None:
                yield _unclosed(opened)
            opened = token if begins else None
    if opened is not None:
        yield _unclosed(opened)


def _unclosed(token: Token) -> Problem:
    name = token.text.split()[0]
    return problem_at(token, "block", f"{name} has no {name.replace('begin', 'end', 1)}: add it")


def field_order(tune: Tune) -> Iterator[Problem]:
    """T: must follow X: (ABC 2.1 section 3).

    X: and K: need no such rule: X: always starts a tune, and K: always ends its header.
    """
    names = [token.text[0] for token in tune.fields]
    if names[:1] == ["X"] and "T" in names and names[1] != "T":
        token = tune.fields[names.index("T")]
        yield problem_at(token, "field-order", "T: must come directly after X:, so move it up")


def header_lines(tune: Tune) -> Iterator[Problem]:
    """Every header line must be a field, a directive or a comment."""
    for token in tune.tokens:
        if token.kind is TokenKind.FIELD and token.text[0] == "K":
            return
        if token.kind is TokenKind.HEADER_TEXT:
            message = "this header line is not a field: start it with a letter and a colon, or %"
            yield problem_at(token, "field", message)


def _where_missing(tune: Tune, name: str) -> Token:
    """The token where the field belongs: K: before the music, T: after X:, X: at the top."""
    if name == "K":
        later = (t for t in tune.tokens if t.kind not in HEADER_KINDS)
        return next(later, tune.tokens[-1])
    if name == "T" and len(tune.fields) > 1 and tune.fields[0].text[0] == "X":
        return tune.fields[1]
    return tune.tokens[0]
