"""The names of corpora: each names a folder, so it must not lead elsewhere."""

from typing import Final

__all__ = ["is_plain_name"]

_MOST_CHARACTERS: Final = 100
"""File systems allow 255 bytes, and some characters take two or more."""
_SEPARATORS: Final = frozenset('/\\:*?"<>|')
"""Characters that separate folders or that some system forbids in file names."""


def is_plain_name(name: str) -> bool:
    """Return whether ``name`` is one or more plain words that can name a folder."""
    return (
        bool(name.strip())
        and len(name) <= _MOST_CHARACTERS
        and not name.startswith(".")
        and name.isprintable()
        and _SEPARATORS.isdisjoint(name)
    )
