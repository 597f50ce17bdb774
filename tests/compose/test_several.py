"""Pieces of several voices, from a prompt to what a user sees."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from abclm.compose.generation import Composer
from abclm.compose.settings import Settings
from abclm.compose.several import SeveralPresentation, given_rows, prompt_piece
from abclm.constraint.header import Header
from abclm.constraint.prompt import Prompt, read_prompt
from abclm.constraint.requirements import Requirements
from abclm.constraint.section_plan import SectionPlan
from abclm.corpus.several import read_piece
from abclm.decoding.sampling import Sampling
from abclm.errors import InputError
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.notation.check.validate import validate
from abclm.notation.cursor.time import WHOLE
from abclm.notation.parse.parser import parse_tunebook

READ = "M:4/4\nL:1/4\nV:3\nK:D\n|:g2 d2|G,4|d4\nG4]G,4|B4\n"
ALPHABET = "".join(map(chr, range(32, 127))) + "\n"


@pytest.fixture(scope="module")
def composer(spelling_model: Callable[..., Checkpoint]) -> Composer:
    """A network that spells `READ`, and knows two and three voices and two keys."""
    model = spelling_model(READ, ALPHABET)
    usual = replace(model.config.usual, keys=("D", "Em"), voices=(2, 3))
    return Composer(replace(model, config=replace(model.config, usual=usual)))


def written(composer: Composer, prompt: str = "", **settings: Any) -> str:
    order = Settings().changed(**settings)
    (tune,) = composer.generate(
        read_prompt(prompt, order.header()),
        sampling=Sampling(0.0),
        requirements=order.requirements(),
        max_characters=order.max_chars,
        raw=order.raw,
    )
    assert tune.ended
    return tune.text


def test_the_rows_of_a_network_become_a_piece() -> None:
    # The music comes down from G to D; the lowest voice, written second, is last.
    assert SeveralPresentation(Prompt())(READ) == (
        "T:Piece for Three Voices in D Major\nM:4/4\nL:1/4\nV:1\nV:2\nV:3 clef=bass\nK:D\n"
        "[V:1]|:d2 A2|[V:2]|:A4|[V:3]|:D,4|\n[V:1]D4|][V:2]F4|][V:3]D,4|]\n"
    )


def test_the_users_header_comes_first() -> None:
    prompt = read_prompt("X:7\nT:Mine\nC:me\n", Header(key="Am"))
    text = SeveralPresentation(prompt)(READ.replace("K:D", "K:Em"))
    assert text.startswith("T:Mine\nC:me\nM:4/4\n")
    assert "K:Am\n[V:1]|:a2 e2|" in text


def test_before_the_first_row_is_complete_there_is_nothing_to_see() -> None:
    assert SeveralPresentation(Prompt())(READ[:34]) == ""
    assert SeveralPresentation(Prompt())("M:4/4\n") == ""


def test_a_piece_without_a_key_has_none_in_its_title() -> None:
    text = SeveralPresentation(Prompt())(READ.replace("K:D", "K:none"))
    assert text.startswith("T:Piece for Three Voices\n")


def test_a_network_writes_what_it_spells(composer: Composer) -> None:
    text = written(composer, voices=3, key="D", meter="4/4", unit="1/4")
    assert text.startswith("T:Piece for Three Voices in D Major\n")
    assert not validate(f"X:1\n{text}", strict=True)


def test_a_melody_is_kept_and_its_voices_are_added(composer: Composer) -> None:
    prompt = "X:1\nM:4/4\nL:1/4\nK:D\ndfaf|e2 d2|"
    text = written(composer, prompt, voices=2)
    lines = [line.split("[V:2]")[0] for line in text.splitlines() if line.startswith("[V:1]")]
    assert [line.replace(" ", "") for line in lines[:2]] == ["[V:1]dfaf|", "[V:1]e2d2|"]
    assert not validate(f"X:1\n{text}", strict=True)
    # Without a number, as many voices as the network knows.
    assert "[V:3]" in written(composer, prompt)


def test_a_prompt_in_another_unit_is_fed_in_a_known_one(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    model = spelling_model(READ, ALPHABET)
    usual = replace(model.config.usual, keys=("D",), voices=(2,), units=("1/4", "1/16"))
    composer = Composer(replace(model, config=replace(model.config, usual=usual)))
    prompt = "X:1\nM:C\nL:1/8\nK:D\nd2f2a2f2|e4 d4|"
    text = written(composer, prompt, voices=2)
    assert "\nM:4/4\nL:1/8\n" in text
    assert "[V:1]d2f2a2f2|" in text.replace(" ", "")
    assert not validate(f"X:1\n{text}", strict=True)
    (tune,) = composer.generate(read_prompt(prompt, None), sampling=Sampling(0.0))
    assert tune.read.startswith("M:4/4\nL:1/4\nV:2\nK:D\ngb d'b|")
    # Without one, the network chooses among those it knows.
    assert "\nL:1/4\n" in written(composer, voices=2, key="D")


def test_given_voices_are_kept_and_the_missing_one_is_added(composer: Composer) -> None:
    prompt = "X:1\nM:4/4\nL:1/4\nV:1\nV:2\nK:D\n[V:1]dfaf|[V:2]D4|\n"
    text = written(composer, prompt, voices=3)
    first = next(line for line in text.splitlines() if line.startswith("[V:1]"))
    assert first.replace(" ", "").startswith("[V:1]dfaf|[V:2]D4|[V:3]")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"raw": True}, "no --raw"),
        ({"form": "AABB"}, "no --form, --bars, --plan"),
        ({"bars": 8}, "no --form, --bars, --plan"),
        ({"rhythm": "reel"}, "leave --rhythm out"),
    ],
)
def test_what_is_of_one_voice_alone_is_refused(
    composer: Composer, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        written(composer, **settings)


def test_a_range_holds_for_every_voice(composer: Composer) -> None:
    order = Settings(voices=2, key="D", instrument_range="D4-D6", meter="4/4", unit="1/4")
    (tune,) = composer.generate(
        read_prompt("", order.header()), requirements=order.requirements(), max_characters=900
    )
    piece = parse_tunebook(f"X:1\n{tune.text}")[0].tune
    octaves = [pitch.octave for event in piece.events for pitch in event.pitches]
    assert min(octaves) >= 0


def test_plans_are_refused(composer: Composer) -> None:
    requirements = Requirements(plan=(SectionPlan(bars=8),))
    with pytest.raises(InputError, match="plans no sections"):
        composer.generate(requirements=requirements)


def test_the_notes_of_a_prompt_are_rows() -> None:
    assert prompt_piece(read_prompt("M:4/4\nL:1/4\nK:D\n", None)) is None
    piece = prompt_piece(read_prompt("X:1\nM:4/4\nL:1/4\nK:D\nd4|e4|", None))
    assert piece is not None
    assert [row.cells for row in piece.rows] == [("d4",), ("e4",)]
    with pytest.raises(InputError, match="need a header with M:, L: and K:"):
        prompt_piece(Prompt(notes="d4|"))


def test_given_rows_stand_in_the_order_of_writing() -> None:
    text = (
        "X:1\nT:t\nM:4/4\nL:1/4\nV:1\nV:2\nV:3\nK:D\n"
        "[V:1]d4|[V:2]A4|[V:3]D4|\n[V:1]d4|][V:2]A4|][V:3]D4|]\n"
    )
    piece = read_piece(parse_tunebook(text)[0].tune)
    first, last = given_rows(piece, 3)
    assert first.cells == last.cells == ("g4", "G4", "d4")
    assert (first.ticks, last.closing) == (WHOLE, "|")
    assert given_rows(piece, 3, ends=True)[-1].closing == "|]"
    assert given_rows(piece, 4)[0].cells == ("g4", None, "d4", "G4")
    assert given_rows(piece, 4, places=(1, 2, 3))[0].cells == (None, "G4", "g4", "d4")
    with pytest.raises(InputError, match="3 voices, more than 2"):
        given_rows(piece, 2)
