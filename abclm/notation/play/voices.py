"""The voices of a tune as they are played, and as they are written."""

from collections.abc import Iterable
from dataclasses import replace

from abclm.notation.play.navigation import without_signs
from abclm.notation.syntax.tokens import FIELD_KINDS, Token
from abclm.notation.tune.music import Tune, Voice, first_voice, voice_id

__all__ = ["played_voices", "voice_tokens"]


def played_voices(tune: Tune) -> list[Voice]:
    """Return the voices as they are played.

    With several voices da capos are ignored: one is written in one voice only, and the others would
    not follow it.
    """
    voices = tune.voices
    if len(voices) < 2:
        return voices
    return [
        replace(voice, tune=replace(voice.tune, items=without_signs(voice.tune.items)))
        for voice in voices
    ]


def voice_tokens(tune: Tune, body: Iterable[Token]) -> dict[str, list[Token]]:
    """Return the tokens of a body by the id of their voice, without the ``V:`` fields.

    Args:
        tune: the tune.
        body: the tokens of its body, or some of them, in order.
    """
    voice = first_voice(tune.fields)
    found: dict[str, list[Token]] = {}
    for token in body:
        if token.kind in FIELD_KINDS and token.field == "V":
            voice = voice_id(token.value)
        else:
            found.setdefault(voice, []).append(token)
    return found
