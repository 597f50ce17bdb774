"""How much longer a tune may be for its reader than the text in which a network writes it."""

from collections.abc import Mapping
from typing import Final

from abclm.constraint.prompt import Prompt
from abclm.notation.syntax.tables import STEPS
from abclm.notation.write.normal_form import NormalForm

__all__ = ["body_growth", "start_growth"]

_TITLE: Final = 60
"""Characters that a title may have that is drawn."""
_HIGHEST_STEP: Final = STEPS["b"]
"""Of the notes without octave marks."""


def start_growth(prompt: Prompt, fed: int) -> int:
    """The same for what stands before the first note that the network writes, at most.

    Args:
        prompt: what is given.
        fed: so many characters of its notes the network is fed.
    """
    header = prompt.header
    title = len(header.title) if header.title is not None else _TITLE
    unread = len(f"T:\nR:{header.rhythm or ''}\n{header.key or ''}") + title
    aside = sum(len(line) + 1 for line in prompt.aside)
    return unread + aside + max(0, len(prompt.notes) - fed)


def body_growth(form: NormalForm) -> Mapping[str, int]:
    """How many characters more each one of the body may become, at most.

    A note may need an octave mark more, an accidental become a double one, a key get a sign.
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
