"""What the model learns of a tune: its notes and form, without engraving and fingering."""

import re
from collections.abc import Iterator

from abclm.notation.lexer import Kind, Token
from abclm.notation.music import Change, Item, LineBreak, Sound, Tune
from abclm.notation.source import unescape_text
from abclm.notation.tables import RHYTHMS, UNIT_NOTE_LENGTHS
from abclm.notation.writer import write_body

__all__ = ["canonical_rhythm", "canonical_title", "simplify"]

_ORNAMENTS = {
    "~": "~",
    "R": "~",
    "!roll!": "~",
    "!turn!": "~",
    "T": "T",
    "!trill!": "T",
    "H": "H",
    "!fermata!": "H",
}
_KEPT_CHANGES = frozenset("KM")
_ARTICLE = re.compile(r"(.*), (the|a|an)\b(.*)", re.IGNORECASE)
_DANCE_IN_TITLE = re.compile(
    r"\b(reel|jig|hornpipe|strathspey|waltz|march|minuet|gavotte|polka|fling|clog|slide)\b"
)
_DANCE_AFTER_DASHES = re.compile(
    r" -- (reel|hornpipe|jig|slip ?jig|clog|strathspey|(highland )?fling)s?\.?$", re.IGNORECASE
)
_FAMILY_NAME = re.compile(r"(o'|mc)(?=[a-z]{2})")
_NO_FAMILY = frozenset({"o'er", "o'clock", "o'the"})
_SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "de",
        "du",
        "for",
        "from",
        "in",
        "is",
        "la",
        "le",
        "of",
        "on",
        "or",
        "o'",
        "o",
        "the",
        "to",
        "with",
    ]
)


def simplify(tune: Tune, number: int) -> Tune:
    """``tune`` as the corpus keeps it, under reference number ``number``.

    Left out: slurs, bowing and fingering, annotations and chord symbols, ties between different
    pitches, every field but X T R M L K, and tempo and part marks. Kept: notes, chords, rests,
    ties, grace notes, rolls, trills and fermatas, repeats and endings, changes of key and meter.
    The unit note length becomes the one of `UNIT_NOTE_LENGTHS` whose text is shorter; dotted pairs
    in eighths are, since broken rhythm spells them.
    """
    items = tuple(_simplify_items(tune.items))
    fields = [_field("X", str(number)), _field("T", canonical_title(tune.title))]
    rhythm = canonical_rhythm(tune)
    if rhythm:
        fields.append(_field("R", rhythm))
    spellings = (
        Tune(tuple(fields), items, (), tune.meter, tune.key, unit) for unit in UNIT_NOTE_LENGTHS
    )
    return min(spellings, key=lambda spelling: (len(write_body(spelling)), -spelling.unit))


def canonical_rhythm(tune: Tune) -> str:
    """The tune's rhythm in one word of `RHYTHMS`, or an empty text.

    Where ``R:`` is missing or says nothing, ``G:`` and then the words of the titles are asked.
    """
    for value in (*tune.values("R"), *tune.values("G")):
        known = RHYTHMS.get(" ".join(value.lower().split()))
        if known:
            return known
    for title in tune.values("T"):
        found = _DANCE_IN_TITLE.findall(title.lower())
        if found:
            return RHYTHMS[found[-1]]
    return ""


def canonical_title(title: str) -> str:
    """One spelling for titles: ``BAG OF MEAL, THE.`` becomes ``The Bag of Meal``.

    A dance behind dashes, as in ``Old Maids of Galway -- Reel``, is left out: ``R:`` names it.
    """
    text = " ".join(unescape_text(title).split())
    text = _DANCE_AFTER_DASHES.sub("", text).rstrip(" .,;:")
    moved = _ARTICLE.fullmatch(text)
    if moved:
        rest, article, more = moved.groups()
        text = f"{article} {rest}{more}"
        text = text[0].upper() + text[1:]
    if text.isupper():
        words = text.lower().split(" ")
        text = " ".join(
            word if word in _SMALL_WORDS and index else _capitalise(word)
            for index, word in enumerate(words)
        )
    return text or "Untitled"


def _capitalise(word: str) -> str:
    """``o'neill`` as ``O'Neill`` and ``mcleod`` as ``McLeod``, but ``o'er`` as ``O'er``."""
    family = _FAMILY_NAME.match(word)
    if family and word not in _NO_FAMILY:
        return family.group(1).capitalize() + _capitalise(word[family.end() :])
    for index, character in enumerate(word):
        if character.isalpha():
            return word[:index] + character.upper() + word[index + 1 :]
    return word


def _field(name: str, value: str) -> Token:
    return Token(Kind.FIELD, f"{name}:{value}", 0, 0)


def _simplify_items(items: tuple[Item, ...]) -> Iterator[Item]:
    sounds = [item for item in items if isinstance(item, Sound)]
    following = dict(zip(map(id, sounds), [*sounds[1:], None], strict=False))
    for item in items:
        if isinstance(item, Sound):
            yield _simplify_sound(item, following[id(item)])
        elif isinstance(item, LineBreak):
            continue
        elif not isinstance(item, Change) or item.name in _KEPT_CHANGES:
            yield item


def _simplify_sound(sound: Sound, following: Sound | None) -> Sound:
    ornaments = dict.fromkeys(_ORNAMENTS[mark] for mark in sound.decorations if mark in _ORNAMENTS)
    return sound._replace(
        rest="z" if sound.rest == "x" else sound.rest,
        decorations=tuple(ornaments) if sound.pitches else (),
        strings=(),
        opens=0,
        closes=0,
        tie=sound.tie and _can_tie(sound, following),
    )


def _can_tie(sound: Sound, following: Sound | None) -> bool:
    """Whether the next sound has one of the same pitches; else the tie was meant as a slur."""
    if following is None:
        return False
    heights = {(pitch.letter, pitch.octave) for pitch in sound.pitches}
    return any((pitch.letter, pitch.octave) in heights for pitch in following.pitches)
