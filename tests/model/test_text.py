"""The text that a network reads: no title, on G, the plan before the music, usual keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.errors import InputError
from abclm.model.text import (
    Usual,
    fed_key,
    model_text,
    model_texts,
    music_start,
    plan_of,
    plan_of_tune,
    plan_start,
    read_canonical,
    usual,
)
from abclm.notation.cursor.plan import LETTERS, parse_plan
from abclm.notation.syntax.key import parse_key
from abclm.notation.write.normal_form import normal_form
from tests.notation.random_music import tunes

BODY = "|:D2|DFAd fdAF|D8|DFAd fdAF|d6:|\n"
TUNE = f"X:7\nT:The Bag: of Meal\nR:reel\nM:C|\nL:1/8\nK:D\n{BODY}"
ON_G = "|:G2|GBdg bgdB|G8|GBdg bgdB|g6:|\n"
KNOWN = Usual(("G", "D", "Em", "Amix"), ("reel",))


def test_the_title_and_the_number_are_left_out_and_the_music_is_on_g() -> None:
    text = model_text(TUNE, KNOWN, planned=False)
    assert text == f"R:reel\nM:C|\nL:1/8\nK:D\n{ON_G}"


def test_the_plan_stands_before_the_music() -> None:
    text = model_text(TUNE, KNOWN, planned=True)
    assert text == f"R:reel\nM:C|\nL:1/8\nK:D\nP:abac1\n{ON_G}"


def test_the_plan_of_a_tune_is_that_of_its_normal_form() -> None:
    plan = plan_of_tune(TUNE)
    assert plan == plan_of(ON_G, {"M": "C|", "L": "1/8"}) == parse_plan("abac1")


@pytest.mark.parametrize(
    "text", [TUNE, TUNE.removeprefix("X:7\n"), TUNE.replace("T:The Bag: of Meal\n", ""), TUNE[:-1]]
)
def test_number_title_and_last_line_end_do_not_matter(text: str) -> None:
    assert model_text(text, KNOWN, planned=True) == model_text(TUNE, KNOWN, planned=True)


def test_an_unknown_rhythm_is_left_out() -> None:
    text = model_text(TUNE.replace("R:reel", "R:mazurka"), KNOWN, planned=False)
    assert text == f"M:C|\nL:1/8\nK:D\n{ON_G}"


def test_an_unusual_key_is_read_as_a_usual_one_but_the_music_is_on_g_all_the_same() -> None:
    flat = TUNE.replace("K:D\n", "K:Db\n")
    assert model_text(flat, KNOWN, planned=False) == f"R:reel\nM:C|\nL:1/8\nK:G\n{ON_G}"


def test_a_key_that_cannot_be_moved_is_refused_and_left_out_of_many() -> None:
    odd = TUNE.replace("D8", "[K:HP]D8")
    with pytest.raises(InputError, match="changes to HP"):
        model_text(odd, KNOWN, planned=False)
    texts = model_texts([odd, TUNE, odd], KNOWN, planned=True)
    assert texts == [model_text(TUNE, KNOWN, planned=True)]


def test_a_tune_with_more_different_bars_than_names_is_left_out_where_there_are_plans() -> None:
    notes = "CDEFGABcdefgab"
    bars = [f"{one}4{other}4" for one in notes for other in notes if one != other]
    assert len(bars) > len(LETTERS)
    text = f"M:4/4\nL:1/8\nK:G\n{'|'.join(bars)}|]\n"
    with pytest.raises(InputError, match="more different bars than a plan can name"):
        model_text(text, KNOWN, planned=True)
    assert model_texts([text], KNOWN, planned=True) == []
    assert model_texts([text], KNOWN, planned=False) == [text]


@given(tunes(st.sampled_from(["G", "D", "Am", "Edor", "Amix", "HP", "none", "Eb", "Blyd"])))
def test_what_a_network_reads_is_header_plan_and_music_on_g(text: str) -> None:
    known = Usual(("D", "Em", "Amix"), ())
    planned, bare = (model_text(text, known, planned=planned) for planned in (True, False))
    tune = read_canonical(text)
    music = normal_form(tune.key).into().move(tune.body)
    start, end = plan_start(planned), music_start(planned)
    assert planned[:start] == bare[:start] == bare[: plan_start(bare)] == bare[: music_start(bare)]
    assert planned[end:] == bare[start:] == music
    plan = plan_of(music, tune.fields)
    assert plan is not None
    assert planned[start:end] == f"P:{plan.compact()}\n"


@pytest.mark.parametrize(
    ("text", "plan", "music"),
    [
        ("", "", ""),
        ("R:reel\nM:4/4\n", "", ""),
        ("M:4/4\nK:D", "", ""),
        ("M:4/4\nK:D\n", "", ""),
        ("K:D\nG8|", "G8|", "G8|"),
        ("K:D\nP:ab", "P:ab", ""),
        ("K:D\nP:ab1", "P:ab1", ""),
        ("M:4/4\nK:D\nP:ab1\nG8|", "P:ab1\nG8|", "G8|"),
        ("M:4/4\nK:D\nD8|\nK:G\nP:", "D8|\nK:G\nP:", "D8|\nK:G\nP:"),
        ("T:OK:Q\nM:4/4\nK:D\nG8|", "G8|", "G8|"),
    ],
)
def test_where_plan_and_music_start_in_a_whole_text_or_the_start_of_one(
    text: str, plan: str, music: str
) -> None:
    assert text[plan_start(text) :] == plan
    assert text[music_start(text) :] == music


def test_a_canonical_tune_is_taken_apart_at_its_key() -> None:
    tune = read_canonical(TUNE)
    assert list(tune.fields) == ["X", "T", "R", "M", "L", "K"]
    assert tune.fields["T"] == "The Bag: of Meal"
    assert tune.body == BODY
    assert tune.key == parse_key("D")
    assert read_canonical("M:4/4\nK:D\nDFA|\nK:G\nG|").body == "DFA|\nK:G\nG|\n"


def tunes_in(**counts: int) -> list[str]:
    keys = [key for key, count in counts.items() for _ in range(count)]
    return [f"X:{number}\nM:4/4\nL:1/8\nK:{key}\nG8|\n" for number, key in enumerate(keys)]


def test_a_key_is_usual_from_two_tunes_or_a_two_hundredth_on_the_commonest_first() -> None:
    assert usual(tunes_in(D=3, G=5, Am=3, F=1)).keys == ("G", "Am", "D")
    assert usual(tunes_in(G=990, D=6, Em=4)).keys == ("G", "D")
    assert usual(tunes_in(G=1, D=1)).keys == ("D", "G")
    assert usual([]) == Usual()


def test_keys_are_counted_by_what_they_mean() -> None:
    assert usual(tunes_in(G=1, Gmaj=1, Ador=1, Adorian=1)).keys == ("Ador", "G")


def test_a_rhythm_is_usual_from_eight_tunes_or_of_few_tunes_from_a_quarter_on() -> None:
    def rhythms(**counts: int) -> tuple[str, ...]:
        names = [name for name, count in counts.items() for _ in range(count)]
        heads = [f"R:{name}\n" if name != "none" else "" for name in names]
        return usual([f"{head}M:4/4\nK:G\nG8|\n" for head in heads]).rhythms

    assert rhythms(reel=8, jig=7, air=9, none=20) == ("air", "reel")
    assert rhythms(reel=2, jig=1, none=5) == ("reel",)
    assert rhythms(reel=1, jig=1) == ("jig", "reel")
    assert rhythms(none=3) == ()


@pytest.mark.parametrize(
    ("key", "fed"),
    [
        ("D", "D"),
        ("Em", "Em"),
        # The commonest key of the same mode.
        ("Bb", "G"),
        ("Bm", "Em"),
        ("Dmix", "Amix"),
        # A mode that no usual key has, as the one nearest to it, else as the commonest of all.
        ("Flyd", "G"),
        ("Ephr", "Em"),
        ("Bloc", "Em"),
        ("Ddor", "G"),
        ("HP", "G"),
        ("none", "G"),
    ],
)
def test_a_key_is_fed_as_a_usual_one_of_its_mode(key: str, fed: str) -> None:
    assert fed_key(parse_key(key), KNOWN.keys) == fed


def test_where_nothing_is_known_of_keys_each_is_fed_as_it_is() -> None:
    assert fed_key(parse_key("Ddor"), ()) == "Ddor"
    assert fed_key(None, ()) == "none"
    assert fed_key(None, KNOWN.keys) == "G"
