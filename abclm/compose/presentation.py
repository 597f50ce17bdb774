"""What a user sees of a tune that a network writes: its own key, its title, the given text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from abclm.constraint.prompt import Prompt
from abclm.constraint.prompt_music import count_open_slurs
from abclm.model.text import HEADER, PLAN_FIELDS
from abclm.notation.syntax.key import parse_key
from abclm.notation.write.normal_form import normal_form

__all__ = ["Presentation"]

_BAR_END: Final = re.compile(r":*\|")
_FIELDS: Final = frozenset(HEADER + PLAN_FIELDS)


@dataclass(frozen=True)
class Presentation:
    """Converts the text that a network has written, complete or not, to the user's tune.

    The title, the fields that are not fed to the network, the requested key and the given notes
    come from the prompt, the notes byte for byte. The plan is left out.

    Attributes:
        prompt: the start of the tune.
        title: returns the title for a rhythm and a meter; None for no title.
    """

    prompt: Prompt
    title: Callable[[str | None, str | None], str] | None = None

    def __call__(self, text: str) -> str:
        """Convert the network's ``text``; empty until its header is complete."""
        fields, body = _split(text)
        if body is None:
            return ""
        header = self.prompt.header
        rhythm = header.rhythm or fields.get("R")
        meter = header.meter or fields.get("M")
        values = {
            "T": header.title or (self.title(rhythm, meter) if self.title else None),
            "R": rhythm,
            "M": meter,
            "L": header.unit or fields.get("L"),
            "K": header.key or fields.get("K"),
        }
        key = values["K"]
        if key is not None and self.prompt.key_properties:
            values["K"] = f"{key} {self.prompt.key_properties}"
        lines = [f"{letter}:{value}\n" for letter, value in values.items() if value is not None]
        aside = [f"{line}\n" for line in self.prompt.aside]
        place = len(lines) - (key is not None)
        return "".join([*lines[:place], *aside, *lines[place:]]) + self._body(body, key)

    @property
    def opening(self) -> str:
        """The tune up to where the network continues, if its header is given in full."""
        return self("K:none\n")

    def _body(self, body: str, name: str | None) -> str:
        """The body in the key ``name``, with the given notes unchanged."""
        form = normal_form(parse_key(name) if name is not None else None)
        given = self.prompt.notes
        if not given:
            return form.back().move(body)
        fed = form.into().move(self.prompt.music)
        # Longer than what was fed, since the network continues within its last line.
        written = form.back().move(body)
        return given + self._closing_slurs(written[len(form.back().move(fed)) :])

    def _closing_slurs(self, written: str) -> str:
        """The text after the given notes, with their open slurs closed where the bar ends."""
        slurs = count_open_slurs(self.prompt.notes)
        end = _BAR_END.search(written) if slurs else None
        if end is None:
            return written
        return written[: end.start()] + ")" * slurs + written[end.start() :]


def _split(text: str) -> tuple[dict[str, str], str | None]:
    """The fields of a network's text, and the body; None until it begins."""
    fields: dict[str, str] = {}
    rest = text
    while rest[1:2] == ":" and rest[:1] in _FIELDS:
        line, end, rest = rest.partition("\n")
        if not end:
            return fields, None
        fields.setdefault(line[0], line[2:])
    return fields, rest if rest or "K" in fields else None
