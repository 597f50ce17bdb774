"""Tunes are whole, repeatable, and start with what was asked for."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from abclm.compose.generation import Composer
from abclm.constraint.header import Header
from abclm.constraint.prompt import Prompt, read_prompt
from abclm.decoding import batch
from abclm.decoding.decoder import Array, Decoder, DecoderState
from abclm.decoding.referee import LOGIT_TOLERANCE
from abclm.decoding.sampling import Sampling
from abclm.errors import InputError, UnknownCharacterError
from abclm.model.checkpoint.checkpoint import Checkpoint, load_checkpoint, shipped_checkpoints
from abclm.model.text import HEADER
from abclm.model.vocabulary import END_OF_TUNE
from tests.compose.writing import generate

GREEDY = Sampling(temperature=0)
SPELT = "R:jig\nM:6/8\nL:1/8\nK:G\nABc def|gfe d3|\nABc def|gfe d3|]\n"
TITLE = "T:Untitled\n"
TUNE = TITLE + SPELT
BODY = "ABc def|ABc def|ABc def|ABc def|]\n"
WHOLE_HEADER = re.compile(
    r"T:\S.*\n(?:R:\S.*\n)?M:\S.*\nL:\S.*\nK:\S.*\n(?P<body>(?:.*\S.*\n|[ \t]+\n)+)"
)


@pytest.fixture(scope="module")
def composer(random_model: Callable[..., Checkpoint]) -> Composer:
    return Composer(random_model())


def without(letter: str) -> str:
    return re.sub(rf"(?m)^{letter}:.*\n", "", SPELT)


@pytest.mark.parametrize("raw", [True, False])
@pytest.mark.parametrize("sampling", [GREEDY, Sampling(), Sampling(0.5, top_k=3, top_p=0.9)])
def test_the_model_spells_its_tune(
    raw: bool, sampling: Sampling, spelling_model: Callable[..., Checkpoint]
) -> None:
    tune = generate(spelling_model(SPELT), sampling=sampling, raw=raw)[0]
    assert tune.read == SPELT
    assert tune.text == TUNE
    assert tune.ended
    assert tune.log2_probability == pytest.approx(0, abs=0.01)


def test_only_what_the_model_chose_is_counted(spelling_model: Callable[..., Checkpoint]) -> None:
    raw = generate(spelling_model(SPELT), raw=True)[0]
    assert raw.characters == len(SPELT) + 1
    guided = generate(spelling_model(SPELT))[0]
    # The colons are fed, and M, L and K; the model may prefer M to R.
    assert guided.characters == len(SPELT) + 1 - len(":M:L:K:")


def test_a_tune_without_rhythm_is_whole_too(spelling_model: Callable[..., Checkpoint]) -> None:
    assert generate(spelling_model(without("R")))[0].text == TITLE + without("R")


@pytest.mark.parametrize("letter", HEADER)
def test_a_header_field_that_the_model_forgets_is_written_all_the_same(
    letter: str, spelling_model: Callable[..., Checkpoint]
) -> None:
    model = spelling_model(without(letter), SPELT)
    text = generate(model, sampling=GREEDY, max_characters=400)[0].text
    assert WHOLE_HEADER.fullmatch(text)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_the_header_is_whole_whatever_the_network_wants(seed: int, composer: Composer) -> None:
    rng = np.random.default_rng(seed)
    values = {"title": "A b", "rhythm": "reel", "meter": "C|", "unit": "1/16", "key": "Edor"}
    given = {name: value for name, value in values.items() if rng.random() < 0.4}
    prompt = Prompt(Header(**given), "|: GA" if rng.random() < 0.5 else "")
    tune = composer.generate(prompt, seed=seed, max_characters=800)[0]
    match = WHOLE_HEADER.fullmatch(tune.text)
    assert match
    assert match["body"].startswith(prompt.notes)
    fields = dict(line.split(":", 1) for line in tune.text.splitlines()[:5] if ":" in line)
    assert {**fields, **dict(prompt.header.given())} == fields


def heads(composer: Composer, temperature: float) -> set[str]:
    tunes = composer.generate(sampling=Sampling(temperature), count=24, max_characters=400)
    return {tune.read.partition("\nK:")[0] for tune in tunes}


def test_cool_notes_have_headers_as_various_as_ever(composer: Composer) -> None:
    warm = heads(composer, 1.0)
    assert len(warm) > 6
    assert heads(composer, 0.01) == warm
    assert len(heads(composer, 0)) == 1
    assert heads(composer, 1.5) != warm


@pytest.mark.parametrize("raw", [False, True])
def test_given_fields_come_at_their_places_among_the_models(
    raw: bool, spelling_model: Callable[..., Checkpoint]
) -> None:
    model = spelling_model("R:jig\nM:6/8\nL:1/8\nK:Gdor\n" + BODY)
    header = Header(title="Ab", rhythm="jig", key="Gdor")
    text = generate(model, header=header, raw=raw, sampling=GREEDY)[0].text
    assert text == "T:Ab\nR:jig\nM:6/8\nL:1/8\nK:Gdor\n" + BODY


@pytest.mark.parametrize("raw", [False, True])
def test_a_tune_sounds_in_the_key_that_was_asked_for(
    raw: bool, spelling_model: Callable[..., Checkpoint]
) -> None:
    model = spelling_model("M:6/8\nL:1/8\nK:G\n" + BODY.replace("d", "^c"))
    text = generate(model, header=Header(key="D"), raw=raw, sampling=GREEDY)[0].text
    assert text.endswith("K:D\n" + "EFG ^GBc|" * 3 + "EFG ^GBc|]\n")


@pytest.mark.parametrize("raw", [False, True])
def test_a_rhythm_that_the_model_does_not_know_stands_in_the_tune_all_the_same(
    raw: bool, spelling_model: Callable[..., Checkpoint]
) -> None:
    tune = generate(spelling_model(SPELT), header=Header(rhythm="Ländler"), raw=raw)[0]
    assert "R:ländler\n" in tune.text
    assert "R:ländler\n" not in tune.read


def test_given_fields_come_in_raw_mode_even_if_the_model_leaves_them_out(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    model = spelling_model("ABc|]\n" + " " * 40, SPELT)
    header = Header(key="G", meter="6/8", title="Ab")
    text = generate(model, header=header, raw=True, sampling=GREEDY)[0].text
    assert text.startswith("T:Ab\nM:6/8\nK:G\n")


def test_notes_come_after_the_header_that_the_model_writes(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    model = spelling_model("M:6/8\nL:1/8\nK:G\n" + BODY)
    text = generate(model, "ABc")[0].text
    assert text == TITLE + "M:6/8\nL:1/8\nK:G\n" + BODY


def test_a_prompt_continues_where_it_stops(spelling_model: Callable[..., Checkpoint]) -> None:
    start = "X:9\n" + TUNE[: TUNE.index("gfe")]
    tune = generate(spelling_model(SPELT), start)[0]
    assert tune.text == TUNE
    assert tune.reference_number == 9


def test_lines_that_the_model_does_not_know_are_kept_before_the_key(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    tune = generate(spelling_model(SPELT), "T:Größe\nC:Ünknown\nR:jig\n")[0]
    assert tune.text == "T:Größe\n" + SPELT.replace("K:G", "C:Ünknown\nK:G")


def test_an_unknown_character_is_named_before_anything_is_written(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    pieces: list[str] = []
    with pytest.raises(UnknownCharacterError, match="'~'"):
        generate(spelling_model(SPELT), "K:G\n~A", on_character=pieces.append)
    assert not pieces


def test_a_tune_has_no_empty_line_and_no_empty_body(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    header = "M:2/4\nL:1/8\nK:G\n"
    text = generate(spelling_model(f"{header}\n\nAB|\n\nc|\n", SPELT), sampling=GREEDY)[0].text
    assert "\n\n" not in text
    text = generate(spelling_model(header, SPELT), sampling=GREEDY)[0].text
    assert text != TITLE + header


def test_a_last_line_without_an_end_gets_one(spelling_model: Callable[..., Checkpoint]) -> None:
    assert generate(spelling_model(SPELT[:-1]))[0].text == TUNE


PLANNED = "M:2/4\nL:1/8\nK:G\nP:abac1/adac1\n|:GABc|B2d2|GABc|F2G2:|\n|:GABc|d2cA|GABc|F2G2:|\n"


def test_a_plan_is_read_and_stands_in_no_tune(spelling_model: Callable[..., Checkpoint]) -> None:
    tune = generate(spelling_model(PLANNED))[0]
    assert tune.read == PLANNED
    assert tune.text == TITLE + PLANNED.replace("P:abac1/adac1\n", "")
    raw = generate(spelling_model(PLANNED), raw=True)[0]
    assert (raw.text, raw.read) == (tune.text, tune.read)


def test_the_same_seed_writes_the_same_tunes(composer: Composer) -> None:
    first = composer.generate(seed=5, count=3, max_characters=300)
    assert composer.generate(seed=5, count=3, max_characters=300) == first
    assert len({tune.text for tune in first}) == 3
    assert composer.generate(seed=6, max_characters=300)[0].text != first[0].text


@pytest.mark.parametrize("sampling", [Sampling(), Sampling(0.9, top_p=0.95), Sampling(top_k=5)])
def test_a_batch_gives_each_tune_what_it_gets_alone(sampling: Sampling, composer: Composer) -> None:
    options: dict[str, Any] = {"sampling": sampling, "seed": 3, "max_characters": 150}
    together = composer.generate(count=70, **options)
    for number in (0, 1, 35, 63, 64, 69):
        alone = composer.generate(first=number, **options)[0]
        assert alone.text == together[number].text
        assert alone.number == together[number].number == number
        assert alone.log2_probability == pytest.approx(together[number].log2_probability)


class RoughDecoder(Decoder):
    """Another machine: every logit is off by up to 0.0009."""

    rng = np.random.default_rng(0)

    def step(self, ids: Array, state: DecoderState) -> tuple[Array, DecoderState]:
        logits, state = super().step(ids, state)
        noise = self.rng.uniform(-9e-4, 9e-4, logits.shape)
        return logits + noise.astype(np.float32), state


@pytest.mark.slow
@pytest.mark.parametrize("sampling", [Sampling(), Sampling(0.8, top_k=20, top_p=0.9)])
@pytest.mark.parametrize("tolerance", [1e-3, 0])
def test_rounding_flips_no_draw_and_would_without_the_referee(
    sampling: Sampling,
    tolerance: float,
    random_model: Callable[..., Checkpoint],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batch, "LOGIT_TOLERANCE", tolerance)
    model = random_model()
    exact, rough = Composer(model), Composer(model)
    rough.decoder = RoughDecoder.of(model)
    options: dict[str, Any] = {"sampling": sampling, "count": 64, "max_characters": 200}
    texts = [[tune.text for tune in each.generate(**options)] for each in (exact, rough)]
    assert (texts[0] == texts[1]) == (tolerance > 0)


def test_the_referee_writes_the_same_tune(
    composer: Composer, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = composer.generate(seed=2, count=2, max_characters=200)
    monkeypatch.setattr(batch, "LOGIT_TOLERANCE", 1.0)
    judged = composer.generate(seed=2, count=2, max_characters=200)
    assert [tune.text for tune in judged] == [tune.text for tune in expected]


@pytest.mark.slow
def test_the_tolerance_holds_for_the_shipped_model() -> None:
    path = shipped_checkpoints() / "irish"
    if not path.is_dir():
        pytest.skip("no shipped checkpoint yet")
    model = load_checkpoint(path)
    exact, working = Decoder.of(model, np.float64), Decoder.of(model)
    for tune in Composer(model).generate(seed=1, count=4):
        state, exact_state = working.start(1), exact.start(1)
        for character in [END_OF_TUNE, *model.vocabulary.encode(tune.read)]:
            logits, state = working.step(np.array([character]), state)
            expected, exact_state = exact.step(np.array([character]), exact_state)
            # What all logits have in common cancels out in their probabilities.
            assert np.ptp(logits - expected) / 2 < LOGIT_TOLERANCE


SCRIPT = """
from tests.conftest import _random_model
from tests.compose.writing import generate
for tune in generate(_random_model(units=256), seed=1, count=8, max_characters=200):
    print(tune.text)
"""


@pytest.mark.slow
def test_the_number_of_threads_changes_nothing() -> None:
    written = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    ]
    assert written[0] == written[1]
    assert len(written[0]) > 500


def test_what_is_streamed_is_the_tune(
    composer: Composer, spelling_model: Callable[..., Checkpoint]
) -> None:
    pieces: list[str] = []
    tune = composer.generate(Prompt(Header(key="D"), "A"), seed=4, on_character=pieces.append)[0]
    assert tune.ended
    assert "".join(pieces) == tune.text
    assert len(pieces) > 5
    pieces.clear()
    prompt = "T:Ab\nC:C\nK:D\n"
    tune = generate(spelling_model(SPELT), prompt, on_character=pieces.append)[0]
    assert "".join(pieces) == tune.text
    assert pieces[0].startswith("T:Ab\n")


@pytest.mark.parametrize("limit", range(45, 54))
def test_a_raw_tune_that_runs_into_the_limit_is_cut_after_its_last_bar(
    limit: int, spelling_model: Callable[..., Checkpoint]
) -> None:
    tune = generate(spelling_model(SPELT), max_characters=limit, raw=True)[0]
    assert not tune.ended
    assert TUNE.startswith(tune.text.rstrip("\n"))
    assert tune.text.endswith(("|\n", "]\n"))
    assert len(tune.text) <= len(TITLE) + limit + 1


def test_what_was_given_is_not_cut(spelling_model: Callable[..., Checkpoint]) -> None:
    start = SPELT[: SPELT.index("f|g")]
    tune = generate(
        spelling_model(SPELT.replace("|", "c")), start, raw=True, max_characters=len(start) + 2
    )[0]
    assert tune.text == TITLE + start + "\n"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seed": -1}, "seed must be 0 or more"),
        ({"count": 0}, "count must be 1 or more"),
        ({"first": -1}, "number of the first tune must be 0 or more"),
        ({"max_characters": 0}, "the prompt has 0 characters, a tune may have 0"),
        ({"count": 2, "on_character": print}, "one tune at a time"),
    ],
)
def test_arguments_out_of_range_are_told(
    options: dict[str, Any], words: str, composer: Composer
) -> None:
    with pytest.raises(InputError, match=words):
        composer.generate(read_prompt(""), **options)


def test_the_room_imports_no_heavy_library() -> None:
    code = (
        "import sys, abclm.compose.generation, abclm.compose.tunebook; "
        "print(sorted({'keras', 'tensorflow', 'music21'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout.strip() == "[]"
