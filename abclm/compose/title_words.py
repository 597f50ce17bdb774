"""The words of titles: which titles supply words, and which words make a title."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Final

from abclm.notation.syntax.tables import RHYTHMS

__all__ = [
    "ARTICLES",
    "CONNECTORS",
    "HONORIFICS",
    "SMALL_WORDS",
    "Words",
    "are_well_formed",
    "fit_dance",
    "is_possessive",
    "names_dance",
    "plain_text",
    "read_words",
    "rhythm_of",
    "title_key",
    "word_key",
]

Words = tuple[str, ...]
"""The words of a title, or of a part of one."""


def _list(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


ARTICLES: Final = _list("a an the")
CONNECTORS: Final = _list(
    "about among and around at behind beneath beyond by for from in near of on over round",
    "through to under upon with within without",
)
"""Words that join two parts of a title: ``The Boys of Portaferry``."""
HONORIFICS: Final = {
    **dict.fromkeys(_list("capt captain col colonel dr father general lord major mr sir"), "he"),
    **dict.fromkeys(_list("lady madam miss mrs"), "she"),
    "planxty": "anyone",
}
"""Words before a name, with the gender of the name: ``Miss Hamilton's Favourite``."""
SMALL_WORDS: Final = ARTICLES | CONNECTORS | _list("as d' de des du his la le my o'")
"""Words that stay in lower case inside a title."""

_ARTICLES_ABROAD: Final = ARTICLES | _list(
    "das de den der det die een ein eine el gli het i il la las le les lo los na un una une y yr"
)

_CLAUSE: Final = _list(
    "ah alive all am are as awa awa' be because been but came can can't come comes could did do",
    "does don't done forever get gin goes going gone had has have he he'll he's her him how i",
    "i'd i'll i'm i's i've if is isn't it it's let let's may me met must my ne'er never no not",
    "now o oh or our ours saw says shall she she'll she's should so than that that's thee their",
    "them then there there's they this thou thy too us was wasn't we we'll we're well were what",
    "when where which while who why will won't would ye you you'll you're your yours",
)
"""Words of a whole clause: the first line of a song cannot be cut and joined to another title."""

_ANY: Final = ""
_DANCES: Final = {
    **{word: (rhythm,) for word, rhythm in RHYTHMS.items() if " " not in word},
    **dict.fromkeys(_list("allemanda allemande cotillion cotillon cottillon cottilon"), ()),
    **dict.fromkeys(_list("measure medley polo polonese presto rondo trot trott"), ()),
    **dict.fromkeys(_list("march marche quick quickstep step troop"), ("march",)),
    **dict.fromkeys(_list("anthem ballad hymn lament lamentation song toast"), ("air", _ANY)),
    **dict.fromkeys(_list("gig gigue jig jigg"), ("jig", "slide", "slip jig")),
    **dict.fromkeys(_list("strathspe strathspey strathsy"), ("strathspey",)),
    "gavot": ("gavotte",),
    "highland": ("fling", "reel", "strathspey", _ANY),
    "hop": ("slip jig",),
    "planxty": ("air", "jig", _ANY),
    "rant": ("reel", "strathspey"),
    "slip": ("slip jig",),
}
"""Words for kinds of tune, with the rhythms that each fits; `_ANY` stands for no rhythm."""
_BEFORE_OTHERS: Final = _list("highland planxty")
"""Those of them that other words may follow."""
_DANCE_OF_METER: Final = {"9/8": "slip jig"}
"""Meters that only one dance uses."""

_COLOURS: Final = _list("black brown red white yellow")
_PEOPLE: Final = _list("boy boys girl girls lad lads lass lasses maid maids man men woman women")
"""A colour before one of these may be read as a skin colour."""

_LEFT_OUT: Final = _list(
    # Slurs, words of minstrel songs, and words that are crude now whatever they meant then.
    "arse ass bastard bitch blackamoor bottom breast breasts bull-dozer bulldozer chinaman",
    "cock coon damn damned dang'd danged darkey darkie darky dumb dump dumps fanny gipsies",
    "gipsy gourd gypsies gypsy hell jap japs jew jews knuck mulatto negress negro negroes",
    "nigger niggers pimp piss plantation popish prick protestant pussy randy rape sambo",
    "savage slave slaves slut sodom squaw tail tink tinker tinkers tit tits turd wame wanton",
    "wantoness wench whore zip",
    # Additions and abbreviations of tunebooks.
    "alexr archd batn battn etc genl honble jas margt nr op opus regiment regt regts setting",
    "settings sergt untitled variation variations vol willm wm",
)
"""Words that no new title should use."""

_ADDED = re.compile(
    r"\(|\s-|-\s|,? or the |, or |\.\s+(?:\d|no\b|(?:first|second|other)\b)", re.IGNORECASE
)
_ROMAN = re.compile(r"[IVXLC]{2,}|[IVX]")
_OWNED_BY_MANY = "s'"
_MOST_WORDS_READ = 12
"""No title of the shipped corpus has more."""
_MOST_WORDS_KNOWN = 1 << 14
"""The number of words with cached results: titles use the same words again and again."""


def plain_text(title: str) -> str:
    """``title`` with one code point for each letter, accents included, and one apostrophe."""
    text = unicodedata.normalize("NFC", title)
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


@lru_cache(maxsize=_MOST_WORDS_KNOWN)
def read_words(title: str) -> Words | None:
    """The words of ``title``, or None if no words should be taken from it.

    Text after a dash, a bracket or "or" is left out. None is returned for a title with digits,
    quotes, commas, initials, roman numerals, a clause, or words in `_LEFT_OUT`.
    """
    text = plain_text(title)
    added = _ADDED.search(text)
    words = tuple((text[: added.start()] if added else text).rstrip(" .,;:").split())
    if len(words) > _MOST_WORDS_READ:
        return None
    if not all(_is_plain(word) and word_key(word) not in _CLAUSE for word in words):
        return None
    return words or None


@lru_cache(maxsize=_MOST_WORDS_KNOWN)
def word_key(word: str) -> str:
    """``word`` without case and final stop: ``Mr.`` and ``mr`` are one word."""
    return word.casefold().rstrip(".")


def title_key(words: Words) -> str:
    """The key of a title: equal for titles that are too similar.

    Such titles differ only in case, articles, plurals, possessives and dance words. The key is
    empty if a title has no other words.
    """
    return " ".join(
        _stem(word)
        for word in words
        if word_key(word) not in _ARTICLES_ABROAD and not names_dance(word)
    )


def is_possessive(word: str) -> bool:
    """Whether ``word`` is a possessive: ``Jackson's``, ``Sailors'``."""
    return word_key(word).endswith(("'s", _OWNED_BY_MANY))


def names_dance(word: str) -> bool:
    """Whether ``word`` names a kind of tune."""
    return _dance(word) is not None


def rhythm_of(rhythm: str | None, meter: str | None) -> str:
    """The canonical rhythm, or the only dance in that meter; "" if neither is known."""
    given = " ".join(rhythm.casefold().split()) if rhythm else ""
    return RHYTHMS.get(given, given) or _DANCE_OF_METER.get(meter or "", "")


def fit_dance(words: Words, rhythm: str) -> bool:
    """Whether every dance that ``words`` name fits the canonical ``rhythm``."""
    return all(rhythm in dance for word in words if (dance := _dance(word)) is not None)


def are_well_formed(words: Words) -> bool:
    """Whether ``words`` read as one title: no repeated words, no stray word at either end."""
    keys = [word_key(word) for word in words]
    joints = [key for key in keys if key in CONNECTORS]
    content = [_stem(key) for key in keys if key not in SMALL_WORDS]
    if not content:
        return False
    return (
        len(set(content)) == len(content)
        and len(set(joints)) == len(joints) <= 2
        and sum(key in HONORIFICS for key in keys) <= 1
        and keys[0] not in CONNECTORS
        and keys[-1] not in SMALL_WORDS
        and keys[-1] not in HONORIFICS
        and not is_possessive(keys[-1])
        and not (HONORIFICS.get(keys[0]) == "she" and keys[-1] == "wife")
        and not any(_clash(before, after) for before, after in pairwise(keys))
    )


def _clash(before: str, after: str) -> bool:
    """Whether ``after`` cannot follow ``before``: ``A Old``, ``of and``, ``Miss of``."""
    if after in CONNECTORS:
        return before in SMALL_WORDS or before in HONORIFICS or is_possessive(before)
    if after in ARTICLES:
        return before in ARTICLES or before in HONORIFICS or is_possessive(before)
    if names_dance(before) and before not in _BEFORE_OTHERS:
        return not names_dance(after)
    if before in {"a", "an"}:
        return (after[0] in "aeiou") != (before == "an")
    return (before == "of" and after in HONORIFICS) or (before in _COLOURS and after in _PEOPLE)


@lru_cache(maxsize=_MOST_WORDS_KNOWN)
def _dance(word: str) -> tuple[str, ...] | None:
    """The rhythms that ``word`` fits, or None if it does not name a dance."""
    key = word_key(word)
    forms = (key.removesuffix(ending) for ending in ("", "'s", "s", _OWNED_BY_MANY))
    return next((_DANCES[form] for form in forms if form in _DANCES), None)


@lru_cache(maxsize=_MOST_WORDS_KNOWN)
def _stem(word: str) -> str:
    """``word`` without accent, plural and possessive, in one of its usual spellings."""
    plain = "".join(filter(str.isalnum, unicodedata.normalize("NFKD", word_key(word))))
    plain = plain.replace("our", "or").removesuffix("s")
    return f"{plain[:-2]}y" if plain.endswith("ie") else plain


@lru_cache(maxsize=_MOST_WORDS_KNOWN)
def _is_plain(word: str) -> bool:
    """Whether ``word`` has only letters, apostrophes and inner hyphens: ``O'Neill's``, ``Mr.``."""
    letters = word.removesuffix(".")
    if is_possessive(letters):
        letters = letters.removesuffix("'")
    if not letters or word_key(word) in _LEFT_OUT:
        return False
    ends_well = letters[0].isalpha() and letters[-1] not in "'-"
    is_initial = len(letters) == 1 and letters.isupper() and letters != "A"
    is_numeral = _ROMAN.fullmatch(letters) is not None
    return ends_well and not is_initial and not is_numeral and all(map(_is_in_words, letters))


def _is_in_words(character: str) -> bool:
    return character.isalpha() or character in "'-" or unicodedata.category(character)[0] == "M"
