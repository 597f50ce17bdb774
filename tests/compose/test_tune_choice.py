"""The tunes that ``--tune`` asks for."""

import pytest

from abclm.compose.chosen import read_tunes
from abclm.compose.set_choice import choose_tunes
from abclm.compose.tune_choice import number_of, numbers_of, one_tune
from abclm.errors import InputError
from abclm.notation.syntax.source import Source

BOOK = """X:1
T:The Banshee
K:G
G|

X:2
T:Cooley's
T:The Joyful Jig
K:Em
E|

X:3
T:The Banshee Returns
K:D
D|

X:3
T:Twin
K:D
D|
"""
SOURCE = Source.of(BOOK, "book.abc")
TUNES = read_tunes(BOOK, "book.abc")


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (None, []),
        ("2", [2]),
        ("1,3, 2", [1, 3, 2]),
        ("9", [9]),
        ("The Banshee", [1]),
        ("banshee", [1]),
        ("cooleys", [2]),
        ("joyful", [2]),
    ],
)
def test_numbers_and_titles(wanted: str | None, numbers: list[int]) -> None:
    assert numbers_of(SOURCE, wanted) == numbers


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("1,2", "give one tune here"),
        ("cooly's", 'did you mean "Cooley\'s"'),
        ("ban", "2 tunes are called"),
        ("twin", "needs an X: that no other tune has"),
        ("", "no tune is called ''"),
    ],
)
def test_one_tune_is_wanted(wanted: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        number_of(SOURCE, wanted)


def test_a_set_keeps_the_order_in_which_it_is_given() -> None:
    found = choose_tunes(TUNES, "2,1,2", "book.abc")
    assert [tune.value("X") for tune in found] == ["2", "1", "2"]
    with pytest.raises(InputError, match="give one tune"):
        one_tune(TUNES, "2,1", "book.abc")
