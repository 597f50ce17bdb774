from fractions import Fraction

import pytest

from abclm.constraint.follower_grammar import FollowerGrammar
from abclm.constraint.metre import Metre
from abclm.constraint.nodes import Nodes
from abclm.model.vocabulary import Vocabulary
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.time import WHOLE
from abclm.notation.syntax.meter import parse_meter

VOCABULARY = Vocabulary.from_text(["ABCDEFGabcdefgz^_=',-/|1234678([]: "])
METER = parse_meter("4/4")
UNIT = Fraction(1, 4)
QUARTER = WHOLE // 4


def nodes(ticks: int, *, can_tie: bool = True) -> Nodes:
    assert METER is not None
    metre = Metre(METER, UNIT, frozenset(VOCABULARY.characters), 4)
    return Nodes(FollowerGrammar(metre, ticks, can_tie=can_tie), VOCABULARY)


def begin() -> Cursor:
    assert METER is not None
    return Cursor.begin(METER, UNIT)


@pytest.mark.parametrize("text", ["C3", "CDE", "z3", "(3CDEF", "C3/2D/E", "[CE]2G", "C-CC"])
def test_a_bar_of_three_quarters_ends_after_three(text: str) -> None:
    here = nodes(3 * QUARTER).through(begin(), text)
    assert here is not None
    assert "|" in nodes(3 * QUARTER).at(here).characters


@pytest.mark.parametrize("text", ["C4", "CDEF", "C2D2", "(3CDEF2"])
def test_nothing_longer_is_allowed(text: str) -> None:
    assert nodes(3 * QUARTER).through(begin(), text) is None


def test_it_does_not_end_early() -> None:
    bar = nodes(3 * QUARTER)
    here = bar.through(begin(), "C2")
    assert here is not None
    assert "|" not in bar.at(here).characters


def test_a_tie_may_lead_out_of_the_bar_only_where_that_is_allowed() -> None:
    for can_tie in (True, False):
        bar = nodes(3 * QUARTER, can_tie=can_tie)
        here = bar.through(begin(), "C3")
        assert here is not None
        assert ("-" in bar.at(here).characters) is can_tie
        # Inside the bar it always may.
        assert bar.through(begin(), "C-C2") is not None


def test_a_chord_has_five_notes_at_most() -> None:
    bar = nodes(4 * QUARTER)
    assert bar.through(begin(), "[CEGce]4") is not None
    assert bar.through(begin(), "[CEGceg") is None
