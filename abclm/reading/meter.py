"""The meter and the pickup that the notes suggest, where none is written."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from abclm.reading.meter_features import METERS, Hypothesis, hypotheses
from abclm.reading.meter_weights import WEIGHTS
from abclm.reading.tones import Tone

__all__ = ["guess_meter"]

_DOUBT: Final = 1.0
"""Where a meter is written, a pickup must be likelier than a full measure by this much, in nats:
many programs begin on a downbeat."""
_ENOUGH: Final = 6000
"""So many notes from the beginning on are heard."""


def guess_meter(
    tones: Sequence[Tone], meter: str | None = None, pickup: int | None = None
) -> Hypothesis:
    """The likeliest meter and pickup.

    Args:
        tones: of the piece, by start.
        meter: what is known of it; a meter that is not among those considered has no pickup.
        pickup: the same, in ticks.
    """
    if meter is not None and meter not in METERS:
        return Hypothesis(meter, pickup or 0)
    meters = METERS if meter is None else (meter,)
    pickups = None if pickup is None else (pickup,)
    found, features = hypotheses(tones[:_ENOUGH], meters, pickups)
    if not found:
        return Hypothesis(meters[0], pickup or 0)
    scores = features @ np.asarray(WEIGHTS)
    best = int(np.argmax(scores))
    if meter is not None and pickup is None:
        full = found.index(Hypothesis(meter, 0))
        best = best if scores[best] - scores[full] > _DOUBT else full
    return found[best]
