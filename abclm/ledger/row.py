"""A row of the ledger: its data, and how it is read although it may be damaged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from abclm.errors import InputError, LedgerError
from abclm.untrusted.strict_json import read_json
from abclm.untrusted.values import text_of, whole_of

__all__ = ["COLUMNS", "Entry", "LoggedTune", "read_row"]

COLUMNS: Final = (
    "id",
    "parent",
    "made",
    "command",
    "prompt",
    "settings",
    "seed",
    "number",
    "checkpoint",
    "text",
    "title",
    "book",
)
"""The columns, in the order that `read_row` expects."""

_SHOWN: Final = ("tune", "section", "voice", "bars", "voices", "above", "chords")
"""The settings that `Entry.as_typed` shows: which tune, bars and voices."""
_MOST: Final = 2**32 - 1
"""The largest seed; also far more tunes than anyone makes from one seed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A tune to be logged, with all that is needed to make it again.

    Attributes:
        text: ABC without ``X:``.
        command: the command that made it, such as ``generate`` or ``tweak``.
        prompt: the text it starts from, or the tune that was reworked.
        settings: options by name, as JSON values.
        seed, number: the seed, and the tune's number among those with this seed.
        checkpoint: sha256 of the weights.
        parent: id of the tune it was made from.
    """

    text: str
    command: str
    prompt: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    number: int = 0
    checkpoint: str = ""
    parent: int | None = None

    def as_typed(self, *, with_file: bool = True) -> str:
        """The command that made the tune, such as ``redo tunes.abc --tune 2 --bars 5-8``."""
        file = self.settings.get("file")
        if not isinstance(file, str):
            return self.command
        given = ((name, self.settings.get(name)) for name in _SHOWN)
        options = [
            f"--{name}" if value is True else f"--{name} {value}"
            for name, value in given
            if value is not None and value is not False
        ]
        names = [Path(file).name] if with_file else []
        return " ".join([self.command, *names, *options])


@dataclass(frozen=True, slots=True)
class LoggedTune:
    """A tune in the ledger.

    Attributes:
        id: its id.
        made: when it was made, in UTC, such as ``2026-02-01T12:00:00Z``.
        entry: how it was made.
        title, book: the title and the tunebook in which it was kept, or None.
        starred: whether the user marked it.
    """

    id: int
    made: str
    entry: Entry
    title: str | None = None
    book: str | None = None
    starred: bool = False

    def matches(self, words: Sequence[str]) -> bool:
        """Return whether all words are in its header, the title it was kept as, or its command.

        Args:
            words: in lower case.
        """
        header, key, rest = self.entry.text.partition("\nK:")
        shown = [header, key, rest.partition("\n")[0], self.entry.as_typed(), self.title or ""]
        text = "".join(shown).lower()
        return all(word in text for word in words)

    def as_dict(self) -> dict[str, Any]:
        """The tune and how it was made, as JSON values."""
        entry = self.entry
        return {
            "id": self.id,
            "parent": entry.parent,
            "made": self.made,
            "command": entry.command,
            "prompt": entry.prompt,
            "settings": dict(entry.settings),
            "seed": entry.seed,
            "number": entry.number,
            "checkpoint": entry.checkpoint,
            "abc": entry.text,
            "title": self.title,
            "book": self.book,
            "starred": self.starred,
        }


def read_row(row: Sequence[Any]) -> LoggedTune:
    """The tune in a row with the values of `COLUMNS`.

    Raises:
        LedgerError: abclm cannot have written the row; the message names the tune and the column.
    """
    values = dict(zip(COLUMNS, row, strict=True))
    try:
        return _tune(values)
    except InputError as error:
        raise LedgerError(f"tune {values['id']} is damaged in the ledger: {error}") from error


def _tune(values: Mapping[str, Any]) -> LoggedTune:
    entry = Entry(
        _text(values, "text"),
        _text(values, "command"),
        _text(values, "prompt"),
        _settings(values),
        whole_of(values, "seed", 0, _MOST),
        whole_of(values, "number", 0, _MOST),
        _text(values, "checkpoint"),
        _parent(values),
    )
    title, book = (None if values[key] is None else _text(values, key) for key in ("title", "book"))
    return LoggedTune(values["id"], _text(values, "made"), entry, title, book)


def _text(values: Mapping[str, Any], key: str) -> str:
    text = text_of(values, key)
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise InputError(f"{key} is not UTF-8") from error
    return text


def _settings(values: Mapping[str, Any]) -> dict[str, Any]:
    try:
        settings = read_json(_text(values, "settings"))
    except ValueError as error:
        raise InputError(f"settings are not JSON: {error}") from error
    if not isinstance(settings, dict):
        raise InputError(f"settings must be an object, not {settings!r:.40}")
    return settings


def _parent(values: Mapping[str, Any]) -> int | None:
    """The parent's id, which must be smaller, so that no tune is its own ancestor."""
    if values["parent"] is None:
        return None
    return whole_of(values, "parent", 1, values["id"] - 1)
