"""Real tunes in two voices: the tune, and below it the tune again or one long note per bar."""

import random

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.syntax.values import read_note
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import BodyField, Tune
from abclm.notation.write.lengths import write_length
from abclm.notation.write.writer import write_tune


def in_two_voices(tune: Tune, rng: random.Random) -> str:
    """Return ``tune`` with a second voice made from it, in blocks or interleaved bar by bar."""
    second = rng.choice([octave_lower, long_notes])(tune)
    header = [token.text for token in tune.fields if token.text[0] not in "VPw"]
    header[-1:] = ["V:1", "V:2 clef=bass", header[-1]]
    blocks = "\n".join([*header, "V:1", _music(tune), "V:2", second, ""])
    if rng.random() < 0.5:
        return blocks
    return write_tune(parse_tunebook(blocks)[0].tune)


def octave_lower(tune: Tune) -> str:
    """Return the music an octave lower, with the same spelling."""
    return _music(tune, lowered=True)


def long_notes(tune: Tune) -> str:
    """Return the first pitch of each bar, held for the whole bar."""
    written = bars(tune)
    first = "".join(token.text for token in written[0].before.tokens)
    held = [_held(bar, tune) for bar in written]
    lines = ["".join(held[place : place + 4]) for place in range(0, len(held), 4)]
    # A number at the start of a line is still an ending: a bar line precedes it.
    return first + "\n".join(lines)


def _held(bar: Bar, tune: Tune) -> str:
    fields = "".join(
        f"[{item.name}:{item.value}]"
        for item in bar.items
        if isinstance(item, BodyField) and item.name == "M"
    )
    pitches = next((event.pitches for event in bar.events if event.pitches), ())
    note = str(pitches[0]._replace(accidental="")) if pitches else "z"
    signs = "".join(token.text for token in bar.after.tokens)
    return fields + note + write_length(bar.duration / tune.unit) + signs


def _music(tune: Tune, *, lowered: bool = False) -> str:
    """Return the lines of music of a tune with one voice."""
    start = max(index for index, token in enumerate(tune.tokens) if token in tune.fields) + 1
    body = tune.tokens[start:]
    lines = {
        token.line
        for token in body
        if token.kind in {TokenKind.NOTE, TokenKind.REST, TokenKind.BAR_LINE}
    }
    kept = [token for token in body if token.line in lines]
    return "".join(_lower(token) if lowered else token.text for token in kept).rstrip("\n")


def _lower(token: Token) -> str:
    if token.kind is not TokenKind.NOTE:
        return token.text
    pitch, _ = read_note(token.text)
    lower = str(pitch._replace(octave=pitch.octave - 1))
    return lower + token.text[len(str(pitch)) :]
