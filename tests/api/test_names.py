"""The names of ``abclm`` are loaded when they are used, and are all that is promised."""

import doctest
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import pytest

import abclm
from abclm.api.trained_model import TrainedModel
from abclm.compose.options import SettingsValues, TuneOptions
from tests.corpus.test_build import good

TUNE = (
    "M:4/4\nL:1/8\nK:G\nGABc dedB|c2ec B2dB|A2cA G2BG|FGAF D2EF|\n"
    "GABc dedB|c2ec B2dB|A2cA F2AF|G2GF G4|]\n"
)
HOMES = sorted({*abclm._HOMES.values(), TrainedModel.__module__})


def modules_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_importing_abclm_imports_nothing_else_of_it() -> None:
    ours = {name for name in modules_after("import abclm") if name.startswith("abclm")}
    assert ours == {"abclm"}


def test_checking_a_tune_imports_no_numpy() -> None:
    loaded = modules_after("import abclm\nabclm.validate('X:1')\nabclm.read")
    assert not loaded & {"numpy", "pydantic", "typer", "rich"}


def test_every_name_is_there_and_listed() -> None:
    for name in abclm.__all__:
        assert getattr(abclm, name) is not None
        assert name in dir(abclm)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = abclm.nothing


def test_the_settings_of_generate_are_the_options_of_the_command() -> None:
    assert get_type_hints(SettingsValues) == get_type_hints(TuneOptions)


def methods() -> Iterator[tuple[str, object]]:
    for name in abclm.__all__:
        value = getattr(abclm, name)
        if isinstance(value, type):
            own = {key: getattr(value, key) for key in dir(value) if not key.startswith("_")}
            yield from ((f"{name}.{key}", one) for key, one in own.items() if callable(one))
        elif callable(value):
            yield name, value


@pytest.mark.parametrize("name", [name for name, _ in methods()])
def test_everything_public_is_documented(name: str) -> None:
    assert dict(methods())[name].__doc__


@pytest.mark.slow
@pytest.mark.parametrize("module", HOMES, ids=lambda home: home.split(".")[-1])
def test_the_examples_of_the_docstrings_are_right(module: str) -> None:
    """``model``, ``tune`` and ``book`` stand for the shipped model, a tune and a book of three.

    There is a corpus ``mine``, built from ``session.abc``.
    """
    irish = abclm.load("irish")
    tune = irish.generate(rhythm="reel", seed=3)
    book = abclm.Tunebook()
    for title in ("The Banshee", "Cooley's", "The Kesh"):
        book.append(abclm.Tune(f"X:1\nT:{title}\n{TUNE}"))
    names = {"abclm": abclm, "model": irish, "tune": tune}
    Path("session.abc").write_text("".join(map(good, range(1, 9))), encoding="utf-8")
    abclm.build_corpus("mine", ["session.abc"])
    tests = doctest.DocTestFinder().find(import_module(module))
    for test in tests:
        book.save("book.abc")
        test.globs = {**names, "book": abclm.read("book.abc")}
        result = doctest.DocTestRunner().run(test)
        assert not result.failed, test.name
