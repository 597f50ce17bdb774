"""Titles, normalised so that two settings of one tune compare equal."""

import re

__all__ = ["normalise_title"]

_ARTICLE = re.compile(r"^(the|a|an) |, (the|a|an)\b")
_DANCES = re.compile(
    r"\b(air|clog|country dance|double|fling|gavotte|highland|hop|hornpipe|jig|march|minuet|polka|"
    r"quick ?step|reel|set|single|slide|slip|strathspey|two|waltz)s?\b"
)


def normalise_title(title: str) -> str:
    """Return ``title`` case-folded, with only letters and digits, without articles and dance names.

    ``The Old Maids Of Galway`` and ``Old Maids of Galway -- Reel`` become equal. A title that is
    only the name of a dance, such as ``Quick Step``, becomes empty: it does not identify a tune.
    """
    words = _DANCES.sub(" ", _ARTICLE.sub(" ", title.casefold()))
    return "".join(character for character in words if character.isalnum())
