"""Rewrites that make one reading of a tune explicit, so that every tool reads it the same way.

If two tools differ on a tune and agree on its rewrite, that reading is the reason.
"""

from collections.abc import Callable
from itertools import pairwise

from abclm.notation.play.playing import playing_indices
from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.syntax.values import read_note
from abclm.notation.tune.bars import bars
from abclm.notation.tune.music import BarLine, Tune, Tuplet
from abclm.notation.tune.structure import explicit_repeats
from abclm.notation.write.lengths import write_length

USUAL = {"|", "||", "|]", "[|", "|:", ":|", "::"}

Rewrite = Callable[[Tune], dict[Token, str]]
"""A function from a tune to replacements for some of its tokens."""

IMPLIED_START = "a repeat goes back to a double bar without |:"


def implied_starts(tune: Tune) -> dict[Token, str]:
    """``|:`` after the double bars that an unopened repeat goes back to."""
    written = bars(tune)
    played = playing_indices(written)
    targets = {after for before, after in pairwise(played) if after <= before}
    befores = [written[target].before for target in sorted(targets)]
    marks = [before.tokens[-1] for before in befores if before.tokens and not before.opens]
    return {mark: f"{mark.text} |: " for mark in marks}


def spelt_bar_lines(tune: Tune) -> dict[Token, str]:
    """Every bar line in its usual spelling: ``||:`` as ``|:``, ``:]`` as ``:|``."""
    found = {}
    for token in tune.tokens:
        if token.kind is TokenKind.BAR_LINE and token.text not in USUAL:
            line = BarLine.of(token)
            signs = (":" if line.closes else "") + "|" + (":" if line.opens else "")
            found[token] = signs if ":" in signs else line.style
    return found


def spelt_endings(tune: Tune) -> dict[Token, str]:
    """Every ending as ``[1`` after a single bar line or ``:|``."""
    found = {}
    for token in tune.tokens:
        if token.kind is TokenKind.ENDING:
            found[token] = "[" + token.text.lstrip("[")
    for bar in bars(tune):
        if bar.after.ending and not bar.after.closes:
            signs = [token for token in bar.after.tokens if token.kind is TokenKind.BAR_LINE]
            found |= dict.fromkeys(signs, "|")
    return found


def closed_endings(tune: Tune) -> dict[Token, str]:
    """``:|`` before a second ending, and no repeat sign after the last one."""
    found: dict[Token, str] = {}
    written = bars(tune)
    for bar, explicit in zip(written, explicit_repeats(written), strict=True):
        signs = [token for token in bar.after.tokens if token.kind is TokenKind.BAR_LINE]
        if bar.after.closes and not explicit.after.closes:
            # The tune continues after a double bar: "|2 c:|" is "|2 c||".
            found |= dict.fromkeys(signs, "||" + (":" if bar.after.opens else ""))
        elif explicit.after.closes and not bar.after.closes and signs:
            found[signs[0]] = ":|"
    return found


def written_lengths(tune: Tune) -> dict[Token, str]:
    """Every note next to ``>`` or ``<`` with its resulting length, and no ``>`` or ``<``."""
    found = {token: " " for token in tune.tokens if token.kind is TokenKind.BROKEN}
    for event in tune.events:
        if event.token.kind is TokenKind.NOTE and found:
            pitch, length = read_note(event.token.text)
            if length * tune.unit != event.notated:
                found[event.token] = f"{pitch}{write_length(event.notated / tune.unit)}"
    return found


def full_tuplets(tune: Tune) -> dict[Token, str]:
    """``(5`` as ``(5:2:5``."""
    return {
        item.token: f"({item.notes}:{item.times}:{item.count}"
        for item in tune.items
        if isinstance(item, Tuplet)
    }


def no_line_breaks(tune: Tune) -> dict[Token, str]:
    """No ``!`` at line ends, since two of them can be read as a decoration."""
    return {token: "" for token in tune.tokens if token.kind is TokenKind.LINE_BREAK}


READINGS: dict[str, Rewrite] = {
    IMPLIED_START: implied_starts,
    "a bar line in a spelling abc2midi does not repeat, such as ||: and :]": spelt_bar_lines,
    "an ending whose number stands after || or alone at the start of a line": spelt_endings,
    "an ending without its :|, or a last one with it, which abc2midi plays again": closed_endings,
    "broken rhythm between notes of unequal length, which abc2midi leaves": written_lengths,
    "(5 (7 (9 in 3/4, which abc2midi counts as compound": full_tuplets,
    "two ! in a line, between which abc2midi drops the notes": no_line_breaks,
}
"""Differences between the tools, to the rewrite that removes each; the likeliest first."""


def without_mail(text: str) -> str:
    """Undo quoted-printable mail encoding: ``=20`` at line ends, ``=3D`` for ``=``."""
    return text.replace("=20\n", "\n").replace("=\n", "").replace("=3D", "=")
