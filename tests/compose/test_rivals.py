"""Tunes whose phrases a judge draws from several are as reproducible and as whole as others."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from abclm.compose.generation import Composer
from abclm.compose.judge import JUDGE, Judge, save_judge
from abclm.compose.rivals import PhraseByPhrase
from abclm.compose.settings import Settings
from abclm.constraint.prompt import read_prompt
from abclm.decoding.decoder import DecoderState
from abclm.decoding.tune_in_progress import TuneInProgress
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.cues.progress import Progress
from abclm.model.cues.reader import Reading
from abclm.model.text import Usual
from abclm.model.vocabulary import Vocabulary
from abclm.notation.check.validate import validate
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.plan import parse_plan
from abclm.notation.cursor.plan_reader import remembered_bars

USUAL = Usual(("D", "G", "Edor", "Am"), ("reel", "jig"))
VOCABULARY = Vocabulary.from_text(["ABCDEFGabcdefg"])
HEAD = "M:2/4\nL:1/8\nK:G\nP:abac1\n"
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


@pytest.mark.slow
def test_a_tune_is_the_same_alone_and_in_a_batch(composer: Composer) -> None:
    together = composer.generate(PROMPT, seed=3, count=5, rivals=3)
    assert composer.generate(PROMPT, seed=3, count=5, rivals=3) == together
    for number in (0, 2, 4):
        (alone,) = composer.generate(PROMPT, seed=3, first=number, rivals=3)
        assert (alone.text, alone.number) == (together[number].text, number)
        assert alone.log2_probability == pytest.approx(together[number].log2_probability)


@pytest.mark.slow
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


def chosen_among(*candidates: tuple[str, int]) -> str:
    """The music that a judge without likes takes: each candidate has music and forced draws.

    The plan is a section of four bars that ends on the first degree.
    """
    constraint: Any = SimpleNamespace()
    constraint.clone = lambda: constraint
    tune = TuneInProgress(np.random.default_rng(0), constraint, VOCABULARY)
    nothing = np.zeros(0)
    tune.start = nothing, DecoderState(nothing, nothing, ())
    judge = Judge(np.zeros(1 << 17, np.float32), 0.0)
    writer = PhraseByPhrase(tune, [1], rivals=len(candidates), judge=judge, sharpness=2.5)
    for one, (music, forced) in zip(writer.begin(), candidates, strict=True):
        memory = remembered_bars(f"{HEAD}{music}", Cursor(last_field="P"))
        one.text, one.forced, one.ended = f"{HEAD}{music}", forced, True
        one.reading = Reading((), Progress(memory=memory, plan=parse_plan("abac1")))
        assert not [*one.then(one)]
    return writer.tune.text.removeprefix(HEAD)


def test_of_phrases_liked_alike_one_that_ends_as_planned_is_taken() -> None:
    right, wrong = "G4|A4|G4|G4|]", "G4|A4|G4|A4|]"
    for candidates in ((right, wrong, wrong), (wrong, wrong, right)):
        assert chosen_among(*((music, 0) for music in candidates)) == right


def test_of_phrases_liked_alike_one_that_was_not_forced_is_taken() -> None:
    free, forced = "G4|A4|G4|G4|]", "G4|B4|G4|G4|]"
    for candidates in (((forced, 9), (free, 0)), ((free, 0), (forced, 9))):
        assert chosen_among(*candidates) == free


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
