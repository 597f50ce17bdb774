"""The normal form of a tune: transposed so that its tonic is G, its mode kept.

A model that reads every tune on one tonic sees each turn of phrase twelve times as often. A tune
moves to the nearest G, at most six semitones up or five down, so that the usual final notes (D
above middle C, C in the middle of the stave) all become the G above middle C. It moves back by the
same interval, which restores the notes.
"""

from dataclasses import dataclass
from typing import Final

from abclm.errors import InputError
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.tokens import Context, Token, TokenKind
from abclm.notation.tune.interval import Interval, move_key
from abclm.notation.write.moves import ToKey
from abclm.notation.write.respell import Respeller

__all__ = ["TONIC", "Mover", "NormalForm", "normal_form"]

TONIC: Final = "G"
_PIPES: Final = {"HP": "Amix", "Hp": "Amix"}
"""The bagpipe keys have the notes of A mixolydian, whatever the signature shows."""
_UNMOVED: Final = Interval(0, 0)


@dataclass(frozen=True, slots=True)
class NormalForm:
    """The transposition of the tunes in a key to their normal form and back.

    Attributes:
        key: the key in which they sound.
        normal: the key of their normal form.
        interval: the interval from the first to the second.
    """

    key: Key
    normal: Key
    interval: Interval

    def into(self) -> "Mover":
        """Return a mover into the normal form."""
        return Mover(self.key, self.interval)

    def back(self) -> "Mover":
        """Return a mover from the normal form to the sounding key."""
        return Mover(self.normal, Interval(-self.interval.steps, -self.interval.semitones))


def normal_form(key: Key | None) -> NormalForm:
    """Return the normal form of the tunes in ``key``; tunes without a key are not moved.

    Raises:
        InputError: the key has accidentals of its own that cannot be moved.
    """
    if key is None or key.tonic == "none":
        none = key or Key("none", "", "", ())
        return NormalForm(none, none, _UNMOVED)
    sounding = parse_key(_PIPES.get(key.tonic, str(key))) or key
    interval = ToKey(TONIC).interval(sounding)
    moved = move_key(sounding, interval)
    if moved is None or moved[1] != interval:
        raise InputError(f"is in {key}, which cannot be moved to {TONIC}")
    return NormalForm(sounding, moved[0], interval)


class Mover:
    """Moves the music of one voice by an interval, piece by piece.

    Args:
        key: the key of the music at the start.
        interval: the interval it moves by.
    """

    def __init__(self, key: Key, interval: Interval) -> None:
        self._interval = interval
        self._spelling = Respeller()
        self._use(key)

    def move(self, music: str) -> str:
        """Return ``music`` moved; it continues the piece before and ends between two events.

        Raises:
            InputError: it changes to a key that cannot be moved so far.
        """
        if self._interval == _UNMOVED:
            return music
        return "".join(map(self._moved, lex(music, Context.BODY)))

    def _moved(self, token: Token) -> str:
        if token.kind in {TokenKind.FIELD, TokenKind.INLINE_FIELD} and token.field == "K":
            key = parse_key(token.value)
            if key is None:
                return token.text
            return token.text.replace(token.value, self._use(key), 1)
        return self._spelling.read(token)

    def _use(self, key: Key) -> str:
        """Continue in ``key``; return the name of the key it moves to."""
        moved = move_key(key, self._interval)
        if moved is None:
            raise InputError(f"changes to {key}, which cannot be moved that far")
        target, interval = moved
        self._spelling.use(interval, key.alterations, target.alterations)
        return str(target)
