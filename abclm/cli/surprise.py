"""``abclm surprise``: where a tune is unlike what a model learnt from."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abclm.cli import options
from abclm.cli.preparing import use_one_thread
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from abclm.compose.surprise import NoteSurprise, Surprise
    from abclm.model.checkpoint.checkpoint import CheckpointConfig
    from abclm.notation.syntax.spans import Span
    from abclm.notation.tune.music import Tune

__all__ = ["surprise"]

_COLOURS = ((0.0, (110, 140, 160)), (3.0, (190, 150, 20)), (8.0, (225, 45, 45)))
"""Bits to colour; between them it is mixed."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A note's place in the user's text, and its surprise."""

    span: "Span"
    note: "NoteSurprise"


def surprise(
    file: options.File,
    tune: options.FirstTune = None,
    places: Annotated[
        int, typer.Option("--places", help="For how many notes to say what was expected.")
    ] = 5,
    checkpoint: options.Checkpoint = "irish",
    as_json: Annotated[bool, typer.Option("--json", help="Print the bits as JSON.")] = False,
) -> None:
    """Colour each note of a tune by how much it surprises the model.

    A bit is one coin toss: a note of 3 bits was expected one time in 8. At the most surprising
    notes: what the model expected instead. The model reads the tune in its own form, without
    ornaments it does not know, chord symbols and words.
    """
    use_one_thread()

    from abclm.cli.checkpoint import load
    from abclm.cli.inputs import source_name
    from abclm.cli.tunes import choose_tune, read_tunes
    from abclm.compose.network import Network
    from abclm.compose.surprise import surprise as judge
    from abclm.errors import InputError

    if places < 0:
        raise InputError(f"--places must be 0 or more, not {places}")
    chosen = choose_tune(read_tunes(file), tune, source_name(file))
    written, text = _as_the_model_reads_it(chosen)
    model = load(checkpoint)
    result = judge(Network(model), text, places)
    if result.left_out:
        shown = " ".join(result.left_out)
        print(f"left out, because the model knows no such characters: {shown}", file=sys.stderr)
    found = _placed(chosen, written, result)
    if as_json:
        table = _table(chosen, text, result, found, model.config)
        typer.echo(write_json(table))
        return
    _show(chosen, found)
    _say(result, found, model.config, places)


def _as_the_model_reads_it(tune: "Tune") -> tuple["Tune", str]:
    """The tune simplified as in the corpus, and its text."""
    from abclm.cli.reading import read_for_model
    from abclm.corpus.store import without_number
    from abclm.errors import InputError
    from abclm.notation.write.writer import write_tune

    voices = tune.voices
    if not voices:
        raise InputError(f"X:{tune.value('X') or '?'} has no notes")
    if len(voices) > 1:
        print("of several voices the first is read", file=sys.stderr)
    if any(token.field == "m" for token in (*tune.fields, *tune.body_fields)):
        raise InputError(f"X:{tune.value('X') or '?'} has macros (m:): write them out first")
    simple = read_for_model(voices[0].tune, f"X:{tune.value('X') or '?'}")
    return simple, without_number(write_tune(simple))


def _placed(tune: "Tune", written: "Tune", result: "Surprise") -> list[_Found]:
    """Each note of the model's text with its place in the user's: both have the same notes."""
    from abclm.notation.syntax.spans import event_spans

    spans = {(span.token.line, span.token.column): span for span in event_spans(tune.tokens)}
    places = [(event.token.line, event.token.column) for event in written.events]
    return [_Found(spans[at], note) for at, note in zip(places, result.notes, strict=True)]


def _show(tune: "Tune", found: Sequence[_Found]) -> None:
    """The tune in colours on a terminal, else its notes with their bits, a line for each bar."""
    if sys.stdout.isatty():
        _show_colours(tune, found)
        return
    bars: dict[int, list[str]] = {}
    for one in found:
        bars.setdefault(one.note.bar, []).append(f"{one.note.text} {one.note.bits:.1f}")
    for number, notes in bars.items():
        print(f"bar {number}: {'  '.join(notes)}")


def _show_colours(tune: "Tune", found: Sequence[_Found]) -> None:
    from rich.text import Text

    from abclm.cli.console import TerminalConsole
    from abclm.cli.stream import plain
    from abclm.cli.terminal import visible

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
    """The colour of so many bits, as rich names it; it picks the nearest the terminal has."""
    above = next((at for at, (limit, _) in enumerate(_COLOURS) if bits <= limit), len(_COLOURS) - 1)
    (least, cool), (most, warm) = _COLOURS[max(above - 1, 0)], _COLOURS[max(above, 1)]
    share = min(1.0, max(0.0, (bits - least) / (most - least)))
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(cool, warm, strict=True))
    bold = "bold " if bits >= _COLOURS[-1][0] else ""
    return f"{bold}rgb({red},{green},{blue})"


def _say(
    result: "Surprise", found: Sequence[_Found], config: "CheckpointConfig", places: int
) -> None:
    for at in result.most(places):
        note, token = found[at].note, found[at].span.token
        place = f"{token.line}:{token.column}: bar {note.bar}"
        print(f"{place}: {note.text} {note.bits:.1f} bits{_expected(note)}")
    usual = config.results.get("held_out_bits_per_character")
    beside = f" (held-out tunes: {usual:.2f})" if usual else ""
    print(f"{result.bits_per_character:.2f} bits per character{beside}")
    usual = config.results.get("held_out_bits_per_note")
    beside = f" (held-out tunes: {usual:.2f})" if usual else ""
    print(f"{result.bits_per_note:.2f} bits per note{beside}")


def _expected(note: "NoteSurprise") -> str:
    shown = [
        f"{one.text}{' before it' if one.before else ''} ({one.probability:.0%})"
        for one in note.alternatives
    ]
    return f"; the model expected {', '.join(shown)}" if shown else ""


def _table(
    tune: "Tune",
    text: str,
    result: "Surprise",
    found: Sequence[_Found],
    config: "CheckpointConfig",
) -> dict[str, Any]:
    return {
        "reference_number": tune.value("X"),
        "tune": tune.title,
        "checkpoint": config.name,
        "bits_per_character": round(result.bits_per_character, 4),
        "bits_per_note": round(result.bits_per_note, 4),
        "held_out_bits_per_character": config.results.get("held_out_bits_per_character"),
        "text": text,
        "left_out": list(result.left_out),
        "notes": [_row(one) for one in found],
    }


def _row(found: _Found) -> dict[str, Any]:
    note, token = found.note, found.span.token
    row: dict[str, Any] = {
        "bar": note.bar,
        "line": token.line,
        "column": token.column,
        "text": note.text,
        "bits": round(note.bits, 3),
        "before_bits": round(note.before_bits, 3),
    }
    if note.alternatives:
        row["alternatives"] = [
            {"text": one.text, "probability": round(one.probability, 4), "before": one.before}
            for one in note.alternatives
        ]
    return row
