"""What the grammar would have allowed: its own tunes, but no short bar and no wrong copy."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from abclm.compose.generation import Composer
from abclm.constraint.header_constraint import Unconstrained
from abclm.constraint.passing import passes
from abclm.constraint.prompt import Prompt
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.text import Usual, model_text

HEADER = "M:2/4\nL:1/8\nK:G\n"
PLAIN = f"{HEADER}GABc|d2d2|GABc|d4|]\n"


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        ("GABc|d2d2|GABc|d4|]\n", True),
        ("|:GABc|d2d2|GABc|d4:|\n", True),
        ("GABc|d2d2|GABc|d3|]\n", False),
        ("GABc|d2d2|GABc|d5|]\n", False),
        ("GABc|d2d2|GABc|d4", False),
        ("GABc|d2d2|GABc|~4|]\n", False),
    ],
)
def test_a_tune_passes_or_not(
    music: str, expected: bool, spelling_model: Callable[..., Checkpoint]
) -> None:
    composer = Composer(spelling_model(PLAIN, "|:35x"))
    (tune,) = composer.generate(raw=True)
    assert composer.passes(tune)
    assert composer.passes(replace(tune, read=HEADER + music)) is expected
    assert not composer.passes(replace(tune, ended=False))


@pytest.mark.parametrize("planned", [False, True], ids=["unplanned", "planned"])
def test_what_the_grammar_wrote_passes(
    planned: bool, random_model: Callable[..., Checkpoint]
) -> None:
    known = Usual(("G", "Em"), ("reel",))
    composer = Composer(random_model(1, planned=planned, known=known))
    # Under the same limit: the way to an earlier end may leave the plan.
    tunes = composer.generate(count=3)
    ended = [tune for tune in tunes if tune.ended]
    assert ended
    assert all(map(composer.passes, ended))


def test_a_bar_that_the_plan_copies_must_be_a_copy(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    read = model_text(f"T:t\n{PLAIN}", Usual(("G",)), planned=True)
    composer = Composer(spelling_model(read))
    (tune,) = composer.generate(raw=True)
    assert composer.passes(tune)
    assert not composer.passes(replace(tune, read=read.replace("GABc|d4", "GBAc|d4")))


def test_no_constraint_lets_all_pass_that_can_be_read(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    vocabulary = spelling_model(PLAIN).vocabulary
    for text, expected in (("G9", False), ("G4|G", True), ("", True)):
        constraint = Unconstrained(Prompt(), Usual(), planned=False)
        assert passes(constraint, text, vocabulary) is expected
