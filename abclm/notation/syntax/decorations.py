"""Decorations: letters, ``!name!``, and the letters that ``U:`` fields define."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from abclm.notation.syntax.music_tokens import DECORATION_NAME
from abclm.notation.syntax.tables import DECORATION_LETTERS, DECORATION_NAMES

__all__ = ["ReadDecoration", "decoration_name", "read_decoration", "read_names", "read_symbols"]

# The same names as between exclamation marks.
_SYMBOL = re.compile(rf"([~H-Wh-w])\s*=\s*[!+]({DECORATION_NAME})[!+]")
_DEFINED = re.compile(r"(?:%%|I:)\s*deco\s+(\S+)")
_NOTHING = frozenset({"nil", "none"})


class ReadDecoration(NamedTuple):
    """A decoration, empty if it has no meaning, and what is wrong with it, or an empty string."""

    text: str
    fault: str = ""


def read_symbols(values: Iterable[str]) -> dict[str, str]:
    """Return the decorations by letter that ``U:`` fields like ``T = !trill!`` define.

    A letter set to ``!nil!`` has an empty string (ABC 2.1 section 4.16).
    """
    matches = [_SYMBOL.match(value.strip()) for value in values]
    return {
        match.group(1): "" if match.group(2) in _NOTHING else f"!{match.group(2)}!"
        for match in matches
        if match
    }


def read_names(lines: Iterable[str]) -> frozenset[str]:
    """Return the names of decorations defined by lines ``%%deco NAME …`` and ``I:deco NAME …``."""
    return frozenset(match.group(1) for match in map(_DEFINED.match, lines) if match)


def read_decoration(
    text: str, symbols: dict[str, str], names: frozenset[str] = frozenset()
) -> ReadDecoration:
    """Read a decoration such as ``~``, ``!trill!`` or ``+trill+``.

    Args:
        text: the decoration as written.
        symbols: the letters redefined by ``U:``, from `read_symbols`.
        names: the names defined by ``%%deco``, valid like standard ones.
    """
    if text in symbols:
        # The tune defines this symbol, so its name need not be a standard one.
        return ReadDecoration(symbols[text])
    name = decoration_name(text)
    known = text in DECORATION_LETTERS or name in DECORATION_NAMES
    if known or name in names or f"!{name}!" in symbols.values():
        return ReadDecoration(text)
    fault = f"{text} is not a standard decoration"
    misspelt = name.lower() in DECORATION_NAMES and len(text) > 1
    return ReadDecoration("", f"{fault}: write !{name.lower()}!" if misspelt else fault)


def decoration_name(text: str) -> str:
    """Return the name of a decoration: ``trill`` for ``T``, ``!trill!`` and ``+trill+``."""
    return text[1:-1] if len(text) > 1 else DECORATION_LETTERS.get(text, "")
