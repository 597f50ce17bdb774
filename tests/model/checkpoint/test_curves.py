"""The curves of a run: two panels, whatever was measured, in a picture that any viewer can read."""

import math
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from abclm.model.checkpoint.curves import draw_curves
from abclm.model.checkpoint.history import EpochRow

SVG = "{http://www.w3.org/2000/svg}"
ROW = EpochRow(1, 10, 1000, 4.0, 4.5, 0.001, 2000.0, 1.5, 0.2, 0.1)
ROWS = [
    replace(
        ROW,
        epoch=epoch,
        train_bits_per_character=5 - epoch,
        held_out_bits_per_character=5.5 - epoch,
        train_accuracy=epoch / 4,
        held_out_accuracy=epoch / 5,
    )
    for epoch in (1, 2, 3)
]


def paths(picture: str, kind: str) -> list[str]:
    tree = ET.fromstring(picture)
    curves = [each for each in tree.iter(f"{SVG}path") if each.get("class") == kind]
    return [each.get("d", "") for each in curves][1:]  # the first one is in the legend


def texts(picture: str) -> list[str]:
    tree = ET.fromstring(picture)
    return [each.text or "" for each in tree.iter(f"{SVG}text")]


def test_both_axes_of_both_panels_are_labelled() -> None:
    shown = texts(draw_curves(ROWS, "mine"))
    assert shown.count("epoch") == 2
    assert {"bits per character", "accuracy, %"} < set(shown)
    assert {"training tunes", "held-out tunes", "1", "2", "3", "20", "80"} < set(shown)


def test_loss_falls_and_accuracy_rises() -> None:
    picture = draw_curves(ROWS, "mine")
    for kind in ("train", "held-out"):
        loss, accuracy = (
            [float(point.split()[1]) for point in path[1:].split("L")]
            for path in paths(picture, kind)
        )
        # Down is more in a picture.
        assert loss == sorted(loss)
        assert accuracy == sorted(accuracy, reverse=True)
        assert len(loss) == len(accuracy) == 3
        assert all(54 <= place <= 246 for place in (*loss, *accuracy))


def test_what_was_not_measured_is_left_out() -> None:
    bare = replace(ROW, held_out_bits_per_character=None, train_accuracy=None)
    picture = draw_curves([replace(bare, held_out_accuracy=None)], "mine")
    assert len(paths(picture, "train")) == 1
    assert not paths(picture, "held-out")
    assert "not measured" in texts(picture)


@pytest.mark.parametrize("bits", [0.0, 1e-9, 3.0, 1e9, math.inf, math.nan])
def test_any_number_can_be_drawn(bits: float) -> None:
    rows = [replace(ROW, epoch=epoch, train_bits_per_character=bits) for epoch in (1, 400)]
    assert "nan" not in draw_curves(rows, "mine")


def test_a_name_is_not_markup() -> None:
    title = ET.fromstring(draw_curves(ROWS, "<b>\x1b\udcff"))[0].text
    assert title is not None
    assert title.startswith("<b>\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}: ")


def test_the_last_and_the_best_values_are_said_in_words() -> None:
    two = [
        ROW,
        replace(ROW, epoch=2, train_bits_per_character=3.5, held_out_bits_per_character=4.75),
    ]
    shown = texts(draw_curves(two, "mine"))
    assert "training 3.500; held out 4.750, best 4.500 in epoch 1" in shown
    assert "training 20.0; held out 10.0" in shown


def test_the_picture_is_as_wide_as_the_screen_at_most() -> None:
    root = ET.fromstring(draw_curves(ROWS, "mine"))
    assert root.get("width") is None
    assert "max-width" in (root.get("style") or "")
