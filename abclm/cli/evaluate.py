"""``abclm evaluate``: figures of a model beside those of real tunes and a baseline."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from abclm.cli import options
from abclm.cli.evaluation_tables import show, show_several, show_voices
from abclm.cli.terminal import say, say_written
from abclm.cli.threads import use_one_thread
from abclm.compose.options import MODEL
from abclm.errors import InputError
from abclm.evaluate.options import Options

__all__ = ["evaluate"]


def evaluate(
    checkpoints: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CHECKPOINT…",
            help=f"Checkpoints, or their folders; several stand side by side.  [default: {MODEL}]",
        ),
    ] = None,
    count: Annotated[int, options.option_of(Options, "count", "-n")] = Options.count,
    seed: Annotated[int, options.option_of(Options, "seed")] = Options.seed,
    temperature: options.Temperature = Options.temperature,
    candidates: options.Candidates = Options.candidates,
    tunes: Annotated[
        list[Path] | None,
        typer.Option(
            "--tunes", metavar="FILE", help="Compare with a tunebook; may be given several times."
        ),
    ] = None,
    corpus: Annotated[
        str | None, typer.Option(help="Its training corpus, if that has another name here.")
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="rhythm|key",
            help="Break the musical columns down by rhythm or by key; may be given twice.",
        ),
    ] = None,
    effects: Annotated[
        bool,
        typer.Option("--effects", help="Show the features and n-grams that give the model away."),
    ] = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="HTML report with pictures to write.")
    ] = None,
    no_parallels: Annotated[
        bool,
        typer.Option(
            "--no-parallels",
            help="Of several voices, also measure pieces in which parallels are unlikely.",
        ),
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Measure a model: metre, form, endings, key, copying, and how well it predicts real tunes.

    The model writes tunes with --raw and with the grammar. They are compared with the tunes that
    its corpus holds out (or those of --tunes), a plain n-gram model, and published figures of other
    models. Two classifiers try to tell its tunes from real ones (with the extra abclm[evaluate]).

    Several checkpoints stand side by side in one table, such as LSTM and GRU, or 10 epochs and 50.
    Bits per character compare only if the held-out tunes are the same.

    Of a model of several voices: voices aligned, exact bars, parallels and crossings per 100 moves,
    last chord, chords, copying, and a classifier of chords and lines.
    """
    use_one_thread()

    from abclm.api.model import load
    from abclm.cli.input import read_text
    from abclm.evaluate.breakdown import check_breakdown
    from abclm.files import FileKind, check_outputs

    names = list(dict.fromkeys(checkpoints or [MODEL]))
    of_one_voice = {"--html": html, "--effects": effects, "--by": by}
    if len(names) > 1:
        _refuse(of_one_voice, f"takes one checkpoint, not {len(names)}")
    for each in by or ():
        check_breakdown(each)
    check_outputs((html, FileKind.HTML), inputs=tunes or ())
    books = list(map(read_text, tunes)) if tunes else None
    models = {name: load(name) for name in names}
    kinds = {model.several for model in models.values()}
    if len(kinds) > 1:
        raise InputError("models of one voice and of several have other figures: give one kind")
    if True in kinds:
        _refuse(of_one_voice, "is not for models of several voices: leave it out")
        found = [
            model.evaluate_voices(
                count,
                seed,
                temperature=temperature,
                corpus=corpus,
                books=books,
                no_parallels=no_parallels,
                say=say,
            )
            for model in models.values()
        ]
        show_voices(found, as_json=as_json)
        return
    _refuse({"--no-parallels": no_parallels}, "is for models of several voices: leave it out")
    results = {
        name: model.evaluate(
            count,
            seed,
            temperature=temperature,
            candidates=candidates,
            corpus=corpus,
            books=books,
            by=by or (),
            say=say,
        )
        for name, model in models.items()
    }
    if len(results) > 1:
        show_several(results, as_json=as_json)
        return
    ((name, result),) = results.items()
    if html is not None:
        models[name].write_report(result, html)
        say_written(html)
    show(result, effects=effects, as_json=as_json)


def _refuse(asked: Mapping[str, object], reason: str) -> None:
    """Refuse the first of the options that is given.

    Raises:
        InputError: there is one.
    """
    for option, value in asked.items():
        if value:
            raise InputError(f"{option} {reason}")
