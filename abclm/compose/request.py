"""A tune asked for in words, such as "a reel in D": what they say of its header."""

import re
from typing import Final, NamedTuple

from abclm.compose.header import Header
from abclm.errors import InputError
from abclm.notation.key import parse_key
from abclm.notation.lexer import Kind, lex_music
from abclm.notation.meter import FREE, parse_meter
from abclm.notation.tables import DECORATION_LETTERS, MODES, RHYTHMS

__all__ = ["Request", "read_request"]

_LETTERS: Final = re.compile(r"[A-Za-z]{2,}")
_WORD: Final = re.compile(r"[^\s,.;!?]+")
_FIELD_LINE: Final = re.compile(r"^(?:[A-Za-z+]:|%)", re.MULTILINE)
_KEY: Final = re.compile(r"[A-G](?:#|b|♯|♭|-?sharp|-?flat)?")
_KEY_WITH_MODE: Final = re.compile(r"([A-G][#b♯♭]?)(m|min|maj|mix|dor|phr|lyd|loc)")
_SIGNS: Final = {"sharp": "#", "flat": "b", "♯": "#", "♭": "b"}
_MODES: Final = {
    **{name: suffix for name, (suffix, _) in MODES.items()},
    "maj": "",
    "min": "m",
    "mix": "mix",
    "dor": "dor",
    "phr": "phr",
    "lyd": "lyd",
    "loc": "loc",
}
_FILLERS: Final = frozenset(
    [
        *("a", "an", "another", "in", "on", "of", "the", "for", "and", "with", "key", "time"),
        *("tune", "please", "write", "me", "some", "new", "irish", "folk", "traditional", "trad"),
    ]
)
_LONGEST: Final = 200


class Request(NamedTuple):
    """What is asked for.

    Attributes:
        header: the fields that the words name.
        options: the same as options of the command.
    """

    header: Header
    options: str


def read_request(text: str) -> Request | None:
    """What the words of a prompt ask for; None where they are music, or no words.

    Raises:
        InputError: they are words, but do not all say what tune is meant.
    """
    if len(text) > _LONGEST or "|" in text or _FIELD_LINE.search(text):
        return None
    words = _WORD.findall(text)
    if not words or not _are_words(text):
        return None
    found: dict[str, str] = {}
    unknown: list[str] = []
    while words:
        taken = _take(words, found)
        if not taken:
            unknown.append(words[0])
        words = words[max(1, taken) :]
    if unknown or not found:
        said = unknown[0] if unknown else text.strip()
        raise InputError(
            f"{said!r} is no music and names no tune: a prompt is the start of a tune in ABC, or "
            'words such as "a reel in D"'
        )
    options = " ".join(f"--{name} {_quoted(value)}" for name, value in found.items())
    return Request(Header(**found), options)


def _are_words(text: str) -> bool:
    """Whether a text has a word that is no music, such as ``reel``."""
    return any(map(_is_word, _LETTERS.findall(text)))


def _is_word(letters: str) -> bool:
    return any(
        token.kind is Kind.UNKNOWN
        or (token.kind is Kind.DECORATION and token.text not in DECORATION_LETTERS)
        for token in lex_music(letters)
    )


def _take(words: list[str], found: dict[str, str]) -> int:
    """Read the first of ``words``: how many of them say something, which is put in ``found``."""
    for count in (2, 1):
        rhythm = _rhythm(" ".join(words[:count]).lower())
        if rhythm is not None and len(words) >= count and "rhythm" not in found:
            found["rhythm"] = rhythm
            return count
    key, used = _key(words)
    if key is not None and "key" not in found:
        found["key"] = key
        return used
    meter = parse_meter(words[0]) if words[0][:1].isdigit() else None
    if meter not in {None, FREE} and "meter" not in found:
        found["meter"] = str(meter)
        return 1
    return int(words[0].lower() in _FILLERS)


def _rhythm(words: str) -> str | None:
    for name in (words, words.removesuffix("s"), words.removesuffix("es")):
        if name in RHYTHMS:
            return RHYTHMS[name]
    return None


def _key(words: list[str]) -> tuple[str | None, int]:
    """The key that ``words`` begin with, and how many of them name it."""
    whole = _KEY_WITH_MODE.fullmatch(words[0])
    if whole and parse_key(words[0]) is not None:
        return str(parse_key(words[0])), 1
    if not _KEY.fullmatch(words[0]):
        return None, 0
    tonic, used = words[0], 1
    for name, sign in _SIGNS.items():
        tonic = tonic.replace(f"-{name}", sign).replace(name, sign)
    if len(tonic) == 1 and len(words) > used and words[used].lower() in {"sharp", "flat"}:
        tonic += _SIGNS[words[used].lower()]
        used += 1
    if len(words) > used and words[used].lower() in _MODES:
        tonic += _MODES[words[used].lower()]
        used += 1
    elif words[0] == "A" and len(words) > 1 and _rhythm(words[1].lower()) is not None:
        return None, 0  # "A reel": the article
    key = parse_key(tonic)
    return (str(key), used) if key is not None else (None, 0)


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
