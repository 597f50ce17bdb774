"""Logged tunes back to their orders, and made again from them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from abclm.api.model import Model, load
from abclm.api.order import FROM_PROMPTS, Order, pick_seed
from abclm.api.task import Task
from abclm.compose.chosen import choose_one
from abclm.compose.settings import Settings
from abclm.compose.tunebook import with_reference_number
from abclm.errors import CheckpointError, InputError
from abclm.ledger.row import LoggedTune
from abclm.notation.syntax.source import Source

__all__ = ["more_of", "order_of", "remake", "tweaked"]


def order_of(tune: LoggedTune) -> Order:
    """Return the order that makes a logged tune again.

    Raises:
        InputError: the tune was not written from a prompt.
        CheckpointError: the model that made it is missing, or has changed.
    """
    entry = tune.entry
    settings = dict(entry.settings)
    checkpoint = settings.pop("checkpoint", None)
    if checkpoint is None or entry.command not in FROM_PROMPTS:
        raise InputError(
            f"tune {tune.id} was made by {entry.as_typed()}: more and tweak need a tune "
            "that generate, more or tweak wrote"
        )
    if not isinstance(checkpoint, str):
        raise InputError(f"tune {tune.id}: its checkpoint must be a name, not {checkpoint!r:.40}")
    _model_of(tune, checkpoint)
    return Order(
        command=entry.command,
        prompt=entry.prompt,
        settings=Settings.from_dict(settings),
        seed=entry.seed,
        first=entry.number,
        checkpoint=checkpoint,
        parent=entry.parent,
    )


def more_of(tune: LoggedTune, count: int, seed: int | None) -> Order:
    """Return the order for ``count`` more tunes like a logged one, with another seed.

    Raises:
        InputError, CheckpointError: as `order_of`.
    """
    order = order_of(tune)
    return replace(order, command="more", count=count, seed=pick_seed(seed), parent=tune.id)


def tweaked(
    tune: LoggedTune, changes: Mapping[str, Any], seed: int | None
) -> tuple[Order, dict[str, tuple[Any, Any]]]:
    """Return the order that makes a tune again with changed settings, and what changed.

    Args:
        tune: the tune.
        changes: the new value of each setting by name.
        seed: another seed; None for the same one.

    Returns:
        The order, and the old and new value of each setting that differs; ``-`` is the default.

    Raises:
        InputError: nothing is to change, or as `order_of`.
        CheckpointError: as `order_of`.
    """
    if seed is None and all(value is None for value in changes.values()):
        raise InputError("nothing to change: give an option such as --key Ador or --seed 5")
    before = order_of(tune)
    settings = before.settings.changed(**changes)
    order = replace(before, command="tweak", settings=settings, parent=tune.id)
    if seed is not None:
        order = replace(order, seed=pick_seed(seed), first=0)
    old, new = before.settings.as_dict(), settings.as_dict()
    names = (name for name in sorted({*old, *new}) if old.get(name) != new.get(name))
    return order, {name: (old.get(name, "-"), new.get(name, "-")) for name in names}


def remake(tune: LoggedTune, say: Callable[[str], None]) -> dict[str, Any] | None:
    """Make a logged tune again; return it for JSON, with its text under ``abc``.

    The result is None if its candidate is not written this time, so the tune differs.

    Raises:
        InputError: the tune was not made by a model.
        CheckpointError: the model that made it is missing, or has changed.
    """
    if tune.entry.command not in Task.COMMANDS:
        order = order_of(tune)
        made = next(load(order.checkpoint).make(order, say, log_it=False))
        return made[0].as_dict(tune.id)
    return _revise_again(tune)


def _revise_again(tune: LoggedTune) -> dict[str, Any] | None:
    entry = tune.entry
    task = Task.of(entry)
    model = _model_of(tune, task.checkpoint)
    chosen = choose_one(Source.of(entry.prompt, f"tune {tune.id}"))
    for offer in task.carry_out(model.composer, chosen).offers:
        if offer.candidate.number == entry.number:
            text = with_reference_number(chosen.by_itself(offer.text), tune.id)
            return {"abc": text, "id": None, "seed": entry.seed, **offer.as_dict()}
    return None


def _model_of(tune: LoggedTune, checkpoint: str) -> Model:
    """Load the model that made a tune, and check its hash.

    Raises:
        CheckpointError: it is missing, or has changed.
    """
    made_by = tune.entry.checkpoint
    model = load(checkpoint)
    if model.sha256 != made_by:
        raise CheckpointError(
            f"the checkpoint {checkpoint} is no longer the one that made tune {tune.id} "
            f"({made_by[:12]})"
        )
    return model
