from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.notation.parse.parser import parse_body
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.meter import FREE
from abclm.notation.syntax.tokens import Context
from abclm.notation.write.rescale import in_unit

EIGHTH = Fraction(1, 8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A2 B|", "A B/|"),
        ("(3ABc z3", "(3A/B/c/ z3/2"),
        ("{g2}A>B-", "{g2}A/>B/-"),
        ("[A2c2]2", "[A2c2]"),
        ("Z2|^c'/", "Z2|^c'/4"),
        ("[K:A]d4", "[K:A]d2"),
    ],
)
def test_lengths_in_a_unit_twice_as_long(text: str, expected: str) -> None:
    assert in_unit(lex(text, Context.BODY), EIGHTH, 2 * EIGHTH) == expected


PIECES = ["A", "B2", "c/", "z3/2", "(3ABc", "{g}A", "[Ac]3", " ", ">d", "|"]
NOTES = st.lists(st.sampled_from(PIECES))


@given(NOTES, st.sampled_from([1, 2, 3, 8]), st.sampled_from([1, 4, 16]))
def test_every_sound_lasts_as_long_as_before(pieces: list[str], above: int, below: int) -> None:
    text, unit = "".join(pieces), Fraction(above, 8 * below)
    moved = in_unit(lex(text, Context.BODY), EIGHTH, unit)
    before = parse_body(text, FREE, EIGHTH).tune.events
    after = parse_body(moved, FREE, unit).tune.events
    assert [one.duration for one in after] == [one.duration for one in before]
    assert in_unit(lex(text, Context.BODY), unit, unit) == text
