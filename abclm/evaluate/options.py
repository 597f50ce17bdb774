"""The options of an evaluation, with their defaults and help texts; this is their only place.

Nothing heavy is imported, so that the help of the command is quick.
"""

from dataclasses import dataclass
from typing import Annotated

from abclm.compose.options import CANDIDATES, TEMPERATURE
from abclm.errors import InputError
from abclm.option import Option

__all__ = ["Options"]


@dataclass(frozen=True)
class Options:
    """How tunes are written for the evaluation."""

    count: Annotated[int, Option("Number of tunes in each row.")] = 200
    seed: Annotated[int, Option("Random seed: the same seed, the same figures.")] = 0
    temperature: float = TEMPERATURE
    """The sampling temperature, see `abclm.decoding.sampling.Sampling.temperature`."""
    candidates: int = CANDIDATES
    """Candidates per phrase, see `abclm.compose.settings.Settings`; 1 for no judge."""

    def __post_init__(self) -> None:
        from abclm.decoding.sampling import Sampling  # noqa: PLC0415 - it imports numpy

        if self.count < 1:
            raise InputError(f"count must be 1 or more, not {self.count}")
        if self.seed < 0:
            raise InputError(f"seed must be 0 or more, not {self.seed}")
        Sampling(self.temperature)
