"""What benchmarks that write tunes share: options, and tunes as `abclm generate` writes them."""

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
    """A parser that shows the docstring of a benchmark as it stands."""
    return argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def add_checkpoint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", default="irish", help="name or folder")
    parser.add_argument("--seed", type=int, default=1)


def add_writing(parser: argparse.ArgumentParser) -> None:
    """The options of a benchmark that writes tunes."""
    add_checkpoint(parser)
    parser.add_argument(
        "--candidates",
        type=int,
        default=CANDIDATES,
        help=f"for each phrase, among which the judge draws (default {CANDIDATES}); 1: no judge",
    )


def read_checkpoint(name: str, candidates: int = 1) -> Checkpoint:
    """A checkpoint; a remark where it has no judge to draw among candidates."""
    checkpoint = load(name)
    if candidates > 1 and Composer(checkpoint).judge is None:
        print(f"{name} has no judge: what it writes is the network's alone", file=sys.stderr)
    return checkpoint


def write(
    composer: Composer, settings: Settings, numbers: Sequence[int], seed: int, prompt: str = ""
) -> list[GeneratedTune]:
    """The tunes of ``seed`` with these ``numbers``, in a process for each core."""
    order = commission(settings, seed, prompt)
    return [tune for part in write_many(composer, order, numbers) for tune in part]


def commission(settings: Settings, seed: int, prompt: str = "") -> Commission:
    """What every tune is to be, as for `abclm generate` with these settings."""
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
    """The mean of the answers that are known in percent, and how many they are."""
    known = [float(answer) for answer in answers if answer is not None]
    return f"{100 * sum(known) / len(known):.0f} % of {len(known)}" if known else "-"
