"""One tune of a file: its text, the tune as the model reads it, and its position in the file."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from abclm.compose.tunebook import by_itself
from abclm.corpus.simplify import in_plain_notation, simplify
from abclm.errors import ChangedError, InputError
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tune, parse_tunebook
from abclm.notation.parse.tunebook import TuneTokens, split_tunes
from abclm.notation.syntax.source import Source, readable
from abclm.notation.tune.music import Tune

__all__ = ["ChosenTune", "choose_one", "choose_tune", "listed", "read_for_model", "read_tunes"]

_LISTED = 12
"""The number of reference numbers for which a message of one line has room."""
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class ChosenTune:
    """A tune to be worked on.

    Attributes:
        source: the file that contains it.
        start: the index in the file's text at which it begins.
        tokens: its tokens.
        tune: the parsed tune.
    """

    source: Source
    start: int
    tokens: TuneTokens
    tune: Tune

    @classmethod
    def all_of(cls, source: Source) -> Iterator[Self]:
        """Yield all tunes of a file in order, each read when it is needed."""
        starts = [0, *(match.end() for match in _LINE_END.finditer(source.text))]
        for tokens in split_tunes(source.text):
            start = starts[tokens.tokens[0].line - 1]
            yield cls(source, start, tokens, parse_tune(tokens).tune)

    @property
    def name(self) -> str:
        """The tune's name in messages."""
        number = self.tune.value("X")
        return f"{self.source.name} X:{number}" if number else self.source.name

    @property
    def text(self) -> str:
        """The text of the tune up to its last line of music or last field."""
        return "".join(token.text for token in self.tokens.tokens)

    @property
    def text_after(self) -> str:
        """The text of the file after the tune."""
        return self.source.text[self.start + len(self.text) :]

    @property
    def line_end(self) -> str:
        """The file's own line end."""
        return self.source.line_end

    def replaced(self, text: str, taken: int = 0) -> bytes:
        """The bytes of the file with the tune replaced by ``text``.

        Args:
            text: the new text of the tune.
            taken: number of characters after the tune that ``text`` already includes.
        """
        before = self.source.text[: self.start]
        return self.source.encode(before + text + self.text_after[taken:])

    def by_itself(self, text: str) -> str:
        """``text`` in place of the tune, as a tune of its own without ``X:``, for the ledger."""
        return readable(by_itself(text, self._file_fields()))

    def prompt(self, taken: int = 0) -> str:
        """A tunebook of the tune alone, on which the same command can be run again.

        Args:
            taken: number of characters after the tune to include.
        """
        return self._alone(self.text + self.text_after[:taken])

    def with_text(self, text: str) -> "ChosenTune":
        """The tune with its text replaced by ``text``, in a tunebook of its own."""
        return choose_one(Source.of(self._alone(text), self.source.name))

    def problems(self, text: str) -> Counter[str]:
        """How often each rule is broken with ``text`` in place of the tune."""
        return Counter(problem.rule for problem in validate(self._with_file_fields(text)))

    def is_no_worse(self, text: str) -> bool:
        """Whether ``text`` in place of the tune has only problems that the tune already has."""
        return self.problems(text) <= self.problems(self.text)

    def found_in(self, now: Source, taken: int = 0) -> "ChosenTune":
        """Find the same tune in the current version of its file.

        Args:
            now: the file.
            taken: number of characters after the tune that must also be the same.

        Raises:
            ChangedError: it is not there unchanged, or there are several such tunes.
        """
        if now == self.source:
            return self
        others = [
            ChosenTune(now, _offset(now.text, one), one, self.tune) for one in split_tunes(now.text)
        ]
        same = [other for other in others if other._is_same(self, taken)]
        if len(same) != 1:
            raise ChangedError(f"{self.name} was changed in the meantime by another program")
        return same[0]

    def _is_same(self, other: "ChosenTune", taken: int) -> bool:
        return (
            self.text == other.text
            and self.has_fields_of(other)
            and self.text_after[:taken] == other.text_after[:taken]
        )

    def _file_fields(self) -> list[str]:
        return [token.text for token in self.tokens.file_fields]

    def has_fields_of(self, other: "ChosenTune") -> bool:
        """Whether the same fields of a file's header apply to this and the other tune."""
        return self._file_fields() == other._file_fields()

    def _alone(self, text: str) -> str:
        book = readable(self._with_file_fields(text))
        return book.replace("\r\n", "\n").replace("\r", "\n")

    def _with_file_fields(self, text: str) -> str:
        header = "".join(f"{field}\n" for field in self._file_fields())
        return f"{header}\n{text}" if header else text


def choose_one(source: Source, number: int | None = None) -> ChosenTune:
    """Find the tune of a file whose ``X:`` is ``number``, or the only tune if it is None.

    Raises:
        InputError: there is no such tune, or there are several to choose from.
    """
    tunes = split_tunes(source.text)
    if not tunes:
        raise InputError(f"{source.name}: no tune found: a tune starts with X:1")
    numbers = [_number(tune) for tune in tunes]
    if number is None and len(tunes) > 1:
        raise InputError(
            f"{source.name} holds {len(tunes)} tunes: say which with --tune; "
            f"there are: {listed(numbers)}"
        )
    if number is not None and str(number) not in numbers:
        raise InputError(f"{source.name}: no X:{number}; there are: {listed(numbers)}")
    tokens = tunes[0 if number is None else numbers.index(str(number))]
    parsed = parse_tune(tokens)
    return ChosenTune(source, _offset(source.text, tokens), tokens, parsed.tune)


def read_tunes(text: str, name: str) -> list[Tune]:
    """Parse all tunes of a tunebook.

    Args:
        text: the text of the tunebook.
        name: its name in messages.

    Raises:
        InputError: it has no tune.
    """
    tunes = [parsed.tune for parsed in parse_tunebook(text)]
    if not tunes:
        raise InputError(f"{name}: no tune found: a tune starts with X:1")
    return tunes


def choose_tune(tunes: Sequence[Tune], number: int | None, name: str) -> Tune:
    """Choose the tune whose ``X:`` is ``number``, with or without leading zeros.

    Without a number it is the first tune.

    Raises:
        InputError: there is no such tune; the message lists the numbers that exist.
    """
    if number is None:
        return tunes[0]
    numbers = [tune.value("X") or "?" for tune in tunes]
    for tune, written in zip(tunes, numbers, strict=True):
        if written.isdecimal() and int(written[:9]) == number:
            return tune
    raise InputError(f"{name}: no X:{number}; there are: {listed(numbers)}")


def listed(numbers: Sequence[str]) -> str:
    """Reference numbers for a message: the first 12 and, if there are more, the last."""
    shown = ", ".join(numbers[:_LISTED])
    return f"{shown}, … up to {numbers[-1]}" if len(numbers) > _LISTED else shown


def read_for_model(tune: Tune, name: str) -> Tune:
    """Simplify a tune as in the corpus; its notes keep their positions in the user's text.

    Args:
        tune: the tune as the user wrote it.
        name: its name in messages.

    Raises:
        InputError: it has several voices.
    """
    if len(tune.voices) > 1:
        raise InputError(f"{name} has several voices: the model writes tunes of one")
    return simplify(in_plain_notation(tune), number=1)


def _number(tune: TuneTokens) -> str:
    first = tune.tokens[0]
    value = first.value if first.text.startswith("X:") else "?"
    return str(int(value[:9])) if value.isdecimal() else value or "?"


def _offset(text: str, tune: TuneTokens) -> int:
    """The index in ``text`` at which the first line of ``tune`` begins."""
    before = tune.tokens[0].line - 1
    ends = _LINE_END.finditer(text)
    return [0, *(match.end() for _, match in zip(range(before), ends, strict=False))][before]
