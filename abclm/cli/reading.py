"""One tune of a file: as its author wrote it, as the model reads it, and its place among bytes."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abclm.notation.parse.tunebook import TuneTokens
    from abclm.notation.syntax.source import Source
    from abclm.notation.tune.music import Tune

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

    source: "Source"
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
        return self.source.line_end

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
        from abclm.notation.syntax.source import readable

        return readable(by_itself(text, self._file_fields()))

    def prompt(self, taken: int = 0) -> str:
        """A tunebook of the tune alone, to which the same can be done again.

        Args:
            taken: so many characters behind the tune matter, too.
        """
        from abclm.notation.syntax.source import readable

        text = readable(self._with_file_fields(self.text + self.behind[:taken]))
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def problems(self, text: str) -> Counter[str]:
        """How often each rule is broken by ``text`` in the tune's place."""
        from abclm.notation.check.validate import validate

        return Counter(problem.rule for problem in validate(self._with_file_fields(text)))

    def is_no_worse(self, text: str) -> bool:
        """Whether ``text`` in the tune's place has no problem that the tune has not."""
        return self.problems(text) <= self.problems(self.text)

    def found_in(self, now: "Source", taken: int = 0) -> "ChosenTune":
        """The same tune in what its file is now.

        Args:
            now: the file.
            taken: so many characters behind the tune must be the same, too.

        Raises:
            ChangedError: it is not there as it was, or there are several such tunes.
        """
        from abclm.errors import ChangedError
        from abclm.notation.parse.tunebook import split_tunes

        if now == self.source:
            return self
        others = [
            ChosenTune(now, _offset(now.text, one), one, self.tune) for one in split_tunes(now.text)
        ]
        same = [other for other in others if other._is_as(self, taken)]
        if len(same) != 1:
            raise ChangedError(f"{self.name} was changed meanwhile by something else")
        return same[0]

    def _is_as(self, other: "ChosenTune", taken: int) -> bool:
        return (
            self.text == other.text
            and self._file_fields() == other._file_fields()
            and self.behind[:taken] == other.behind[:taken]
        )

    def _file_fields(self) -> list[str]:
        return [token.text for token in self.tokens.file_fields]

    def _with_file_fields(self, text: str) -> str:
        header = "".join(f"{field}\n" for field in self._file_fields())
        return f"{header}\n{text}" if header else text


def choose_one(source: "Source", number: int | None = None) -> ChosenTune:
    """The tune of a file whose ``X:`` is ``number``; without one, the only tune there.

    Raises:
        InputError: there is no such tune, or there are several to choose from.
    """
    from abclm.cli.tunes import listed
    from abclm.errors import InputError
    from abclm.notation.parse.parser import parse_tune
    from abclm.notation.parse.tunebook import split_tunes

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
    from abclm.corpus.simplify import in_plain_notation, simplify
    from abclm.errors import InputError

    if len(tune.voices) > 1:
        raise InputError(f"{name} has several voices: the model writes tunes of one")
    return simplify(in_plain_notation(tune), number=1)


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
