"""A row of the ledger: what it holds, and how it is read where it may be damaged."""

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
"""In the order in which `read_row` wants them."""

_SHOWN: Final = ("tune", "section", "bars")
"""The settings that say which tune and which bars."""
_MOST: Final = 2**32 - 1
"""The largest seed there is, and more tunes than anybody makes of one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A tune to be logged, with all that is needed to make it again.

    Attributes:
        text: ABC without ``X:``.
        command: what made it, such as ``generate`` or ``tweak``.
        prompt: the text it starts from, or the tune that was worked on.
        settings: options by name, as JSON can hold them.
        seed, number: of its random numbers.
        checkpoint: the sha256 of the weights.
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
        """What made the tune, such as ``redo tunes.abc --tune 2 --bars 5-8``."""
        file = self.settings.get("file")
        if not isinstance(file, str):
            return self.command
        options = [f"--{name} {self.settings[name]}" for name in _SHOWN if name in self.settings]
        names = [Path(file).name] if with_file else []
        return " ".join([self.command, *names, *options])


@dataclass(frozen=True, slots=True)
class LoggedTune:
    """A tune in the ledger.

    Attributes:
        id: its number.
        made: when, in UTC, such as ``2026-02-01T12:00:00Z``.
        entry: how.
        title, book: under which title and in which tunebook it was kept, if it was.
    """

    id: int
    made: str
    entry: Entry
    title: str | None = None
    book: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
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
        }


def read_row(row: Sequence[Any]) -> LoggedTune:
    """The tune of a row with the values of `COLUMNS`.

    Raises:
        LedgerError: it is not what abclm writes; the message names the tune and the column.
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
    """A tune that was made before, so that none is its own ancestor."""
    if values["parent"] is None:
        return None
    return whole_of(values, "parent", 1, values["id"] - 1)
