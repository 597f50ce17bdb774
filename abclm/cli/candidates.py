"""Candidates on the terminal: what each would change, its figures, and which one to take."""

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from abclm.cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from abclm.cli.console import TerminalConsole
    from abclm.compose.candidates import Candidate
    from abclm.compose.offers import Offer

__all__ = ["MORE", "ask", "on_arrival", "rows", "show"]

MORE: Final = "m"
"""The answer that asks for more candidates."""
_HELP: Final = "1 to {}: take it; p3: play the third in its place; m: write more; 0: take none"


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


def ask(offers: "Sequence[Offer]", before: str) -> "Offer | str | None":
    """Ask the user at the terminal which offer to take, and play those that are to be heard.

    Args:
        offers: the offers.
        before: the text of the tune without them.

    Returns:
        The offer, `MORE` for more of them, or None for none.
    """
    while True:
        print(
            f"take which, 1 to {len(offers)} (0: none, ?: help)? ",
            end="",
            file=sys.stderr,
            flush=True,
        )
        line = sys.stdin.readline()
        answer = line.strip()
        if not line or answer in {"", "0", "q"}:
            return None
        if answer == MORE:
            return MORE
        heard = answer.startswith("p")
        offer = _numbered(offers, answer[1:] if heard else answer)
        if offer is None:
            say(_HELP.format(len(offers)))
        elif heard:
            _hear(offer, before)
        else:
            return offer


def _numbered(offers: "Sequence[Offer]", number: str) -> "Offer | None":
    number = number.strip()
    known = number.isdecimal() and 1 <= int(number[:9]) <= len(offers)
    return offers[int(number) - 1] if known else None


def _hear(offer: "Offer", before: str) -> None:
    """Play a tune with an offer: the bars that it changes, and one before and after them."""
    import typer

    from abclm.cli.play import play_texts
    from abclm.errors import AbclmError
    from abclm.render.player.options import PlayOptions

    try:
        play_texts([offer.text], PlayOptions(bars=_changed_bars(before, offer.text)))
    except AbclmError as error:
        say(str(error))
    except typer.Exit:
        return  # Without a sound device a file is written, and that is said.


def _changed_bars(before: str, after: str) -> str | None:
    """The bars that differ and their neighbours, as for ``--bars``; None for the whole tune."""
    from abclm.compose.differences import differences
    from abclm.notation.parse.parser import parse_tunebook
    from abclm.notation.tune.bars import bars

    old, new = parse_tunebook(before), parse_tunebook(after)
    if len(old) != 1 or len(new) != 1 or len(new[0].tune.voices) > 1:
        return None
    changed = [one for tune in differences([old[0].tune], [new[0].tune]) for one in tune.bars]
    last = len(bars(new[0].tune))
    if not changed or any(one.bar < 1 for one in changed):
        return None
    end = max(one.bar + len(one.new) for one in changed)
    return f"{max(1, min(one.bar for one in changed) - 1)}-{min(end, last)}"


def rows(offers: "Sequence[Offer]") -> list[dict[str, Any]]:
    """Return the offers for JSON."""
    return [offer.as_dict() | {"pick": number} for number, offer in enumerate(offers, 1)]


def _score(one: "Candidate") -> str:
    return ", ".join([*one.reasons.words(), f"{one.bits_per_note:.2f} bits per note"])
