"""The commands: their names in the order of the help, what each is for, and where it stands."""

from importlib import import_module
from keyword import iskeyword
from typing import Any, Final

import typer

__all__ = ["COMMANDS", "load_command"]

COMMANDS: Final = {
    "generate": "Write folk tunes.",
    "validate": "Check tunes: fields, characters, bars, repeats, endings.",
    "render": "Render tunes to MIDI, sheet music (SVG, HTML) and sound.",
    "edit": "Open a tune or a tunebook in your editor, and check it when it is saved.",
    "transpose": "Move tunes to another key: the nearest such tonic, the same mode.",
    "continue": "Go on from an unfinished tune, keeping what is there byte for byte.",
    "redo": "Write some bars of a tune anew; everything else stays as it is, byte for byte.",
    "second-part": "Write another part that fits a tune: as long as its first one, repeated if "
    "that is.",
    "originality": "Compare tunes with the tunes a model learnt from, in any key.",
    "surprise": "Colour each note of a tune by how much it surprises the model.",
    "evaluate": "Measure a model: metre, form, endings, key, copying, and how well it predicts "
    "real tunes.",
    "more": "Write more tunes the way one was written: the same prompt and options, other seeds.",
    "tweak": "Write a tune again with something changed; all else, the seed too, stays as it was.",
    "keep": "Keep a tune under a title in a tunebook, with a note of how it was made.",
    "replay": "Make a tune again, and see that it comes out the same; exit code 1 if it does not.",
    "history": "List the tunes that were made, each below the one it was made from.",
    "show": "Print a tune from the history; how it was made goes to standard error.",
    "train": "Train a model on a corpus, or make a trained one learn your tunes with --from.",
    "corpus": "Build, list and show corpora.",
    "checkpoint": "List and show trained models.",
}
"""The first sentence of each command's own help, so that a list of all loads none of them."""


def load_command(name: str) -> Any:
    """The command ``name`` of `COMMANDS` as Click has it; its module is loaded now.

    The module of ``second-part`` is ``second_part``, which has a function of that name, or a group
    of commands called ``app``.
    """
    stem = name.replace("-", "_") + "_" * iskeyword(name)
    module = import_module(f"abclm.cli.{stem}")
    holder = typer.Typer(rich_markup_mode=None, add_completion=False)
    if hasattr(module, "app"):
        holder.add_typer(module.app, name=name)
    else:
        holder.command(name)(getattr(module, stem))
    return typer.main.get_group(holder).commands[name]
