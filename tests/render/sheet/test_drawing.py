import pytest

from abclm.render.sheet.drawing import Box, Drawing, Glyph, Outline, Shape, circle, line, rectangle
from abclm.render.sheet.svg_path import read_path


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("M1 2 L3 4Z", [("M", (1, 2)), ("L", (3, 4)), ("Z", ())]),
        ("m1 2l3 4", [("M", (1, 2)), ("L", (4, 6))]),
        ("M1 2h3v4H0V0", [("M", (1, 2)), *(("L", p) for p in [(4, 2), (4, 6), (0, 6), (0, 0)])]),
        ("M0 0c1-2 3 4 5 6", [("M", (0, 0)), ("C", (1, -2, 3, 4, 5, 6))]),
        (
            "M0 0c1 1 2 2 3 0s2 2 3 0",
            [("M", (0, 0)), ("C", (1, 1, 2, 2, 3, 0)), ("C", (4, -2, 5, 2, 6, 0))],
        ),
        ("M0 0s1 1 2 0", [("M", (0, 0)), ("C", (0, 0, 1, 1, 2, 0))]),
        ("M0 0q3 3 6 0", [("M", (0, 0)), ("C", (2, 2, 4, 2, 6, 0))]),
        ("m1 1zm1 1", [("M", (1, 1)), ("Z", ()), ("M", (2, 2))]),
    ],
)
def test_paths_get_absolute_coordinates(path: str, steps: list[object]) -> None:
    assert list(read_path(path)) == steps


def test_glyphs_are_turned_upside_down() -> None:
    assert read_path("M1 2l1 1", flip=True) == (("M", (1, -2)), ("L", (2, -3)))


def test_a_step_without_its_numbers_is_an_error() -> None:
    with pytest.raises(ValueError, match="a step C of a path has 2 numbers"):
        read_path("M0 0C1 2")


def test_boxes() -> None:
    assert line(0, 5, 10, 5, 2).box == Box(-1, 4, 11, 6)
    assert rectangle(1, 2, 3, 4).box == Box(1, 2, 4, 6)
    assert Shape(circle(0, 0, 5)).box == Box(-5, -5, 5, 5)
    disc = Outline.of("disc", circle(0, 0, 5))
    assert Glyph(disc, 100, 50, 2).box == Box(90, 40, 110, 60)
    assert Drawing(()).box == Box(0, 0, 0, 0)
