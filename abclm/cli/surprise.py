"""``abclm surprise``: where a tune is unlike a model's training tunes."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abclm.cli import options
from abclm.cli.busy import busy
from abclm.cli.terminal import say, visible
from abclm.cli.threads import use_one_thread
from abclm.compose.options import MODEL
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from abclm.api.surprisal import PlacedNote, Surprisal
    from abclm.compose.surprise import NoteSurprise
    from abclm.model.checkpoint.checkpoint import CheckpointConfig
    from abclm.notation.tune.music import Tune

__all__ = ["surprise"]

_COLOURS = ((0.0, (110, 140, 160)), (3.0, (190, 150, 20)), (8.0, (225, 45, 45)))
"""Bits and the colour for them; colours between are interpolated."""


def surprise(
    file: options.File,
    tune: options.FirstTune = None,
    places: Annotated[
        int, typer.Option("--places", help="Number of notes for which to say what was expected.")
    ] = 5,
    checkpoint: options.Checkpoint = MODEL,
    as_json: Annotated[bool, typer.Option("--json", help="Print the bits as JSON.")] = False,
) -> None:
    """Colour each note of a tune by how much it surprises the model.

    A bit is one coin toss: a note of 3 bits was expected one time in 8. For the most surprising
    notes it also prints what the model expected instead. The model reads the tune in its normal
    form, without chord symbols, words, and ornaments that it does not know.
    """
    use_one_thread()

    from abclm.api.model import load
    from abclm.api.surprisal import surprisal
    from abclm.cli.input import read_tunes, source_name
    from abclm.compose.tune_choice import one_tune
    from abclm.errors import InputError

    if places < 0:
        raise InputError(f"--places must be 0 or more, not {places}")
    chosen = one_tune(read_tunes(file), tune, source_name(file))
    model = load(checkpoint)
    with busy("reading the tune"):
        found = surprisal(model.composer, chosen, places)
    if found.several:
        say("the tune has several voices: only the first is read")
    if found.result.left_out:
        shown = " ".join(found.result.left_out)
        say(f"left out, because the model does not know these characters: {shown}")
    if as_json:
        typer.echo(write_json(_table(found, model.config)))
        return
    _show(chosen, found.notes)
    _say(found, model.config, places)


def _show(tune: "Tune", found: "Sequence[PlacedNote]") -> None:
    """Print the tune in colours on a terminal, else its notes with bits, one line per bar."""
    if sys.stdout.isatty():
        _show_colours(tune, found)
        return
    bars: dict[int, list[str]] = {}
    for one in found:
        bars.setdefault(one.note.bar, []).append(f"{one.note.text} {one.note.bits:.1f}")
    for number, notes in bars.items():
        print(f"bar {number}: {'  '.join(notes)}")


def _show_colours(tune: "Tune", found: "Sequence[PlacedNote]") -> None:
    from rich.text import Text

    from abclm.cli.console import TerminalConsole
    from abclm.cli.stream import plain

    text, source = Text(), "".join(token.text for token in tune.tokens)
    shown = 0
    for one in found:
        text.append(visible(plain(source[shown : one.span.start])))
        shown = one.span.stop
        text.append(visible(plain(source[one.span.start : shown])), _style(one.note.bits))
    text.append(visible(plain(source[shown:])))
    console = TerminalConsole(soft_wrap=True)
    console.print(text)
    legend = Text("bits: ")
    for bits in (0, 1, 2, 3, 4, 6, 8):
        legend.append(f" {bits}{'+' if bits == 8 else ''} ", _style(bits))
    console.print(legend)


def _style(bits: float) -> str:
    """Return the colour for ``bits`` in rich's notation; rich picks the nearest available one."""
    above = next((at for at, (limit, _) in enumerate(_COLOURS) if bits <= limit), len(_COLOURS) - 1)
    (least, cool), (most, warm) = _COLOURS[max(above - 1, 0)], _COLOURS[max(above, 1)]
    share = min(1.0, max(0.0, (bits - least) / (most - least)))
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(cool, warm, strict=True))
    bold = "bold " if bits >= _COLOURS[-1][0] else ""
    return f"{bold}rgb({red},{green},{blue})"


def _say(found: "Surprisal", config: "CheckpointConfig", places: int) -> None:
    for one in found.most(places):
        note, token = one.note, one.span.token
        place = f"{token.line}:{token.column}: bar {note.bar}"
        print(f"{place}: {note.text} {note.bits:.1f} bits{_expected(note)}")
    usual = config.results.get("held_out_bits_per_character")
    beside = f" (held-out tunes: {usual:.2f})" if usual else ""
    print(f"{found.bits_per_character:.2f} bits per character{beside}")
    usual = config.results.get("held_out_bits_per_note")
    beside = f" (held-out tunes: {usual:.2f})" if usual else ""
    print(f"{found.bits_per_note:.2f} bits per note{beside}")


def _expected(note: "NoteSurprise") -> str:
    shown = [
        f"{one.text}{' before it' if one.before else ''} ({one.probability:.0%})"
        for one in note.alternatives
    ]
    return f"; the model expected {', '.join(shown)}" if shown else ""


def _table(found: "Surprisal", config: "CheckpointConfig") -> dict[str, Any]:
    result = found.result
    return {
        "reference_number": found.tune.value("X"),
        "tune": found.tune.title,
        "checkpoint": config.name,
        "bits_per_character": round(result.bits_per_character, 4),
        "bits_per_note": round(result.bits_per_note, 4),
        "held_out_bits_per_character": config.results.get("held_out_bits_per_character"),
        "text": found.text,
        "left_out": list(result.left_out),
        "notes": [one.as_dict() for one in found.notes],
    }
