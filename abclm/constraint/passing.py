"""Whether a constraint would have let a text be written as it is."""

from abclm.decoding.constraint import Constraint
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary

__all__ = ["passes"]


def passes(constraint: Constraint, text: str, vocabulary: Vocabulary) -> bool:
    """Whether each character of ``text``, and the end behind it, is allowed where it stands.

    Args:
        constraint: at its start; it is used up.
        text: of a whole tune, as the network reads it.
        vocabulary: of the network.
    """
    if not text.startswith(constraint.opening) or vocabulary.unknown(text):
        return False
    at = len(constraint.opening)
    while at < len(text):
        mask = constraint.mask()
        if mask is not None and not mask[vocabulary.encode(text[at])].any():
            return False
        fed = constraint.accept(text[at])
        if not text.startswith(fed, at):
            return False
        at += len(fed)
    mask = constraint.mask()
    return mask is None or bool(mask[END_OF_TUNE])
