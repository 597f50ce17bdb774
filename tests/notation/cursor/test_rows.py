"""The text of several voices is fed to each voice as the ABC that it would read alone."""

import pytest

from abclm.notation.cursor.rows import BAR_LINES, CODES, Rows


def voices(text: str, count: int) -> list[str]:
    """What each voice reads of ``text``."""
    here = Rows(count)
    read = [""] * count
    for character in text:
        here, fed = here.feed(character)
        for voice, abc in fed:
            read[voice] += abc
    return read


def test_two_voices_by_hand() -> None:
    assert voices("|:G2B2|G,4\nd4:G,4\n", 2) == ["|:G2B2|d4:|\n", "|:G,4|G,4:|\n"]


def test_endings_are_read_by_every_voice() -> None:
    text = "|:G4|G,4|D4\n1A4:A,4|D4\n2B4]B,4|D4\n"
    assert voices(text, 3) == [
        "|:G4|1A4:|\n2B4|]\n",
        "|:G,4|1A,4:|\n2B,4|]\n",
        "|:D4|1D4:|\n2D4|]\n",
    ]


@pytest.mark.parametrize(("code", "line"), BAR_LINES.items())
def test_a_bar_line_is_one_character_and_holds_for_all(code: str, line: str) -> None:
    ending = line if line == "|" else line + "\n"
    assert voices(f"G4{code}B4|d4\n", 3) == ["G4" + ending, "B4" + ending, "d4" + ending]
    assert CODES[line] == code


def test_the_bracket_of_a_chord_ends_no_bar() -> None:
    assert voices("[GB]4]G,2[G,D]2\n", 2) == ["[GB]4|]\n", "G,2[G,D]2|]\n"]


def test_a_colon_inside_a_bar_of_another_voice_is_its_own() -> None:
    # Only the first cell has codes; in another one a tuplet may have its colon.
    assert voices("G4|(3:2:3GAB d2\n", 2) == ["G4|", "(3:2:3GAB d2|"]


def test_after_a_row_the_first_voice_is_next() -> None:
    here = Rows(2)
    for character in "G4|G,4\n":
        here, _ = here.feed(character)
    assert here == Rows(2)


def test_where_the_text_is() -> None:
    here = Rows(3)
    places = []
    for character in "1G:B|d":
        here, _ = here.feed(character)
        places.append((here.at, here.begun, here.opening, here.closing))
    assert places == [
        (0, False, "1", ""),
        (0, True, "1", ""),
        (1, False, "1", ":|"),
        (1, True, "1", ":|"),
        (2, False, "1", ":|"),
        (2, True, "1", ":|"),
    ]
