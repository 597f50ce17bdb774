"""Training: it learns, it stops at any step, and it resumes as if it had never stopped."""

import json
import math
import shutil
import signal
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("tensorflow", reason="training needs TensorFlow")

from abclm.errors import OutputError, TrainingError, UnknownCharacterError
from abclm.model.checkpoint.checkpoint import (
    CONFIG,
    CURVES,
    HISTORY,
    WEIGHTS,
    CheckpointConfig,
    load_checkpoint,
)
from abclm.model.checkpoint.curves import draw_curves
from abclm.model.checkpoint.history import EpochRow, read_history
from abclm.model.checkpoint.tensor_file import read_tensors
from abclm.model.cues.reader import CueReader
from abclm.model.settings import CUES_OF_ONE
from abclm.model.text import Usual, model_text
from abclm.model.training.backend import Fit
from abclm.model.training.checkpoint_writer import SAMPLES
from abclm.model.training.learner import Learner
from abclm.model.training.network import build_network, dict_to_weights
from abclm.model.training.observer import Observer, RunPlan, StepReport
from abclm.model.training.repertoire import ReadTune, Repertoire
from abclm.model.training.training import TrainingResult, train
from abclm.model.training.training_state import STATE
from abclm.model.training.windows import whole_tunes
from abclm.model.vocabulary import END_OF_TUNE


class Recorder(Observer):
    """Records what it receives; may press Ctrl-C at a step."""

    def __init__(self, interrupt_at: int | None = None) -> None:
        self.interrupt_at = interrupt_at
        self.plan: RunPlan
        self.steps: list[StepReport] = []
        self.rows: list[EpochRow] = []
        self.kept: list[bool] = []
        self.tunes: list[str] = []
        self.stopped = False

    def started(self, plan: RunPlan) -> None:
        self.plan = plan

    def step(self, report: StepReport) -> None:
        self.steps.append(report)
        if report.step == self.interrupt_at:
            signal.raise_signal(signal.SIGINT)

    def epoch(self, row: EpochRow, *, kept: bool) -> None:
        self.rows.append(row)
        self.kept.append(kept)

    def tune(self, text: str) -> None:
        self.tunes.append(text)

    def stopping(self) -> None:
        self.stopped = True


def logits_of(
    config: CheckpointConfig, weights: dict[str, NDArray[Any]], ids: NDArray[Any]
) -> NDArray[Any]:
    """The logits after `END_OF_TUNE` and each of ``ids``."""
    network = build_network(config.network)
    dict_to_weights(network, weights)
    cues = CueReader(config.vocabulary, config.network.cues).track(ids)
    inputs = np.concatenate([[END_OF_TUNE], ids]).astype(np.int32)
    logits: NDArray[Any] = np.asarray(network([inputs[np.newaxis], cues[np.newaxis]]))[0]
    return logits


def with_end(ids: NDArray[Any]) -> NDArray[np.int32]:
    return np.concatenate([ids, [END_OF_TUNE]]).astype(np.int32)


def same_state(one: Path, other: Path) -> bool:
    first, second = read_tensors(one / STATE).tensors, read_tensors(other / STATE).tensors
    assert first.keys() == second.keys()
    return all(np.array_equal(first[name], second[name]) for name in first)


def measured(rows: Iterable[EpochRow]) -> list[tuple[Any, ...]]:
    """The history without the clock; a file keeps six digits."""
    return [
        (
            row.epoch,
            row.step,
            *(
                f"{bits:.6g}"
                for bits in (row.train_bits_per_character, row.held_out_bits_per_character)
            ),
        )
        for row in rows
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("windows", "options"),
    [
        ("tunes", {"cues": ("echo", "bar", "place", "line"), "average": 0.9}),
        ("random", {}),
        ("contiguous", {"average": 0.5}),
        ("contiguous", {"cell": "gru", "attention": 2, "loss": "focal"}),
    ],
)
def test_a_run_stopped_and_resumed_equals_one_left_alone(
    tunes: list[str],
    make_config: Callable[..., CheckpointConfig],
    tmp_path: Path,
    windows: str,
    options: dict[str, Any],
) -> None:
    config = make_config(windows=windows, **options)
    texts, held_out = tunes[:9], tunes[9:]
    alone, stopped = Recorder(), Recorder(interrupt_at=13)

    first = train(config, texts, held_out, tmp_path / "alone", observer=alone)
    steps = alone.plan.schedule.steps_per_epoch
    assert first.ending == "finished"
    assert 13 % steps, "the interrupt must fall inside an epoch"
    assert [report.step for report in alone.steps] == list(range(1, 3 * steps + 1))

    second = train(config, texts, held_out, tmp_path / "stopped", observer=stopped)
    assert second.ending == "interrupted"
    assert stopped.stopped
    assert stopped.steps[-1].step == 13
    assert load_checkpoint(tmp_path / "stopped").config.results["epoch"] == 13 // steps

    # A boundary of epochs, too: the state as it was after the second epoch.
    between = Recorder(interrupt_at=2 * steps)
    again = train(config, texts, held_out, tmp_path / "stopped", resume=True, observer=between)
    assert again.ending == "interrupted"
    assert between.plan.first_step == 13

    last = Recorder()
    third = train(config, texts, held_out, tmp_path / "stopped", resume=True, observer=last)
    assert third.ending == "finished"
    assert last.plan.first_step == 2 * steps
    reports = [*stopped.steps, *between.steps, *last.steps]
    for report, expected in zip(reports, alone.steps, strict=True):
        assert report.bits_per_character == expected.bits_per_character
        assert report.learning_rate == expected.learning_rate
    assert same_state(tmp_path / "alone", tmp_path / "stopped")
    weights = [(tmp_path / name / WEIGHTS).read_bytes() for name in ("alone", "stopped")]
    assert weights[0] == weights[1]
    assert measured(first.history) == measured(third.history)


@pytest.mark.parametrize(
    "options", [{}, {"cell": "gru", "attention": 4}, {"loss": "focal", "focal_gamma": 1.0}]
)
def test_it_overfits_one_tune_and_spells_it(
    one_tune: str,
    make_config: Callable[..., CheckpointConfig],
    tmp_path: Path,
    options: dict[str, Any],
) -> None:
    config = make_config(
        texts=[one_tune],
        units=48,
        dropout=0.0,
        epochs=25,
        batch_size=8,
        window=24,
        learning_rate=0.02,
        **options,
    )
    result = train(config, [one_tune] * 40, [one_tune], tmp_path / "one")
    assert result.results["held_out_bits_per_character"] < 0.1
    accuracies = [row.train_accuracy or 0 for row in result.history]
    assert accuracies[0] < accuracies[-1] == result.history[-1].held_out_accuracy == 1
    checkpoint = load_checkpoint(tmp_path / "one")
    ids = config.vocabulary.encode(one_tune)
    # Every most likely character is the right one, so greedy decoding spells the tune and ends.
    greedy = logits_of(config, checkpoint.weights, ids).argmax(axis=1)
    assert config.vocabulary.decode(greedy) == one_tune
    assert greedy[-1] == END_OF_TUNE


def test_weight_decay_shrinks_the_weights(
    one_tune: str, make_config: Callable[..., CheckpointConfig], tmp_path: Path
) -> None:
    sizes = []
    for share in (0.0, 1.0):
        config = make_config(
            texts=[one_tune], units=8, epochs=1, window=24, average=0.0, weight_decay=share
        )
        train(config, [one_tune] * 20, [], tmp_path / str(share))
        weights = load_checkpoint(tmp_path / str(share)).weights
        sizes.append(sum(float((weight**2).sum()) for weight in weights.values()))
    assert sizes[1] < 0.99 * sizes[0]


@pytest.mark.slow
def test_a_network_with_all_cues_learns_a_planned_tune(
    make_config: Callable[..., CheckpointConfig], tmp_path: Path
) -> None:
    """Its header, its plan and its music."""
    tune = "X:1\nT:one\nR:reel\nM:4/4\nL:1/8\nK:D\n|:DFAF d2AF|GBAF E4|DFAF d2AF|GFEF D4:|\n"
    known = Usual(("D",), ("reel",))
    text = model_text(tune, known, planned=True)
    assert text.startswith("R:reel\nM:4/4\nL:1/8\nK:D\nP:")
    config = make_config(
        texts=[text],
        units=24,
        dropout=0.0,
        epochs=12,
        learning_rate=0.02,
        direct_dropout=0.2,
        cues=CUES_OF_ONE,
        direct=True,
    )
    train(config, [text] * 12, [text], tmp_path / "planned")
    checkpoint = load_checkpoint(tmp_path / "planned")
    assert checkpoint.config.network.cues == CUES_OF_ONE
    ids = config.vocabulary.encode(text)
    greedy = logits_of(config, checkpoint.weights, ids).argmax(axis=1)
    assert config.vocabulary.decode(greedy) == text
    assert greedy[-1] == END_OF_TUNE


Finished = tuple[CheckpointConfig, list[str], Path, Recorder, TrainingResult]
"""The configuration of a run, its tunes, its folder, what was seen of it, how it ended."""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A folder with a run of two epochs, and all there is to know about it."""
    from abclm.model.settings import NetworkSettings, TrainingSettings
    from abclm.model.vocabulary import Vocabulary

    texts = [f"K:{key}\n" + "GABc dedB|\n" * 4 for key in "ABCDEFG"]
    vocabulary = Vocabulary.from_text(texts)
    config = CheckpointConfig(
        "tiny",
        NetworkSettings(vocabulary.size, 4, 8, 1, cues=("echo", "bar")),
        vocabulary,
        TrainingSettings(epochs=2, batch_size=4, window=16, precision="float32", sample_every=2),
        {"name": "tiny"},
        licence="CC0",
        command="abclm train tiny",
    )
    folder, recorder = tmp_path_factory.mktemp("finished") / "run", Recorder()
    result = train(
        config,
        texts[:5],
        texts[5:],
        folder,
        observer=recorder,
        sample=lambda weights, vocabulary: f"{len(weights)} {vocabulary.size}",
    )
    return config, texts, folder, recorder, result


def test_the_history_has_a_row_for_each_epoch(finished: Finished) -> None:
    _, _, folder, recorder, result = finished
    rows = read_history(folder / HISTORY)
    steps = recorder.plan.schedule.steps_per_epoch
    assert [row.epoch for row in rows] == [1, 2]
    assert [row.step for row in rows] == [steps, 2 * steps]
    # Whole tunes, each of them once.
    assert rows[0].characters == recorder.plan.characters
    assert rows[1].characters == 2 * recorder.plan.characters
    assert [row.held_out_bits_per_character for row in rows] == pytest.approx(
        [row.held_out_bits_per_character for row in recorder.rows], rel=1e-5
    )
    assert list(result.history) == recorder.rows
    assert recorder.kept == [True, True]


def test_the_configuration_says_what_was_measured(finished: Finished) -> None:
    config, _, folder, recorder, result = finished
    values = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    last = recorder.rows[-1]
    assert values["results"] == result.results
    assert result.results["epoch"] == 2
    assert result.results["characters_seen"] == last.characters
    assert result.results["held_out_bits_per_character"] == last.held_out_bits_per_character
    assert load_checkpoint(folder).config == replace(config, results=result.results)


def test_a_tune_is_written_every_so_many_epochs(finished: Finished) -> None:
    config, _, _, recorder, _ = finished
    assert recorder.tunes == [f"9 {config.vocabulary.size}"]


def test_the_tunes_are_kept_and_the_curves_drawn(finished: Finished) -> None:
    _, _, folder, recorder, _ = finished
    files = list((folder / SAMPLES).iterdir())
    assert [file.name for file in files] == ["epoch-02.abc"]
    assert files[0].read_text(encoding="utf-8") == recorder.tunes[0]
    assert (folder / CURVES).read_text(encoding="utf-8") == draw_curves(recorder.rows, "tiny")


def test_the_plan_tells_size_and_precision(finished: Finished) -> None:
    _, texts, folder, recorder, _ = finished
    weights = load_checkpoint(folder).weights
    assert recorder.plan.parameters == sum(weight.size for weight in weights.values())
    assert recorder.plan.characters == sum(len(text) + 1 for text in texts[:5])
    assert recorder.plan.precision.precision == "float32"
    assert recorder.plan.precision.reason == "as asked for"


def test_bits_per_character_are_those_of_the_definition(finished: Finished) -> None:
    """State zero, first input end-of-tune, all bits over all characters, padding left out."""
    config, texts, folder, _, _ = finished
    weights = load_checkpoint(folder).weights
    tunes = [config.vocabulary.encode(text) for text in (*texts[5:], "K:A\nG|", "")]
    bits, right = 0.0, 0
    for ids in tunes:
        logits = logits_of(config, weights, ids).astype(np.float64)
        chosen = logits[np.arange(len(logits)), with_end(ids)]
        right += int((logits.argmax(axis=1) == with_end(ids)).sum())
        bits += (np.log(np.exp(logits).sum(axis=1)) - chosen).sum() / math.log(2)
    learner = Learner(config.network, config.training, batch_size=4)
    learner.start_from(weights)
    expected = bits / sum(len(ids) + 1 for ids in tunes)
    reader = CueReader(config.vocabulary, config.network.cues)
    read = [ReadTune(ids, reader.track(ids)) for ids in tunes]
    fit = learner.measure(read)
    assert fit is not None
    assert fit.bits == pytest.approx(expected, rel=1e-4)
    assert fit.accuracy == right / sum(len(ids) + 1 for ids in tunes)
    assert learner.measure([]) is None


def test_the_focal_loss_learns_less_from_what_is_predicted_well(finished: Finished) -> None:
    """With gamma 0 it is cross entropy; what is reported is cross entropy with any gamma."""
    config, texts, _, _, _ = finished
    reader = CueReader(config.vocabulary, config.network.cues)
    batch = whole_tunes(Repertoire(texts, config.vocabulary, reader).tunes())
    plain = replace(config.network, dropout=0.0, direct_dropout=0.0)
    found: dict[Any, tuple[float, dict[str, NDArray[Any]]]] = {}
    for gamma in (None, 0.0, 2.0):
        training = replace(config.training, average=0.0, clip_norm=1e9)
        if gamma is not None:
            training = replace(training, loss="focal", focal_gamma=gamma)
        learner = Learner(plain, training, batch_size=4)
        nats = learner.learn(batch, 0.01).nats
        learner.learn(batch, 0.01)
        found[gamma] = nats, learner.weights()
    assert found[None][0] == found[0.0][0] == found[2.0][0]
    for name, weight in found[None][1].items():
        np.testing.assert_array_equal(weight, found[0.0][1][name])
    assert not np.array_equal(found[None][1]["dense/bias"], found[2.0][1]["dense/bias"])


def test_a_folder_in_use_is_not_overwritten(finished: Finished) -> None:
    config, texts, folder, _, _ = finished
    before = (folder / WEIGHTS).read_bytes()
    with pytest.raises(TrainingError, match="exists: continue with --resume, or choose another"):
        train(config, texts[:5], texts[5:], folder)
    assert (folder / WEIGHTS).read_bytes() == before


def test_there_must_be_something_to_resume(finished: Finished, tmp_path: Path) -> None:
    config, texts, _, _, _ = finished
    with pytest.raises(TrainingError, match=f"nothing to resume: it has no {STATE}"):
        train(config, texts[:5], texts[5:], tmp_path / "none", resume=True)


def test_a_finished_run_is_not_resumed(finished: Finished) -> None:
    config, texts, folder, _, _ = finished
    with pytest.raises(TrainingError, match="has finished its 2 epochs"):
        train(config, texts[:5], texts[5:], folder, resume=True)


def test_other_settings_are_not_resumed(finished: Finished) -> None:
    config, texts, folder, _, _ = finished
    other = replace(config, training=replace(config.training, learning_rate=0.5))
    with pytest.raises(
        TrainingError, match=r"was trained with training.learning_rate 0.003, not 0"
    ):
        train(other, texts[:5], texts[5:], folder, resume=True)
    other = replace(config, network=replace(config.network, units=9))
    with pytest.raises(TrainingError, match=r"was trained with network.units 8, not 9"):
        train(other, texts[:5], texts[5:], folder, resume=True)


def test_other_tunes_are_not_resumed(finished: Finished) -> None:
    config, texts, folder, _, _ = finished
    with pytest.raises(TrainingError, match="was trained on other tunes"):
        train(config, texts[:4], texts[5:], folder, resume=True)


def test_a_damaged_state_is_not_resumed(finished: Finished, tmp_path: Path) -> None:
    config, texts, folder, _, _ = finished
    shutil.copytree(folder, tmp_path / "copy")
    data = (tmp_path / "copy" / STATE).read_bytes()
    (tmp_path / "copy" / STATE).write_bytes(data[:-9])
    with pytest.raises(TrainingError, match=rf"nothing to resume: .*{STATE}: damaged"):
        train(config, texts[:5], texts[5:], tmp_path / "copy", resume=True)


def test_weights_are_no_state(finished: Finished, tmp_path: Path) -> None:
    config, texts, folder, _, _ = finished
    shutil.copytree(folder, tmp_path / "copy")
    shutil.copy(folder / WEIGHTS, tmp_path / "copy" / STATE)
    with pytest.raises(TrainingError, match="not the state of a training run"):
        train(config, texts[:5], texts[5:], tmp_path / "copy", resume=True)


def test_an_interrupt_in_the_first_epoch_leaves_a_checkpoint(
    finished: Finished, tmp_path: Path
) -> None:
    config, texts, _, _, _ = finished
    result = train(
        config, texts[:5], texts[5:], tmp_path / "run", observer=Recorder(interrupt_at=2)
    )
    assert result.ending == "interrupted"
    assert load_checkpoint(tmp_path / "run").config.results["step"] == 2
    assert result.results["held_out_bits_per_character"] is None
    assert read_history(tmp_path / "run" / HISTORY) == []


def test_when_the_time_is_up_the_weights_are_measured_and_kept(
    finished: Finished, tmp_path: Path
) -> None:
    config, texts, _, _, _ = finished
    hasty = replace(config, training=replace(config.training, max_minutes=1e-9))
    result = train(hasty, texts[:5], (), tmp_path / "run")
    assert result.ending == "out of time"
    assert load_checkpoint(tmp_path / "run").config.results == result.results
    again = train(config, texts[:5], (), tmp_path / "run", resume=True)
    assert again.ending == "finished"
    assert [row.held_out_bits_per_character for row in again.history] == [None, None]


def test_too_few_characters_are_refused_and_leave_no_folder(
    finished: Finished, tmp_path: Path
) -> None:
    config, _, _, _, _ = finished
    with pytest.raises(TrainingError, match="4 characters, too few for windows of 16"):
        train(config, ["K:A"], [], tmp_path / "run")
    with pytest.raises(TrainingError, match="0 characters, too few"):
        train(config, [], [], tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_character_outside_the_vocabulary_is_named(finished: Finished, tmp_path: Path) -> None:
    config, texts, _, _, _ = finished
    with pytest.raises(UnknownCharacterError, match="'!'"):
        train(config, [*texts, "AB!"], [], tmp_path / "run")


def test_a_folder_that_cannot_be_made_is_an_output_error(
    finished: Finished, tmp_path: Path
) -> None:
    config, texts, _, _, _ = finished
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be made"):
        train(config, texts[:5], [], tmp_path / "file" / "run")


def test_a_loss_that_is_no_number_ends_the_run(
    finished: Finished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, texts, _, _, _ = finished
    monkeypatch.setattr(Learner, "learn", lambda *_: Fit(math.nan, 0.0))
    with pytest.raises(TrainingError, match="the loss is NaN or infinite at step 1"):
        train(config, texts[:5], [], tmp_path / "run")


@pytest.mark.parametrize(
    ("slack", "kept"),
    [(0.0, [True, True, False, False]), (0.01, [True, True, True, False])],
)
def test_an_epoch_within_the_slack_is_kept_but_is_no_new_best(
    make_config: Callable[..., CheckpointConfig],
    tunes: list[str],
    tmp_path: Path,
    slack: float,
    kept: list[bool],
) -> None:
    measured = iter([2.0, 1.5, 1.51, 1.6])
    recorder = Recorder()
    with patch.object(Learner, "measure", lambda *_: Fit(next(measured) * math.log(2), 0.5)):
        result = train(
            make_config(epochs=9, patience=2, slack=slack),
            tunes,
            tunes[:1],
            tmp_path / "run",
            observer=recorder,
        )
    assert result.ending == "past its best"
    assert recorder.kept == kept
    assert result.results["epoch"] == sum(kept)
    assert load_checkpoint(tmp_path / "run").config.results == result.results
