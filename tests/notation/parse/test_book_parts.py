"""A long book examined in parts: the same findings in the same places."""

import pytest

from abclm.api.problems import examine as examine_book
from abclm.notation.check.validate import examine, examine_part, together
from abclm.notation.parse.book_parts import cut_book

HEADER = "%abc-2.1\nM:6/8\nU:T=!trill!\nI:linebreak !\n\n"
TUNE = "X:{0}\nT:number {0}\nL:1/8\nK:G\n|:GAB TBAG!|GA|\nd3-B3|g6|\n\n"
BOOK = HEADER + "".join(TUNE.format(number) for number in range(1, 40))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("size", [1, 100, 500, 10**6])
def test_parts_say_what_the_whole_says(end: str, size: int) -> None:
    text = BOOK.replace("\n", end)
    parts = cut_book(text, size)
    assert (len(parts) == 39) == (size == 1)
    assert (len(parts) == 1) == (size == 10**6)
    found = [examine_part(part.tunes()) for part in parts]
    assert sum(part.tunes for part in found) == 39
    assert together(found) == examine(text)
    assert len(examine(text).problems) == 117


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no tune\n",
        "T:a tune without X:\nK:G\nG|]\n\n" + BOOK,
        BOOK + "%%begintext\nX:1\n%%endtext\n",
    ],
)
def test_what_cannot_be_cut_stays_whole(text: str) -> None:
    assert [part.text for part in cut_book(text, 1)] == [text]
    assert together([examine_part(cut_book(text, 1)[0].tunes())]) == examine(text)


def test_processes_say_what_one_says() -> None:
    assert examine_book(BOOK, processes=2) == examine_book(BOOK, processes=1) == examine(BOOK)
