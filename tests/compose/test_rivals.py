"""Tunes whose phrases a judge draws from several are as reproducible and as whole as others."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from abclm.compose.generation import Composer
from abclm.compose.judge import JUDGE, Judge, save_judge
from abclm.compose.settings import Settings
from abclm.constraint.prompt import read_prompt
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.text import Usual
from abclm.notation.check.validate import validate

USUAL = Usual(("D", "G", "Edor", "Am"), ("reel", "jig"))
PROMPT = read_prompt("M:2/4\nL:1/8\n")


def judged(model: Checkpoint, folder: Path, seed: int = 1, sign: float = 1.0) -> Composer:
    """A composer whose judge has random weights."""
    rng = np.random.default_rng(seed)
    weights = (sign * rng.standard_normal(1 << 17)).astype(np.float32)
    save_judge(folder / JUDGE, Judge(weights, 0.0))
    return Composer(replace(model, path=folder))


@pytest.fixture(scope="module")
def model(random_model: Callable[..., Checkpoint]) -> Checkpoint:
    return random_model(planned=True, known=USUAL)


@pytest.fixture(scope="module")
def composer(model: Checkpoint, tmp_path_factory: pytest.TempPathFactory) -> Composer:
    return judged(model, tmp_path_factory.mktemp("judged"))


def test_every_tune_ends_and_is_in_metre(composer: Composer) -> None:
    for tune in composer.generate(PROMPT, seed=1, count=6, rivals=3):
        assert tune.ended
        assert not validate(f"X:1\n{tune.text}", strict=True), tune.text


def test_a_tune_is_the_same_alone_and_in_a_batch(composer: Composer) -> None:
    together = composer.generate(PROMPT, seed=3, count=5, rivals=3)
    assert composer.generate(PROMPT, seed=3, count=5, rivals=3) == together
    for number in (0, 2, 4):
        (alone,) = composer.generate(PROMPT, seed=3, first=number, rivals=3)
        assert (alone.text, alone.number) == (together[number].text, number)
        assert alone.log2_probability == pytest.approx(together[number].log2_probability)


@pytest.mark.parametrize("start", ["M:2/4\nL:1/8\n", "T:a\nM:6/8\nL:1/8\nK:F#m\nF|GAB"])
def test_what_is_streamed_is_the_tune(start: str, composer: Composer) -> None:
    prompt = read_prompt(start)
    options: dict[str, Any] = {
        "rivals": 3,
        "requirements": Settings(form="AABB", bars=8).requirements(),
    }
    for seed in range(3):
        pieces: list[str] = []
        (tune,) = composer.generate(prompt, seed=seed, on_character=pieces.append, **options)
        assert "".join(pieces) == tune.text
        assert len(pieces) > 2
        assert composer.generate(prompt, seed=seed, **options)[0].text == tune.text


def test_the_judge_has_a_say(composer: Composer, model: Checkpoint, tmp_path: Path) -> None:
    other = judged(model, tmp_path, sign=-1.0)
    likes = composer.generate(PROMPT, seed=4, count=4, rivals=4)
    dislikes = other.generate(PROMPT, seed=4, count=4, rivals=4)
    assert [one.text for one in likes] != [one.text for one in dislikes]


def test_without_a_judge_or_with_one_candidate_the_network_is_alone(
    composer: Composer, model: Checkpoint
) -> None:
    plain = Composer(model).generate(PROMPT, seed=5, count=2)
    assert Composer(model).generate(PROMPT, seed=5, count=2, rivals=4) == plain
    assert composer.generate(PROMPT, seed=5, count=2, rivals=1) == plain


def test_the_judge_keeps_out_of_the_model_alone(composer: Composer, model: Checkpoint) -> None:
    options: dict[str, Any] = {"seed": 5, "raw": True, "max_characters": 200}
    assert composer.generate(PROMPT, rivals=4, **options) == composer.generate(PROMPT, **options)


def test_what_was_asked_for_is_kept_too(composer: Composer) -> None:
    settings = Settings(meter="2/4", unit="1/8", plan="abab / cbab", instrument_range="fiddle")
    prompt = read_prompt("", settings.header())
    for tune in composer.generate(
        prompt, seed=1, count=3, requirements=settings.requirements(), rivals=3
    ):
        assert "".join(
            c for c in tune.read.split("P:")[1].split("\n")[0] if c not in "1234567"
        ) == ("abab/cbab")
        assert not validate(f"X:1\n{tune.text}", strict=True)


def test_the_limit_holds(composer: Composer) -> None:
    for tune in composer.generate(PROMPT, seed=2, count=4, rivals=3, max_characters=400):
        assert tune.ended
        assert len(tune.text) <= 400
