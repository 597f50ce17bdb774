"""One tune of a file: as its author wrote it, as the model reads it, and its place among bytes."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abclm.cli.sources import AbcSource
    from abclm.notation.music import Tune
    from abclm.notation.tunebook import TuneTokens

__all__ = ["ChosenTune", "choose_one", "read_for_model"]


@dataclass(frozen=True, slots=True)
class ChosenTune:
    """A tune that is to be worked on.

    Attributes:
        source: the file it is in.
        start: where it begins in the file's text.
        tokens: what it consists of.
        tune: the tune.
    """

    source: "AbcSource"
    start: int
    tokens: "TuneTokens"
    tune: "Tune"

    @property
    def name(self) -> str:
        """What the tune is called in messages."""
        number = self.tune.value("X")
        return f"{self.source.name} X:{number}" if number else self.source.name

    @property
    def text(self) -> str:
        """What the tune consists of, without what follows its last line of music or field."""
        return "".join(token.text for token in self.tokens.tokens)

    @property
    def behind(self) -> str:
        """The text of the file behind the tune."""
        return self.source.text[self.start + len(self.text) :]

    @property
    def line_end(self) -> str:
        """The file's own line end."""
        return next((end for end in ("\r\n", "\n", "\r") if end in self.source.text), "\n")

    def replaced(self, text: str, taken: int = 0) -> bytes:
        """The bytes of the file with ``text`` in the tune's place.

        Args:
            text: of the tune.
            taken: so many characters behind the tune are in ``text`` already.
        """
        before = self.source.text[: self.start]
        return self.source.encode(before + text + self.behind[taken:])

    def by_itself(self, text: str) -> str:
        """``text`` in the tune's place, as a tune of its own without ``X:``, for the ledger."""
        from abclm.compose.tunebook import by_itself

        return by_itself(text, [token.text for token in self.tokens.file_fields])

    def prompt(self, taken: int = 0) -> str:
        """A tunebook of the tune alone, to which the same can be done again.

        Args:
            taken: so many characters behind the tune matter, too.
        """
        text = self._with_file_fields(self.text + self.behind[:taken])
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def problems(self, text: str) -> Counter[str]:
        """How often each rule is broken by ``text`` in the tune's place."""
        from abclm.notation.validate import validate

        return Counter(problem.rule for problem in validate(self._with_file_fields(text)))

    def is_no_worse(self, text: str) -> bool:
        """Whether ``text`` in the tune's place has no problem that the tune has not."""
        return self.problems(text) <= self.problems(self.text)

    def _with_file_fields(self, text: str) -> str:
        header = "".join(f"{token.text}\n" for token in self.tokens.file_fields)
        return f"{header}\n{text}" if header else text


def choose_one(source: "AbcSource", number: int | None = None) -> ChosenTune:
    """The tune of a file whose ``X:`` is ``number``; without one, the only tune there.

    Raises:
        InputError: there is no such tune, or there are several to choose from.
    """
    from abclm.cli.tunes import listed
    from abclm.errors import InputError
    from abclm.notation.parser import parse_tune
    from abclm.notation.tunebook import split_tunes

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


def read_for_model(tune: "Tune", name: str) -> "Tune":
    """The tune simplified as in the corpus; its notes keep the places of the user's.

    Args:
        tune: as the user wrote it.
        name: what it is called in messages.

    Raises:
        InputError: it has several voices.
    """
    from abclm.corpus.simplify import simplify
    from abclm.errors import InputError

    if len(tune.voices) > 1:
        raise InputError(f"{name} has several voices: the model writes tunes of one")
    return simplify(tune, number=1)


def _number(tune: "TuneTokens") -> str:
    first = tune.tokens[0]
    value = first.value if first.text.startswith("X:") else "?"
    return str(int(value[:9])) if value.isdecimal() else value or "?"


def _offset(text: str, tune: "TuneTokens") -> int:
    """Where the first line of ``tune`` begins in ``text``."""
    import re

    before = tune.tokens[0].line - 1
    ends = re.finditer(r"\r\n|\r|\n", text)
    return [0, *(match.end() for _, match in zip(range(before), ends, strict=False))][before]
