"""Plans: what is written is what was read, and each bar is what its name says."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.errors import InputError
from abclm.notation.cursor.plan import LETTERS, MOST_MARKS, BarKind, Plan, parse_plan

NEW, COPY, VARIATION, SEQUENCE = (
    BarKind.NEW,
    BarKind.COPY,
    BarKind.VARIATION,
    BarKind.SEQUENCE,
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan whose marked names come after their letter."""
    letters = draw(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=6, unique=True))
    known: list[str] = []
    names = []
    for _ in range(draw(st.integers(1, 4))):
        row = []
        for _ in range(draw(st.integers(1, 9))):
            letter = draw(st.sampled_from(letters))
            mark = draw(st.sampled_from(["", "'", "^"])) if letter in known else ""
            known.append(letter)
            row.append(letter + mark * draw(st.integers(1, MOST_MARKS)))
        names.append(tuple(row))
    ends = draw(st.lists(st.integers(0, 7), min_size=len(names), max_size=len(names)))
    return Plan(tuple(names), tuple(ends))


def kinds(text: str) -> list[list[BarKind]]:
    return [[bar.kind for bar in section] for section in parse_plan(text).bars]


@given(plans())
def test_the_compact_plan_is_read_as_it_was_written(plan: Plan) -> None:
    again = parse_plan(plan.compact())
    assert again == plan
    assert again.bars == plan.bars


@given(plans())
def test_a_persons_plan_says_the_same(plan: Plan) -> None:
    assert parse_plan(str(plan)) == plan


def test_a_plan_is_shown_in_fours_and_read_without_blanks() -> None:
    plan = parse_plan("abacabad1/efegef'a'd")
    assert str(plan) == "abac abad1 / efeg ef'a'd"
    assert plan.compact() == "abacabad1/efegef'a'd"
    assert plan == parse_plan(" abac abad1 /\nefeg ef'a' d ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aba", [[NEW, NEW, COPY]]),
        ("ab/ab", [[NEW, NEW], [COPY, COPY]]),
        ("aa'a''a'", [[NEW, VARIATION, VARIATION, COPY]]),
        ("aa^a^^^a^", [[NEW, SEQUENCE, SEQUENCE, COPY]]),
        ("aA", [[NEW, NEW]]),
    ],
)
def test_the_first_of_a_name_is_new_or_a_relative_and_the_next_a_copy(
    text: str, expected: list[list[BarKind]]
) -> None:
    assert kinds(text) == expected


def test_a_copy_comes_from_its_own_name_and_a_relative_from_its_letter() -> None:
    bars = parse_plan("xyab/x'x'x^b").bars
    assert [bar.origin for bar in bars[0]] == [None] * 4
    # The second x' is the first one again; x^ moves x, not x'.
    assert [bar.origin for bar in bars[1]] == [(0, 0), (1, 0), (0, 0), (0, 3)]


def test_the_degree_at_a_sections_end_may_be_left_open() -> None:
    plan = parse_plan("ab1/cd/e5")
    assert [plan.end(section) for section in range(4)] == [1, 0, 5, 0]
    assert plan.lengths == (2, 2, 1)


def test_a_section_without_an_end_of_its_own_is_left_open() -> None:
    names = (("a", "b"), ("c",), ("a",))
    plan = Plan(names, (1,))
    assert plan == Plan(names, (1, 0, 0)) == parse_plan(plan.compact())
    assert (str(plan), plan.compact()) == ("ab1 / c / a", "ab1/c/a")
    assert str(Plan(names)) == "ab / c / a"


def test_more_ends_than_sections_are_refused() -> None:
    with pytest.raises(InputError, match="more ends than sections"):
        Plan((("a", "b"),), (1, 2))


def test_outside_the_plan_nothing_is_planned() -> None:
    plan = parse_plan("ab/c")
    first = plan.at(0, 0)
    assert first is not None
    assert first.name == "a"
    assert plan.at(0, 2) is plan.at(0, -1) is plan.at(1, 1) is plan.at(2, 0) is None
    assert Plan().at(0, 0) is None
    assert Plan().lengths == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "section 1 of the plan, '', is not one letter a bar"),
        ("ab/", "section 2 of the plan, '', is not"),
        ("ab//cd", "section 2 of the plan, '', is not"),
        ("a1b", "section 1 of the plan, 'a1b', is not"),
        ("ab8", "section 1 of the plan, 'ab8', is not"),
        ("ab0", "section 1 of the plan, 'ab0', is not"),
        ("'a", "section 1 of the plan"),
        ("aa''''", "section 1 of the plan"),
        ("aa'^", "section 1 of the plan"),
        ("äb", "section 1 of the plan, 'äb', is not"),
        ("ab\x1b[2J", r"section 1 of the plan, 'ab\x1b[2J', is not"),
        ("ab-" * 99, "section 1 of the plan, 'ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-a', is not"),
        ("ba'", "the plan has a' before any a"),
        ("b/a^a", "the plan has a^ before any a"),
    ],
)
def test_what_is_no_plan_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        parse_plan(text)
    assert "\n" not in str(caught.value)
    assert "before any" in message or 'such as "abac abad / efeg ef\'ad"' in str(caught.value)


@given(st.text("ab'^/15 \n", max_size=20))
def test_any_text_is_a_plan_or_an_input_error(text: str) -> None:
    try:
        plan = parse_plan(text)
    except InputError:
        return
    assert parse_plan(plan.compact()) == plan
