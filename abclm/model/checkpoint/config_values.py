"""The parts of a `config.json` that need more than the kind of their value looked at."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final, TypeVar

from abclm.corpus.names import is_plain_name
from abclm.errors import InputError
from abclm.model.settings import NetworkSettings, TrainingSettings
from abclm.model.text import Usual
from abclm.untrusted.values import check_keys, number_of, table_of, text_of, texts_of

__all__ = ["corpus_of", "results_of", "settings_of", "usual_of"]

_Settings = TypeVar("_Settings", NetworkSettings, TrainingSettings)

_MOST_KNOWN: Final = 1000
"""Keys or rhythms that a network knows: there are far fewer."""


def settings_of(kind: type[_Settings], values: Mapping[str, Any], key: str) -> _Settings:
    """Settings; they check themselves.

    Raises:
        InputError: they are none; the message names the key.
    """
    table = table_of(values, key)
    check_keys(table, frozenset(field.name for field in fields(kind)), f"{key}: ")
    try:
        return kind(**table)
    except TypeError as error:
        raise InputError(f"{key}: {error}") from error


def corpus_of(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What is known about a corpus; its name is that of a corpus, and of no folder elsewhere.

    Raises:
        InputError: it is none; the message names the key.
    """
    table = table_of(values, key)
    for part in ("name", "sha256"):
        if part in table and not is_plain_name(text_of(table, part)):
            raise InputError(f"{key}: {part} must be a plain word, not {table[part]!r:.40}")
    return table


def results_of(values: Mapping[str, Any], key: str) -> dict[str, float | None]:
    """Results, each a number or null.

    Raises:
        InputError: they are none; the message names the key.
    """
    table = table_of(values, key)
    return {name: None if table[name] is None else number_of(table, name) for name in table}


def usual_of(values: Mapping[str, Any], key: str) -> Usual:
    """The keys and rhythms that a network knows.

    Raises:
        InputError: they are none; the message names the key.
    """
    table = table_of(values, key)
    known = Usual(texts_of(table, "keys"), texts_of(table, "rhythms"))
    if max(len(known.keys), len(known.rhythms)) > _MOST_KNOWN:
        raise InputError(f"{key} has more than {_MOST_KNOWN} keys or rhythms")
    return known
