"""The options of an evaluation."""

from dataclasses import dataclass

from abclm.compose.settings import CANDIDATES, TEMPERATURE
from abclm.decoding.sampling import Sampling
from abclm.errors import InputError

__all__ = ["Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """How tunes are written for the evaluation."""

    count: int = 200
    """Number of tunes in each row."""
    seed: int = 0
    """The random seed."""
    temperature: float = TEMPERATURE
    """The sampling temperature, see `abclm.decoding.sampling.Sampling.temperature`."""

    candidates: int = CANDIDATES
    """Candidates per phrase, see `abclm.compose.settings.Settings`; 1 for no judge."""

    def __post_init__(self) -> None:
        if self.count < 1:
            raise InputError(f"count must be 1 or more, not {self.count}")
        if self.seed < 0:
            raise InputError(f"seed must be 0 or more, not {self.seed}")
        Sampling(self.temperature)
