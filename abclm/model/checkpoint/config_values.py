"""The parts of a `config.json` that need more than a check of their types."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final, TypeVar

from abclm.corpus.names import is_plain_name
from abclm.errors import InputError
from abclm.model.settings import NetworkSettings, TrainingSettings
from abclm.model.text import Usual
from abclm.notation.cursor.ensemble import MOST_VOICES
from abclm.untrusted.values import check_keys, number_of, table_of, text_of, texts_of, wholes_of

__all__ = ["corpus_of", "results_of", "settings_of", "usual_of"]

_Settings = TypeVar("_Settings", NetworkSettings, TrainingSettings)

_MOST_KNOWN: Final = 1000
"""The most keys or rhythms that a network may know, far above real numbers."""


def settings_of(kind: type[_Settings], values: Mapping[str, Any], key: str) -> _Settings:
    """Read settings, which check themselves.

    Raises:
        InputError: they are invalid; the message names the key.
    """
    table = table_of(values, key)
    check_keys(table, frozenset(field.name for field in fields(kind)), f"{key}: ")
    try:
        return kind(**table)
    except TypeError as error:
        raise InputError(f"{key}: {error}") from error


def corpus_of(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Read the description of a corpus, whose name must not lead to another folder.

    Raises:
        InputError: it is invalid; the message names the key.
    """
    table = table_of(values, key)
    for part in ("name", "sha256"):
        if part in table and not is_plain_name(text_of(table, part)):
            raise InputError(f"{key}: {part} must be a plain word, not {table[part]!r:.40}")
    return table


def results_of(values: Mapping[str, Any], key: str) -> dict[str, float | None]:
    """Read results, each a number or null.

    Raises:
        InputError: they are invalid; the message names the key.
    """
    table = table_of(values, key)
    return {name: None if table[name] is None else number_of(table, name) for name in table}


def usual_of(values: Mapping[str, Any], key: str) -> Usual:
    """Read the keys and rhythms that a network knows.

    Raises:
        InputError: they are invalid; the message names the key.
    """
    table = table_of(values, key)
    voices = wholes_of({"voices": []} | table, "voices", 1, MOST_VOICES)
    units = texts_of({"units": []} | table, "units")
    known = Usual(texts_of(table, "keys"), texts_of(table, "rhythms"), voices, units)
    if max(len(known.keys), len(known.rhythms), len(known.units)) > _MOST_KNOWN:
        raise InputError(f"{key} has more than {_MOST_KNOWN} keys, rhythms or units")
    return known
