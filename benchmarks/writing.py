"""Shared by benchmarks that write tunes: options, and tunes as from `abclm generate`."""

import argparse
import sys
from collections.abc import Sequence

from abclm.api.checkpoints import load_by_name as load
from abclm.compose.generation import Composer, GeneratedTune
from abclm.compose.many import Commission, write_many
from abclm.compose.settings import CANDIDATES, Settings
from abclm.constraint.prompt import read_prompt
from abclm.model.checkpoint.checkpoint import Checkpoint


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """Return a parser that shows the docstring of a benchmark unformatted."""
    return argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def add_checkpoint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", default="irish", help="name or folder")
    parser.add_argument("--seed", type=int, default=1)


def add_writing(parser: argparse.ArgumentParser) -> None:
    """Add the options of a benchmark that writes tunes."""
    add_checkpoint(parser)
    parser.add_argument(
        "--candidates",
        type=int,
        default=CANDIDATES,
        help=f"per phrase, from which the judge chooses (default {CANDIDATES}); 1: no judge",
    )


def read_checkpoint(name: str, candidates: int = 1) -> Checkpoint:
    """Read a checkpoint, with a remark if it has no judge to choose among candidates."""
    checkpoint = load(name)
    if candidates > 1 and Composer(checkpoint).judge is None:
        print(f"{name} has no judge: its tunes come from the network alone", file=sys.stderr)
    return checkpoint


def write(
    composer: Composer, settings: Settings, numbers: Sequence[int], seed: int, prompt: str = ""
) -> list[GeneratedTune]:
    """Return the tunes of ``seed`` with these ``numbers``, using one process per core."""
    order = commission(settings, seed, prompt)
    return [tune for part in write_many(composer, order, numbers) for tune in part]


def commission(settings: Settings, seed: int, prompt: str = "") -> Commission:
    """Return the request for every tune, as for `abclm generate` with these settings."""
    return Commission(
        read_prompt(prompt, settings.header()),
        settings.sampling(),
        seed,
        settings.max_chars,
        settings.raw,
        settings.requirements(),
        settings.candidates,
    )


def share(answers: Sequence[bool | float | None]) -> str:
    """Return the mean of the known answers in percent, and their number."""
    known = [float(answer) for answer in answers if answer is not None]
    return f"{100 * sum(known) / len(known):.0f} % of {len(known)}" if known else "-"
