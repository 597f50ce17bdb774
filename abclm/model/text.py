"""The text in which a network reads and writes a tune.

It is the canonical text (see `abclm.notation.write.writer`) with three differences. There is no
title: words are not music. The header is ``R M L K``, followed by the plan of the tune as the line
``P:`` for a network with the cue ``plan`` (see `abclm.notation.cursor.plan`). The body is in normal
form, with the tonic G (see `abclm.notation.write.normal_form`); ``K:`` still names the key in which
the tune is played, since the key determines how high and low it goes.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from abclm.errors import InputError
from abclm.notation.cursor.plan import Plan
from abclm.notation.cursor.plan_reader import read_plan, remembered_bars
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.write.normal_form import NormalForm, normal_form

__all__ = [
    "HEADER",
    "PLAN_FIELDS",
    "CanonicalTune",
    "Usual",
    "fed_key",
    "model_text",
    "model_texts",
    "music_start",
    "plan_of",
    "plan_of_tune",
    "plan_start",
    "read_canonical",
    "usual",
]

HEADER: Final = "RMLK"
"""The fields of a tune that a network reads, in order."""
PLAN_FIELDS: Final = "P"
"""The fields after them for a network that plans."""

_USUAL: Final = 0.005
"""The minimum share of tunes for a usual key."""
_LEAST_USUAL: Final = 2
"""The minimum number of tunes for it: one tune makes no key usual."""
_LEAST_OF_RHYTHM: Final = 8
"""The minimum number of tunes for a usual rhythm."""
_FOLDED_MODES: Final = {"lyd": "", "phr": "m", "loc": "m"}
"""For a mode without a usual key, the nearest other mode."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What a network has met often enough to know.

    Attributes:
        keys: the commonest first; any other key is read as the nearest of them.
        rhythms: the commonest first; any other rhythm is left out.
        voices: the numbers of voices, in pieces of several.
        units: the unit note lengths, in pieces of several, the commonest first; empty for any.
    """

    keys: tuple[str, ...] = ()
    rhythms: tuple[str, ...] = ()
    voices: tuple[int, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CanonicalTune:
    """A canonical tune, split into header and body.

    Attributes:
        fields: the values of its header by letter, ending with the key.
        body: the music, ending in a line end.
    """

    fields: dict[str, str]
    body: str

    @property
    def key(self) -> Key | None:
        """The header's key."""
        return parse_key(self.fields.get("K", "none"))


def read_canonical(text: str) -> CanonicalTune:
    """Split a canonical tune, with or without ``X:``."""
    fields: dict[str, str] = {}
    rest = text
    while rest and "K" not in fields:
        line, _, rest = rest.partition("\n")
        fields.setdefault(line[:1], line[2:])
    return CanonicalTune(fields, rest if rest.endswith("\n") else f"{rest}\n")


def plan_of(body: str, header: dict[str, str]) -> Plan | None:
    """The plan of a body in normal form; None if it has no bars or too many different ones."""
    lines = "".join(f"{letter}:{header[letter]}\n" for letter in "ML" if letter in header)
    return read_plan(remembered_bars(f"{lines}K:G\n{body}").done)


def model_text(text: str, known: Usual, *, planned: bool) -> str:
    """Convert a canonical tune to the text that a network reads.

    Args:
        text: the tune, with or without ``X:``.
        known: the keys and rhythms that the network knows.
        planned: whether to include the plan.

    Raises:
        InputError: the key cannot be transposed, or the tune has more different bars than a plan
            can name.
    """
    tune = read_canonical(text)
    form: NormalForm = normal_form(tune.key)
    body = form.into().move(tune.body)
    fields = {**tune.fields, "K": fed_key(tune.key, known.keys)}
    if fields.get("R") not in known.rhythms:
        fields.pop("R", None)
    header = "".join(f"{letter}:{fields[letter]}\n" for letter in HEADER if letter in fields)
    if not planned:
        return header + body
    plan = plan_of(body, tune.fields)
    if plan is None:
        raise InputError("has more different bars than a plan can name")
    return f"{header}P:{plan.compact()}\n{body}"


def plan_of_tune(text: str) -> Plan | None:
    """The plan of a canonical tune; None if it has too many different bars to name.

    Raises:
        InputError: the key cannot be transposed.
    """
    tune = read_canonical(text)
    return plan_of(normal_form(tune.key).into().move(tune.body), tune.fields)


def plan_start(text: str) -> int:
    """The index after the header of a network's ``text``, where its plan or its music begins."""
    key = text.find("\nK:") + 1 if not text.startswith("K:") else 0
    end = text.find("\n", key) if key or text.startswith("K:") else -1
    return len(text) if end < 0 else end + 1


def music_start(text: str) -> int:
    """The index at which the music of a network's ``text`` begins."""
    start = plan_start(text)
    while text[start : start + 2] in {f"{letter}:" for letter in PLAN_FIELDS}:
        end = text.find("\n", start)
        start = len(text) if end < 0 else end + 1
    return start


def model_texts(texts: Iterable[str], known: Usual, *, planned: bool) -> list[str]:
    """Convert tunes to the text that a network reads, without those that it cannot read."""
    found = []
    for text in texts:
        try:
            found.append(model_text(text, known, planned=planned))
        except InputError:
            continue
    return found


def usual(texts: Sequence[str]) -> Usual:
    """The keys and rhythms with enough tunes to learn from.

    Args:
        texts: canonical tunes.
    """
    tunes = [read_canonical(text) for text in texts]
    keys = Counter(str(tune.key or "none") for tune in tunes)
    rhythms = Counter(tune.fields["R"] for tune in tunes if "R" in tune.fields)
    least = max(_LEAST_USUAL, _USUAL * len(tunes))
    return Usual(
        commonest(keys, least) or commonest(keys, 1),
        commonest(rhythms, min(_LEAST_OF_RHYTHM, max(1, len(tunes) // 4))),
    )


def commonest(counts: Counter[str], least: float) -> tuple[str, ...]:
    """The names that occur at least ``least`` times, the commonest first."""
    ordered = sorted((-count, name) for name, count in counts.items() if count >= least)
    return tuple(name for _, name in ordered)


def fed_key(key: Key | None, keys: Sequence[str]) -> str:
    """The name as which a network reads ``key``: its own, or that of a usual key of its mode."""
    if key is None or key.tonic == "none":
        return keys[0] if keys else "none"
    if str(key) in keys or not keys:
        return str(key)
    modes = {name: getattr(parse_key(name), "mode", "") for name in keys}
    for mode in (key.mode, _FOLDED_MODES.get(key.mode, "")):
        found = next((name for name in keys if modes[name] == mode), None)
        if found is not None:
            return found
    return keys[0]
