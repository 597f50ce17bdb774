"""Sets of tunes that follow well, proposed from a tunebook."""

from collections.abc import Sequence

from abclm.compose.set_features import SetFeatures, rhythm_of, set_features
from abclm.compose.set_proposals import SetProposal, propose_sets
from abclm.compose.tune_choice import one_tune
from abclm.errors import InputError
from abclm.notation.syntax.tables import RHYTHMS
from abclm.notation.tune.music import Tune

__all__ = ["SetProposal", "suggest_sets"]


def suggest_sets(
    tunes: Sequence[Tune],
    name: str,
    *,
    rhythm: str | None = None,
    start: str | None = None,
    count: int = 1,
) -> list[SetProposal]:
    """Return sets of three tunes that follow well, the best first; no two sets share a tune.

    Args:
        tunes: the tunes of a book.
        name: the name of the book in messages.
        rhythm: the rhythm of all tunes, such as ``reel``; None for any.
        start: the number or title of the first tune, which all sets then share.
        count: the most sets to return.

    Raises:
        InputError: there is no such tune or rhythm, or no three tunes can make a set.
    """
    if count < 1:
        raise InputError(f"--count must be 1 or more, not {count}")
    chosen = list(tunes) if rhythm is None else _of_rhythm(tunes, rhythm, name)
    first = None if start is None else one_tune(chosen, start, name)
    if first is not None:
        chosen = [one for one in chosen if rhythm_of(one) == rhythm_of(first)]
    known: dict[int, SetFeatures] = {}
    for tune in chosen:
        features = set_features(tune)
        if features is not None:
            known.setdefault(features.number, features)
    found = propose_sets(
        list(known.values()), count, None if first is None else _number(known, first, name)
    )
    if not found:
        like = f" and the rhythm of X:{first.value('X')}" if first is not None else " of one rhythm"
        raise InputError(f"{name}: a set needs three tunes with title, number, key and notes{like}")
    return found


def _of_rhythm(tunes: Sequence[Tune], rhythm: str, name: str) -> list[Tune]:
    wanted = RHYTHMS.get(rhythm.lower(), rhythm.lower())
    found = [tune for tune in tunes if rhythm_of(tune) == wanted]
    if not found:
        there = ", ".join(sorted({rhythm_of(tune) for tune in tunes}))
        raise InputError(f"{name}: no tune is a {rhythm}; there are: {there}")
    return found


def _number(known: dict[int, SetFeatures], tune: Tune, name: str) -> int:
    features = set_features(tune)
    if features is None or known[features.number] != features:
        raise InputError(
            f"{name}: {tune.title or 'this tune'} cannot start a set: it needs a number (X:) of "
            "its own, a key and notes"
        )
    return features.number
