"""Decorations: what a letter or a ``!name!`` stands for, and what ``U:`` fields make of letters."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from abclm.notation.syntax.lexer import DECORATION_NAME
from abclm.notation.syntax.tables import DECORATION_LETTERS, DECORATION_NAMES

__all__ = ["ReadDecoration", "decoration_name", "read_decoration", "read_names", "read_symbols"]

# The names that can be written between exclamation marks too.
_SYMBOL = re.compile(rf"([~H-Wh-w])\s*=\s*[!+]({DECORATION_NAME})[!+]")
_DEFINED = re.compile(r"(?:%%|I:)\s*deco\s+(\S+)")
_NOTHING = frozenset({"nil", "none"})


class ReadDecoration(NamedTuple):
    """A decoration as it is kept, empty where it means nothing, and what is wrong with it."""

    text: str
    fault: str = ""


def read_symbols(values: Iterable[str]) -> dict[str, str]:
    """What ``U:`` fields like ``T = !trill!`` say (ABC 2.1 section 4.16); nothing: ``!nil!``."""
    matches = [_SYMBOL.match(value.strip()) for value in values]
    return {
        match.group(1): "" if match.group(2) in _NOTHING else f"!{match.group(2)}!"
        for match in matches
        if match
    }


def read_names(lines: Iterable[str]) -> frozenset[str]:
    """The decorations that lines ``%%deco NAME …`` and ``I:deco NAME …`` define among others."""
    return frozenset(match.group(1) for match in map(_DEFINED.match, lines) if match)


def read_decoration(
    text: str, symbols: dict[str, str], names: frozenset[str] = frozenset()
) -> ReadDecoration:
    """A decoration such as ``~``, ``!trill!`` or ``+trill+`` where ``symbols`` are redefined.

    Args:
        text: as written.
        symbols: what `read_symbols` gives.
        names: that ``%%deco`` defines, known like those of the standard.
    """
    if text in symbols:
        # Whoever defines a symbol knows its name, in the standard or not.
        return ReadDecoration(symbols[text])
    name = decoration_name(text)
    known = text in DECORATION_LETTERS or name in DECORATION_NAMES
    if known or name in names or f"!{name}!" in symbols.values():
        return ReadDecoration(text)
    fault = f"{text} is not a standard decoration"
    misspelt = name.lower() in DECORATION_NAMES and len(text) > 1
    return ReadDecoration("", f"{fault}: write !{name.lower()}!" if misspelt else fault)


def decoration_name(text: str) -> str:
    """The name of a decoration as written: ``trill`` for ``T``, ``!trill!`` and ``+trill+``."""
    return text[1:-1] if len(text) > 1 else DECORATION_LETTERS.get(text, "")
