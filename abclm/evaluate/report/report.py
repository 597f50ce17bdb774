"""An evaluation as one self-contained HTML page."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from html import escape
from typing import Final

import numpy as np

from abclm.compose.settings import CANDIDATES, TEMPERATURE
from abclm.compose.tunebook import with_reference_number
from abclm.evaluate.evaluation import Evaluation
from abclm.evaluate.features.features import NOTE_LENGTHS, Features
from abclm.evaluate.report.music_report import build_music, build_told_apart
from abclm.evaluate.report.pictures import draw_histogram, draw_loss, draw_roll, pitch_name
from abclm.evaluate.report.report_parts import as_figure, as_meanings, as_table
from abclm.evaluate.report.table import bits_table, tunes_table
from abclm.evaluate.rows import all_features, parse_text
from abclm.model.checkpoint.history import EpochRow
from abclm.notation.play.sounding import sounding_notes
from abclm.notation.tune.bars import bars
from abclm.notation.tune.music import Tune
from abclm.render.page.assets import stylesheet, template

__all__ = ["build_report"]

_SHOWN: Final = 5
"""The number of tunes whose ABC is printed."""
_DEGREES: Final = ("1", "♭2", "2", "♭3", "3", "4", "♯4", "5", "♭6", "6", "♭7", "7")


def build_report(evaluation: Evaluation, history: Sequence[EpochRow]) -> str:
    """Build the page: tables, curves, histograms, a piano roll and tunes as text.

    Args:
        evaluation: the results.
        history: the epochs of the training run; may be empty.
    """
    name = evaluation.checkpoint[0]
    tunes = [parse_text(tune.text) for tune in evaluation.tunes]
    real = [parse_text(text) for text in evaluation.splits[0].texts]
    first = tunes_table(evaluation)
    return template(__package__, "report.html").substitute(
        title=escape(f"{name}: evaluation"),
        style=stylesheet(__package__, "report.css"),
        facts=_facts(evaluation),
        tunes_table=as_table(first, "The tunes of the model beside others"),
        meanings=as_meanings(first),
        remarks=_remarks(evaluation),
        music=build_music(evaluation),
        told_apart=build_told_apart(evaluation),
        bits_table=as_table(bits_table(evaluation), "Bits per character and per note"),
        loss=_loss(history),
        histograms=_histograms(tunes, real),
        roll=_roll(tunes),
        as_they_came=escape(_how_written(evaluation)),
        tunes=_texts(evaluation),
    )


def _facts(evaluation: Evaluation) -> str:
    options = evaluation.options
    (_, weights), (corpus, sha256) = evaluation.checkpoint, evaluation.corpus
    written = f"{options.count} tunes in each row that was written"
    lines = (
        f"Weights {weights[:16]}, corpus {corpus} ({sha256[:16]})",
        f"{written}, seed {options.seed}, temperature {options.temperature:g}",
    )
    return "\n".join(f"<p>{escape(line)}</p>" for line in lines)


def _remarks(evaluation: Evaluation) -> str:
    speeds = [
        f"{row.name} {row.characters_per_second:,.0f}"
        for row in evaluation.rows
        if row.characters_per_second
    ]
    likenesses = [
        f"{row.name}: "
        + ", ".join(
            f"{name.replace('_', ' ')} {value:.2f}"
            for name, value in row.likeness._asdict().items()
        )
        for row in evaluation.rows
        if row.likeness
    ]
    left_out = [
        f"{count} tunes {split.title} left out: {reason}"
        for split in evaluation.splits
        for reason, count in split.left_out
    ]
    lines = [
        "The rows in grey are published figures of other tunes, not measured here.",
        "Copying of training tunes: each against all others, settings of the same tune included.",
        f"Characters per second, many tunes at once: {', '.join(speeds)}.",
        *left_out,
    ]
    listed = "\n".join(f"<li>{escape(line)}</li>" for line in likenesses)
    return "\n".join(f"<p>{escape(line)}</p>" for line in lines) + (
        f"\n<details><summary>Likeness, feature by feature</summary><ul>\n{listed}\n</ul></details>"
    )


def _loss(history: Sequence[EpochRow]) -> str:
    if not history:
        return "<p>This checkpoint has no training history.</p>"
    last = history[-1]
    held_out = last.held_out_bits_per_character
    label = (
        f"Bits per character over {last.epoch} epochs of training; at the end "
        f"{last.train_bits_per_character:.3f} on training tunes"
        + (f" and {held_out:.3f} on held-out tunes" if held_out is not None else "")
    )
    return as_figure(
        draw_loss(history, label), f"{label}. Training tunes are read with dropout on."
    )


def _histograms(tunes: Sequence[Tune], real: Sequence[Tune]) -> str:
    mine, theirs = all_features(tunes), all_features(real)
    if not mine or not theirs:
        return "<p>There are no notes to compare.</p>"
    drawn = [_pitches(tunes, real)]
    for name, ticks, axis in (
        ("pitch_classes", _DEGREES, "semitones above the tonic, by degree of the major scale"),
        ("note_lengths", tuple(map(str, NOTE_LENGTHS)), "note length, in whole notes"),
    ):
        label = f"Share of the notes by {axis}, the model beside real tunes"
        picture = draw_histogram(
            name.replace("_", ""),
            ticks,
            _mean(mine, name),
            _mean(theirs, name),
            axis=axis,
            label=label,
        )
        drawn.append(as_figure(picture, f"{label}."))
    return "\n".join(drawn)


def _pitches(tunes: Sequence[Tune], real: Sequence[Tune]) -> str:
    counts = [
        Counter(pitch for tune in some for note in sounding_notes(tune) for pitch in note.pitches)
        for some in (tunes, real)
    ]
    # A pitch of fewer than one note in ten thousand would only stretch the picture.
    used = [pitch for count in counts for pitch in count if count[pitch] > count.total() / 10_000]
    span = range(min(used), max(used) + 1)
    model, others = ([count[pitch] / count.total() for pitch in span] for count in counts)
    ticks = [pitch_name(pitch) if pitch % 12 in {0, 2, 4, 7, 9} else "" for pitch in span]
    label = "Share of the notes by pitch, the model beside real tunes"
    picture = draw_histogram("pitches", ticks, model, others, axis="pitch", label=label)
    return as_figure(picture, f"{label}.")


def _mean(found: Sequence[Features], name: str) -> list[float]:
    values: list[float] = np.mean([getattr(each, name) for each in found], axis=0).tolist()
    return values


def _roll(tunes: Sequence[Tune]) -> str:
    for tune in tunes:
        notes, written = sounding_notes(tune), bars(tune)
        measure = tune.meter.bar
        if not notes or measure is None:
            continue
        pickup = written[0].duration if written[0].duration < measure else Fraction(0)
        label = f"Piano roll of “{tune.title}”, with repeats played"
        picture = draw_roll(notes, float(measure), float(pickup), label)
        return as_figure(picture, f"{label}: the first of the tunes below.")
    return "<p>No tune has notes.</p>"


def _how_written(evaluation: Evaluation) -> str:
    options = evaluation.options
    heat = "" if options.temperature == TEMPERATURE else f" --temperature {options.temperature:g}"
    if options.candidates != CANDIDATES:
        heat += f" --candidates {options.candidates}"
    return (
        f"The first {min(_SHOWN, options.count)} of seed {options.seed}, not selected and "
        f"not edited: abclm generate -n {_SHOWN} --seed {options.seed}{heat} "
        f"--checkpoint {evaluation.checkpoint[0]}"
    )


def _texts(evaluation: Evaluation) -> str:
    return "\n".join(
        f"<pre><code>{escape(with_reference_number(tune.text, number))}</code></pre>"
        for number, tune in enumerate(evaluation.tunes[:_SHOWN], 1)
    )
