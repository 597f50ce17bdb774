"""From the text of a tunebook to its `Tune`s, with the problems in their grammar."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from abclm.notation.parse.body import BodyReader
from abclm.notation.parse.macros import expand, read_macro
from abclm.notation.parse.tunebook import TuneTokens, split_tunes
from abclm.notation.syntax.decorations import read_names, read_symbols
from abclm.notation.syntax.key import parse_key
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.meter import FREE, Meter, default_unit, parse_meter, parse_unit
from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.tokens import HEADER_KINDS, Context, Token, TokenKind
from abclm.notation.tune.music import Tune, first_voice

__all__ = ["Parsed", "parse_body", "parse_tune", "parse_tunebook"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tune and the findings of the parser.

    Attributes:
        tune: the tune.
        problems: what is wrong.
        remarks: what is legal but may not be intended.
        has_voices: whether its body has more than one voice.
        has_ties: whether any of its notes is tied.
        open_from: the index of the first problem about something still open where the body ends.
    """

    tune: Tune
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...] = ()
    has_voices: bool = False
    has_ties: bool = False
    open_from: int = 0


def parse_tunebook(text: str) -> list[Parsed]:
    """Parse every tune of ``text``, in order; never raises, whatever the text."""
    return [parse_tune(tokens) for tokens in split_tunes(text)]


def parse_body(text: str, meter: Meter, unit: Fraction) -> Parsed:
    """Parse a body without a header, such as a few bars, in a given meter and unit note length."""
    tokens = tuple(lex(text, Context.BODY))
    return _parse((), TuneTokens(tokens), BodyReader(meter, unit), tokens)


def parse_tune(source: TuneTokens) -> Parsed:
    """Parse one tune from its tokens; missing header fields take the standard's defaults."""
    split = _body_start(source.tokens)
    header = source.tokens[:split]
    fields = tuple(token for token in header if token.kind is TokenKind.FIELD)
    known = (*source.file_fields, *fields)
    meter = _last(known, "M", parse_meter) or FREE
    unit = _last(known, "L", parse_unit) or default_unit(meter)
    symbols = read_symbols(token.value for token in known if token.text[0] == "U")
    names = read_names(token.text for token in (*source.file_fields, *header))
    macros = [read_macro(token.value) for token in known if token.text[0] == "m"]
    reader = BodyReader(meter, unit, symbols, names, first_voice(fields))
    body: Iterable[Token] = source.tokens[split:]
    if macros or source.has_macros:
        body = expand(body, [macro for macro in macros if macro is not None])
    return _parse(fields, source, reader, body)


def _parse(
    fields: tuple[Token, ...],
    source: TuneTokens,
    reader: BodyReader,
    body: Iterable[Token],
) -> Parsed:
    reader.read(body)
    key = _last(fields, "K", parse_key)
    reading = reader.reading
    tune = Tune(
        fields,
        tuple(reading.items),
        source.tokens,
        reader.meter,
        key,
        reader.unit,
        source.file_fields,
        tuple(reading.fields),
        tuple(reading.directives),
    )
    return Parsed(
        tune,
        tuple(reading.problems),
        tuple(reading.remarks),
        reader.has_voices,
        reading.has_ties,
        reading.open_from,
    )


def _body_start(tokens: Sequence[Token]) -> int:
    """The index after the first ``K:`` field, or without one, of the first music token."""
    for index, token in enumerate(tokens):
        if token.kind is TokenKind.FIELD and token.text[0] == "K":
            return index + 1
        if token.kind not in HEADER_KINDS:
            return index
    return len(tokens)


def _last(fields: Iterable[Token], name: str, parse: Callable[[str], T | None]) -> T | None:
    values = [parse(token.value) for token in fields if token.text[0] == name]
    return next((value for value in reversed(values) if value is not None), None)
