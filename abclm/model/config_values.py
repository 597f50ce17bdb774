"""The values of a `config.json`, checked one by one: somebody else may have written it.

A value that is missing raises `KeyError`, one of the wrong kind `InputError`.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from abclm.corpus.names import is_plain_name
from abclm.errors import InputError
from abclm.model.settings import NetworkSettings, TrainingSettings

__all__ = ["corpus_of", "numbers_of", "settings_of", "table_of", "text_of", "texts_of"]

_Settings = TypeVar("_Settings", NetworkSettings, TrainingSettings)


def text_of(values: Mapping[str, Any], name: str) -> str:
    """The text called ``name``."""
    value = values[name]
    if not isinstance(value, str):
        raise InputError(f"{name} must be a text, not {value!r:.40}")
    return value


def texts_of(values: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The list of texts called ``name``."""
    value = values[name]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InputError(f"{name} must be a list of texts, not {value!r:.40}")
    return tuple(value)


def table_of(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The object called ``name``."""
    value = values[name]
    if not isinstance(value, dict):
        raise InputError(f"{name} must be an object, not {value!r:.40}")
    return value


def numbers_of(values: Mapping[str, Any], name: str) -> dict[str, float | None]:
    """The object called ``name``, all of whose values are numbers or null."""
    table = table_of(values, name)
    for key, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int | float | None):
            raise InputError(f"{name}: {key} must be a number, not {value!r:.40}")
    return table


def corpus_of(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The object called ``name``; it names a corpus, and no folder elsewhere."""
    table = table_of(values, name)
    for key in ("name", "sha256"):
        if key in table and not is_plain_name(text_of(table, key)):
            raise InputError(f"{name}: {key} must be a plain word, not {table[key]!r:.40}")
    return table


def settings_of(kind: type[_Settings], values: Mapping[str, Any], name: str) -> _Settings:
    """The object called ``name`` as settings; they check themselves."""
    table = table_of(values, name)
    known = {field.name for field in fields(kind)}
    for key in table:
        if key not in known:
            raise InputError(f"{name}: this abclm knows no {key!r:.40}")
    try:
        return kind(**table)
    except TypeError as error:
        raise InputError(f"{name}: {error}") from error
