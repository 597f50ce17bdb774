"""Strings from other files made safe in ABC: nothing in them can end their field or quotes."""

from typing import Final

__all__ = ["field_text", "quoted", "syllable"]

_MOST: Final = 400
"""Characters of a title or an annotation; what is longer is a text that got there by mistake."""
_IN_SYLLABLES: Final = str.maketrans({"_": " ", "*": " ", "|": " ", "-": "\u2011"})
"""The signs of ``w:`` lines; a hyphen in a syllable becomes one that does not divide."""


def field_text(text: str) -> str:
    """Return ``text`` as the value of a field: on one line, comments and escapes disarmed."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(shown.replace("\\", "/").split())[:_MOST].replace("%", "\\%")


def quoted(text: str) -> str:
    """Return ``text`` in quotation marks."""
    safe = field_text(text).replace('"', "”")
    return f'"{safe}"'


def syllable(text: str) -> str:
    """Return a syllable as in a ``w:`` line; `Note.lyrics` says what it may end in."""
    if text == "_":
        return "_"
    hyphenated = text.endswith("-") and len(text) > 1
    safe = field_text(text[:-1] if hyphenated else text).translate(_IN_SYLLABLES)
    return "~".join(safe.split()) + ("-" if hyphenated else "")
