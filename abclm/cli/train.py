"""``abclm train``: from a corpus to a checkpoint, with what a person wants to see on the way."""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abclm.cli.group import ExitCode
from abclm.model.settings import (
    ALL_CUES,
    FINE_TUNING,
    FINE_TUNING_DROPOUT,
    NetworkSettings,
    TrainingSettings,
)

if TYPE_CHECKING:
    from abclm.corpus.store import Corpus
    from abclm.model.checkpoint.checkpoint import Checkpoint, CheckpointConfig
    from abclm.model.text import Usual
    from abclm.model.training.training import Sampler
    from abclm.model.vocabulary import Vocabulary

__all__ = ["train"]

_SHAPE: dict[str, Any] = {
    "units": NetworkSettings.units,
    "layers": NetworkSettings.num_layers,
    "embedding": NetworkSettings.embedding_size,
    "cues": ",".join(ALL_CUES),
}


def train(
    corpus: Annotated[str, typer.Argument(help="A corpus (see corpus list), or its folder.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to make; checkpoints/CORPUS if not given.")
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from", help="A checkpoint to go on from: its shape and characters are kept."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where a run in --out stopped.")
    ] = False,
    epochs: Annotated[
        int | None,
        typer.Option(
            help="Times the training text is read.",
            show_default="20 with --from, else 10, or more for a short text",
        ),
    ] = None,
    patience: Annotated[
        int | None,
        typer.Option(
            help="End after so many epochs without a new best; 0: never.",
            show_default="5 with --from, else 0",
        ),
    ] = None,
    batch_size: Annotated[
        int | None,
        typer.Option(help="Windows in one step.", show_default="8 with --from, else 16"),
    ] = None,
    window: Annotated[
        int, typer.Option(help="Characters in one window.")
    ] = TrainingSettings.window,
    windows: Annotated[
        str,
        typer.Option(
            help="tunes: whole tunes, as many as the windows have characters; random: cut "
            "anywhere; contiguous: one after the other, state carried."
        ),
    ] = TrainingSettings.windows,
    cues: Annotated[
        str | None,
        typer.Option(
            help="What the network is told beside the last character: echo, bar, section, syntax, "
            "compass, place, plan, line, or none.",
            show_default="all eight",
        ),
    ] = None,
    average: Annotated[
        float | None,
        typer.Option(
            help="How much of the weights' running average a step keeps; 0: none.",
            show_default="0.999 with --from, else 0.998",
        ),
    ] = None,
    units: Annotated[
        int | None,
        typer.Option(help="Length of the state of each LSTM layer.", show_default="384"),
    ] = None,
    layers: Annotated[int | None, typer.Option(help="LSTM layers.", show_default="2")] = None,
    embedding: Annotated[
        int | None, typer.Option(help="Length of a character's vector.", show_default="128")
    ] = None,
    dropout: Annotated[
        float | None,
        typer.Option(
            help="Share of outputs left out in training.",
            show_default=f"{FINE_TUNING_DROPOUT} with --from, else {NetworkSettings.dropout}",
        ),
    ] = None,
    direct_dropout: Annotated[
        float | None,
        typer.Option(
            help="Share of the direct connections left out in training.",
            show_default=f"{NetworkSettings.direct_dropout}",
        ),
    ] = None,
    learning_rate: Annotated[
        float | None,
        typer.Option(
            help="The highest learning rate.", show_default="0.0003 with --from, else 0.003"
        ),
    ] = None,
    precision: Annotated[
        str, typer.Option(help="auto, float32 or mixed_bfloat16; auto asks the hardware.")
    ] = TrainingSettings.precision,
    max_minutes: Annotated[
        float | None, typer.Option(help="Stop, saved, after so many minutes; --resume goes on.")
    ] = None,
    sample_every: Annotated[
        int, typer.Option(help="Epochs between two tunes shown; 0 shows none.")
    ] = TrainingSettings.sample_every,
    seed: Annotated[int, typer.Option(help="Seed of the weights, windows and dropout.")] = 0,
) -> None:
    """Train a model on a corpus, or make a trained one learn your tunes with --from.

    Ctrl-C stops with everything learnt so far saved. The best weights by held-out bits per
    character are kept in --out, with config.json and history.csv; with --from the last ones within
    1 % of them.

    On several machines or GPUs: give the same command on each, with the variable TF_CONFIG that
    names them all and says which one this is. They share each step's tunes and add up what they
    learn, as one machine would with all of them; the first writes --out, the others nothing. On
    the first of two:

    TF_CONFIG='{"cluster": {"worker": ["host1:2222", "host2:2222"]}, "task": {"type": "worker",
    "index": 0}}' abclm train irish

    and with "index": 1 on the second. Each takes the first GPU that CUDA_VISIBLE_DEVICES leaves it.
    """
    from abclm.cli.companions import make_companions
    from abclm.cli.progress import ProgressBar
    from abclm.corpus.store import load_corpus
    from abclm.model.text import model_texts, usual
    from abclm.model.training.schedule import usual_epochs
    from abclm.model.training.training import check_folder
    from abclm.model.training.training import train as run

    folder = out or Path("checkpoints") / Path(corpus).name
    loaded = load_corpus(corpus)
    parent = _load(start) if start else None
    shape = {"units": units, "layers": layers, "embedding": embedding, "cues": cues}
    known = parent.config.usual if parent else usual(loaded.train)
    planned = "plan" in (parent.config.network.cues if parent else _cues(cues or _SHAPE["cues"]))
    learnt, held_out, others = (
        model_texts(part, known, planned=planned)
        for part in (loaded.train, loaded.held_out, loaded.held_out_by_tune)
    )
    dropouts = {
        "dropout": dropout,
        "direct_dropout": direct_dropout,
    }
    network, vocabulary = _network([*learnt, *held_out, *others], parent, shape, dropouts)
    characters = sum(len(tune) + 1 for tune in learnt)
    settings = FINE_TUNING if parent else TrainingSettings(epochs=usual_epochs(characters))
    wanted: dict[str, Any] = {
        "epochs": epochs,
        "patience": patience,
        "batch_size": batch_size,
        "average": average,
        "learning_rate": learning_rate,
    }
    training = replace(
        settings,
        **{name: value for name, value in wanted.items() if value is not None},
        # No longer than an eighth of the text, so that a few tunes can be trained on.
        window=max(2, min(window, characters // 8)),
        windows=windows,  # type: ignore[arg-type]  # checked by the settings, in the user's words
        precision=precision,  # type: ignore[arg-type]
        max_minutes=max_minutes,
        sample_every=sample_every,
        seed=seed,
    )
    check_folder(folder, resume=resume)
    config = _config(folder, loaded, network, training, vocabulary, known)
    if parent:
        config = _descended(config, parent)
    with ProgressBar() as observer:
        result = run(
            config,
            learnt,
            held_out,
            folder,
            resume=resume,
            initial=_inherited(parent, config) if parent else None,
            observer=observer,
            sample=_sampler(folder, config),
        )
    if result.chief:
        _report(folder, result, sys.stderr)
    if result.ending == "interrupted":
        raise typer.Exit(ExitCode.INTERRUPTED)
    if result.chief and result.ending != "out of time":
        make_companions(folder, loaded, start)


def _load(name: str) -> "Checkpoint":
    from abclm.cli.checkpoint import load

    return load(name)


def _network(
    texts: Sequence[str],
    parent: "Checkpoint | None",
    shape: dict[str, Any],
    dropouts: dict[str, float | None],
) -> tuple[NetworkSettings, "Vocabulary"]:
    """The network asked for, or that of ``parent``, and its vocabulary.

    Args:
        texts: all tunes of the corpus, as a network reads them.
        parent: the checkpoint to go on from.
        shape: the options units, layers, embedding and cues, None where they were not given.
        dropouts: the options dropout and direct_dropout, likewise.

    Raises:
        TrainingError: an option asks for another shape than ``parent`` has.
    """
    from abclm.errors import TrainingError
    from abclm.model.training.inheritance import joint_vocabulary
    from abclm.model.vocabulary import Vocabulary

    left_out: dict[str, Any] = {
        name: share for name, share in dropouts.items() if share is not None
    }
    if parent is None:
        vocabulary = Vocabulary.from_text(texts)
        wanted = {name: value for name, value in shape.items() if value is not None}
        values = {**_SHAPE, **wanted}
        cues = _cues(values["cues"])
        network = NetworkSettings(
            vocabulary.size,
            values["embedding"],
            values["units"],
            values["layers"],
            cues=cues,
            direct=bool(cues),
        )
        return replace(network, **left_out), vocabulary
    theirs = parent.config.network
    has = {
        "units": theirs.units,
        "layers": theirs.num_layers,
        "embedding": theirs.embedding_size,
        "cues": ",".join(theirs.cues) or "none",
    }
    for name, value in shape.items():
        if value is not None and value != has[name]:
            raise TrainingError(
                f"--from {parent.path.name}: it has --{name} {has[name]}, not {value}: "
                "leave the option out"
            )
    vocabulary = joint_vocabulary(parent.vocabulary, texts)
    changed = {"dropout": FINE_TUNING_DROPOUT, **left_out}
    return replace(theirs, vocabulary_size=vocabulary.size, **changed), vocabulary


def _cues(value: str) -> tuple[Any, ...]:
    return () if value == "none" else tuple(cue.strip() for cue in value.split(","))


def _descended(config: "CheckpointConfig", parent: "Checkpoint") -> "CheckpointConfig":
    """``config`` with what a checkpoint owes to the one it started from: its licence above all."""
    before = parent.config
    licence = config.licence
    if before.licence not in licence:
        licence = f"{licence}; started from {before.name}: {before.licence}"
    origin = {"name": before.name, "sha256": parent.sha256, "corpus": before.corpus.get("name")}
    return replace(
        config,
        licence=licence,
        corpus={**config.corpus, "from": origin},
        command=f"{before.command} && {config.command}",
    )


def _inherited(parent: "Checkpoint", config: "CheckpointConfig") -> dict[str, Any]:
    """The weights of ``parent`` for the network of ``config``."""
    from abclm.model.training.inheritance import inherit

    return inherit(parent.weights, parent.vocabulary, config.vocabulary, config.network)


def _config(
    folder: Path,
    corpus: "Corpus",
    network: Any,
    training: Any,
    vocabulary: Any,
    known: "Usual",
) -> "CheckpointConfig":
    from abclm.model.checkpoint.checkpoint import CheckpointConfig

    report = corpus.report
    return CheckpointConfig(
        name=folder.name,
        network=network,
        vocabulary=vocabulary,
        usual=known,
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
    from abclm.model.checkpoint.checkpoint import Checkpoint

    def write_tune(weights: Any, _vocabulary: Any) -> str:
        checkpoint = Checkpoint(folder, config, dict(weights), sha256="")
        return with_reference_number(generate(checkpoint)[0].text, 1)

    return write_tune


def _report(folder: Path, result: Any, stream: Any) -> None:
    bits = result.results.get("held_out_bits_per_character")
    measured = f": {bits:.4f} held-out bits per character" if bits is not None else ""
    print(f"{result.ending}; the weights are in {folder}{measured}", file=stream)
    if result.ending in {"interrupted", "out of time"}:
        print("go on with the same command and --resume", file=stream)
    print(f"write tunes with it: abclm generate --checkpoint {folder}", file=stream)
