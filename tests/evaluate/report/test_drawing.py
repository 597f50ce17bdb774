"""A picture is the same whatever folder it is drawn in, and drawn whatever a model is called."""

import subprocess
import sys
from pathlib import Path

import pytest

from abclm.evaluate.report.music_pictures import draw_quarters

DRAW = """
from abclm.evaluate.report.pictures import draw_loss
print(draw_loss([], "loss"))
"""


def draw(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-P", "-c", DRAW], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_settings_in_the_folder_that_the_user_is_in_do_not_hold(tmp_path: Path) -> None:
    (tmp_path / "sound").mkdir()
    (tmp_path / "odd").mkdir()
    settings = "text.usetex: True\nfont.size: 40\nbackend: module://evil\n"
    (tmp_path / "odd" / "matplotlibrc").write_text(settings, encoding="utf-8")
    assert draw(tmp_path / "odd") == draw(tmp_path / "sound") != ""


@pytest.mark.parametrize("name", ["$\\frac{$", "$x^2$", "漢字", "a\x1b[8m"])
def test_a_name_is_written_as_it_is(name: str) -> None:
    assert f">{name}</text>" in draw_quarters({name: ("model", (0.1, 0.2, 0.3, 0.4))}, "quarters")
