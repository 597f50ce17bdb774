"""Trains a judge: phrases of real tunes against phrases that the network writes by itself."""

from collections.abc import Iterator, Sequence
from typing import Final

from abclm.compose.generation import Composer
from abclm.compose.judge import Judge, fit_judge
from abclm.compose.many import Commission, write_many
from abclm.compose.phrase_features import phrase_features, phrases
from abclm.compose.phrase_notes import Heading
from abclm.compose.settings import MAX_CHARACTERS
from abclm.constraint.prompt import Prompt
from abclm.constraint.requirements import Requirements
from abclm.decoding.sampling import Sampling
from abclm.model.text import model_texts, music_start, plan_start
from abclm.notation.cursor.plan import Plan, parse_plan
from abclm.notation.cursor.plan_reader import remembered_bars

__all__ = ["LEAST_TUNES", "REVISION", "RIVALS", "teach_judge"]

LEAST_TUNES: Final = 300
"""With fewer real tunes, a judge would learn them by heart, and choose copies of them."""
RIVALS: Final = 6
"""The number of candidates from which the first judge draws for the second one."""
_SHARPNESS: Final = 2.0
"""The sharpness of those draws."""
REVISION: Final = 1 / _SHARPNESS
"""The share of the second judge that is added: its ratio is raised to that power."""
_OWN_TUNES: Final = 1500
"""See `checkpoints/README.md`, "The judge"."""
_SEED: Final = 2**32 - 1
"""The largest ``--seed``: hardly any requested tune is one that the judge was trained on."""


def teach_judge(
    composer: Composer,
    texts: Sequence[str],
    *,
    rivals: int = 1,
    sampling: Sampling | None = None,
    count: int = _OWN_TUNES,
) -> Judge:
    """Train a judge for the phrases of a network; the same for the same network and tunes.

    Args:
        composer: the network.
        texts: the real tunes, canonical.
        rivals: the number of candidates for each phrase of the network's tunes, as in
            `Composer.generate`.
        sampling: how they are drawn.
        count: the number of tunes that the network writes for comparison.
    """
    own: list[str] = []
    order = Commission(
        Prompt(),
        sampling or Sampling(),
        _SEED,
        MAX_CHARACTERS,
        raw=False,
        requirements=Requirements(),
        rivals=rivals,
        sharpness=_SHARPNESS,
    )
    for written in write_many(composer, order, range(count)):
        own += [tune.read for tune in written]
    real = model_texts(texts, composer.usual, planned=composer.planned)
    return fit_judge(list(_features(real)), list(_features(own)))


def _features(read: Sequence[str]) -> Iterator[set[str]]:
    """The features of each phrase of tunes in the network's text."""
    for text in read:
        start, music = plan_start(text), music_start(text)
        done = remembered_bars(text[:start] + text[music:]).done
        plan = parse_plan(text[start + 2 : music].rstrip()) if music > start else Plan()
        heading = Heading.of(text)
        for places in phrases(done):
            yield phrase_features(done, places, plan, heading)
