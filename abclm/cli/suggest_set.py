"""``abclm suggest-set``: three tunes of a book that follow well."""

import shlex
from typing import Annotated

import typer

from abclm.cli import options
from abclm.cli.busy import busy
from abclm.cli.terminal import one_line, say, tell
from abclm.cli.threads import use_one_thread
from abclm.untrusted.strict_json import write_json

__all__ = ["suggest_set"]


def suggest_set(
    file: options.File,
    rhythm: Annotated[
        str | None, typer.Option("--rhythm", help="Only tunes of this rhythm, such as reel.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--start", help="Number (X:) or title of the first tune.")
    ] = None,
    count: Annotated[int, typer.Option("-n", "--count", help="Number of sets.")] = 1,
    as_json: options.AsJson = False,
) -> None:
    """Suggest three tunes of a book that follow well, and say why.

    They have one rhythm. Their keys are related, the music rises or gets busier from tune to tune,
    and one instrument can play all. The sets do not share tunes, except the one of --start.
    """
    use_one_thread()

    from abclm.api.sets import suggest_sets
    from abclm.cli.input import read_tunes, source_name

    name = source_name(file)
    tunes = read_tunes(file)
    with busy(f"comparing {len(tunes):,} tunes"):
        found = suggest_sets(tunes, name, rhythm=rhythm, start=start, count=count)
    if as_json:
        typer.echo(write_json([one.as_dict() for one in found]))
        return
    for place, one in enumerate(found, 1):
        keys = " - ".join(str(tune.key) for tune in one.tunes)
        tell(f"{place}: {one.tunes[0].rhythm}, {keys}")
        for tune, reasons in zip(one.tunes, ((), *one.reasons), strict=True):
            why = f": {', '.join(reasons)}" if reasons else ""
            tell(one_line(f"  X:{tune.number} {tune.title} ({tune.key}){why}"))
        say(f"hear it: abclm play {shlex.quote(name)} --tune {one.numbers}")
