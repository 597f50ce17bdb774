"""The commands: their names in the order of the help, their purpose, and how to load them."""

from importlib import import_module
from keyword import iskeyword
from typing import Any, Final

import typer

__all__ = ["COMMANDS", "load_command"]

COMMANDS: Final = {
    "generate": "Write folk tunes.",
    "validate": "Check tunes: fields, characters, bars, repeats, endings.",
    "render": "Render tunes to MIDI, sheet music (SVG, HTML, MusicXML), piano rolls and sound.",
    "play": "Play tunes on the loudspeaker, in a loop, slower or with a click if you like.",
    "sheet": "Print tunes: a page, a set or a whole book, with fingering or an index if you like.",
    "serve": "Show a tunebook in the browser, with staves and a player, and again when it changes.",
    "suggest-set": "Suggest three tunes of a book that follow well, and say why.",
    "edit": "Open a tune or a tunebook in your editor, and check it when it is saved.",
    "transpose": "Transpose tunes to another key of the same mode, the nearest by default.",
    "continue": "Continue an unfinished tune, keeping what is there byte for byte.",
    "redo": "Rewrite some bars of a tune; everything else stays byte for byte.",
    "second-part": "Write another part that fits a tune: as long as its first part, and repeated "
    "if that is.",
    "harmonize": "Write further voices for a tune, in metre and aligned with it; or chord "
    "symbols over it.",
    "undo": "Put back the old version of a file, byte for byte; a second undo takes that back.",
    "diff": "Show the bars, fields and tunes that differ between FILE.bak and FILE, or FILE and "
    "NEW.",
    "originality": "Compare tunes with a model's training tunes, in any key.",
    "surprise": "Colour each note of a tune by how much it surprises the model.",
    "evaluate": "Measure a model: metre, form, endings, key, copying, and how well it predicts "
    "real tunes.",
    "more": "Write more tunes like one in the history: the same prompt and options, another seed.",
    "tweak": "Write a tune again with some options changed; everything else, seed included, stays.",
    "keep": "Keep a tune in a tunebook, under a title and with a note of how it was made.",
    "replay": "Make a tune again and check that it comes out the same; exit code 1 if it does not.",
    "history": "List the tunes made so far, each below the one it was made from; mark the best "
    "with stars.",
    "show": "Print a tune from the history; how it was made goes to standard error.",
    "convert": "Convert MIDI and MusicXML to ABC, one tune a file.",
    "train": "Train a model on a corpus, or fine-tune a trained one on your tunes with --from.",
    "corpus": "Build, list and show corpora.",
    "checkpoint": "List and show trained models.",
    "config": "Show your own defaults of options, and where they are.",
}
"""The first sentence of each command's help, so that listing the commands loads none of them."""


def load_command(name: str) -> Any:
    """Load the module of the command ``name``, and return its Click command.

    The module of ``second-part`` is ``second_part``; it has a function of that name, or a group of
    commands called ``app``.
    """
    stem = name.replace("-", "_") + "_" * iskeyword(name)
    module = import_module(f"abclm.cli.{stem}")
    holder = typer.Typer(rich_markup_mode=None, add_completion=False)
    if hasattr(module, "app"):
        holder.add_typer(module.app, name=name)
    else:
        holder.command(name)(getattr(module, stem))
    return typer.main.get_group(holder).commands[name]
