"""``abclm train``: from a corpus to a checkpoint, with its progress on the terminal."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from abclm.cli.exit_code import ExitCode
from abclm.cli.options import option_of
from abclm.cli.terminal import say
from abclm.model.settings import (
    FINE_TUNING,
    FINE_TUNING_DROPOUT,
    NetworkSettings,
    TrainingSettings,
)

if TYPE_CHECKING:
    from abclm.api.training import Trained

__all__ = ["train"]


def _usual(field: str) -> str:
    """Return the default of a training setting, as the help shows it."""
    new, tuned = getattr(TrainingSettings, field), getattr(FINE_TUNING, field)
    return f"{tuned:g} with --from, else {new:g}"


_EPOCHS: Final = f"{_usual('epochs')}, or more for a short text"
_DROPOUT: Final = f"{FINE_TUNING_DROPOUT} with --from, else {NetworkSettings.dropout}"


def train(
    corpus: Annotated[str, typer.Argument(help="A corpus (see corpus list), or its folder.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to create; else checkpoints/CORPUS.")
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from", help="A checkpoint to fine-tune; its shape and characters are kept."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Resume the run that stopped in --out.")
    ] = False,
    epochs: Annotated[
        int | None, option_of(TrainingSettings, "epochs", show_default=_EPOCHS)
    ] = None,
    patience: Annotated[
        int | None, option_of(TrainingSettings, "patience", show_default=_usual("patience"))
    ] = None,
    batch_size: Annotated[
        int | None, option_of(TrainingSettings, "batch_size", show_default=_usual("batch_size"))
    ] = None,
    window: Annotated[int, option_of(TrainingSettings, "window")] = TrainingSettings.window,
    windows: Annotated[str, option_of(TrainingSettings, "windows")] = TrainingSettings.windows,
    cues: Annotated[
        str | None, option_of(NetworkSettings, "cues", show_default="all eight")
    ] = None,
    average: Annotated[
        float | None, option_of(TrainingSettings, "average", show_default=_usual("average"))
    ] = None,
    units: Annotated[
        int | None, option_of(NetworkSettings, "units", show_default=str(NetworkSettings.units))
    ] = None,
    layers: Annotated[
        int | None,
        option_of(NetworkSettings, "num_layers", show_default=str(NetworkSettings.num_layers)),
    ] = None,
    cell: Annotated[
        str | None, option_of(NetworkSettings, "cell", show_default=NetworkSettings.cell)
    ] = None,
    attention: Annotated[
        int | None,
        option_of(NetworkSettings, "attention", show_default=str(NetworkSettings.attention)),
    ] = None,
    attention_span: Annotated[
        int | None,
        option_of(
            NetworkSettings, "attention_span", show_default=str(NetworkSettings.attention_span)
        ),
    ] = None,
    embedding: Annotated[
        int | None,
        option_of(
            NetworkSettings, "embedding_size", show_default=str(NetworkSettings.embedding_size)
        ),
    ] = None,
    dropout: Annotated[
        float | None, option_of(NetworkSettings, "dropout", show_default=_DROPOUT)
    ] = None,
    direct_dropout: Annotated[
        float | None,
        option_of(
            NetworkSettings, "direct_dropout", show_default=str(NetworkSettings.direct_dropout)
        ),
    ] = None,
    learning_rate: Annotated[
        float | None,
        option_of(TrainingSettings, "learning_rate", show_default=_usual("learning_rate")),
    ] = None,
    loss: Annotated[str, option_of(TrainingSettings, "loss")] = TrainingSettings.loss,
    focal_gamma: Annotated[
        float, option_of(TrainingSettings, "focal_gamma")
    ] = TrainingSettings.focal_gamma,
    precision: Annotated[
        str, option_of(TrainingSettings, "precision")
    ] = TrainingSettings.precision,
    max_minutes: Annotated[float | None, option_of(TrainingSettings, "max_minutes")] = None,
    sample_every: Annotated[
        int, option_of(TrainingSettings, "sample_every")
    ] = TrainingSettings.sample_every,
    seed: Annotated[int, option_of(TrainingSettings, "seed")] = TrainingSettings.seed,
) -> None:
    """Train a model on a corpus, or fine-tune a trained one on your tunes with --from.

    Ctrl-C saves everything learnt so far and stops. The best weights by held-out bits per character
    are kept in --out, with config.json, history.csv and curves.svg, which shows loss and accuracy
    of each epoch; with --from, the last weights within 1 % of the best.

    On several machines or GPUs: run the same command on each, with the variable TF_CONFIG, which
    lists them all and says which one this is. They share the tunes of each step and sum their
    gradients, so the result is that of one machine with all of them; only the first writes --out.
    On the first of two:

    TF_CONFIG='{"cluster": {"worker": ["host1:2222", "host2:2222"]}, "task": {"type": "worker",
    "index": 0}}' abclm train irish

    and with "index": 1 on the second. Each takes the first GPU that CUDA_VISIBLE_DEVICES leaves it.
    """
    from abclm.api.training import train as run
    from abclm.cli.progress import ProgressBar

    trained = run(
        corpus,
        out,
        start=start,
        resume=resume,
        observe=ProgressBar,
        on_trained=_report,
        say=say,
        command="abclm " + shlex.join(arg for arg in sys.argv[1:] if arg != "--resume"),
        units=units,
        layers=layers,
        embedding=embedding,
        cues=cues,
        cell=cell,
        attention=attention,
        attention_span=attention_span,
        dropout=dropout,
        direct_dropout=direct_dropout,
        epochs=epochs,
        patience=patience,
        batch_size=batch_size,
        window=window,
        windows=windows,
        average=average,
        learning_rate=learning_rate,
        loss=loss,
        focal_gamma=focal_gamma,
        precision=precision,
        max_minutes=max_minutes,
        sample_every=sample_every,
        seed=seed,
    )
    if trained.result.ending == "interrupted":
        raise typer.Exit(ExitCode.INTERRUPTED)


def _report(trained: "Trained") -> None:
    folder, result = trained.folder, trained.result
    if not result.chief:
        return
    bits = result.results.get("held_out_bits_per_character")
    measured = f": {bits:.4f} held-out bits per character" if bits is not None else ""
    say(f"{result.ending}; the weights are in {folder}{measured}")
    if result.ending in {"interrupted", "out of time"}:
        say("to continue, run the same command with --resume")
    say(f"write tunes with it: abclm generate --checkpoint {folder}")
