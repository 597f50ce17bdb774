"""Whether a constraint would have allowed a given text."""

from abclm.decoding.constraint import Constraint
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary

__all__ = ["passes"]


def passes(constraint: Constraint, text: str, vocabulary: Vocabulary) -> bool:
    """Whether each character of ``text``, and the end after it, is allowed at its position.

    Args:
        constraint: in its initial state; it is used up.
        text: a whole tune, as the network reads it.
        vocabulary: the network's vocabulary.
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
