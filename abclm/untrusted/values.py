"""Values from a JSON or TOML table, each checked before it is used.

Each function raises `InputError` if the value is missing or has the wrong type; the message names
its key.
"""

from collections.abc import Mapping
from typing import Any, Final

from abclm.errors import InputError

__all__ = [
    "check_keys",
    "flag_of",
    "number_of",
    "table_of",
    "tables_of",
    "text_of",
    "texts_of",
    "whole_of",
    "wholes_of",
]

Table = Mapping[str, Any]

_LARGEST: Final = 1e18
"""Below the largest integer of 64 bits, so that a whole number can be converted."""


def check_keys(table: Table, known: frozenset[str], where: str = "") -> None:
    """Check that ``table`` has only ``known`` keys."""
    for key in table:
        if key not in known:
            choices = ", ".join(sorted(known))
            raise InputError(f"{where}unknown key {key!r:.40}; there are: {choices}")


def text_of(table: Table, key: str) -> str:
    """Return a string."""
    value = _value(table, key)
    if not isinstance(value, str):
        raise _wrong(key, "a string", value)
    return value


def texts_of(table: Table, key: str) -> tuple[str, ...]:
    """Return a list of strings."""
    value = _value(table, key)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _wrong(key, "a list of strings", value)
    return tuple(value)


def table_of(table: Table, key: str) -> dict[str, Any]:
    """Return a nested table."""
    value = _value(table, key)
    if not isinstance(value, dict):
        raise _wrong(key, "a table", value)
    return value


def tables_of(table: Table, key: str) -> list[dict[str, Any]]:
    """Return a list of tables."""
    value = _value(table, key)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise _wrong(key, "a list of tables", value)
    return value


def whole_of(table: Table, key: str, least: int, most: int) -> int:
    """Return a whole number from ``least`` to ``most``."""
    value = _value(table, key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(key, "a whole number", value)
    if not least <= value <= most:
        raise _wrong(key, f"between {least} and {most}", value)
    return value


def wholes_of(table: Table, key: str, least: int, most: int) -> tuple[int, ...]:
    """Return a list of whole numbers from ``least`` to ``most``."""
    value = _value(table, key)
    if not isinstance(value, list):
        raise _wrong(key, "a list of whole numbers", value)
    return tuple(whole_of({key: one}, key, least, most) for one in value)


def number_of(table: Table, key: str) -> float:
    """Return a number that is finite and not too large."""
    value = _value(table, key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(key, "a number", value)
    if not -_LARGEST <= value <= _LARGEST:
        raise _wrong(key, "finite and of a usual size", value)
    return value


def flag_of(table: Table, key: str) -> bool:
    """Return true or false."""
    value = _value(table, key)
    if not isinstance(value, bool):
        raise _wrong(key, "true or false", value)
    return value


def _value(table: Table, key: str) -> Any:
    if key not in table:
        raise InputError(f"has no {key!r}")
    return table[key]


def _wrong(key: str, kind: str, value: object) -> InputError:
    return InputError(f"{key} must be {kind}, not {value!r:.40}")
