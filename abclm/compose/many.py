"""Writes many tunes, from 16 on in one process for each processor core.

A tune draws from its own generators, so it comes out the same whatever the number of processes.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from abclm.compose.generation import Composer, GeneratedTune
from abclm.compose.rivals import SHARPNESS
from abclm.compose.settings import Settings
from abclm.constraint.prompt import Prompt, read_prompt
from abclm.constraint.requirements import Requirements
from abclm.decoding.sampling import Sampling
from abclm.model.checkpoint.checkpoint import load_checkpoint
from abclm.processes import cores, pool_of

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["Commission", "write_many"]

_FROM: Final = 16
"""The number of tunes from which starting other processes pays off."""
_PART: Final = 8
"""Tunes that a process writes at once: a batch, and the most that an interrupt loses."""
_AHEAD: Final = 2
"""Parts for each process that are submitted before they are needed."""

_composers: dict[Path, Composer] = {}


@dataclass(frozen=True)
class Commission:
    """The requirements for every tune: the arguments of `Composer.generate`."""

    prompt: Prompt
    sampling: Sampling
    seed: int
    max_characters: int
    raw: bool
    requirements: Requirements | None
    rivals: int
    sharpness: float = SHARPNESS

    @classmethod
    def of(cls, prompt: str, settings: Settings, seed: int) -> Self:
        """The requirements for tunes that start with ``prompt``.

        Raises:
            InputError: the prompt cannot be used.
        """
        return cls(
            read_prompt(prompt, settings.header()),
            settings.sampling(),
            seed,
            settings.max_chars,
            settings.raw,
            settings.requirements(),
            settings.candidates,
        )

    def write(
        self,
        composer: Composer,
        numbers: Sequence[int],
        on_character: Callable[[str], None] | None = None,
    ) -> list[GeneratedTune]:
        """Write the tunes ``numbers``; ``on_character`` receives the pieces of a single one."""
        return composer.generate(
            self.prompt,
            sampling=self.sampling,
            seed=self.seed,
            numbers=numbers,
            max_characters=self.max_characters,
            raw=self.raw,
            requirements=self.requirements,
            rivals=self.rivals,
            sharpness=self.sharpness,
            on_character=on_character,
        )


def write_many(
    composer: Composer, order: Commission, numbers: Sequence[int], processes: int | None = None
) -> Iterator[list[GeneratedTune]]:
    """Yield the tunes with these ``numbers`` in order, a few at a time.

    Args:
        composer: the network; other processes load it from its folder.
        order: the requirements for the tunes.
        numbers: the numbers of the tunes.
        processes: the number of processes; None for one per core if there are enough tunes.
    """
    parts = [list(numbers[start : start + _PART]) for start in range(0, len(numbers), _PART)]
    if processes is None:
        processes = min(cores(), len(parts)) if len(numbers) >= _FROM else 1
    if processes <= 1:
        for part in parts:
            yield order.write(composer, part)
        return
    with pool_of(processes) as pool:
        waiting: deque[Future[list[GeneratedTune]]] = deque()
        for part in parts:
            waiting.append(pool.submit(_write, composer.path, order, part))
            if len(waiting) >= _AHEAD * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _write(path: Path, order: Commission, numbers: list[int]) -> list[GeneratedTune]:
    if path not in _composers:
        _composers[path] = Composer(load_checkpoint(path))
    return order.write(_composers[path], numbers)
