"""Arguments and options that several commands have, each with its help: said once, meant alike."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "AsJson",
    "Book",
    "Candidates",
    "CandidatesAsJson",
    "Checkpoint",
    "Count",
    "File",
    "Files",
    "FirstTune",
    "InPlace",
    "Likeliest",
    "Midi",
    "Model",
    "OneTune",
    "Output",
    "Pick",
    "Seed",
    "Show",
    "Temperature",
    "TuneId",
    "TunesAsJson",
    "TunesByLine",
]

# What is read.
File = Annotated[Path, typer.Argument(metavar="FILE", help="A tunebook; - for stdin.")]
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Tunebooks; - for stdin.")]
OneTune = Annotated[int | None, typer.Option("--tune", help="Reference number (X:) of the tune.")]
FirstTune = Annotated[
    int | None,
    typer.Option("--tune", help="Reference number (X:) of the tune; else the first."),
]
TuneId = Annotated[int, typer.Argument(metavar="ID", help="A tune's number in the history.")]

# What writes, and how.
Checkpoint = Annotated[str, typer.Option(help="A checkpoint (see checkpoint list), or its folder.")]
Model = Annotated[str, typer.Argument(help="A checkpoint, or its folder.")]
Temperature = Annotated[
    float, typer.Option(help="Below 1 tamer, above 1 wilder, 0 always the likeliest.")
]
Candidates = Annotated[
    int, typer.Option(help="Candidates for each phrase, of which a judge takes one; 1: no judge.")
]
Seed = Annotated[int | None, typer.Option(help="Random seed: the same seed, the same notes.")]
Count = Annotated[int, typer.Option("-n", "--count", help="How many tunes.")]

# Which of several candidates is taken.
Likeliest = Annotated[
    int, typer.Option("-n", "--count", help="How many candidates; the likeliest is taken.")
]
Pick = Annotated[
    int | None, typer.Option("--pick", help="Take this candidate; 1 is the likeliest.")
]
Show = Annotated[
    bool, typer.Option("--show", help="Show the candidates; at a terminal, ask for one.")
]

# Where the result goes.
Book = Annotated[Path | None, typer.Option("-o", "--output", help="Tunebook to append to.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="File to write; else stdout.")]
InPlace = Annotated[
    bool, typer.Option("--in-place", help="Write FILE; the old version stays as FILE.bak.")
]
Midi = Annotated[
    Path | None, typer.Option("--midi", help="MIDI file to write; numbered for several tunes.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]
TunesByLine = Annotated[
    bool, typer.Option("--jsonl", help="Print a line of JSON for each tune as it comes.")
]
TunesAsJson = Annotated[bool, typer.Option("--json", help="Print the tunes as JSON.")]
CandidatesAsJson = Annotated[bool, typer.Option("--json", help="Print the candidates as JSON.")]
