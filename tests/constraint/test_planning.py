"""A plan is written letter by letter: it always ends, it parses, it meets the requirements."""

import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.compose.generation import Composer
from abclm.compose.settings import Settings
from abclm.constraint.form import parse_form, section_of
from abclm.constraint.planning import PlanRequirements, after_plan, parse_outline
from abclm.constraint.prompt import read_prompt
from abclm.errors import InputError
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.notation.cursor.plan import LETTERS, BarKind, Plan, parse_plan
from tests.conftest import ALPHABET

TURNS = st.lists(st.integers(0, 10**6), min_size=5, max_size=200)
ANY = PlanRequirements()


def walk(turns: Sequence[int], after: Callable[..., str], *args: object) -> str:
    """A plan written by choosing, at each turn, among the characters that may follow."""
    text = ""
    for step in range(2000):
        choices = sorted(after(text, *args))
        assert choices, f"nothing may follow {text!r}"
        character = choices[turns[step % len(turns)] % len(choices)]
        if character == "\n":
            return text
        text += character
    raise AssertionError(f"{text!r} does not end")


def written_plan(turns: Sequence[int], required: PlanRequirements = ANY) -> Plan:
    return parse_plan(walk(turns, after_plan, required))


def shape_of(plan: Plan) -> str:
    """The plan without the degrees of its ends."""
    return re.sub("[1-7]", "", plan.compact())


@given(TURNS)
def test_every_plan_ends_and_is_one(turns: list[int]) -> None:
    plan = written_plan(turns)
    assert 1 <= len(plan.names) <= 6
    assert set(plan.lengths) <= {4, 8, 12, 16}
    assert min(plan.lengths) == plan.lengths[0]
    assert all(plan.ends)


@given(TURNS)
def test_letters_come_in_their_order_and_marks_one_by_one(turns: list[int]) -> None:
    names = [name for section in written_plan(turns).names for name in section]
    letters = "".join(dict.fromkeys(name[0] for name in names))
    assert letters == LETTERS[: len(letters)]
    for at, name in enumerate(names):
        if len(name) > 2:
            assert name[:-1] in names[:at]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "a"),
        ("a", "ab"),
        ("aa", "ab'^"),
        ("aa'", "ab"),
        ("aa'a'", "ab'"),
        ("aba", "abc'^"),
        ("abac", "abcd1234567"),
        ("abac1", "/\n"),
        ("abac1/", "abcd"),
        ("abacabac1/abac", "abcd'^"),
    ],
)
def test_what_may_follow(text: str, expected: str) -> None:
    assert sorted(after_plan(text, ANY)) == sorted(expected)


@given(TURNS, st.sampled_from([2, 6, 8, 20]))
def test_a_section_has_the_bars_that_are_asked_for(turns: list[int], bars: int) -> None:
    assert set(written_plan(turns, PlanRequirements(usual=section_of(bars))).lengths) == {bars}


@given(TURNS, st.sampled_from(["AABB", "AAB", "AB", "AABBCC"]))
def test_a_form_has_so_many_sections(turns: list[int], form: str) -> None:
    plan = written_plan(turns, PlanRequirements(sections=parse_form(form, None)))
    assert len(plan.names) == len(set(form))


@given(TURNS, st.sampled_from([("ABA", None, 2), ("AABBAC", 8, 2), ("ABCA", None, 3)]))
def test_a_section_that_comes_back_has_the_same_names(
    turns: list[int], asked: tuple[str, int | None, int]
) -> None:
    form, bars, again = asked
    plan = written_plan(turns, PlanRequirements(sections=parse_form(form, bars)))
    assert plan.names[again] == plan.names[0]
    assert {bar.kind for bar in plan.bars[again]} == {BarKind.COPY}


@pytest.mark.parametrize(
    "outline",
    ["abac abad / efeg ef'ad", "aaaa", "aa^aa^^ / bcb'c", "ab", "aba'ba''b / ca'", "ab / ab / cd"],
)
@given(TURNS)
def test_a_plan_that_is_given_comes_out(outline: str, turns: list[int]) -> None:
    assert shape_of(written_plan(turns, parse_outline(outline))) == outline.replace(" ", "")


@pytest.mark.parametrize(
    ("outline", "expected"),
    [("xyxz/xa", "abac/ad"), ("abac/zy", "abac/de"), ("bb'/bb^", "aa'/aa^"), ("ZaZ", "aba")],
)
@given(TURNS)
def test_letters_of_a_given_plan_are_put_in_order(
    outline: str, expected: str, turns: list[int]
) -> None:
    assert shape_of(written_plan(turns, parse_outline(outline))) == expected


@given(TURNS)
def test_a_degree_that_is_given_stays(turns: list[int]) -> None:
    assert written_plan(turns, parse_outline("abac5/abad1")).ends == (5, 1)
    assert written_plan(turns, parse_outline("abac/abad1")).ends[1] == 1


@given(TURNS)
def test_a_plan_that_ends_in_a_slash_may_go_on(turns: list[int]) -> None:
    plan = written_plan(turns, parse_outline("abac abad /"))
    assert plan.names[0] == tuple("abacabad")
    assert set(plan.lengths[1:]) <= {8, 12, 16}


def test_one_that_does_not_is_whole() -> None:
    assert after_plan("abac1", parse_outline("abac")) == "\n"
    assert sorted(after_plan("abac1", parse_outline("abac/"))) == ["\n", "/"]


@pytest.mark.parametrize("outline", ["", "ab/ /cd", "a1b", "a*b", "b'b", "ab/c'd", "aa''''"])
def test_what_is_no_plan_is_told(outline: str) -> None:
    with pytest.raises(InputError, match="plan"):
        parse_outline(outline)


@pytest.mark.parametrize("outline", ["a", "ab/c", "ab/" + "c" * 65])
def test_a_section_of_a_plan_has_two_bars_or_more(outline: str) -> None:
    with pytest.raises(InputError, match="a section has 2 to 64 bars"):
        parse_outline(outline)


@pytest.mark.parametrize(
    "names",
    [
        (("a", None, "a", "b"),),
        ((None, "a", "a", "b"), ("a", "c", None, "b")),
        (("a", "b", None, "a'"), (None, "c", "a''", "b")),
        ((None, None, "a", "a^"), ("a'", "a", "b", "a^")),
        (("a", "a'", None, "a''"), ("a'", None, "a^", "a^^")),
    ],
)
@given(TURNS)
def test_bars_that_stand_keep_their_relations_whatever_comes_between(
    names: tuple[tuple[str | None, ...], ...], turns: list[int]
) -> None:
    plan = written_plan(turns, PlanRequirements(names, more=False, open=False))
    assert plan.lengths == tuple(map(len, names))
    told: dict[str, str] = {}
    for given_row, row in zip(names, plan.names, strict=True):
        for wanted, name in zip(given_row, row, strict=True):
            if wanted is not None:
                assert told.setdefault(wanted, name) == name
    for wanted, name in told.items():
        if len(wanted) > 1 and len(name) > 1:
            assert name[1] == wanted[1]
            assert name[0] == told[wanted[0]]


@given(TURNS, st.integers(0, 120))
def test_a_plan_has_the_least_bars_that_are_asked_for(turns: list[int], least: int) -> None:
    plan = written_plan(turns, PlanRequirements(least=least))
    assert sum(plan.lengths) >= min(least, 96)


@given(TURNS, st.integers(0, 60))
def test_a_plan_has_no_more_bars_than_there_is_room_for(turns: list[int], most: int) -> None:
    assert sum(written_plan(turns, PlanRequirements(most=most)).lengths) <= max(4, most)


def test_a_name_that_the_model_cannot_spell_is_told(
    random_model: Callable[..., Checkpoint],
) -> None:
    alphabet = ALPHABET.replace("h", "").replace("i", "")
    composer = Composer(random_model(alphabet=alphabet, planned=True))
    prompt = read_prompt("M:2/4\nL:1/8\nK:G\n")
    with pytest.raises(InputError, match="needs 'h', which the model does not know"):
        composer.generate(prompt, requirements=Settings(plan="abcdefgh").requirements())
    for tune in composer.generate(prompt, seed=1, count=8):
        assert tune.ended
