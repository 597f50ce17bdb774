"""``abclm corpus``: build, list and show corpora."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from abclm.untrusted.strict_json import write_json

__all__ = ["app"]

app = typer.Typer(help="Build, list and show corpora.", no_args_is_help=True)

_BASE = Path("corpora")
_AS_JSON = typer.Option("--json", help="Print it as JSON.")


@app.command()
def build(
    name: Annotated[str, typer.Argument(help="A recipe (see corpus list), or a name of your own.")],
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE…]", help="Your own tunebooks.")
    ] = None,
    held_out: Annotated[
        float | None, typer.Option(help="Share of the tunes to hold out of training, by family.")
    ] = None,
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Make a corpus from a recipe or from tunebooks, in corpora/NAME/."""
    from dataclasses import replace

    from abclm.corpus.build import build_corpus
    from abclm.corpus.recipes import find_recipe, own_recipe
    from abclm.corpus.store import check_sources, save_corpus

    recipe = own_recipe(name, files) if files else find_recipe(name)
    if held_out is not None:
        recipe = replace(recipe, held_out=held_out)
    folder = _BASE / name
    check_sources(recipe, folder)
    built = build_corpus(recipe, lambda source: print(f"reading {source}", file=sys.stderr))
    report = save_corpus(recipe, built, folder)
    _print(report, as_json=as_json)
    print(f"written to {folder}; train on it: abclm train {name}", file=sys.stderr)


@app.command("list")
def list_all(as_json: Annotated[bool, _AS_JSON] = False) -> None:
    """List the recipes and the corpora built here; damaged ones are left out."""
    from abclm.corpus.recipes import list_recipes
    from abclm.corpus.store import list_corpora, load_report
    from abclm.errors import CorpusError

    built: dict[str, dict[str, Any]] = {}
    for name in list_corpora(_BASE):
        try:
            built[name] = load_report(name, _BASE)
        except CorpusError as error:
            print(f"left out: {error}", file=sys.stderr)
    names = sorted({*list_recipes(), *built})
    if as_json:
        table = [{"name": name, "built": name in built} for name in names]
        typer.echo(write_json(table))
        return
    for name in names:
        report = built.get(name)
        state = f"{report['kept']} tunes" if report else f"not built: abclm corpus build {name}"
        typer.echo(f"{name:<16} {state}")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A corpus built here.")],
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Show what a corpus was built from: read, kept, dropped and why."""
    from abclm.corpus.store import load_report

    _print(load_report(name, _BASE), as_json=as_json)


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
