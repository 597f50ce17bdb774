"""Titles, reduced to what two settings of one tune have in common."""

import re

__all__ = ["normalise_title"]

_ARTICLE = re.compile(r"^(the|a|an) |, (the|a|an)\b")
_DANCES = re.compile(
    r"\b(air|clog|country dance|double|fling|gavotte|highland|hop|hornpipe|jig|march|minuet|polka|"
    r"quick ?step|reel|set|single|slide|slip|strathspey|two|waltz)s?\b"
)


def normalise_title(title: str) -> str:
    """``title`` without case, article, words for dances, and all that is no letter or digit.

    ``The Old Maids Of Galway`` and ``Old Maids of Galway -- Reel`` are alike then. Nothing is left
    of a title that names a dance only, such as ``Quick Step``: it says nothing of the tune.
    """
    words = _DANCES.sub(" ", _ARTICLE.sub(" ", title.casefold()))
    return "".join(character for character in words if character.isalnum())
