"""Tunes written by a checkpoint, from the text of a prompt."""

from typing import Any

from abclm.compose.generation import Composer, GeneratedTune
from abclm.constraint.header import Header
from abclm.constraint.prompt import read_prompt
from abclm.model.checkpoint.checkpoint import Checkpoint


def generate(
    checkpoint: Checkpoint, prompt: str = "", header: Header | None = None, **options: Any
) -> list[GeneratedTune]:
    """Write tunes that start with ``prompt``; the options are those of `Composer.generate`."""
    return Composer(checkpoint).generate(read_prompt(prompt, header), **options)
