"""Piano rolls: where notes, bars and names are in the picture."""

import re
from xml.etree import ElementTree as ET

import pytest

from abclm.errors import RenderError
from abclm.notation.parse.parser import parse_tunebook
from abclm.render.mark import MARK
from abclm.render.roll.roll import roll_svg

SVG = "{http://www.w3.org/2000/svg}"


def roll(music: str, header: str = "M:4/4\nL:1/4\n", **choices: bool) -> ET.Element:
    (parsed,) = parse_tunebook(f"X:1\nT:One & <two>\n{header}K:C\n{music}\n")
    return ET.fromstring(roll_svg(parsed.tune, **choices))


def notes(picture: ET.Element, voice: int = 0) -> list[tuple[float, float, float]]:
    """Left, top and width of the notes of a voice."""
    rectangles = picture.findall(f"{SVG}g[@class='v{voice}']/{SVG}rect")
    return [tuple(float(one.get(name, "")) for name in ("x", "y", "width")) for one in rectangles]  # type: ignore[misc]


def texts(picture: ET.Element) -> list[str]:
    return [one.text or "" for one in picture.iter(f"{SVG}text")]


def test_time_goes_to_the_right_and_pitch_upwards() -> None:
    first, second, third = notes(roll("C D c2|"))
    assert first[0] < second[0] < third[0]
    assert first[1] > second[1] > third[1]
    assert first[1] - second[1] == 2 * 8
    assert third[2] == pytest.approx(2 * first[2] + 1, abs=0.02)


def test_repeats_are_unfolded_and_bars_numbered_from_a_pickup() -> None:
    picture = roll("G|:C4|D4:|")
    assert len(notes(picture)) == 5
    assert [text for text in texts(picture) if text.isdecimal()] == ["0", "1", "2", "3", "4"]


def test_rows_hold_eight_bars() -> None:
    picture = roll("C4|" * 20)
    tops = {top for _, top, _ in notes(picture)}
    assert len(tops) == 3
    assert len(picture.findall(f"{SVG}g[@transform]")) == 3


def test_a_note_over_the_end_of_a_row_is_drawn_in_both() -> None:
    assert len({top for _, top, _ in notes(roll("C4|" * 7 + "C4-|C4|"))}) == 2


def test_octaves_are_named_and_chord_symbols_stand_above() -> None:
    picture = roll('"G7"C4|"^text"c4|')
    assert {"C4", "C5", "G7"} <= set(texts(picture))
    assert "^text" not in texts(picture)


def test_each_voice_has_its_colour_and_name() -> None:
    picture = roll("[V:1]C4|\n[V:2]c4|\n", 'M:4/4\nL:1/4\nV:1 name="High"\nV:2\n')
    assert len(notes(picture, 0)) == len(notes(picture, 1)) == 1
    assert {"High", "2"} <= set(texts(picture))
    style = picture.findtext(f"{SVG}style") or ""
    assert style.count(".v0{") == 2
    assert "prefers-color-scheme:dark" in style


def test_the_picture_has_a_title_and_says_who_wrote_it() -> None:
    picture = roll("C4|")
    assert picture.findtext(f"{SVG}title") == "One & <two>"
    assert picture.findtext(f"{SVG}metadata") == MARK
    assert roll("C4|", mark=False).find(f"{SVG}metadata") is None


def test_hornpipes_swing_if_asked() -> None:
    header = "R:hornpipe\nM:4/4\nL:1/8\n"
    even, swung = notes(roll("CDEF G4|", header)), notes(roll("CDEF G4|", header, swing=True))
    assert even[0][2] < swung[0][2]


@pytest.mark.parametrize(
    "music", ["C0|", "C30|", "z4|C|", "C4|&G4|", "Z60|C4|", "{c}C4|(7CDEFGAB|"]
)
def test_odd_bars_have_their_place_in_the_picture(music: str) -> None:
    picture = roll(music, "M:none\nL:1/4\n" if "30" in music else "M:4/4\nL:1/4\n")
    width = float((picture.get("viewBox") or "").split()[2])
    assert all(left + size <= width for left, _, size in notes(picture))


def test_a_tune_without_notes_is_refused() -> None:
    with pytest.raises(RenderError, match="no notes"):
        roll("z4|")


def test_the_same_tune_gives_the_same_picture() -> None:
    (parsed,) = parse_tunebook("X:1\nL:1/4\nK:C\nCDEF|\n")
    assert roll_svg(parsed.tune) == roll_svg(parsed.tune)
    assert not re.search(r"\bnan\b|\binf\b", roll_svg(parsed.tune))
