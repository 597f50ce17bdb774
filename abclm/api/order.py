"""Orders for new tunes, from a prompt and settings, and the tunes written for them."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from abclm.compose.generation import Composer, GeneratedTune
from abclm.compose.many import Commission, write_many
from abclm.compose.request import with_request
from abclm.compose.settings import Settings
from abclm.compose.tunebook import with_reference_number
from abclm.constraint.prompt import read_prompt
from abclm.errors import InputError
from abclm.ledger.history import log
from abclm.ledger.row import Entry

if TYPE_CHECKING:
    from abclm.compose.choosing import Judgement
    from abclm.originality.comparison import BarShapeIndex

__all__ = ["FROM_PROMPTS", "Made", "Order", "logged", "pick_seed", "reference_number", "written"]

FROM_PROMPTS = ("generate", "more", "tweak")
"""The commands whose tunes depend on prompt, settings and seed only, so can be made again."""

_SEED_LIMIT = 2**32
"""A seed is a whole number of 32 bits, as is usual."""


def pick_seed(seed: int | None) -> int:
    """Return ``seed``, or one drawn at random if it is None.

    Raises:
        InputError: it is out of range.
    """
    if seed is None:
        return secrets.randbelow(1_000_000)
    if not 0 <= seed < _SEED_LIMIT:
        raise InputError(f"--seed must lie between 0 and {_SEED_LIMIT - 1}, not {seed}")
    return seed


@dataclass(frozen=True)
class Order:
    """An order for tunes.

    Attributes:
        command: the command it came from.
        prompt: the text that the tunes start from.
        settings: all other options that shape a tune.
        seed: the random seed.
        count: number of tunes.
        first: the number of the first tune among those of the seed.
        checkpoint: the name of the model, or its folder.
        best_of: tunes written for each one returned; the best is kept.
        max_copy: the largest share of a tune's bars that one training tune may have; None for any.
        parent: the number of the logged tune it was derived from.
    """

    command: str
    prompt: str
    settings: Settings
    seed: int
    checkpoint: str
    count: int = 1
    first: int = 0
    best_of: int = 1
    max_copy: float | None = None
    parent: int | None = None

    def __post_init__(self) -> None:
        for name, value in (("count", self.count), ("best-of", self.best_of)):
            if value < 1:
                raise InputError(f"{name} must be 1 or more, not {value}")
        if self.max_copy is not None and not 0 < self.max_copy <= 1:
            raise InputError(f"--max-copy must be above 0 and at most 1, not {self.max_copy:g}")

    @classmethod
    def to_generate(
        cls,
        prompt: str,
        settings: Mapping[str, Any],
        seed: int | None,
        on_words: Callable[[str], None] = lambda _words: None,
        **rest: Any,
    ) -> Self:
        """Return the order of ``generate``.

        Args:
            prompt: ABC to start from, or words.
            settings: fields of `Settings`, which must not contradict the words.
            seed: the random seed; None draws one.
            on_words: called with the settings that the words stand for, if there are any.
            rest: the other attributes.

        Raises:
            InputError: an argument cannot be used.
        """
        text, asked, words = with_request(prompt, settings)
        if words:
            on_words(words)
        return cls("generate", text, Settings(**asked), pick_seed(seed), **rest)

    @property
    def chooses(self) -> bool:
        """Whether each tune is chosen from several."""
        return self.best_of > 1 or self.max_copy is not None

    @property
    def numbers(self) -> range:
        """The numbers of the tunes, unless each is chosen from several."""
        return range(self.first, self.first + self.count)


def reference_number(order: Order) -> int | None:
    """Return the ``X:`` of the order's prompt, if it has one.

    Raises:
        InputError: the prompt cannot be used.
    """
    return read_prompt(order.prompt).reference_number


@dataclass(frozen=True)
class Made:
    """A tune that was made, its number in the ledger, and the reasons it was chosen, if known."""

    tune: GeneratedTune
    id: int | None = None
    judgement: "Judgement | None" = None

    def as_dict(self, reference_number: int) -> dict[str, Any]:
        """Return the tune, numbered ``reference_number``, and its figures for JSON."""
        tune = self.tune
        return {
            "abc": with_reference_number(tune.text, reference_number),
            "id": self.id,
            "seed": tune.seed,
            "number": tune.number,
            "ended": tune.ended,
            "characters": tune.characters,
            "bits_per_character": round(-tune.log2_probability / max(1, tune.characters), 4),
            "forced": tune.forced,
            "returns": tune.returns,
            "why": None if self.judgement is None else str(self.judgement),
        }


def written(
    composer: Composer,
    order: Order,
    index: "Callable[[], BarShapeIndex | None]",
    on_character: Callable[[str], None] | None = None,
) -> Iterator[list[Made]]:
    """Write the tunes of an order, and yield them in batches as they are written.

    Args:
        composer: the network that writes them.
        order: the order.
        index: reads the index of the training tunes; called only if the order chooses.
        on_character: called with each piece of text as it is written; for a single tune only.

    Raises:
        InputError: the order cannot be filled, or no tune is as original as it asks.
    """
    commission = Commission.of(order.prompt, order.settings, order.seed)

    def write(numbers: Sequence[int]) -> list[GeneratedTune]:
        return commission.write(composer, numbers, on_character)

    if order.chooses:
        from abclm.compose.choosing import best_of_each

        chosen = best_of_each(write, order.count, order.best_of, index(), order.max_copy)
        yield [Made(tune, None, why) for tune, why in chosen]
    elif on_character is not None:
        yield [Made(tune) for tune in write(order.numbers)]
    else:
        for part in write_many(composer, commission, order.numbers):
            yield [Made(tune) for tune in part]


def logged(
    made: Sequence[Made], order: Order, sha256: str, say: Callable[[str], None]
) -> list[Made]:
    """Log the tunes, and return them with their numbers in the ledger.

    Args:
        made: the tunes.
        order: the order they came from.
        sha256: the hash of the weights.
        say: called with a line if they cannot be logged.
    """
    settings = {**order.settings.as_dict(), "checkpoint": order.checkpoint}
    entries = [
        Entry(
            text=one.tune.text,
            command=order.command,
            prompt=order.prompt,
            settings=settings,
            seed=one.tune.seed,
            number=one.tune.number,
            checkpoint=sha256,
            parent=order.parent,
        )
        for one in made
    ]
    ids: Sequence[int | None] = log(entries, say) or [None] * len(made)
    return [replace(one, id=number) for one, number in zip(made, ids, strict=True)]
