"""The names of corpora: each is a folder, so a name must not lead anywhere else."""

from typing import Final

__all__ = ["is_plain_name"]

_MOST_CHARACTERS: Final = 100
_SEPARATORS: Final = frozenset('/\\:*?"<>|')
"""Characters that separate folders or are not allowed in a file's name somewhere."""


def is_plain_name(name: str) -> bool:
    """Whether ``name`` is a plain word or several, which names one folder in another."""
    return (
        bool(name.strip())
        and len(name) <= _MOST_CHARACTERS
        and not name.startswith(".")
        and name.isprintable()
        and _SEPARATORS.isdisjoint(name)
    )
