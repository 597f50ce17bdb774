"""Arguments and options shared by several commands, and options made from dataclass fields."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import typer
from typer.models import OptionInfo

from abclm.compose.options import MODEL, SEVERAL, TuneOptions
from abclm.option import Option

__all__ = [
    "AsJson",
    "Book",
    "Candidates",
    "CandidatesAsJson",
    "Checkpoint",
    "CheckpointOfVoices",
    "Count",
    "File",
    "Files",
    "FirstTune",
    "InPlace",
    "Likeliest",
    "Midi",
    "Model",
    "NoMark",
    "OneTune",
    "Output",
    "Pick",
    "Seed",
    "SetOfTunes",
    "Show",
    "Temperature",
    "TuneId",
    "TuneSet",
    "TunesAsJson",
    "TunesByLine",
    "option_of",
    "spread",
    "with_options",
]


def option_of(kind: type, field: str, *short: str, **settings: Any) -> Any:
    """Return the option of a field of the dataclass ``kind``; the caller gives its default.

    Args:
        kind: the dataclass.
        field: the name of the field.
        short: the short names of the option, such as ``-n``.
        settings: what else Typer is told.
    """
    option, _ = _read(get_type_hints(kind, include_extras=True)[field])
    if option is None:
        raise TypeError(f"{kind.__name__}.{field} has no Option beside its type")
    name = option.name or field.replace("_", "-")
    return typer.Option(*short, f"--{name}", help=option.help, **settings)


def spread(
    kind: type,
    *,
    after: str,
    again: bool = False,
    within: Mapping[str, Sequence[str]] | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command an option for each field of a dataclass, as `with_options` does.

    Args:
        kind: the dataclass.
        after: the parameter of the command after which the help lists the options.
        again: whether to change the values of an earlier tune: only fields with an ``again`` text
            become options, and they have no default.
        within: by option, the parameters of the command that the help lists after it.
    """
    return with_options(list(_parameters(kind, again=again)), after=after, within=within)


def with_options(
    options: Sequence[inspect.Parameter],
    *,
    after: str,
    within: Mapping[str, Sequence[str]] | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command further options.

    The command receives their values by name in its first parameter, the dictionary ``given``.

    Args:
        options: the parameter of each option.
        after: the parameter of the command after which the help lists the options.
        within: by option, the parameters of the command that the help lists after it.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = dict(inspect.signature(command).parameters)
        del own["given"]
        places = within or {}
        moved = {name for names in places.values() for name in names}
        shown: list[inspect.Parameter] = []
        for name, parameter in own.items():
            if name not in moved:
                shown.append(parameter)
            if name == after:
                for option in options:
                    shown += [option, *(own[other] for other in places.get(option.name, ()))]
        shown = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in shown]
        signature = inspect.Signature(shown)

        @wraps(command)
        def run(**values: Any) -> None:
            bound = signature.bind(**values)
            bound.apply_defaults()
            values = bound.arguments
            given = {option.name: values.pop(option.name) for option in options}
            command(given, **values)

        run.__signature__ = signature  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in shown}
        return run

    return decorate


def _parameters(kind: type, *, again: bool) -> Iterator[inspect.Parameter]:
    """Yield the parameter for each field of a dataclass that has an `Option`, or one of Typer."""
    for name, hint in get_type_hints(kind, include_extras=True).items():
        option, own = _read(hint)
        if option is None and any(isinstance(mark, OptionInfo) for mark in get_args(hint)):
            typed = hint
        elif option is not None and (option.again or not again):
            text = option.again if again else option.help
            switch = typer.Option(f"--{option.name or name.replace('_', '-')}", help=text)
            typed = Annotated[own | None if again else own, switch]
        else:
            continue
        yield inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None if again else getattr(kind, name),
            annotation=typed,
        )


def _read(hint: Any) -> tuple[Option | None, Any]:
    """Return the `Option` of a field, if any, and its type without it."""
    own, *marks = get_args(hint) or (hint,)
    return next((mark for mark in marks if isinstance(mark, Option)), None), own


# Inputs.
File = Annotated[Path, typer.Argument(metavar="FILE", help="A tunebook; - for stdin.")]
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Tunebooks; - for stdin.")]
OneTune = Annotated[
    str | None, typer.Option("--tune", help="Reference number (X:) or title of the tune.")
]
FirstTune = Annotated[
    str | None,
    typer.Option("--tune", help="Reference number (X:) or title of the tune; else the first."),
]
TuneSet = Annotated[
    str | None,
    typer.Option("--tune", help="Reference number (X:) or title; 1,3,2 for a set. Else the first."),
]
SetOfTunes = Annotated[
    str | None,
    typer.Option("--tune", help="A number (X:), a set such as 1,3,2, or a title; else the first."),
]
TuneId = Annotated[int, typer.Argument(metavar="ID", help="A tune's number in the history.")]

# The model and how it samples.
Checkpoint = Annotated[str, typer.Option(help="A checkpoint (see checkpoint list), or its folder.")]
CheckpointOfVoices = Annotated[
    str | None,
    typer.Option(
        "--checkpoint",
        help="A checkpoint (see checkpoint list), or its folder.",
        show_default=f"{MODEL}; {SEVERAL} for several voices",
    ),
]
Model = Annotated[str, typer.Argument(help="A checkpoint, or its folder.")]
Temperature = Annotated[float, option_of(TuneOptions, "temperature")]
Candidates = Annotated[int, option_of(TuneOptions, "candidates")]
Seed = Annotated[int | None, typer.Option(help="Random seed: the same seed, the same notes.")]
Count = Annotated[int, typer.Option("-n", "--count", help="Number of tunes.")]

# Which candidate to take.
Likeliest = Annotated[
    int, typer.Option("-n", "--count", help="Number of candidates; the likeliest is taken.")
]
Pick = Annotated[
    int | None, typer.Option("--pick", help="Take this candidate; 1 is the likeliest.")
]
Show = Annotated[
    bool, typer.Option("--show", help="Show the candidates; at a terminal, ask which to take.")
]

# Outputs.
Book = Annotated[Path | None, typer.Option("-o", "--output", help="Tunebook to append to.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="File to write; else stdout.")]
InPlace = Annotated[
    bool, typer.Option("--in-place", help="Write FILE; the old version stays as FILE.bak.")
]
Midi = Annotated[
    Path | None, typer.Option("--midi", help="MIDI file to write; numbered for several tunes.")
]
NoMark = Annotated[bool, typer.Option("--no-mark", help="Do not name abclm in the files.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
TunesByLine = Annotated[
    bool, typer.Option("--jsonl", help="Print one line of JSON per tune as it is written.")
]
TunesAsJson = Annotated[bool, typer.Option("--json", help="Print the tunes as JSON.")]
CandidatesAsJson = Annotated[bool, typer.Option("--json", help="Print the candidates as JSON.")]
