"""Upper bounds on how much longer a tune is for its reader than as written by the network."""

from collections.abc import Mapping
from typing import Final

from abclm.constraint.prompt import Prompt
from abclm.notation.syntax.tables import STEPS
from abclm.notation.write.normal_form import NormalForm

__all__ = ["body_growth", "start_growth"]

_TITLE: Final = 60
"""The longest title that may be drawn, in characters."""
_HIGHEST_STEP: Final = STEPS["b"]
"""The highest note without octave marks, as a staff step."""


def start_growth(prompt: Prompt, fed: int) -> int:
    """The most characters that the reader's tune may add before the network's first note.

    Args:
        prompt: the prompt.
        fed: number of characters of its notes that are fed to the network.
    """
    header = prompt.header
    title = len(header.title) if header.title is not None else _TITLE
    unread = len(f"T:\nR:{header.rhythm or ''}\n{header.key or ''}") + title
    aside = sum(len(line) + 1 for line in prompt.aside)
    return unread + aside + max(0, len(prompt.notes) - fed)


def body_growth(form: NormalForm) -> Mapping[str, int]:
    """The most characters that each character of the body may add.

    A note may need one more octave mark, an accidental may become double, a key may gain a sign.
    """
    steps = form.interval.steps
    if not (steps or form.interval.semitones):
        return {}
    marked = {
        letter: 1
        for letter, step in STEPS.items()
        if (letter.isupper() and step < steps)
        or (letter.islower() and step - steps > _HIGHEST_STEP)
    }
    return {**marked, **dict.fromkeys("^_=K", 1)}
