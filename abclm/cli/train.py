"""``abclm train``: from a corpus to a checkpoint, with what a person wants to see on the way."""

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abclm.cli.group import ExitCode

if TYPE_CHECKING:
    from abclm.corpus.store import Corpus
    from abclm.model.checkpoint import Checkpoint, CheckpointConfig
    from abclm.model.training import Sampler

__all__ = ["train"]


def train(
    corpus: Annotated[str, typer.Argument(help="A corpus (see corpus list), or its folder.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to make; checkpoints/CORPUS if not given.")
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from", help="A checkpoint to start from, of the same vocabulary and shape."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where a run in --out stopped.")
    ] = False,
    epochs: Annotated[int, typer.Option(help="Times the training text is read.")] = 20,
    batch_size: Annotated[int, typer.Option(help="Windows in one step.")] = 8,
    window: Annotated[int, typer.Option(help="Characters in one window.")] = 256,
    windows: Annotated[
        str,
        typer.Option(
            help="tunes: whole tunes, as many as the windows have characters; random: cut "
            "anywhere; contiguous: one after the other, state carried."
        ),
    ] = "tunes",
    cues: Annotated[
        str,
        typer.Option(
            help="What the network is told beside the last character: echo, bar, section, or none."
        ),
    ] = "echo,bar,section",
    transpose: Annotated[
        bool, typer.Option("--transpose", help="Every epoch, each tune in a key drawn anew.")
    ] = False,
    average: Annotated[
        float, typer.Option(help="How much of the weights' running average a step keeps; 0: none.")
    ] = 0.999,
    units: Annotated[int, typer.Option(help="Length of the state of each LSTM layer.")] = 512,
    layers: Annotated[int, typer.Option(help="LSTM layers.")] = 2,
    embedding: Annotated[int, typer.Option(help="Length of a character's vector.")] = 64,
    dropout: Annotated[float, typer.Option(help="Share of outputs left out in training.")] = 0.3,
    learning_rate: Annotated[float, typer.Option(help="The highest learning rate.")] = 3e-3,
    precision: Annotated[
        str, typer.Option(help="auto, float32 or mixed_bfloat16; auto asks the hardware.")
    ] = "auto",
    max_minutes: Annotated[
        float | None, typer.Option(help="Stop, saved, after so many minutes; --resume goes on.")
    ] = None,
    sample_every: Annotated[
        int, typer.Option(help="Epochs between two tunes shown; 0 shows none.")
    ] = 5,
    seed: Annotated[int, typer.Option(help="Seed of the weights, windows and dropout.")] = 0,
) -> None:
    """Train a model on a corpus.

    Ctrl-C stops with everything learnt so far saved. The best weights by held-out bits per
    character are kept in --out, with config.json and history.csv.
    """
    from abclm.cli.progress import ProgressBar
    from abclm.corpus.store import load_corpus
    from abclm.model.settings import NetworkSettings, TrainingSettings
    from abclm.model.training import check_folder
    from abclm.model.training import train as run
    from abclm.model.vocabulary import Vocabulary

    folder = out or Path("checkpoints") / Path(corpus).name
    loaded = load_corpus(corpus)
    texts = (*loaded.train, *loaded.held_out, *loaded.held_out_by_tune)
    vocabulary = Vocabulary.from_text(texts)
    told = () if cues == "none" else tuple(cue.strip() for cue in cues.split(","))
    network = NetworkSettings(
        vocabulary.size,
        embedding,
        units,
        layers,
        dropout,
        told,  # type: ignore[arg-type]  # checked by the settings, in the user's words
    )
    training = TrainingSettings(
        epochs=epochs,
        batch_size=batch_size,
        window=_fitting_window(window, loaded),
        windows=windows,  # type: ignore[arg-type]
        transpose=transpose,
        average=average,
        learning_rate=learning_rate,
        precision=precision,  # type: ignore[arg-type]
        max_minutes=max_minutes,
        sample_every=sample_every,
        seed=seed,
    )
    check_folder(folder, resume=resume)
    config = _config(folder, loaded, network, training, vocabulary)
    parent = _parent(start, config) if start else None
    if parent:
        config = replace(config, command=f"{parent.config.command} && {config.command}")
    with ProgressBar() as observer:
        result = run(
            config,
            loaded.train,
            loaded.held_out,
            folder,
            resume=resume,
            initial=parent.weights if parent else None,
            observer=observer,
            sample=_sampler(folder, config),
        )
    _report(folder, result, sys.stderr)
    if result.ending == "interrupted":
        raise typer.Exit(ExitCode.INTERRUPTED)


def _parent(name: str, config: "CheckpointConfig") -> "Checkpoint":
    """The checkpoint ``name``, whose weights must fit the network of ``config``."""
    from abclm.cli.checkpoint import load
    from abclm.errors import TrainingError

    checkpoint = load(name)
    if checkpoint.vocabulary != config.vocabulary:
        raise TrainingError(f"--from {name}: its vocabulary is not that of {config.corpus['name']}")
    theirs, ours = checkpoint.config.network, config.network
    if replace(theirs, dropout=ours.dropout) != ours:
        raise TrainingError(
            f"--from {name}: it has --units {theirs.units} --layers {theirs.num_layers} "
            f"--embedding {theirs.embedding_size}: give the same"
        )
    return checkpoint


def _fitting_window(window: int, corpus: "Corpus") -> int:
    """A window no longer than an eighth of the text, so that a few tunes can be trained on."""
    characters = sum(len(tune) + 1 for tune in corpus.train)
    return max(2, min(window, characters // 8))


def _config(
    folder: Path, corpus: "Corpus", network: Any, training: Any, vocabulary: Any
) -> "CheckpointConfig":
    from abclm.model.checkpoint import CheckpointConfig

    report = corpus.report
    return CheckpointConfig(
        name=folder.name,
        network=network,
        vocabulary=vocabulary,
        training=training,
        corpus={
            "name": corpus.name,
            "title": report["title"],
            "train": report["train"],
            "held_out": report["held_out"],
            "sha256": report["sha256"],
        },
        licence=report["licence"],
        command="abclm " + shlex.join(arg for arg in sys.argv[1:] if arg != "--resume"),
    )


def _sampler(folder: Path, config: "CheckpointConfig") -> "Sampler":
    """Writes one tune at temperature 1, to show how far training has come."""
    from abclm.compose.generation import generate
    from abclm.compose.tunebook import with_reference_number
    from abclm.model.checkpoint import Checkpoint

    def write_tune(weights: Any, _vocabulary: Any) -> str:
        checkpoint = Checkpoint(folder, config, dict(weights), sha256="")
        return with_reference_number(generate(checkpoint)[0].text, 1)

    return write_tune


def _report(folder: Path, result: Any, stream: Any) -> None:
    bits = result.results.get("held_out_bits_per_character")
    measured = f": {bits:.4f} held-out bits per character" if bits is not None else ""
    print(f"{result.ending}; the best weights are in {folder}{measured}", file=stream)
    if result.ending != "finished":
        print("go on with the same command and --resume", file=stream)
    print(f"write tunes with it: abclm generate --checkpoint {folder}", file=stream)
