"""Reads a prompt: which parts are fed to the model, and which are kept aside."""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from abclm.constraint.fed import fed_music
from abclm.constraint.header import FIELDS, Header
from abclm.constraint.prompt_music import check_end, check_notes, with_unit_at_end
from abclm.errors import InputError, UnknownCharacterError
from abclm.model.vocabulary import Vocabulary
from abclm.notation.check.beginning import problems_of_beginning
from abclm.notation.parse.parser import parse_body
from abclm.notation.syntax.key import split_key
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.meter import FREE, default_unit, parse_meter, parse_unit
from abclm.notation.syntax.tables import FIELD_NAMES
from abclm.notation.syntax.tokens import Context, TokenKind
from abclm.notation.tune.music import voice_id

__all__ = ["Prompt", "read_prompt"]

_FIELD = re.compile(r"([A-Za-z+]):(.*)")
_MUSIC = re.compile(r"[A-Ga-gxyz]:[|:\]]")
"""A line such as ``d:|`` is music, not a field."""
_HEADER_ONCE = frozenset({"M:", "L:", "K:"})
_HEADER_NEVER = frozenset({"m:", "P:", "w:", "s:"})
"""Fields that would change the music after them, or that belong to particular notes."""
_SPELT = frozenset("ML")
"""Fields fed to the model letter by letter; keys and rhythms are fed as values that it knows."""
_COMMENT = re.compile(r"(?<!\\)%.*")
_NUMBER = re.compile(r"[0-9]{1,9}")
_LINE_END = re.compile(r"\r\n|\r|\n")
_WHOLE_LINES = frozenset({TokenKind.COMMENT, TokenKind.FIELD, TokenKind.DIRECTIVE})
"""Tokens after which nothing else can come in their line."""
_BAR_LINE_ENDS = ("|", ":", "]")
_SEVERAL = "a prompt is the start of one tune, this one holds several: give it one"


@dataclass(frozen=True)
class Prompt:
    """The start of a tune."""

    header: Header = field(default_factory=Header)
    """The given fields; the model writes the others."""
    notes: str = ""
    """The start of the body."""
    aside: tuple[str, ...] = ()
    """Header lines that the model does not read, such as ``C:``; kept in the tune before ``K:``."""
    reference_number: int | None = None
    """The number in its ``X:`` field."""
    key_properties: str = ""
    """Clef and voice properties in its ``K:`` field."""

    @cached_property
    def music(self) -> str:
        """The notes as they are fed to a model (see `fed_music`)."""
        return fed_music(self.notes, self._unit)

    @property
    def _unit(self) -> Fraction | None:
        return parse_unit(self.header.unit) if self.header.unit is not None else None

    def check_music(self) -> None:
        """Check that a playable tune can begin like this.

        Raises:
            InputError: it cannot; the message names the first fault and its position.
        """
        voices = [line[2:] for line in self.aside if line.startswith("V:")]
        if len({voice_id(value) for value in voices}) > 1:
            raise InputError("a prompt has one voice: leave one V: field")
        check_notes(self.notes, self._unit, voices)
        meter = parse_meter(self.header.meter or "none") or FREE
        unit = self._unit or default_unit(meter)
        for line in self.aside:
            if line[:2] in _HEADER_ONCE:
                raise InputError(f"the prompt has {line[:2]} twice: leave one of them out")
            if line[:2] in _HEADER_NEVER:
                raise InputError(
                    f"a prompt cannot have the field {line[:2]!r}: remove {line[:40]!r}"
                )
        # An accidental at the end belongs to the next note.
        whole = self.notes.rstrip("^_=")
        for problem in problems_of_beginning(parse_body(whole, meter, unit)):
            raise InputError(
                f"notes: line {problem.line}:{problem.column}: {problem.rule}: {problem.message}; "
                "fix it, or use --raw"
            )
        check_end(self.notes)

    def check(self, vocabulary: Vocabulary) -> None:
        """Check that the model knows every character to be fed.

        Raises:
            UnknownCharacterError: it does not; the message names the first such character.
        """
        places = [
            (FIELD_NAMES[letter], value)
            for letter, value in self.header.given()
            if letter in _SPELT
        ]
        for name, text in [*places, ("notes", self.music)]:
            try:
                vocabulary.encode(text)
            except UnknownCharacterError as error:
                raise UnknownCharacterError(f"{name}: {error}") from error


def read_prompt(text: str, options: Header | None = None) -> Prompt:
    """Read a user's text as a prompt, together with the fields of the command's options.

    A prompt is any start of a tune: some header fields, a whole header and notes, or notes alone.
    A header field takes a whole line; one without a value is left to the model, like a missing
    one. If ``L:`` is missing in a header that ends in ``K:``, the notes are in the standard's
    default unit note length.

    Args:
        text: ABC, with any line ends.
        options: fields from the command line.

    Raises:
        InputError: a field is invalid, an option contradicts it, or there is a second tune.
    """
    lines = [line for line in _LINE_END.split(text.lstrip("\ufeff")) if line.strip()]
    count = _header_length(lines)
    header, aside, number, properties = _read_header(lines[:count])
    header = header.merged(options or Header())
    notes = _read_notes(lines[count:], ended=text.endswith(("\n", "\r")))
    if notes and header.key is not None and count and _has_key(lines[count - 1]):
        header = header.with_default_unit()
    unit = parse_unit(header.unit) if header.unit is not None else None
    if notes and unit is not None:
        notes = with_unit_at_end(notes, unit)
    return Prompt(header, notes, tuple(aside), number, properties)


def _header_length(lines: list[str]) -> int:
    """The number of lines before the first line of music; ``K:`` is the last line of a header."""
    for index, line in enumerate(lines):
        if _has_key(line):
            return index + 1
        if not (_FIELD.match(line) or line.startswith("%")) or _MUSIC.match(line):
            return index
    return len(lines)


def _has_key(line: str) -> bool:
    return line.startswith("K:")


def _read_header(lines: list[str]) -> tuple[Header, list[str], int | None, str]:
    values: dict[str, str] = {}
    aside: list[str] = []
    numbers: list[str] = []
    last = ""
    for line in lines:
        match = _FIELD.match(line)
        letter, value = match.groups() if match else ("", "")
        value = _COMMENT.sub("", value).strip()
        if letter == "+" and last not in aside:
            # A continued field (ABC 2.1 section 6.1.2).
            if last[:2] != "T:" or "title" not in values:
                raise InputError(f"{line[:40]!r} continues no field: remove it")
            values["title"] = f"{values['title']} {value}"
            continue
        last = line
        if letter == "X":
            numbers.append(value)
        elif letter not in FIELDS or FIELDS[letter] in values:
            aside.append(line)
        elif value:
            values[FIELDS[letter]] = value
    if len(numbers) > 1:
        raise InputError(_SEVERAL)
    number = numbers[0] if numbers else ""
    _, properties = split_key(values.get("key", ""))
    return Header(**values), aside, int(number) if _NUMBER.fullmatch(number) else None, properties


def _read_notes(lines: list[str], *, ended: bool) -> str:
    """The lines as they are fed to the model.

    The last line end is kept only after a bar line: inside a bar it came from the shell.
    """
    if any(line.startswith("X:") for line in lines):
        raise InputError(_SEVERAL)
    if not lines:
        return ""
    last = lines[-1].rstrip() if ended else lines[-1]
    whole = any(token.kind in _WHOLE_LINES for token in lex(last, Context.BODY))
    end = "\n" if whole or (ended and last.endswith(_BAR_LINE_ENDS)) else ""
    return "\n".join([*(line.rstrip() for line in lines[:-1]), last]) + end
