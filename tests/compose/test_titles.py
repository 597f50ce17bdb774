"""New titles, made of the words of invented ones."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abclm.compose.title_words import are_well_formed, read_words, title_key
from abclm.compose.titles import UNTITLED, TitleWriter, known_share, known_words
from abclm.errors import InputError
from abclm.model.checkpoint.title_list import KnownTitle
from abclm.notation.tune.titles import normalise_title

PLACES = ["Ballydoon", "Carrickmore", "Dunwell", "Glenarra", "Kilfoyle", "Tullybeg"]
OWNERS = ["Miss Quill's", "Lord Harrow's", "Paddy Dunne's", "The Cooper's", "Sweeney's"]
SURNAMES = ["Ardle", "Bray", "Coyne", "Doyle", "Egan", "Farr", "Gill", "Hoey", "Ivers", "Jordan"]
SURNAMES += [
    "Keane",
    "Lacey",
    "Mull",
    "Nolan",
    "Orr",
    "Power",
    "Quirke",
    "Roche",
    "Swift",
    "Teague",
]
DANCES = ["reel", "jig", "hornpipe", "strathspey", "march"]
SMALL = {"a", "an", "and", "by", "for", "from", "in", "of", "on", "the", "to", "with"}


def _known(*titles: str, rhythm: str = "") -> list[KnownTitle]:
    return [KnownTitle(rhythm, title) for title in titles]


def _book() -> Iterator[KnownTitle]:
    for place in PLACES:
        yield KnownTitle("jig", f"The Humours of {place}")
    for place, head in zip(PLACES, ["Lasses", "Hills", "Rose", "Bridge"], strict=False):
        yield KnownTitle("reel", f"The {head} of {place}")
    for owner, owned in zip(OWNERS, ["Fancy", "Delight", "Goose", "New Hat"], strict=False):
        yield KnownTitle("", f"{owner} {owned}")
    for number, surname in enumerate(SURNAMES):
        dance, honorific = DANCES[number % 5], ["Miss", "Captain"][number % 2]
        yield KnownTitle(dance, f"{honorific} {surname}'s {dance.title()}")
    for adjective, noun in product(["Jolly", "Old", "Green"], ["Weaver", "Piper"]):
        yield KnownTitle("jig", f"The {adjective} {noun}")
    yield from _known("The Jolly Miller", "The Old Gate", "Saddle the Goat", "Churn the Butter")
    yield from _known("A Trip to the Fair", "Farewell to the Glen", "The Cat in the Loft")
    yield from _known("An Owl in the Barn", "Paddy Dunne", "Nora Dunne", "Paddy Farrell")
    yield from _known("The Old Gate. 2nd Setting", "March 5th. Regt", "No. 2", "Quick Step XIV")
    yield from _known('"Not Yet!"', "The Ferry (Lancashire)", "What Will You Do?", "Mr. J. Moss")


BOOK = tuple(_book())


@pytest.fixture(scope="module")
def writer() -> TitleWriter:
    return TitleWriter(BOOK)


def _rng(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def _draw(
    writer: TitleWriter, rhythm: str | None = None, meter: str | None = None, count: int = 60
) -> list[str]:
    rng = _rng(7)
    return [writer.write(rng, rhythm, meter) for _ in range(count)]


@pytest.fixture(scope="module")
def many(writer: TitleWriter) -> Sequence[str]:
    return [title for rhythm in (None, *DANCES, "polka") for title in _draw(writer, rhythm)]


def test_every_word_is_known(many: Sequence[str]) -> None:
    words = known_words(one.title for one in BOOK)
    assert {known_share(title, words) for title in many} == {1.0}


def test_titles_are_many(many: Sequence[str]) -> None:
    assert len(set(many)) > 60
    assert UNTITLED not in many


def test_no_title_is_a_training_title_in_other_clothes(many: Sequence[str]) -> None:
    taken = {normalise_title(one.title) for one in BOOK}
    keys = {title_key(tuple(one.title.split())) for one in BOOK}
    assert not [title for title in many if normalise_title(title) in taken]
    assert not [title for title in many if title_key(tuple(title.split())) in keys]


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("The Jolly Weaver", "Jolly Weavers"),
        ("Miss Quill's Reel", "Miss Quill"),
        ("The Humours of Dunwell", "Humors Of Dunwell"),
        ("The Bonnie Lass", "A Bonny Lass"),
    ],
)
def test_titles_that_count_as_one(title: str, other: str) -> None:
    assert title_key(tuple(title.split())) == title_key(tuple(other.split()))


def test_titles_begin_with_a_capital_and_end_with_a_word_of_their_own(many: Sequence[str]) -> None:
    for title in many:
        words = title.split()
        assert title[0].isupper()
        assert words[0].casefold() not in SMALL - {"a", "an", "the"}
        assert words[-1].casefold() not in SMALL | {"miss", "lord"}
        assert not words[-1].endswith("'s")


def test_no_residue_of_a_book_is_passed_on(many: Sequence[str]) -> None:
    words = {word.strip(".") for title in many for word in title.split()}
    assert not words & {"Regt", "Setting", "XIV", "No", "Lancashire", "J", "Yet", "Moss"}
    assert not [title for title in many if set(title) & set('0123456789"!?():,')]


def test_no_content_word_stands_twice(many: Sequence[str]) -> None:
    for title in many:
        content = [word for word in title.casefold().split() if word not in SMALL]
        assert len(content) == len(set(content))


def test_articles_fit_the_word_after_them(many: Sequence[str]) -> None:
    for title in many:
        words = title.casefold().split()
        for before, after in pairwise(words):
            if before in {"a", "an"}:
                assert (before == "an") == (after[0] in "aeiou")


@pytest.mark.parametrize("rhythm", DANCES)
def test_a_dance_in_a_title_is_the_tunes_own(writer: TitleWriter, rhythm: str) -> None:
    words = {word for title in _draw(writer, rhythm) for word in title.casefold().split()}
    assert words & set(DANCES) == {rhythm}


@pytest.mark.parametrize("rhythm", [None, "", "polka", "gamelan"])
def test_without_a_dance_that_is_known_none_is_named(
    writer: TitleWriter, rhythm: str | None
) -> None:
    words = {word for title in _draw(writer, rhythm) for word in title.casefold().split()}
    assert not words & set(DANCES)


def test_a_rhythm_is_understood_as_books_spell_it(writer: TitleWriter) -> None:
    assert _draw(writer, "Double  Jig") == _draw(writer, "jig")


def test_the_meter_of_one_dance_only_tells_the_dance() -> None:
    titles = ["Nell's Slip Jig", "Moll's Slip Jig", "Nell's Fancy", "Moll's Delight", "Ann's Goat"]
    writer = TitleWriter(_known(*titles))
    assert "Ann's Slip Jig" in _draw(writer, None, "9/8")
    assert not [title for title in _draw(writer, None, "6/8") if "Jig" in title]


@pytest.mark.parametrize(
    "words",
    [
        "Miss Quill's Wife",
        "The White Girl",
        "The Fair of",
        "A Owl",
        "Miss of Dunwell",
        "of Dunwell",
        "The Reel Goose",
        "Miss Lady Quill",
        "Goose Goose",
        "The Rose of Lord Harrow",
        "The the Gate",
        "The Sailors'",
        "The Cat in the Barn in the Loft",
        "Quill's the Goose",
        "",
    ],
)
def test_words_that_are_no_title(words: str) -> None:
    assert not are_well_formed(tuple(words.split()))


def test_where_an_owner_would_end_the_title_the_dance_is_added() -> None:
    titles = ["Miss Quill's", "Miss Farrell's", "Lady Dunne's", "Lady Moss's Fancy"]
    writer = TitleWriter([*_known(*titles, rhythm="reel"), *_known("The Reel", rhythm="reel")])
    assert "Lady Quill's Reel" in _draw(writer, "reel")
    assert "Miss Quill's Fancy" in _draw(writer, "reel")
    assert not [title for title in _draw(writer) if title.endswith("'s")]


def test_a_title_of_the_rhythm_is_the_model() -> None:
    reels = [f"The Lasses of {a}{b}" for a, b in product("BDGKT", ["oyle", "arra", "ell", "unny"])]
    others = [f"Quill the {a}{b}" for a, b in product("BDGKT", ["oyle", "arra", "ell", "unny"])]
    more = _known("The Hills of Boyle", "The Rose of Darra")
    writer = TitleWriter([*_known(*reels, rhythm="reel"), *_known(*others), *more])
    assert {title.split()[0] for title in _draw(writer, "reel", count=20)} == {"The"}


def test_the_same_rng_gives_the_same_titles_whatever_the_order_of_the_known_ones() -> None:
    forth, back = TitleWriter(BOOK), TitleWriter([*reversed(BOOK), BOOK[0]])
    assert _draw(forth, "jig") == _draw(back, "jig")


def test_titles_do_not_change_from_version_to_version(writer: TitleWriter) -> None:
    rng = _rng(1)
    assert [writer.write(rng, rhythm) for rhythm in (None, "reel", "jig", "hornpipe")] == [
        "The Cat in the Barn",
        "The Hills of Ballydoon",
        "Farewell to the Fair",
        "The Old Miller",
    ]


@pytest.mark.parametrize(
    ("titles", "new"),
    [
        ([], {UNTITLED}),
        (["Grawn"], {UNTITLED}),
        (["The Reel"], {UNTITLED}),
        (["12", "No. 4 (2nd setting)", "???"], {UNTITLED}),
        (["The Red Fox"], {"Fox"}),
        (["The Red Fox", "Fox"], {UNTITLED}),
        (["Die alte Mühle"], {"Mühle"}),
        (["Le vieux moulin", "Le beau moulin"], {"Moulin"}),
        (["Стара казка", "Казка"], {UNTITLED}),
        (["월광", "春の海"], {UNTITLED}),
    ],
)
def test_few_titles_or_strange_ones_still_give_a_title(titles: list[str], new: set[str]) -> None:
    assert set(_draw(TitleWriter(_known(*titles)), count=20)) == new


def test_in_a_book_without_capitals_words_stay_as_they_are() -> None:
    adjectives, nouns = ["vieux", "petit", "nouveau"], ["moulin", "pont", "jardin"]
    titles = [f"Le {adjective} {noun}" for adjective, noun in product(adjectives, nouns)]
    titles = _draw(TitleWriter(_known(*titles[:-1], "Le grand moulin")), count=100)
    assert "Le grand jardin" in titles
    assert not [title for title in titles if title[1:] != title[1:].lower()]


def test_words_that_are_crude_now_are_not_passed_on() -> None:
    writer = TitleWriter(_known("The Old Coon", "The Old Cat", "The Young Cat", "The Old Tinker"))
    assert not [title for title in _draw(writer) if "Coon" in title or "Tinker" in title]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("The Old Gate -- Reel.", ("The", "Old", "Gate")),
        ("Humour of Glen- Jig", ("Humour", "of", "Glen")),
        ("The Gate. No. 2", ("The", "Gate")),
        ("The Gate (Lancashire)", ("The", "Gate")),
        ("The Gate, or the Wall", ("The", "Gate")),
        ("The Sailors\N{RIGHT SINGLE QUOTATION MARK} Hat", ("The", "Sailors'", "Hat")),
        ("Mr. O'Dea's Blue-eyed Cat.", ("Mr.", "O'Dea's", "Blue-eyed", "Cat")),
        ("Mu\N{COMBINING DIAERESIS}hle", ("Mühle",)),
        ("Gate 2", None),
        ("Mr. J. Moss", None),
        ("Rondo IV", None),
        ('Paddy "Easy"', None),
        ("Amat:eur", None),
        ("Hey, Ho", None),
        ("Will You Come Home", None),
        ("", None),
        ("one two three four five six seven eight nine ten eleven twelve thirteen", None),
    ],
)
def test_words_read_of_a_title(title: str, words: tuple[str, ...] | None) -> None:
    assert read_words(title) == words


@pytest.mark.parametrize(
    ("title", "share"),
    [("The Yornpipe", 0.5), ("the GATE!", 1.0), ("", 1.0), ("Yornpipe", 0.0), ("Sailors", 1.0)],
)
def test_share_of_known_words(title: str, share: float) -> None:
    assert known_share(title, known_words(["The Gate, or", "The Sailors' Hat"])) == share


def _titles() -> st.SearchStrategy[list[KnownTitle]]:
    word = st.sampled_from(
        [
            "The",
            "of",
            "and",
            "Miss",
            "Quill's",
            "Sailors'",
            "Reel",
            "a",
            "Old",
            "Fox",
            "in",
            "Mühle",
        ]
    )
    phrase = st.lists(word, min_size=1, max_size=5).map(" ".join)
    title = (phrase | st.text(min_size=1, max_size=12)).filter(_is_allowed)
    return st.lists(st.builds(KnownTitle, st.sampled_from(["", "reel", "jig"]), title), max_size=30)


def _is_allowed(title: str) -> bool:
    try:
        KnownTitle("", title)
    except InputError:
        return False
    return True


@settings(max_examples=60, deadline=None)
@given(_titles(), st.integers(0, 99), st.sampled_from([None, "reel", "slip jig"]))
def test_any_titles_give_a_new_one_of_known_words(
    titles: list[KnownTitle], seed: int, rhythm: str | None
) -> None:
    title = TitleWriter(titles).write(_rng(seed), rhythm)
    if title != UNTITLED:
        assert known_share(title, known_words(one.title for one in titles)) == 1.0
        assert normalise_title(title) not in {normalise_title(one.title) for one in titles}
    assert title == TitleWriter(titles).write(_rng(seed), rhythm)
