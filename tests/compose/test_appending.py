"""Tunes are set into tunebooks as they are, under free reference numbers."""

import pytest

from abclm.compose.tunebook import (
    append_tunes,
    by_itself,
    next_reference_number,
    with_note,
    with_reference_number,
    with_title,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 1),
        ("free text\n", 1),
        ("X:1\nK:D\nA|\n\nX: 12\nK:D\nB|\n", 13),
        ("X:4\r\nK:D\r\nA|\r\n", 5),
        ("X:4\rK:D\rA|\r", 5),
        ("\ufeffX:2\n", 3),
        ("T:X:9\nX:\nX:abc\n", 1),
    ],
)
def test_the_next_reference_number_is_above_all_there_are(text: str, number: int) -> None:
    assert next_reference_number(text) == number


def test_a_tune_gets_one_reference_number_and_one_line_end() -> None:
    assert with_reference_number("T:A\nK:D\nA|", 3) == "X:3\nT:A\nK:D\nA|\n"


@pytest.mark.parametrize(
    ("book", "expected"),
    [
        ("", "X:1\nT:A\n\nX:2\nT:B\n"),
        ("\n\n", "\n\nX:1\nT:A\n\nX:2\nT:B\n"),
        ("X:5\nT:Z\n", "X:5\nT:Z\n\nX:6\nT:A\n\nX:7\nT:B\n"),
        ("X:5\nT:Z", "X:5\nT:Z\n\nX:6\nT:A\n\nX:7\nT:B\n"),
        ("X:5\nT:Z\n\n", "X:5\nT:Z\n\nX:6\nT:A\n\nX:7\nT:B\n"),
        ("X:5\r\nT:Z\r\n", "X:5\r\nT:Z\r\n\r\nX:6\r\nT:A\r\n\r\nX:7\r\nT:B\r\n"),
    ],
)
def test_tunes_are_appended_with_an_empty_line_between(book: str, expected: str) -> None:
    assert append_tunes(book, ["T:A\n", "T:B\n"]) == expected


@pytest.mark.parametrize(
    ("text", "fields", "expected"),
    [
        ("X:3\r\nT:A\r\nK:D\r\nA|\r\n", [], "T:A\nK:D\nA|\n"),
        ("T:A\nK:D\nA|\n\n", [], "T:A\nK:D\nA|\n"),
        ("X:1\nK:D\nA|", ["M:6/8"], "M:6/8\nK:D\nA|\n"),
        ("X:1\nT:A\nT:B\nM:2/4\nK:D\nA|", ["M:6/8", "L:1/4"],
         "T:A\nT:B\nL:1/4\nM:2/4\nK:D\nA|\n"),
        ("X:1\nT:A\nU:T=!x!\nK:D\nA|", ["U:T=!y!"], "T:A\nU:T=!y!\nU:T=!x!\nK:D\nA|\n"),
    ],
)  # fmt: skip
def test_a_tune_by_itself_takes_over_what_its_file_says(
    text: str, fields: list[str], expected: str
) -> None:
    assert by_itself(text, fields) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("K:D\nA|\nK:G\nG|\n", "T:New\nN:why\nK:D\nA|\nK:G\nG|\n"),
        ("T:A\nT:B\nN:mine\nK:D\nA|\n", "T:New\nT:B\nN:mine\nN:why\nK:D\nA|\n"),
        ("M:2/4\nT:A\nK:D\nA|\n", "M:2/4\nT:New\nN:why\nK:D\nA|\n"),
    ],
)
def test_another_title_and_one_more_note(text: str, expected: str) -> None:
    assert with_note(with_title(text, "New"), "why") == expected
