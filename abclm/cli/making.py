"""Making new tunes from a prompt and settings: the order, what comes of it, and logging that."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abclm.compose.choosing import Judgement
    from abclm.compose.generation import Composer, GeneratedTune
    from abclm.compose.settings import Settings
    from abclm.originality.comparison import BarShapeIndex

__all__ = ["FROM_PROMPTS", "Made", "Order", "make", "make_in_parts"]

FROM_PROMPTS = ("generate", "more", "tweak")
"""The commands whose tunes come from a prompt, settings and a seed, and can be made again."""

_MOST_TRIES = 20
"""So many tunes are written for one that is to be original, at most."""


@dataclass(frozen=True)
class Order:
    """What is to be made.

    Attributes:
        command: what asks for it.
        prompt: the text that the tunes start from.
        settings: all other options that shape a tune.
        seed: the random seed.
        count: how many tunes.
        first: the number of the first one of that seed.
        checkpoint: the name of the model, or its folder.
        best_of: so many are written for each, and the best one is taken.
        max_copy: no tune has a larger share of its bars in one training tune; None for any.
        parent: the logged tune it goes back to.
    """

    command: str
    prompt: str
    settings: "Settings"
    seed: int
    count: int = 1
    first: int = 0
    checkpoint: str = "irish"
    best_of: int = 1
    max_copy: float | None = None
    parent: int | None = None

    def __post_init__(self) -> None:
        from abclm.errors import InputError

        for name, value in (("count", self.count), ("best-of", self.best_of)):
            if value < 1:
                raise InputError(f"{name} must be 1 or more, not {value}")
        if self.max_copy is not None and not 0 < self.max_copy <= 1:
            raise InputError(f"--max-copy must be above 0 and at most 1, not {self.max_copy:g}")

    @property
    def numbers(self) -> range:
        """Of the tunes, where none is chosen among several."""
        return range(self.first, self.first + self.count)


@dataclass(frozen=True)
class Made:
    """A tune that was made, with its number in the ledger and what speaks for it, if known."""

    tune: "GeneratedTune"
    id: int | None = None
    judgement: "Judgement | None" = None


def make(
    order: Order,
    on_character: Callable[[str], None] | None = None,
    *,
    log_it: bool = True,
) -> list[Made]:
    """Make what is ordered, and log it unless it is only to be looked at.

    Raises:
        AbclmError: it cannot be made, or not as original as is asked for.
    """
    return [one for part in make_in_parts(order, on_character, log_it=log_it) for one in part]


def make_in_parts(
    order: Order,
    on_character: Callable[[str], None] | None = None,
    *,
    log_it: bool = True,
) -> Iterator[list[Made]]:
    """The same, some tunes at a time as they are written; each part is logged before the next.

    Raises:
        AbclmError: as `make`.
    """
    from abclm.cli.checkpoint import load
    from abclm.compose.generation import Composer

    checkpoint = load(order.checkpoint)
    composer = Composer(checkpoint)
    if order.best_of > 1 or order.max_copy is not None:
        parts: Iterator[list[Made]] = iter([_choose(composer, order)])
    elif on_character is not None:
        parts = iter([[Made(one) for one in _write(composer, order, order.numbers, on_character)]])
    else:
        parts = ([Made(tune) for tune in part] for part in _write_many(composer, order))
    for part in parts:
        yield _logged(part, order, checkpoint.sha256) if log_it else part


def _logged(made: list[Made], order: Order, checkpoint: str) -> list[Made]:
    """The tunes with their numbers in the ledger."""
    from abclm.cli.ledger import log
    from abclm.ledger.ledger import Entry

    settings = {**order.settings.as_dict(), "checkpoint": order.checkpoint}
    entries = [
        Entry(
            text=one.tune.text,
            command=order.command,
            prompt=order.prompt,
            settings=settings,
            seed=one.tune.seed,
            number=one.tune.number,
            checkpoint=checkpoint,
            parent=order.parent,
        )
        for one in made
    ]
    ids: Sequence[int | None] = log(entries) or [None] * len(made)
    return [replace(one, id=number) for one, number in zip(made, ids, strict=True)]


def _write_many(composer: "Composer", order: Order) -> "Iterator[list[GeneratedTune]]":
    from abclm.compose.many import Commission, write_many
    from abclm.constraint.prompt import read_prompt

    settings = order.settings
    commission = Commission(
        read_prompt(order.prompt, settings.header()),
        settings.sampling(),
        order.seed,
        settings.max_chars,
        settings.raw,
        settings.wishes(),
        settings.candidates,
    )
    return write_many(composer, commission, order.numbers)


def _write(
    composer: "Composer",
    order: Order,
    numbers: Sequence[int],
    on_character: Callable[[str], None] | None = None,
) -> "list[GeneratedTune]":
    """The tunes with these ``numbers``, as they come."""
    from abclm.constraint.prompt import read_prompt

    settings = order.settings
    return composer.generate(
        read_prompt(order.prompt, settings.header()),
        sampling=settings.sampling(),
        seed=order.seed,
        numbers=numbers,
        max_characters=settings.max_chars,
        raw=settings.raw,
        wishes=settings.wishes(),
        rivals=settings.candidates,
        on_character=on_character,
    )


def _choose(composer: "Composer", order: Order) -> list[Made]:
    """The best of several for each tune, none that copies too much: round by round in one batch."""
    from abclm.compose.choosing import best_first
    from abclm.errors import InputError

    index = _index(order)
    found: dict[int, Made] = {}
    for attempt in range(_MOST_TRIES):
        missing = [place for place in range(order.count) if place not in found]
        # Each place has numbers of its own, so that a tune does not depend on the others.
        starts = [(place * _MOST_TRIES + attempt) * order.best_of for place in missing]
        numbers = [start + number for start in starts for number in range(order.best_of)]
        if not numbers:
            break
        tunes = _write(composer, order, numbers)
        for turn, place in enumerate(missing):
            candidates = tunes[turn * order.best_of : (turn + 1) * order.best_of]
            ranked = best_first(candidates, index)
            allowed = [Made(tune, None, why) for tune, why in ranked if _is_own(why, order)]
            if allowed:
                found[place] = allowed[0]
    if len(found) < order.count:
        raise InputError(
            f"in {_MOST_TRIES} tries no tune shares as little as --max-copy {order.max_copy:g} "
            "with the training tunes: allow more, or ask for less"
        )
    return [found[place] for place in range(order.count)]


def _is_own(why: "Judgement", order: Order) -> bool:
    if order.max_copy is None or why.originality is None:
        return True
    return why.originality.share <= order.max_copy


def _index(order: Order) -> "BarShapeIndex | None":
    """What the model learnt from; it may be missing only where it is one reason among others."""
    from abclm.cli.originality import index_of
    from abclm.errors import AbclmError

    try:
        return index_of(order.checkpoint)
    except AbclmError:
        if order.max_copy is not None:
            raise
        return None
