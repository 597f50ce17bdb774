"""``abclm train``: from a corpus to a checkpoint, with its progress on the terminal."""

import inspect
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, get_type_hints

import typer

from abclm.api.training_values import SHAPE, TrainingValues
from abclm.cli.exit_code import ExitCode
from abclm.cli.options import option_of, with_options
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

_SHOWN: Final = {
    "epochs": f"{FINE_TUNING.epochs} with --from, else {TrainingSettings.epochs}, or more for a "
    "short text",
    "cues": "those for one voice or for several, as the corpus is",
    "dropout": f"{FINE_TUNING_DROPOUT} with --from, else {NetworkSettings.dropout}",
}
"""Defaults as the help shows them, where they are not those of the fields."""


def _parameters() -> Iterator[inspect.Parameter]:
    """Yield the option of each of `TrainingValues`.

    An option whose default depends on --from or on the corpus is None unless it is given.
    """
    for name, kind in get_type_hints(TrainingValues).items():
        field = SHAPE.get(name, name)
        owner = NetworkSettings if hasattr(NetworkSettings, field) else TrainingSettings
        usual, tuned = getattr(owner, field), getattr(FINE_TUNING, field, None)
        shown = _SHOWN.get(name)
        if shown is None and owner is NetworkSettings:
            shown = str(usual)
        elif shown is None and tuned != usual:
            shown = f"{tuned:g} with --from, else {usual:g}"
        yield inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=usual if shown is None else None,
            annotation=Annotated[kind, option_of(owner, field, show_default=shown or True)],
        )


@with_options(list(_parameters()), after="resume")
def train(
    given: dict[str, Any],
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
        **given,
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
