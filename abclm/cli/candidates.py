"""Candidates on the terminal: what each would change, its figures, and which one to take."""

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from abclm.cli.console import TerminalConsole
    from abclm.compose.candidates import Candidate
    from abclm.compose.offers import Offer

__all__ = ["ask", "on_arrival", "rows", "show"]


def show(
    offers: "Sequence[Offer]",
    before: "Offer | None" = None,
    heading: str = "",
    *,
    to_stderr: bool = False,
) -> None:
    """Print each offer with its number and bits per note; new lines begin with ``+``.

    Args:
        offers: the offers, the best first.
        before: the current text, if there is one.
        heading: the name of the current text, such as its bars.
        to_stderr: whether to print to stderr and leave stdout to the tune.
    """
    from abclm.cli.console import TerminalConsole

    console = TerminalConsole(to_stderr=to_stderr, soft_wrap=True)
    if before is not None:
        console.print(f"{heading} now: {_score(before.candidate)}", style="bold")
        for line in before.lines:
            console.print(f"  - {line}", style="red")
    old = set(before.lines) if before is not None else set()
    for number, offer in enumerate(offers, 1):
        console.print(f"{number}: {_score(offer.candidate)}", style="bold")
        _print_lines(console, offer, old)


def _print_lines(console: "TerminalConsole", offer: "Offer", old: set[str]) -> None:
    for line in offer.lines:
        same = line in old
        console.print(f"  {' ' if same else '+'} {line}", style="dim" if same else "green")


@contextmanager
def on_arrival(count: int) -> "Iterator[Callable[[str], None] | None]":
    """Show each candidate on a terminal as soon as it is written, until all of them are.

    Yields:
        What to call with its music; None if stderr is no terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from abclm.cli.console import TerminalLines

    arrived = 0
    with TerminalLines() as lines:
        lines.add(f"writing {count} candidates")

        def add(music: str) -> None:
            nonlocal arrived
            arrived += 1
            lines.add(f"{arrived} of {count}: {' '.join(music.split())}")

        yield add


def ask(offers: "Sequence[Offer]") -> "Offer | None":
    """Ask the user at the terminal which offer to take; None for none."""
    while True:
        print(f"take which, 1 to {len(offers)} (0: none)? ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        answer = line.strip()
        if not line or answer in {"", "0", "q"}:
            return None
        if answer.isdecimal() and 1 <= int(answer[:9]) <= len(offers):
            return offers[int(answer) - 1]


def rows(offers: "Sequence[Offer]") -> list[dict[str, Any]]:
    """Return the offers for JSON."""
    return [offer.as_dict() | {"pick": number} for number, offer in enumerate(offers, 1)]


def _score(one: "Candidate") -> str:
    return ", ".join([*one.reasons.words(), f"{one.bits_per_note:.2f} bits per note"])
