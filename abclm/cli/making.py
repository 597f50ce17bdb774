"""What all commands share that write new tunes: making, choosing, showing, saving, logging them."""

import json
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from abclm.compose.choosing import Judgement
    from abclm.compose.generation import Composer, GeneratedTune
    from abclm.compose.originality import Index
    from abclm.compose.settings import Settings

__all__ = [
    "FROM_PROMPTS",
    "Made",
    "Order",
    "append_to_book",
    "book_text",
    "deliver",
    "make",
    "pick_seed",
    "print_json",
    "print_remarks",
    "print_tunes",
    "streamer",
    "streams",
    "use_one_thread",
    "write",
    "write_midi",
]

FROM_PROMPTS = ("generate", "more", "tweak")
"""The commands whose tunes come from a prompt, settings and a seed, and can be made again."""

_SEED_LIMIT = 2**32
_SHARED_BATCH = 8
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


def use_one_thread(count: int) -> None:
    """Keep numpy's products on one thread unless a batch is large enough to share.

    For a tune or two the threads mostly wait for each other, on a busy machine many times longer
    than they compute. It must be said before numpy is imported.
    """
    if count < _SHARED_BATCH:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pick_seed(seed: int | None) -> int:
    """The seed that is given, or one drawn at random.

    Raises:
        InputError: it is out of range.
    """
    from abclm.errors import InputError

    if seed is None:
        return secrets.randbelow(1_000_000)
    if not 0 <= seed < _SEED_LIMIT:
        raise InputError(f"--seed must lie between 0 and {_SEED_LIMIT - 1}, not {seed}")
    return seed


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
    from abclm.cli.checkpoint import load
    from abclm.cli.ledger import log
    from abclm.compose.generation import Composer
    from abclm.compose.ledger import Entry

    checkpoint = load(order.checkpoint)
    composer = Composer(checkpoint)
    if order.best_of == 1 and order.max_copy is None:
        made = [Made(tune) for tune in write(composer, order, order.numbers, on_character)]
    else:
        made = _choose(composer, order)
    if not log_it:
        return made
    settings = {**order.settings.as_dict(), "checkpoint": order.checkpoint}
    entries = [
        Entry(
            text=one.tune.text,
            command=order.command,
            prompt=order.prompt,
            settings=settings,
            seed=one.tune.seed,
            number=one.tune.number,
            checkpoint=checkpoint.sha256,
            parent=order.parent,
        )
        for one in made
    ]
    ids: Sequence[int | None] = log(entries) or [None] * len(made)
    return [replace(one, id=number) for one, number in zip(made, ids, strict=True)]


def deliver(
    order: Order,
    output: Path | None,
    midi: Path | None,
    *,
    given: int | None = None,
    drawn: bool = False,
    as_json: bool = False,
) -> None:
    """Make what is ordered, show it, save it, and say what there is to say.

    Args:
        order: what is to be made.
        output: the tunebook to append to.
        midi: the MIDI file to write.
        given: the reference number that the prompt has.
        drawn: whether the seed was drawn at random, and is to be told.
        as_json: whether to print JSON.
    """
    from abclm.compose.tunebook import next_reference_number

    first = given or 1 if output is None else next_reference_number(book_text(output))
    chosen = order.best_of > 1 or order.max_copy is not None
    streamed = streams(count=order.count, as_json=as_json) and not chosen
    made = make(order, streamer(first) if streamed else None)
    texts = [one.tune.text for one in made]
    if output is not None:
        first = append_to_book(output, texts)
    if as_json:
        print_json(made, first)
    elif streamed:
        print()
    elif output is None or sys.stdout.isatty():
        print_tunes(made, first)
    if midi is not None:
        write_midi(midi, texts)
    print_remarks(made, order, drawn=drawn)


def write(
    composer: "Composer",
    order: Order,
    numbers: Sequence[int],
    on_character: Callable[[str], None] | None = None,
) -> "list[GeneratedTune]":
    """The tunes with these ``numbers``, as they come."""
    from abclm.compose.prompt import read_prompt

    settings = order.settings
    return composer.generate(
        read_prompt(order.prompt, settings.header()),
        sampling=settings.sampling(),
        seed=order.seed,
        numbers=numbers,
        max_characters=settings.max_chars,
        raw=settings.raw,
        wishes=settings.wishes(),
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
        tunes = write(composer, order, numbers)
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


def _index(order: Order) -> "Index | None":
    """What the model learnt from; it may be missing only where it is one reason among others."""
    from abclm.cli.originality import index_of
    from abclm.errors import AbclmError

    try:
        return index_of(order.checkpoint)
    except AbclmError:
        if order.max_copy is not None:
            raise
        return None


def streams(*, count: int, as_json: bool) -> bool:
    """Whether a tune is shown while it is written."""
    return count == 1 and not as_json and sys.stdout.isatty()


def streamer(number: int) -> Callable[[str], None]:
    """What shows the pieces of a tune on the terminal as they come."""
    opening = f"X:{number}\n"

    def show(text: str) -> None:
        nonlocal opening
        sys.stdout.write(opening + text)
        sys.stdout.flush()
        opening = ""

    return show


def print_tunes(made: Sequence[Made], first: int) -> None:
    """Print tunes with reference numbers from ``first`` on."""
    from abclm.compose.tunebook import with_reference_number

    numbered = [with_reference_number(one.tune.text, first + i) for i, one in enumerate(made)]
    sys.stdout.write("\n".join(numbered))


def print_json(made: Sequence[Made], first: int) -> None:
    """Print tunes, and what is known of each, as JSON."""
    from abclm.compose.tunebook import with_reference_number

    table: list[dict[str, Any]] = []
    for index, one in enumerate(made):
        tune = one.tune
        table.append(
            {
                "abc": with_reference_number(tune.text, first + index),
                "id": one.id,
                "seed": tune.seed,
                "number": tune.number,
                "ended": tune.ended,
                "characters": tune.characters,
                "bits_per_character": round(-tune.log2_probability / max(1, tune.characters), 4),
                "forced": tune.forced,
                "returns": tune.returns,
                "why": None if one.judgement is None else str(one.judgement),
            }
        )
    typer.echo(json.dumps(table, indent=2, ensure_ascii=False))


def print_remarks(made: Sequence[Made], order: Order, *, drawn: bool) -> None:
    """Say on standard error what one would want to know of the tunes."""
    for place, one in enumerate(made, 1):
        if not one.tune.ended:
            print(f"tune {place} ran into the limit and was cut", file=sys.stderr)
        if one.judgement is not None:
            which = f", best of {order.best_of}" if order.best_of > 1 else ""
            print(f"tune {place}{which}: {one.judgement}", file=sys.stderr)
    ids = [one.id for one in made if one.id is not None]
    known = [] if not ids else [f"id {ids[0]}" if len(ids) == 1 else f"ids {ids[0]} to {ids[-1]}"]
    if drawn:
        known.append(f"seed {order.seed}")
    if known:
        print(", ".join(known), file=sys.stderr)


def append_to_book(path: Path, tunes: Sequence[str]) -> int:
    """Put tunes at the end of a tunebook; the reference number of the first.

    Two processes wait for each other, and one that is killed leaves the book as it was.
    """
    from abclm.compose.tunebook import append_tunes, next_reference_number
    from abclm.files import locked, write_atomically

    with locked(path):
        book = book_text(path)
        write_atomically(path, append_tunes(book, tunes))
    print(f"written: {path}", file=sys.stderr)
    return next_reference_number(book)


def book_text(path: Path) -> str:
    """The text of a tunebook, empty where there is none yet."""
    from abclm.cli.inputs import read_source

    return read_source(path) if path.exists() else ""


def write_midi(path: Path, tunes: Sequence[str]) -> None:
    """Write each tune as MIDI; of several, each file gets a number."""
    from abclm.compose.tunebook import with_reference_number
    from abclm.files import write_atomically
    from abclm.notation.parser import parse_tunebook
    from abclm.render.midi import midi_bytes

    for number, text in enumerate(tunes, 1):
        target = path if len(tunes) == 1 else path.with_stem(f"{path.stem}-{number}")
        parsed = parse_tunebook(with_reference_number(text, number))
        write_atomically(target, midi_bytes(parsed[0].tune))
        print(f"written: {target}", file=sys.stderr)
