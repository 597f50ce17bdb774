"""What a prompt feeds to the model, what it keeps aside, and what it refuses."""

import pytest

from abclm.constraint.header import Header
from abclm.constraint.prompt import Prompt, read_prompt
from abclm.errors import InputError, UnknownCharacterError
from abclm.model.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ({"key": "E dorian"}, {"key": "Edor"}),
        ({"key": "Aminor"}, {"key": "Am"}),
        ({"meter": "C"}, {"meter": "4/4"}),
        ({"meter": "2/2"}, {"meter": "C|"}),
        ({"rhythm": "Double Jig"}, {"rhythm": "jig"}),
        ({"rhythm": "Bossa Nova"}, {"rhythm": "bossa nova"}),
        ({"title": "  The   Kesh "}, {"title": "The Kesh"}),
        ({"unit": " 1/8"}, {"unit": "1/8"}),
    ],
)
def test_fields_are_fed_in_canonical_spelling(
    given: dict[str, str], canonical: dict[str, str]
) -> None:
    assert Header(**given) == Header(**canonical)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"key": "Qfoo"}, "'Qfoo' is not a key: give one such as"),
        ({"meter": "six"}, "'six' is not a meter"),
        ({"unit": "0"}, "'0' is not a unit note length"),
        ({"title": "  "}, "the title is empty"),
        ({"title": "a\nK:D"}, "the title must be a single line"),
    ],
)
def test_an_unusable_field_says_why(given: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Header(**given)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Prompt()),
        ("\n \n", Prompt()),
        ("T:The Kesh", Prompt(Header(title="The Kesh"))),
        ("T:\nM:6/8\n", Prompt(Header(meter="6/8"))),
        ("X: 7\nT:A % remark\n", Prompt(Header(title="A"), reference_number=7)),
        ("X:\nT:A\n", Prompt(Header(title="A"))),
        ("\ufeffX:1\r\nK:D\r\nAB", Prompt(Header(unit="1/8", key="D"), "AB", (), 1)),
        ("K:G\nM:6/8", Prompt(Header(unit="1/8", key="G"), "M:6/8\n")),
        ("GABc dedB|", Prompt(notes="GABc dedB|")),
        ("d:|\nA::B", Prompt(notes="d:|\nA::B")),
        ("M:3/4\nGAB|c", Prompt(Header(meter="3/4"), "GAB|c")),
        ("M:2/4\nK:D\nAB|", Prompt(Header(meter="2/4", unit="1/16", key="D"), "AB|")),
        ("L:1/4\nK:D\nAB|", Prompt(Header(unit="1/4", key="D"), "AB|")),
        ("K:\nAB|", Prompt(notes="AB|")),
        ("K:D", Prompt(Header(key="D"))),
    ],
)
def test_a_prompt_is_any_start_of_a_tune(text: str, expected: Prompt) -> None:
    assert read_prompt(text) == expected


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("K:D\nABc|\n", "ABc|\n"),
        ("K:D\nABc|]\n\n\n", "ABc|]\n"),
        ("K:D\nABc\n", "ABc"),
        ("K:D\nABc ", "ABc "),
        ("K:D\nABc|  \n\ndef|", "ABc|\ndef|"),
    ],
)
def test_a_line_end_is_kept_after_a_bar_line_only(text: str, notes: str) -> None:
    assert read_prompt(text).notes == notes


def test_header_lines_unknown_to_the_model_stand_aside() -> None:
    prompt = read_prompt("X:3\nT:A\nT:Also B\nC:Trad.\n%%scale 1\nK:D\n")
    assert prompt.header == Header(title="A", key="D")
    assert prompt.aside == ("T:Also B", "C:Trad.", "%%scale 1")


def test_options_fill_what_the_prompt_leaves_open() -> None:
    prompt = read_prompt("T:A\nABc|", Header(key="D", title="A", meter="6/8"))
    assert prompt == Prompt(Header(title="A", key="D", meter="6/8"), "ABc|")


def test_an_option_may_say_the_same_in_other_words() -> None:
    assert read_prompt("K:Edorian", Header(key="E dor")).header == Header(key="Edor")


def test_an_option_against_the_prompt_is_refused() -> None:
    with pytest.raises(InputError, match="the prompt has K:D, the option asks for the key Edor"):
        read_prompt("T:A\nK:D\nABc", Header(key="Edor"))


@pytest.mark.parametrize("text", ["X:1\nX:2\nK:D\n", "X:1\nK:D\nABc|\n\nX:2\nK:G\nABc|\n"])
def test_several_tunes_are_no_prompt(text: str) -> None:
    with pytest.raises(InputError, match="the start of one tune"):
        read_prompt(text)


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        (Prompt(Header(meter="6/8")), "meter: .*'6'"),
        (Prompt(notes="AB|\nA♯"), "notes: line 2:2.*'♯'"),
    ],
)
def test_a_character_that_the_model_does_not_know_is_named(prompt: Prompt, words: str) -> None:
    vocabulary = Vocabulary.from_text(["StraeAB|\n"])
    with pytest.raises(UnknownCharacterError, match=words):
        prompt.check(vocabulary)


def test_what_the_model_is_not_fed_may_have_any_characters() -> None:
    vocabulary = Vocabulary.from_text(["68/AB |\n"])
    header = Header(title="Straße", rhythm="ländler", key="F#m", meter="6/8")
    Prompt(header, '"Größe"A(B) % ©\n', ("C:Ünknown",)).check(vocabulary)
