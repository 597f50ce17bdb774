"""The tunes that a model is measured against: those a corpus holds out, or a user's."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from abclm.corpus.several import simple_piece
from abclm.corpus.simplify import simplify
from abclm.corpus.store import Corpus, without_number
from abclm.errors import InputError, UnknownCharacterError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.music import Tune
from abclm.notation.write.writer import write_tune

Read = Callable[[str], str]
"""Returns a canonical tune as a network reads it; raises `InputError` if it cannot read it."""

__all__ = ["Read", "Split", "held_out_splits", "read_pieces", "read_split"]


@dataclass(frozen=True, slots=True)
class Split:
    """Tunes that a model was not trained on.

    Attributes:
        name: ``family``, ``tune`` or ``given``.
        title: the name of the tunes in a table.
        texts: the canonical text of each tune, without ``X:``.
        left_out: the number of tunes left out, by reason.
    """

    name: str
    title: str
    texts: tuple[str, ...]
    left_out: tuple[tuple[str, int], ...] = ()


def held_out_splits(corpus: Corpus, read: Read) -> list[Split]:
    """Return the tunes that ``corpus`` holds out by family, and by tune if there are any.

    Raises:
        InputError: the network cannot read any tune of one of them.
    """
    parts = [
        ("family", "held out by family", corpus.held_out),
        ("tune", "held out by tune", corpus.held_out_by_tune),
    ]
    return [_split(name, title, texts, read) for name, title, texts in parts if texts]


def read_split(books: Iterable[str], read: Read) -> Split:
    """Return the tunes of a user's tunebooks, simplified as in a corpus.

    Args:
        books: the text of each tunebook.
        read: returns a tune as the network reads it.

    Raises:
        InputError: there is no tune, or none that can be read.
    """
    return _given(books, read, _simple_tune)


def read_pieces(books: Iterable[str], read: Read) -> Split:
    """Return the pieces of several voices in a user's tunebooks, simplified as in a corpus.

    Args:
        books: the text of each tunebook.
        read: returns a piece as the network reads it.

    Raises:
        InputError: there is no piece, or none that can be read.
    """
    return _given(books, read, _simple_piece)


def _given(books: Iterable[str], read: Read, simple: Callable[[Tune], str]) -> Split:
    """Return the tunes of ``books``; ``simple`` raises `InputError` with the reason against one."""
    reasons: list[str] = []
    texts: list[str] = []
    for tune in (parsed.tune for book in books for parsed in parse_tunebook(book)):
        try:
            texts.append(without_number(simple(tune)))
        except InputError as error:
            reasons.append(str(error))
    if not texts and not reasons:
        raise InputError("no tune found: a tune starts with a line such as X:1")
    return _split("given", "given", texts, read, reasons)


def _simple_tune(tune: Tune) -> str:
    """Return a tune as a corpus stores it; raises `InputError` if a corpus would not take it."""
    if not tune.events:
        raise InputError("no notes")
    if tune.key is None:
        raise InputError("key not understood")
    if tune.meter.bar is None:
        raise InputError("no meter")
    if len(tune.voices) > 1:
        raise InputError("several voices")
    return write_tune(simplify(tune, number=1))


def _simple_piece(tune: Tune) -> str:
    """The same for a piece of several voices."""
    if len(tune.voices) < 2:
        raise InputError("one voice")
    return simple_piece(tune).text


def _split(
    name: str,
    title: str,
    texts: Sequence[str],
    read: Read,
    reasons: Sequence[str] = (),
) -> Split:
    known: list[str] = []
    all_reasons = list(reasons)
    for text in texts:
        try:
            read(text)
        except UnknownCharacterError:
            all_reasons.append("characters the model does not know")
        except InputError as error:
            all_reasons.append(str(error))
        else:
            known.append(text)
    left_out = tuple((each, all_reasons.count(each)) for each in dict.fromkeys(all_reasons))
    if not known:
        listed = "; ".join(f"{count} {each}" for each, count in left_out)
        raise InputError(f"tunes {title}: none of {len(all_reasons)} can be read: {listed}")
    return Split(name, title, tuple(known), left_out)
