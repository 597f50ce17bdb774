"""From a tune in the ledger back to what was asked for, and to the same tune again."""

from typing import TYPE_CHECKING, Any

from abclm.cli.making import FROM_PROMPTS, Order, make
from abclm.cli.task import Task, as_typed

if TYPE_CHECKING:
    from abclm.cli.taking import Work
    from abclm.ledger.ledger import LoggedTune

__all__ = ["order_of", "remake"]


def order_of(tune: "LoggedTune") -> Order:
    """What would make a tune again that was written from a prompt.

    Raises:
        InputError: it was not.
        CheckpointError: the model that made it is not there.
    """
    from abclm.compose.settings import Settings
    from abclm.errors import InputError

    entry = tune.entry
    settings = dict(entry.settings)
    checkpoint = settings.pop("checkpoint", None)
    if checkpoint is None or entry.command not in FROM_PROMPTS:
        raise InputError(
            f"tune {tune.id} was made by {as_typed(entry)}: more and tweak go on from what "
            "generate, more and tweak wrote"
        )
    if not isinstance(checkpoint, str):
        raise InputError(f"tune {tune.id}: its checkpoint must be a name, not {checkpoint!r:.40}")
    _check_model(tune, checkpoint)
    return Order(
        command=entry.command,
        prompt=entry.prompt,
        settings=Settings.from_dict(settings),
        seed=entry.seed,
        first=entry.number,
        checkpoint=checkpoint,
        parent=entry.parent,
    )


def remake(tune: "LoggedTune") -> dict[str, Any] | None:
    """A logged tune made again, with what is known of it, as JSON can hold it.

    Its text is ``abc``. None where nothing came of it, which then is not what did before.

    Raises:
        InputError: it was not made by a model.
        CheckpointError: the model that made it is not there.
    """
    from abclm.cli.delivery import made_row

    work = _works().get(tune.entry.command)
    if work is None:
        return made_row(make(order_of(tune), log_it=False)[0], tune.id)
    return _do_again(work, tune)


def _works() -> "dict[str, Work]":
    from abclm.cli.continue_ import write_on
    from abclm.cli.redo import write_anew
    from abclm.cli.second_part import write_part

    return {"continue": write_on, "redo": write_anew, "second-part": write_part}


def _do_again(work: "Work", tune: "LoggedTune") -> dict[str, Any] | None:
    from abclm.cli.candidates import row
    from abclm.cli.reading import choose_one
    from abclm.compose.tunebook import with_reference_number
    from abclm.notation.syntax.source import Source

    entry = tune.entry
    task = Task.of(entry)
    _check_model(tune, task.checkpoint)
    chosen = choose_one(Source.of(entry.prompt, f"tune {tune.id}"))
    for offer in work(chosen, task, None).offers:
        if offer.candidate.number == entry.number:
            text = with_reference_number(chosen.by_itself(offer.text), tune.id)
            return {"abc": text, "id": None, "seed": entry.seed, **row(offer)}
    return None


def _check_model(tune: "LoggedTune", checkpoint: str) -> None:
    from abclm.cli.checkpoint import load
    from abclm.errors import CheckpointError

    made_by = tune.entry.checkpoint
    if load(checkpoint).sha256 != made_by:
        raise CheckpointError(
            f"the checkpoint {checkpoint} is no longer the one that made tune {tune.id} "
            f"({made_by[:12]})"
        )
