"""The wheel works from any folder, without the clone."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from abclm import __version__

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def abclm(site: Path, folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "abclm", *args],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_its_version_is_that_of_the_package(unpacked: Path, tmp_path: Path) -> None:
    (metadata,) = unpacked.glob("abclm-*.dist-info/METADATA")
    text = metadata.read_text(encoding="utf-8")
    assert f"\nVersion: {__version__}\n" in text
    assert abclm(unpacked, tmp_path, "--version").stdout == f"abclm {__version__}\n"


def test_the_extra_full_brings_sheets_and_sound_and_no_training(unpacked: Path) -> None:
    (metadata,) = unpacked.glob("abclm-*.dist-info/METADATA")
    wanted = re.findall(
        r"^Requires-Dist: (.+); extra == 'full'$",
        metadata.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    names = " ".join(wanted)
    assert "verovio" in names
    assert "midirenderer" in names
    assert "tensorflow" not in names


def test_the_recipes_are_inside(unpacked: Path, tmp_path: Path) -> None:
    done = abclm(unpacked, tmp_path, "corpus", "list")
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert names == ["cello", "chorales", "irish", "quartets"], done.stderr


def test_the_shipped_model_writes_a_tune(unpacked: Path, tmp_path: Path) -> None:
    done = abclm(
        unpacked, tmp_path, "generate", "--seed", "7", "--candidates", "1", "-o", "tune.abc"
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "tune.abc").read_text(encoding="utf-8").startswith("X:1\nT:")


def test_only_the_shipped_models_and_recipes_are_inside(unpacked: Path) -> None:
    shipped = unpacked / "abclm" / "checkpoints"
    assert sorted(str(path.relative_to(shipped)) for path in shipped.rglob("*.*")) == [
        "chorales/README.md",
        "chorales/config.json",
        "chorales/history.csv",
        "chorales/weights.safetensors",
        "irish/README.md",
        "irish/config.json",
        "irish/history.csv",
        "irish/judge.safetensors",
        "irish/originality.safetensors",
        "irish/titles.tsv",
        "irish/weights.safetensors",
    ]
    recipes = sorted(path.name for path in (unpacked / "abclm" / "corpora").iterdir())
    assert recipes == ["cello.toml", "chorales.toml", "irish.toml", "quartets.toml"]
