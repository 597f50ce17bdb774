"""Our notes beside abc2midi's, on tunes drawn at random from the tunebooks.

    python benchmarks/agreement.py [--count 500] [--seed 1]
"""

import argparse
import random
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from abclm.corpus.recipe import find_recipe
from abclm.errors import AbclmError
from abclm.notation.lexer import Kind, Token
from abclm.notation.music import Sound, Tune
from abclm.notation.parser import parse_tune
from abclm.notation.source import decode_source
from abclm.notation.tunebook import TuneTokens, split_tunes
from abclm.render.abcmidi import run_abc2midi
from abclm.render.midi import midi_bytes
from abclm.render.midi_notes import midi_notes

TOLERANCE = 0.06  # of a quarter note


class Drawn(NamedTuple):
    book: str
    file: str
    source: TuneTokens


class Note(NamedTuple):
    onset: float
    pitch: int


@dataclass(frozen=True)
class Verdict:
    drawn: Drawn
    tune: Tune
    seconds: float
    difference: str  # empty where both agree


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--book", default="")
    options = parser.parse_args()
    tunes = [drawn for drawn in all_tunes() if options.book in drawn.book]
    sample = random.Random(options.seed).sample(tunes, min(options.count, len(tunes)))
    midi_bytes(parse_tune(sample[0].source).tune)  # imports music21, which is not timed
    report([compare(drawn) for drawn in sample])


def all_tunes() -> list[Drawn]:
    """Every tune of the default corpus that has notes."""
    found = []
    for source in find_recipe("irish").sources:
        for path in source.files:
            for tokens in split_tunes(decode_source(path.read_bytes(), path.name)):
                if parse_tune(tokens).tune.sounds:
                    found.append(Drawn(path.parent.name, path.name, tokens))
    return found


def compare(drawn: Drawn) -> Verdict:
    tune = parse_tune(drawn.source).tune
    plain = [replace(item, graces=()) if isinstance(item, Sound) else item for item in tune.items]
    tune = replace(tune, items=tuple(plain))
    start = time.perf_counter()
    try:
        ours = notes(midi_bytes(tune))
        difference = ""
    except AbclmError as error:
        ours, difference = [], f"no MIDI from us: {error}"
    seconds = time.perf_counter() - start
    theirs = run_abc2midi(text_for_abc2midi(drawn.source), "1", "-NGUI", "-NGRA", "-NFER").midi
    if theirs is None:
        difference = "no MIDI from abc2midi"
    elif not difference:
        difference = first_difference(ours, notes(theirs))
    return Verdict(drawn, tune, seconds, difference)


def text_for_abc2midi(source: TuneTokens) -> str:
    """The tune as X:1, without what abc2midi plays in a way of its own.

    That is ``R:``, which makes it swing, and decorations, which it writes out as notes. It knows
    nothing of a file header, so the fields of that come first in the tune.
    """
    head = "".join(f"{token.text}\n" for token in source.file_fields)
    return f"X:1\n{head}" + "".join(map(for_abc2midi, source.tokens)) + "\n"


def for_abc2midi(token: Token) -> str:
    if token.kind is Kind.FIELD and token.text[0] in "XR":
        return "%"
    return "" if token.kind in {Kind.DECORATION, Kind.BLANK} else token.text


def notes(data: bytes) -> list[Note]:
    return [Note(note.start, note.pitch) for note in midi_notes(data)]


def first_difference(ours: Sequence[Note], theirs: Sequence[Note]) -> str:
    """The first note that the other side has not within the tolerance, or nothing."""
    alone = [(note, "ours only") for note in without_partner(ours, theirs)]
    alone += [(note, "abc2midi only") for note in without_partner(theirs, ours)]
    if not alone:
        return ""
    note, side = min(alone)
    return (
        f"{side}: pitch {note.pitch} at {Fraction(note.onset).limit_denominator(480)} quarters; "
        f"{len(ours)} notes against {len(theirs)}, {len(alone)} without a partner"
    )


def without_partner(some: Sequence[Note], others: Sequence[Note]) -> list[Note]:
    waiting: dict[int, list[float]] = {}
    for note in reversed(others):
        waiting.setdefault(note.pitch, []).append(note.onset)
    alone = []
    for note in some:
        onsets = waiting.get(note.pitch, [])
        while onsets and onsets[-1] < note.onset - TOLERANCE:
            onsets.pop()
        if onsets and onsets[-1] <= note.onset + TOLERANCE:
            onsets.pop()
        else:
            alone.append(note)
    return alone


def report(verdicts: Sequence[Verdict]) -> None:
    for verdict in verdicts:
        if verdict.difference:
            title = verdict.tune.title
            number = verdict.tune.value("X")
            print(f"{verdict.drawn.book}/{verdict.drawn.file} X:{number} {title}")
            print(f"    {verdict.difference}")
    totals = Counter(verdict.drawn.book for verdict in verdicts)
    agreeing = Counter(verdict.drawn.book for verdict in verdicts if not verdict.difference)
    for book, total in sorted(totals.items()):
        print(f"{book:14} {agreeing[book]:4} of {total:4}  {agreeing[book] / total:.1%}")
    print(f"{'all':14} {agreeing.total():4} of {totals.total():4}  "
          f"{agreeing.total() / totals.total():.1%}")
    seconds = sorted(verdict.seconds for verdict in verdicts)
    print(f"seconds a tune: median {statistics.median(seconds):.3f}, most {seconds[-1]:.3f}")


if __name__ == "__main__":
    main()
