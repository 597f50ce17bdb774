"""``abclm corpus``: build, list and show corpora."""

from pathlib import Path
from typing import Annotated, Any

import typer

from abclm.cli import options
from abclm.cli.terminal import say
from abclm.untrusted.strict_json import write_json

__all__ = ["app"]

app = typer.Typer(help="Build, list and show corpora.")


@app.command()
def build(
    name: Annotated[str, typer.Argument(help="A recipe (see corpus list), or a name of your own.")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE…]", help="Your own tunebooks, MIDI and MusicXML files, or folders."
        ),
    ] = None,
    voices: Annotated[
        int | None, typer.Option(help="Number of voices of your own pieces; else 1.")
    ] = None,
    performance: Annotated[
        bool,
        typer.Option("--performance", help="Your MIDI was played: find its beats from the notes."),
    ] = False,
    held_out: Annotated[
        float | None, typer.Option(help="Share of the tunes to hold out of training, by family.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Build a corpus from a recipe, or from tunebooks and scores, in corpora/NAME/."""
    from abclm.api.corpora import CORPORA, build_corpus

    report = build_corpus(
        name, files or (), held_out=held_out, voices=voices, performance=performance, say=say
    )
    _print(report, as_json=as_json)
    say(f"written to {CORPORA / name}; train on it: abclm train {name}")


@app.command("list")
def list_all(as_json: options.AsJson = False) -> None:
    """List the recipes and the corpora built here; damaged ones are left out."""
    from abclm.api.corpora import corpora

    built = corpora(lambda reason: say(f"left out: {reason}"))
    if as_json:
        table = [{"name": name, "built": report is not None} for name, report in built.items()]
        typer.echo(write_json(table))
        return
    for name, report in built.items():
        state = f"{report['kept']} tunes" if report else f"not built: abclm corpus build {name}"
        typer.echo(f"{name:<16} {state}")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A corpus built here.")],
    as_json: options.AsJson = False,
) -> None:
    """Show what a corpus was built from: tunes read, kept, and dropped, and why."""
    from abclm.api.corpora import corpus_report

    _print(corpus_report(name), as_json=as_json)


def _print(report: dict[str, Any], *, as_json: bool) -> None:
    from abclm.corpus.store import PARTS

    if as_json:
        typer.echo(write_json(report))
        return
    typer.echo(f"{report['name']}: {report['title']}")
    typer.echo(f"licence: {report['licence']}")
    typer.echo(f"{'':<44}{'read':>6}{'kept':>6}{'dropped':>8}")
    for source in (*report["sources"], report | {"name": "all", "dropped": report["dropped"]}):
        dropped = sum(source["dropped"].values())
        typer.echo(f"{source['name']:<44}{source['read']:>6}{source['kept']:>6}{dropped:>8}")
    for reason, count in report["dropped"].items():
        typer.echo(f"  {count:>5} dropped: {reason}")
    for part in PARTS:
        counts = report[part]
        if not counts["tunes"]:
            continue
        typer.echo(
            f"{part.replace('_', ' ')}: {counts['tunes']} tunes of {counts['families']} families, "
            f"{counts['characters']} characters "
            f"({counts['distinct_characters']} distinct), {counts['notes']} notes"
        )
