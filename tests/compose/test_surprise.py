"""What surprises a network that spells one tune, and one that was never trained."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from abclm.compose.network import Network
from abclm.compose.surprise import Alternative, Surprise, surprise
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.vocabulary import END_OF_TUNE

HEADER = "M:2/4\nL:1/8\nK:G\n"
CERTAIN: Any = pytest.approx(1.0)
SPELT = HEADER + "d|G2Bc|d2d2|B2^cd|e2d|]\n"


def read(model: Checkpoint, text: str, places: int = 3) -> Surprise:
    return surprise(Network(model), text, places)


def test_what_the_model_would_have_written_surprises_it_nowhere(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    found = read(spelling_model(SPELT), SPELT)
    assert [note.text for note in found.notes] == [
        "d",
        "G2",
        "B",
        "c",
        "d2",
        "d2",
        "B2",
        "^c",
        "d",
        "e2",
        "d",
    ]
    assert [note.bar for note in found.notes] == [0, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4]
    assert found.bits < 0.01
    assert found.characters == len(SPELT) + 1


@pytest.mark.parametrize(
    ("old", "new", "at", "expected"),
    [
        ("d2d2|B", "d2e2|B", 5, Alternative("d2", CERTAIN)),
        ("2^cd", "2ccd", 7, Alternative("^c", CERTAIN)),
        ("G2Bc", "GABc", 2, Alternative("G2", CERTAIN, before=True)),
    ],
)
def test_at_a_surprise_stands_what_was_expected_as_a_whole_note(
    spelling_model: Callable[..., Checkpoint],
    old: str,
    new: str,
    at: int,
    expected: Alternative,
) -> None:
    found = read(spelling_model(SPELT, "A"), SPELT.replace(old, new), places=40)
    assert found.notes[at].alternatives == (expected,)
    assert not any(note.alternatives for note in found.notes[:at])


def test_a_bar_line_that_was_expected_is_shown_as_it_is(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    found = read(spelling_model(SPELT), SPELT.replace("Bc|d2", "Bcd2"))
    assert found.notes[4].alternatives == (Alternative("|", CERTAIN),)


def test_bits_are_those_of_the_network_character_by_character(
    random_model: Callable[..., Checkpoint],
) -> None:
    model = random_model()
    network = Network(model)
    decoder = network.decoder
    found = surprise(network, SPELT)
    ids = [END_OF_TUNE, *model.vocabulary.encode(SPELT), END_OF_TUNE]
    state, bits = decoder.start(1), 0.0
    for index, following in pairwise(ids):
        logits, state = decoder.step(np.array([index]), state)
        values = logits[0].astype(np.float64)
        bits -= (values[following] - np.log(np.exp(values).sum())) / np.log(2)
    assert found.bits == pytest.approx(bits)
    assert found.bits_per_character == pytest.approx(bits / (len(SPELT) + 1))
    notes = sum(note.bits + note.before_bits for note in found.notes)
    assert notes < found.body_bits < found.bits
    assert found.bits_per_note == pytest.approx(found.body_bits / 11)


def test_alternatives_are_worked_out_for_the_most_surprising_only(
    random_model: Callable[..., Checkpoint],
) -> None:
    found = read(random_model(), SPELT, places=2)
    told = [at for at, note in enumerate(found.notes) if note.alternatives]
    assert set(told) <= set(found.most(2))
    for at in told:
        shown = found.notes[at].alternatives
        assert list(shown) == sorted(shown, key=lambda one: -one.probability)
        assert found.notes[at].text not in {one.text for one in shown}


def test_characters_the_model_has_not_are_left_out_and_named(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    found = read(spelling_model(SPELT), SPELT.replace("B2", "~B2"))
    assert found.left_out == ("~",)
    assert (found.characters, found.bits < 0.01) == (len(SPELT) + 1, True)


def test_notes_are_told_in_the_key_of_the_tune(spelling_model: Callable[..., Checkpoint]) -> None:
    text = "T:t\nM:2/4\nL:1/8\nK:D\nA|D2FG|A2A2|F2^GA|B2A|]\n"
    found = read(spelling_model(SPELT), text)
    assert [note.text for note in found.notes] == [
        "A",
        "D2",
        "F",
        "G",
        "A2",
        "A2",
        "F2",
        "^G",
        "A",
        "B2",
        "A",
    ]
    assert found.bits < 0.01
    found = read(spelling_model(SPELT), text.replace("F2^GA", "F2^GB"), places=40)
    assert found.notes[8].alternatives == (Alternative("A", CERTAIN),)


@pytest.mark.parametrize("number", ["X:7\n", ""])
def test_a_tune_needs_neither_number_nor_title(
    number: str, spelling_model: Callable[..., Checkpoint]
) -> None:
    found = read(spelling_model(SPELT), number + SPELT)
    assert [note.text for note in found.notes][:3] == ["d", "G2", "B"]


def test_a_plan_counts_as_part_of_the_body(random_model: Callable[..., Checkpoint]) -> None:
    found = read(random_model(planned=True), SPELT, places=0)
    notes = sum(note.bits + note.before_bits for note in found.notes)
    assert found.body_bits > notes
    assert found.characters > len(SPELT) + len("P:abcd5\n")
