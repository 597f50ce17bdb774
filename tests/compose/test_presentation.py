"""What a user sees of a tune: what was given byte for byte, the rest in its own key."""

import re
from collections.abc import Callable

import pytest

from abclm.compose.generation import Composer
from abclm.compose.presentation import Presentation
from abclm.constraint.header import Header, canonical_keys
from abclm.constraint.prompt import Prompt, read_prompt
from abclm.decoding.sampling import Sampling
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.text import Usual
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import sounding_notes
from abclm.notation.syntax.key import parse_key
from tests.compose.writing import generate

SPELT = "M:2/4\nL:1/8\nK:G\nGABc|d2^cd|e2fg|G4|]\n"
GREEDY = Sampling(temperature=0)


@pytest.fixture(scope="module", params=[False, True], ids=["unplanned", "planned"])
def composer(request: pytest.FixtureRequest, random_model: Callable[..., Checkpoint]) -> Composer:
    known = Usual(("D", "G", "Edor", "Am", "Amix"), ("reel", "jig"))
    return Composer(random_model(planned=request.param, known=known))


def pitches(text: str) -> list[int]:
    tune = parse_tunebook(f"X:1\n{text}")[0].tune
    return [note.pitches[0] for note in sounding_notes(tune) if note.pitches]


@pytest.mark.slow
@pytest.mark.parametrize(
    "notes",
    [
        '"D"D2 "A7"(EF',
        "|:D2 !trill!E.F|~D2 u(EF)",
        "D2`EF|{/g}=c^^c__B^B|",
        "D2 EF| %a comment\nD2 E",
        "[DFA]2 D2-|[M:3/4]D6|",
        "(3DEF D>E|D<E D",
        "D2 EF|[K:A]D2 EF|",
        "D2EF|1D4:|2D2",
        "d'2 e'f'|C,2 D,",
        "V:1\nD2 EF|",
        "D2 EF|\\\nD2",
        "y D2 z/E/F/x/|",
    ],
)
def test_given_notes_stay_byte_for_byte(notes: str, composer: Composer) -> None:
    header = "T:Größe\nM:2/4\nL:1/8\nC:me\nK:D\n"
    for tune in composer.generate(read_prompt(header + notes), seed=1, count=3):
        given, music = tune.text.split("C:me\nK:D\n")
        assert re.fullmatch("T:Größe\n(R:.*\n)?M:2/4\nL:1/8\n", given)
        assert music.startswith(notes)
        assert len(music) > len(notes) + 4


@pytest.mark.parametrize("key", [*canonical_keys(), "none"])
def test_a_tune_in_any_key_is_the_one_in_g(
    key: str, spelling_model: Callable[..., Checkpoint]
) -> None:
    """Whatever the key, the tune has the shape of what the network wrote."""
    text = generate(spelling_model(SPELT), header=Header(key=key), sampling=GREEDY)[0].text
    assert text.startswith(f"T:Untitled\nM:2/4\nL:1/8\nK:{key}\n")
    body = text.partition(f"K:{key}\n")[2]
    parsed = parse_key(key)
    assert parsed is not None
    signature = parsed.alterations
    assert not validate(f"X:1\n{text}", strict=True)
    # The accidental and the lengths stand where the network wrote them.
    assert [letter.isalpha() for letter in body if letter not in "^_=,'"] == [
        letter.isalpha() for letter in SPELT.partition("K:G\n")[2] if letter not in "^_=,'"
    ]
    if parsed.tonic != "none":
        tonic = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[parsed.tonic[0]]
        tonic += {"": 0, "#": 1, "b": -1}[parsed.tonic[1:]]
        assert pitches(text)[0] % 12 == pitches(text)[-1] % 12 == tonic % 12
        again = parse_key(str(parsed))
        assert again is not None
        assert signature == again.alterations


@pytest.mark.parametrize(
    "key", ["F#m", "C#dor", "Bb", "Ebm", "G#m", "Cb", "HP", "Hp", "none", "Dlyd"]
)
def test_a_rare_key_is_the_users_and_not_the_networks(key: str, composer: Composer) -> None:
    prompt = read_prompt("", Header(key=key, meter="2/4", unit="1/8"))
    for tune in composer.generate(prompt, seed=2, count=3):
        fed = tune.read.partition("K:")[2].partition("\n")[0]
        assert fed in {"D", "G", "Edor", "Am", "Amix"}
        assert f"\nK:{key}\n" in tune.text
        assert not validate(f"X:1\n{tune.text}", strict=True)


def test_the_tune_lies_where_its_key_lies(spelling_model: Callable[..., Checkpoint]) -> None:
    model = spelling_model(SPELT)
    for key, first in (("D", 62), ("A", 69), ("C", 72), ("E", 64), ("F", 65), ("Bb", 70)):
        text = generate(model, header=Header(key=key), sampling=GREEDY)[0].text
        assert pitches(text)[0] == first


def test_a_title_that_is_given_stands_above_what_the_network_wrote() -> None:
    present = Presentation(Prompt(Header(title="Größe", key="D")))
    assert present("M:2/4\nL:1/8\nK:G\nGABc|") == "T:Größe\nM:2/4\nL:1/8\nK:D\nDEFG|"


def test_a_title_is_drawn_once_rhythm_and_meter_are_known() -> None:
    asked: list[tuple[str | None, str | None]] = []

    def title(rhythm: str | None, meter: str | None) -> str:
        asked.append((rhythm, meter))
        return "A New One"

    present = Presentation(Prompt(), title)
    assert present("R:jig\nM:6/8\nL:1/8\n") == ""
    assert present("R:jig\nM:6/8\nL:1/8\nK:G\n").startswith("T:A New One\nR:jig\n")
    assert asked == [("jig", "6/8")]
    Presentation(Prompt(Header(rhythm="air")), title)("M:3/4\nL:1/8\nK:G\n")
    assert asked[-1] == ("air", "3/4")


@pytest.mark.parametrize("plan", ["P:ab1\n", ""])
@pytest.mark.parametrize("key", ["G", "F#m", "none"])
def test_what_is_shown_of_more_text_begins_with_what_was_shown_of_less(plan: str, key: str) -> None:
    prompt = read_prompt(f'C:me\n%%x\nK:{key}\n"Am"A(B')
    text = f"M:2/4\nL:1/8\nK:{key}\n{plan}AB^cd|e2=f2|]\n"
    present = Presentation(prompt, lambda *_: "Title")
    shown = ""
    for end in range(len(text) + 1):
        seen = present(text[:end])
        if len(seen) > len(shown) and text[:end].endswith(("|", "\n", "]")):
            assert seen.startswith(shown)
            shown = seen
    assert shown == present(text)
    assert "P:" not in shown


def test_a_plan_line_is_no_part_of_the_tune_and_a_part_field_in_the_body_is_music() -> None:
    present = Presentation(Prompt(Header(key="G")))
    assert present("M:2/4\nL:1/8\nK:G\nP:ab1\nGABc|B4|]\n").count("\n") == 4


@pytest.mark.parametrize("text", ["", "M:", "M:2/4", "M:2/4\n", "M:2/4\nL:1/8\nK:G"])
def test_without_a_whole_header_there_is_nothing_to_see(text: str) -> None:
    assert Presentation(Prompt())(text) == ""
