"""A tune requested in words, such as "a reel in D": the header fields that they name."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from abclm.constraint.header import FIELDS, Header, similar_rhythm
from abclm.errors import InputError
from abclm.notation.syntax.key import parse_key
from abclm.notation.syntax.meter import FREE, parse_meter
from abclm.notation.syntax.music_tokens import lex_music
from abclm.notation.syntax.tables import DECORATION_LETTERS, MODES, RHYTHMS
from abclm.notation.syntax.tokens import TokenKind

__all__ = ["Request", "read_request", "with_request"]

_LETTERS: Final = re.compile(r"[A-Za-z]{2,}")
_WORD: Final = re.compile(r"[^\s,.;!?\"'()]+")
_MUSIC: Final = re.compile(
    r"^(?:[A-Za-z+]:|%)"  # a field or a comment
    r"|\[[A-Za-z]:"  # a field among notes
    r"|\"[^\"]*\"\S|[!+][^!+\s]+[!+]",  # a chord symbol, a decoration
    re.MULTILINE,
)
_CUT_TIME: Final = re.compile(r"(?<!\S)C\|")
_KEY: Final = re.compile(r"[A-Ga-g](?:#|b|♯|♭|-?sharp|-?flat)?")
_KEY_WITH_MODE: Final = re.compile(r"([A-G][#b♯♭]?)-?([A-Za-z]{1,10})")
_METER: Final = re.compile(r"\d\S*|C\|")
_SIGNS: Final = {"sharp": "#", "flat": "b", "♯": "#", "♭": "b"}
_MODES: Final = {
    **{name: suffix for name, (suffix, _) in MODES.items()},
    "m": "m",
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
        *("give", "make", "play", "compose", "generate", "i", "want", "would", "like", "can"),
        *("could", "you", "one", "to", "something"),
    ]
)
_BEFORE_KEYS: Final = frozenset({"in", "of"})
_LONGEST: Final = 200
"""In characters; a longer text is notes or a header, not a request in words."""


class Request(NamedTuple):
    """A request in words.

    Attributes:
        header: the fields that the words name.
        options: the same as options of the command, or "any tune".
    """

    header: Header
    options: str


def with_request(text: str, given: Mapping[str, Any]) -> tuple[str, dict[str, Any], str]:
    """Separate prompt and options, where the prompt may be words that stand for options.

    Args:
        text: the prompt.
        given: the other options, which must not contradict it; with ``raw``, every prompt is
            music.

    Returns:
        The prompt, empty if it was words; the options; and the options that the words stand for.

    Raises:
        InputError: a word is not understood, or contradicts an option.
    """
    request = None if given.get("raw") else read_request(text)
    if request is None:
        return text, {**given}, ""
    own = Header(**{name: given.get(name) for name in FIELDS.values()})
    asked = request.header.merged(own)
    fields = {FIELDS[letter]: value for letter, value in asked.given()}
    return "", {**given, **fields}, request.options


def read_request(text: str) -> Request | None:
    """Read the words of a prompt; None if it is music, or has no words.

    Raises:
        InputError: a word is not understood.
    """
    if len(text) > _LONGEST or "|" in _CUT_TIME.sub("", text) or _MUSIC.search(text):
        return None
    words = _WORD.findall(text)
    if not words or not _are_words(text):
        return None
    found: dict[str, str] = {}
    before = ""
    while words:
        taken = _take(words, found, after=before)
        if not taken:
            raise InputError(_not_understood(words[0]))
        before = words[taken - 1].lower()
        words = words[taken:]
    options = " ".join(f"--{name} {_quoted(value)}" for name, value in found.items())
    return Request(Header(**found), options or "any tune")


def _not_understood(word: str) -> str:
    meant = similar_rhythm(word)
    mend = (
        f"did you mean {meant!r}?"
        if meant
        else 'write the start of a tune in ABC, or words such as "a slow air in D minor"'
    )
    return f"{word!r} in the prompt is neither music nor a rhythm, a key or a meter: {mend}"


def _are_words(text: str) -> bool:
    """Whether a text has a word that is not music, such as ``reel``."""
    letters = _LETTERS.findall(text)
    return any(_rhythm(word.lower()) or _is_word(word) for word in letters)


def _is_word(letters: str) -> bool:
    return any(
        token.kind is TokenKind.UNKNOWN
        or (token.kind is TokenKind.DECORATION and token.text not in DECORATION_LETTERS)
        for token in lex_music(letters)
    )


def _take(words: list[str], found: dict[str, str], after: str) -> int:
    """Read the first of ``words``, which follow the word ``after``, and add it to ``found``.

    Returns:
        The number of words understood.
    """
    for count in (2, 1):
        rhythm = _rhythm(" ".join(words[:count]).lower())
        if rhythm is not None and len(words) >= count and "rhythm" not in found:
            found["rhythm"] = rhythm
            return count
    key, used = _key(words, after)
    if key is not None and "key" not in found:
        found["key"] = key
        return used
    meter = parse_meter(words[0]) if _METER.fullmatch(words[0]) else None
    if meter not in {None, FREE} and "meter" not in found:
        found["meter"] = str(meter)
        return 1
    return int(words[0].lower() in _FILLERS)


def _rhythm(words: str) -> str | None:
    joined = words.replace(" ", "")
    for name in (words, words.removesuffix("s"), words.removesuffix("es"), joined):
        if name in RHYTHMS:
            return RHYTHMS[name]
    return None


def _key(words: list[str], after: str) -> tuple[str | None, int]:
    """The key that ``words`` begin with, and the number of words that name it."""
    whole = _KEY_WITH_MODE.fullmatch(words[0])
    if whole and whole[2].lower() in _MODES:
        return _spelt(whole[1] + _MODES[whole[2].lower()], 1)
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
    elif (tonic[0].islower() and after not in _BEFORE_KEYS) or _is_article(words):
        return None, 0
    return _spelt(tonic[0].upper() + tonic[1:], used)


def _is_article(words: list[str]) -> bool:
    """Whether ``words`` begin with an article, not the key A: ``A slip jig``."""
    names = (" ".join(words[1:end]).lower() for end in (2, 3))
    return words[0] in {"A", "a"} and any(_rhythm(name) is not None for name in names)


def _spelt(text: str, used: int) -> tuple[str | None, int]:
    key = parse_key(text)
    return (str(key), used) if key is not None else (None, 0)


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
