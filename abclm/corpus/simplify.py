"""Reduces a tune to what the model learns: notes and form, without engraving and fingering."""

import re
from collections.abc import Iterator
from dataclasses import replace

from abclm.corpus.accidentals import without_needless_accidentals
from abclm.notation.syntax.accidentals import is_microtone, tempered
from abclm.notation.syntax.source import unescape_text
from abclm.notation.syntax.tables import RHYTHM_METERS, RHYTHMS, UNIT_NOTE_LENGTHS
from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.syntax.values import read_length
from abclm.notation.tune.music import (
    PLAIN,
    BarLine,
    BodyField,
    Ending,
    Event,
    Item,
    LineBreak,
    Overlay,
    Tune,
)
from abclm.notation.write.writer import shortest_unit

__all__ = ["canonical_rhythm", "canonical_title", "in_plain_notation", "in_usual_meter", "simplify"]

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
_FERMATA = "H"
_MOST_BARS_OF_REST = 64
"""The most bars of a multi-bar rest that are written out; more would be a tune of rests."""
_KEPT_CHANGES = frozenset("KM")
_ARTICLE = re.compile(r"(.*), (the|a|an)\b(.*)", re.IGNORECASE)
_DANCE_IN_TITLE = re.compile(
    r"\b(reel|slip jig|jig|hornpipe|strathspey|waltz|march|minuet|gavotte|polka|fling|clog|slide"
    r"|quick ?step)\b"
)
_OF_METERS = {"9/8": "slip jig"}
"""Meters that only one dance uses."""
_MARCH = "march"
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


def simplify(tune: Tune, number: int, *, fermatas: bool = False) -> Tune:
    """Return ``tune`` as the corpus stores it, with reference number ``number``.

    Removed: slurs, bowing and fingering, annotations and chord symbols, ties between different
    pitches, redundant accidentals, every field except X T R M L K, and tempo and part marks. Kept:
    notes, chords, rests, ties, grace notes, rolls and trills, a fermata on the last note of a
    section, repeats and endings, changes of key and meter. The unit note length becomes the one of
    `UNIT_NOTE_LENGTHS` that gives the shorter text; for dotted pairs that is the eighth, because
    broken rhythm spells them: ``A>B`` instead of ``A3B``.

    Args:
        tune: the tune.
        number: its new number.
        fermatas: whether those inside a section are kept, too: in a chorale they end the phrases.
    """
    simplified = _simplify_items(tune.items, fermatas=fermatas)
    items = tuple(without_needless_accidentals(simplified, tune.key))
    fields = [_field("X", str(number)), _field("T", canonical_title(tune.title))]
    rhythm = canonical_rhythm(tune)
    if rhythm:
        fields.append(_field("R", rhythm))
    simple = Tune(tuple(fields), items, (), tune.meter, tune.key)
    return replace(simple, unit=shortest_unit(simple, UNIT_NOTE_LENGTHS))


def in_plain_notation(tune: Tune) -> Tune:
    """Return ``tune`` without notation that no corpus has, so that a model can read it.

    ``Z2`` becomes two bars of one rest each, a microtone the semitone it is played as, grace notes
    that sound together the last of them, and an overlay its first layer.
    """
    return replace(tune, items=tuple(_in_plain_notation(tune.items)))


def _in_plain_notation(items: tuple[Item, ...]) -> Iterator[Item]:
    overlaid = False
    for item in items:
        if isinstance(item, Overlay):
            overlaid = True
        elif isinstance(item, Event):
            if not overlaid:
                yield from _bars_of_rest(item) if item.rest in {"Z", "X"} else (_tempered(item),)
        elif isinstance(item, BarLine | Ending):
            overlaid = False
            yield item
        elif not overlaid or isinstance(item, BodyField):
            yield item


def _tempered(event: Event) -> Event:
    if any(grace.with_last for grace in event.graces):
        follow = [*(grace.with_last for grace in event.graces[1:]), False]
        alone = [
            grace._replace(with_last=False)
            for grace, joined in zip(event.graces, follow, strict=True)
            if not joined
        ]
        event = event._replace(graces=tuple(alone))
    if not any(is_microtone(pitch.accidental) for pitch in event.pitches):
        return event
    pitches = (pitch._replace(accidental=tempered(pitch.accidental)) for pitch in event.pitches)
    return event._replace(pitches=tuple(pitches))


def _bars_of_rest(event: Event) -> Iterator[Item]:
    count = max(1, min(int(read_length(event.token.text[1:])), _MOST_BARS_OF_REST))
    bar = event.notated / count
    for number in range(count):
        if number:
            yield BarLine(event.token._replace(text="|"), "|")
        yield event._replace(rest="z", notated=bar, duration=bar)


def in_usual_meter(text: str) -> str:
    """Return a canonical tune in the usual meter of its dance: a reel in 2/4 moves to cut time.

    Old books write reels in 2/4 with sixteenths, others in cut time with eighths; the bars have the
    same notes, so only the header changes.
    """
    is_reel = "\nR:reel\nM:2/4\nL:1/16\n" in text and "[M:" not in text
    return text.replace("\nM:2/4\nL:1/16\n", "\nM:C|\nL:1/8\n", 1) if is_reel else text


def canonical_rhythm(tune: Tune) -> str:
    """Return the tune's rhythm as a word of `RHYTHMS`, or an empty string.

    If ``R:`` is missing or unknown, ``G:``, the words of the titles and the meter are tried. A
    dance that does not fit the tune's meter is ignored.
    """
    meter = str(tune.meter)
    for rhythm in _rhythms(tune):
        if rhythm == "jig" and meter in _OF_METERS:
            continue
        if meter in RHYTHM_METERS.get(rhythm, (meter,)) or (rhythm, meter) == ("reel", "2/4"):
            return rhythm
    return _OF_METERS.get(meter, "")


def _rhythms(tune: Tune) -> Iterator[str]:
    """Yield the rhythms that fields and titles name, the most reliable first."""
    for value in (*tune.values("R"), *tune.values("G")):
        known = RHYTHMS.get(" ".join(value.lower().split()))
        if known:
            yield known
    for title in tune.values("T"):
        for name in reversed(_DANCE_IN_TITLE.findall(title.lower())):
            yield _MARCH if name.startswith("quick") else RHYTHMS[name]


def canonical_title(title: str) -> str:
    """Return a title in one spelling: ``BAG OF MEAL, THE.`` becomes ``The Bag of Meal``.

    A dance after dashes, as in ``Old Maids of Galway -- Reel``, is removed: ``R:`` names it.
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
    """Capitalise a word: ``o'neill`` is ``O'Neill``, ``mcleod`` ``McLeod``, ``o'er`` ``O'er``."""
    family = _FAMILY_NAME.match(word)
    if family and word not in _NO_FAMILY:
        return family.group(1).capitalize() + _capitalise(word[family.end() :])
    for index, character in enumerate(word):
        if character.isalpha():
            return word[:index] + character.upper() + word[index + 1 :]
    return word


def _field(name: str, value: str) -> Token:
    return Token(TokenKind.FIELD, f"{name}:{value}", 0, 0)


def _simplify_items(items: tuple[Item, ...], *, fermatas: bool) -> Iterator[Item]:
    events = [item for item in items if isinstance(item, Event)]
    following = dict(zip(map(id, events), [*events[1:], None], strict=False))
    last = _lasts_of_sections(items)
    for item in items:
        if isinstance(item, Event):
            paused = fermatas or id(item) in last
            yield _simplify_event(item, following[id(item)], paused=paused)
        elif isinstance(item, LineBreak):
            continue
        elif not isinstance(item, BodyField) or item.name in _KEPT_CHANGES:
            yield item


def _lasts_of_sections(items: tuple[Item, ...]) -> set[int]:
    """Return the `id` of the last event of each section."""
    found: set[int] = set()
    before: Event | None = None
    for item in items:
        if isinstance(item, Event):
            before = item
        elif isinstance(item, BarLine) and item.ends_section:
            found.add(id(before))
    return found | {id(before)}


def _simplify_event(event: Event, following: Event | None, *, paused: bool) -> Event:
    if event[7:] == PLAIN[1:] and event.rest != "x":
        return event
    marks = [_ORNAMENTS[mark] for mark in event.decorations if mark in _ORNAMENTS]
    ornaments = dict.fromkeys(mark for mark in marks if mark != _FERMATA or paused)
    return event._replace(
        rest="z" if event.rest == "x" else event.rest,
        decorations=tuple(ornaments) if event.pitches else (),
        strings=(),
        opens=0,
        closes=0,
        tie=event.tie and _can_tie(event, following),
    )


def _can_tie(event: Event, following: Event | None) -> bool:
    """Return whether the next event shares a pitch; if not, the tie was meant as a slur."""
    if following is None:
        return False
    heights = {(pitch.letter, pitch.octave) for pitch in event.pitches}
    return any((pitch.letter, pitch.octave) in heights for pitch in following.pitches)
