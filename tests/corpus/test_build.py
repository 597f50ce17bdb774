import json
from dataclasses import replace
from pathlib import Path

import pytest

from abclm.corpus.build import build_corpus
from abclm.corpus.recipe_file import read_recipe
from abclm.corpus.recipes import find_recipe, list_recipes, own_recipe
from abclm.corpus.simplify import canonical_rhythm, canonical_title, in_usual_meter, simplify
from abclm.corpus.store import list_corpora, load_corpus, save_corpus
from abclm.errors import CorpusError, InputError
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.meter import parse_meter
from abclm.notation.syntax.tables import RHYTHM_METERS, RHYTHMS
from abclm.notation.tune.bars import bars
from abclm.notation.write.writer import write_tune

BAR = "GABc dedB"


def tune(number: int, body: str, title: str = "") -> str:
    return f"X:{number}\nT:{title or number}\nM:4/4\nL:1/8\nK:G\n{body}\n\n"


def good(number: int) -> str:
    notes = "GABcdefg"
    return tune(number, "|".join(notes[number % 8] + "2" + BAR[2:] for _ in range(4)) + "|]")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "mine.abc"
    text = "".join(good(number) for number in range(1, 7))
    text += tune(7, f"{BAR}|{BAR} d|{BAR}|{BAR}|]")
    text += tune(8, f"|:{BAR}|{BAR}|{BAR}|{BAR}|]")
    text += tune(9, f"{BAR}|]")
    text += good(3).replace("T:3", "T:the same again")
    text += "X:11\nT:silence\nM:4/4\nK:G\n"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_tune_read_is_kept_or_dropped_for_a_reason(book: Path) -> None:
    built = build_corpus(own_recipe("mine", [book]))
    (report,) = built.sources
    assert report.read == 11
    assert report.kept == len(built.train) + len(built.held_out) == 6
    assert report.dropped == {
        "breaks the rule bar-length": 1,
        "breaks the rule repeat": 1,
        "exact duplicate": 1,
        "no music": 1,
        "under 4 bars": 1,
    }


def test_tunes_out_of_strict_metre_are_not_learnt_from_but_may_be_held_out(book: Path) -> None:
    with book.open("a", encoding="utf-8") as stream:
        stream.write(tune(12, f"d2|{BAR}|{BAR}|{BAR}|cdeg fdec|]", "no bar for the pickup"))
    recipe = replace(own_recipe("mine", [book]), seed=1)
    lax = build_corpus(recipe)
    strict = build_corpus(replace(recipe, filters=replace(recipe.filters, strict_training=True)))
    (report,) = strict.sources
    assert report.kept == lax.sources[0].kept - 1
    assert report.dropped["not in strict metre, so not learnt from"] == 1
    assert len(strict.train) == len(lax.train) - 1
    assert strict.held_out == lax.held_out


def test_the_same_recipe_gives_the_same_corpus(book: Path) -> None:
    assert build_corpus(own_recipe("mine", [book])) == build_corpus(own_recipe("mine", [book]))


def test_train_and_held_out_share_no_tune(book: Path) -> None:
    built = build_corpus(own_recipe("mine", [book]))
    assert not {one.text for one in built.train} & {one.text for one in built.held_out}
    assert len(built.held_out) == 1


def test_what_was_saved_is_what_is_loaded(book: Path, tmp_path: Path) -> None:
    recipe = own_recipe("mine", [book])
    built = build_corpus(recipe)
    save_corpus(recipe, built, tmp_path / "corpora" / "mine")
    corpus = load_corpus("mine", tmp_path / "corpora")
    assert ["X:" not in text for text in corpus.train] == [True] * 5
    assert corpus.train[0] == built.train[0].text.partition("\n")[2]
    assert corpus.report["train"]["characters"] == sum(map(len, corpus.train))
    assert list_corpora(tmp_path / "corpora") == ["mine"]
    saved = (tmp_path / "corpora" / "mine" / "train.abc").read_text(encoding="utf-8")
    assert validate(saved) == []


def test_a_corpus_that_was_changed_is_refused(book: Path, tmp_path: Path) -> None:
    recipe = own_recipe("mine", [book])
    save_corpus(recipe, build_corpus(recipe), tmp_path / "mine")
    with (tmp_path / "mine" / "train.abc").open("a", encoding="utf-8") as stream:
        stream.write("x")
    with pytest.raises(CorpusError, match="changed since it was built"):
        load_corpus("mine", tmp_path)


def test_a_missing_corpus_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="abclm corpus build irish"):
        load_corpus("irish", tmp_path)
    with pytest.raises(CorpusError, match="built here: none"):
        load_corpus("nothing", tmp_path)


@pytest.mark.parametrize("content", ["", "just prose\n", "X:1\nT:one\nM:4/4\nK:G\nGABc|\n"])
def test_too_few_tunes_is_one_clear_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "few.abc"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"few\.abc: \d tunes found, a corpus needs two"):
        build_corpus(own_recipe("few", [path]))


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "photo.abc"
    path.write_bytes(bytes(range(256)))
    with pytest.raises(InputError, match="not a text file"):
        build_corpus(own_recipe("mine", [path]))


def test_own_names_may_not_hide_a_recipe_or_leave_the_folder() -> None:
    for name in ("irish", "../x", "", ".hidden"):
        with pytest.raises(CorpusError):
            own_recipe(name, [])


def test_an_unknown_recipe_lists_those_there_are() -> None:
    assert "irish" in list_recipes()
    with pytest.raises(CorpusError, match=r"there are: .*irish"):
        find_recipe("klezmer")


def test_a_recipe_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("= nothing", encoding="utf-8")
    with pytest.raises(CorpusError, match="not a recipe"):
        read_recipe(path)


def test_the_irish_recipe_finds_the_three_books() -> None:
    recipe = find_recipe("irish")
    assert [len(source.files) for source in recipe.sources] == [39, 1059, 6]
    assert json.dumps(recipe.licence)


@pytest.mark.parametrize(
    ("title", "canonical"),
    [
        ("BAG OF MEAL, THE", "The Bag of Meal"),
        ("The Job of Journey Work.", "The Job of Journey Work"),
        ("Lass, The (new set)", "The Lass (new set)"),
        (r"Cait\'in", "Caitín"),
        ("  MARCH   OF THE KEYS ", "March of the Keys"),
        ("CAPTAIN O'NEILL'S", "Captain O'Neill's"),
        ("O'ER THE MUIR", "O'er the Muir"),
        ("TWO O'CLOCK", "Two O'clock"),
        ("MCLEOD'S -- REEL", "McLeod's"),
        ("Old Maids of Galway -- Reels.", "Old Maids of Galway"),
        ("The Reel -- of Tulloch", "The Reel -- of Tulloch"),
        ("", "Untitled"),
    ],
)
def test_a_title_has_one_spelling(title: str, canonical: str) -> None:
    assert canonical_title(title) == canonical


@pytest.mark.parametrize(
    ("header", "meter", "rhythm"),
    [
        ("R: Double  Jig\n", "6/8", "jig"),
        ("R:slipjig\n", "9/8", "slip jig"),
        ("G:Jig\n", "6/8", "jig"),
        ("T:Strathspey\n", "C", "strathspey"),
        ("T:Le Petre's -- Hornpipe\n", "C|", "hornpipe"),
        ("R:nonsense\n", "6/8", ""),
        ("", "6/8", ""),
    ],
)
def test_a_rhythm_is_found_in_the_fields_or_the_title(header: str, meter: str, rhythm: str) -> None:
    (parsed,) = parse_tunebook(f"X:1\nT:t\n{header}M:{meter}\nK:G\nGAB|\n")
    assert canonical_rhythm(parsed.tune) == rhythm


@pytest.mark.parametrize(
    ("header", "meter", "rhythm"),
    [
        # No dance in a meter that it is not danced in, whatever the field says.
        ("R:jig\n", "C|", ""),
        ("R:reel\n", "6/8", ""),
        ("R:waltz\n", "2/4", ""),
        ("R:slip jig\n", "6/8", ""),
        # Then the title is asked, and its last dance first.
        ("R:jig\nT:The Sligo Reel\n", "C|", "reel"),
        ("T:A Jig or a Reel\n", "C|", "reel"),
        ("T:A Jig or a Reel\n", "6/8", "jig"),
        ("R:reel\nT:The Kerry Polka\n", "2/4", "reel"),
        ("R:polka\nT:The Sligo Reel\n", "2/4", "polka"),
        # A jig in 9/8 is a slip jig, as is all else there.
        ("R:jig\n", "9/8", "slip jig"),
        ("R:slide\n", "9/8", "slip jig"),
        ("", "9/8", "slip jig"),
        # Old books have marches under another name, and reels in 2/4.
        ("T:Jackson's Quickstep\n", "6/8", "march"),
        ("T:The Quick Step\n", "C", "march"),
        ("T:Jackson's Quickstep\n", "3/4", ""),
        ("R:reel\n", "2/4", "reel"),
        ("R:hornpipe\n", "2/4", "hornpipe"),
        ("R:slide\n", "12/8", "slide"),
        # An air may be in any meter.
        ("R:air\n", "9/8", "air"),
    ],
)
def test_a_rhythm_must_suit_the_meter(header: str, meter: str, rhythm: str) -> None:
    (parsed,) = parse_tunebook(f"X:1\nT:t\n{header}M:{meter}\nK:G\nGAB|\n")
    assert canonical_rhythm(parsed.tune) == rhythm


@pytest.mark.parametrize("rhythm", sorted(RHYTHM_METERS))
def test_the_meters_of_a_dance_are_written_as_tunes_write_them(rhythm: str) -> None:
    assert rhythm in RHYTHMS.values()
    for meter in RHYTHM_METERS[rhythm]:
        assert str(parse_meter(meter)) == meter


OLD_REEL = "X:1\nT:t\nR:reel\nM:2/4\nL:1/16\nK:G\nGABc dedB|G8|]\n"


def test_a_reel_in_sixteenths_is_written_in_cut_time_with_the_same_bars() -> None:
    text = in_usual_meter(OLD_REEL)
    assert text == OLD_REEL.replace("M:2/4\nL:1/16", "M:C|\nL:1/8")
    (before,), (after,) = parse_tunebook(OLD_REEL), parse_tunebook(text)
    assert [bar.exact for bar in bars(after.tune)] == [bar.exact for bar in bars(before.tune)]
    assert write_tune(after.tune) == text
    assert in_usual_meter(text) == text


@pytest.mark.parametrize(
    "text",
    [
        OLD_REEL.replace("R:reel", "R:hornpipe"),
        OLD_REEL.replace("R:reel\n", ""),
        OLD_REEL.replace("L:1/16", "L:1/8"),
        OLD_REEL.replace("M:2/4", "M:4/4"),
        OLD_REEL.replace("G8", "[M:3/4]G12"),
    ],
)
def test_all_else_stays_in_its_meter(text: str) -> None:
    assert in_usual_meter(text) == text


def test_a_reel_in_two_four_and_the_same_one_in_cut_time_are_one_tune_twice(
    book: Path, tmp_path: Path
) -> None:
    notes = "|".join(["GABc dedB"] * 3 + ["gfed cBAG"]) + "|]"
    text = "".join(
        f"X:{number}\nT:{number}\nR:reel\nM:{meter}\nL:{unit}\nK:G\n{notes}\n\n"
        for number, (meter, unit) in enumerate((("C|", "1/8"), ("2/4", "1/16")), 20)
    )
    with book.open("a", encoding="utf-8") as stream:
        stream.write(text)
    (report,) = build_corpus(own_recipe("mine", [book])).sources
    assert report.dropped["exact duplicate"] == 2


@pytest.mark.parametrize(
    ("body", "canonical"),
    [
        ('v"2"(G.A) "Am"uB2 !trill!c4|', "L:1/8\nK:G\nGAB2 Tc4|]"),
        ("G2-A2 B2-B2|", "L:1/8\nK:G\nG2A2 B2-B2|]"),
        ("G/A/G/A/ G/A/G/A/ G/A/G/A/ G/A/G/A/|", "L:1/16\nK:G\nGAGAGAGA GAGAGAGA|]"),
        ("G>AB>c d>ef>g|", "L:1/8\nK:G\nG>AB>c d>ef>g|]"),
        ("{g}~G2A2 x4|", "L:1/8\nK:G\n{g}~G2A2 z4|]"),
        ("^F4 =c4|^c4 ^c4|", "L:1/8\nK:G\nF4 c4|^c4 c4|]"),
        ("[P:A]GABc [K:D]d4|", "L:1/8\nK:G\nGABc[K:D]d4|]"),
    ],
)
def test_what_the_model_learns_is_notes_and_form(body: str, canonical: str) -> None:
    (parsed,) = parse_tunebook(f"X:9\nT:t\nC:me\nM:4/4\nL:1/8\nK:G\n{body}\n")
    written = write_tune(simplify(parsed.tune, number=1))
    assert written == f"X:1\nT:t\nM:4/4\n{canonical}\n"
