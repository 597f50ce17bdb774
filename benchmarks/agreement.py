r"""Compares our notes with abc2midi's on tunes drawn at random from the tunebooks.

    python benchmarks/agreement.py [--count 500] [--seed 1] [--book NAME]

Both sides are read from MIDI files: ours as music21 wrote it, theirs from
``abc2midi FILE 1 -NGUI -NGRA -NFER``. Two files agree if they have the same notes, each at the
same pitch and within 0.06 of a quarter note of the same moment. Ornaments are omitted on both
sides. Every disagreement is listed with the first note that has no counterpart.

"raw" compares the tunes as written. Where they differ, abc2midi is run again on rewrites of the
tune, each with one reading made explicit (`rewrites.py`); the first one that removes the difference
is its reason. "with |:" also counts as equal the tunes that differ in one reading only: where a
repeat without ``|:`` goes back to. abc2midi goes back to the start of the tune (``A||B:|`` as
A B A B); ABC 2.1 section 4.8 also allows the last double bar, which is our reading (A B B). Aird's
Airs support it: their transcriber recorded the printed repeats in ``I:`` fields, and 26 of the 57
tunes of this kind have ``|| ::``, the first strain once and the second twice, five times as many as
any other pattern.
"""

import argparse
import gc
import random
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from rewrites import IMPLIED_START, READINGS, without_mail

from abclm.corpus.recipes import find_recipe
from abclm.errors import AbclmError
from abclm.notation.check.validate import problems_of
from abclm.notation.parse.parser import Parsed, parse_tune
from abclm.notation.parse.tunebook import TuneTokens, split_tunes
from abclm.notation.play.navigation import without_signs
from abclm.notation.syntax.source import decode_source
from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.tune.music import Event, Tune
from abclm.render.abcmidi import run_abc2midi
from abclm.render.midi.midi import midi_bytes
from abclm.render.midi.midi_notes import midi_notes
from abclm.render.sound.playback import Playback

TOLERANCE = 0.06  # of a quarter note
STAGGER = 10.5 / 480


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
    difference: str  # empty if both agree
    reason: str  # the reading that differs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--book", default="")
    options = parser.parse_args()
    tunes = [drawn for drawn in all_tunes() if options.book in drawn.book]
    sample = random.Random(options.seed).sample(tunes, min(options.count, len(tunes)))
    midi_bytes(parse_tune(sample[0].source).tune)  # imports music21, which must not be timed
    gc.freeze()  # keeps garbage collection of the tunebooks out of the timing
    report([compare(drawn) for drawn in sample])


def all_tunes() -> list[Drawn]:
    """Every tune of the default corpus that has notes."""
    paths = [path for source in find_recipe("irish").sources for path in source.files]
    return [
        Drawn(path.parent.name, path.name, tokens)
        for path in paths
        for tokens in split_tunes(decode_source(path.read_bytes(), path.name))
        if parse_tune(tokens).tune.events
    ]


def compare(drawn: Drawn) -> Verdict:
    parsed = parse_tune(drawn.source)
    start = time.perf_counter()
    try:
        ours = our_notes(parsed.tune)
    except AbclmError as error:
        return Verdict(drawn, parsed.tune, time.perf_counter() - start, str(error), "no MIDI")
    seconds = time.perf_counter() - start
    difference = beside_abc2midi(ours, drawn.source, {})
    reason = explain(ours, drawn.source, parsed) if difference else ""
    return Verdict(drawn, parsed.tune, seconds, difference, reason)


def our_notes(tune: Tune) -> list[Note]:
    """Return the notes without grace notes and chord symbols, as abc2midi (``-NGRA -NGUI``)."""
    plain = [item._replace(graces=()) if isinstance(item, Event) else item for item in tune.items]
    return notes(midi_bytes(replace(tune, items=tuple(plain)), Playback(chords=False)))


def explain(ours: Sequence[Note], source: TuneTokens, parsed: Parsed) -> str:
    """Return the reading in which the two differ, or the problems of the text."""
    together: dict[Token, str] = {}
    for reason, rewrite in READINGS.items():
        changes = rewrite(parsed.tune)
        if changes and not beside_abc2midi(ours, source, changes):
            return reason
        together = changes | together
    if not beside_abc2midi(ours, source, together):
        return "several of these"
    straight = replace(parsed.tune, items=without_signs(parsed.tune.items))
    if not beside_abc2midi(our_notes(straight), source, {}):
        return "da capo, dal segno and fine, which abc2midi does not follow"
    if not beside_abc2midi(our_notes(straight), source, together):
        return "several of these"
    (clean,) = split_tunes(without_mail(text_for_abc2midi(source, {})))
    if not beside_abc2midi(our_notes(parse_tune(clean).tune), clean, {}):
        return "a text damaged by mail, =3D for = and =20 at line ends"
    rules = sorted({problem.rule for problem in problems_of(parsed)})
    return f"a broken text ({', '.join(rules)})" if rules else "not explained"


def beside_abc2midi(ours: Sequence[Note], source: TuneTokens, changes: dict[Token, str]) -> str:
    text = text_for_abc2midi(source, changes)
    theirs = run_abc2midi(text, "1", "-NGUI", "-NGRA", "-NFER").midi
    return first_difference(ours, notes(theirs)) if theirs else "no MIDI from abc2midi"


def text_for_abc2midi(source: TuneTokens, changes: dict[Token, str]) -> str:
    """Return the tune as X:1, without what abc2midi plays in its own way.

    That is ``R:``, which makes it swing, and decorations, which it plays as notes. It ignores file
    headers, so their fields are put at the start of the tune, and ends a tune at an empty line, so
    those are removed. Tokens in ``changes`` are replaced.
    """
    text = "X:1\n" + "".join(f"{token.text}\n" for token in source.file_fields)
    return text + "".join(changes.get(t, for_abc2midi(t)) for t in source.tokens) + "\n"


def for_abc2midi(token: Token) -> str:
    if token.kind is TokenKind.FIELD and token.text[0] in "XR":
        return "%"
    return "" if token.kind in {TokenKind.DECORATION, TokenKind.BLANK} else token.text


def notes(data: bytes) -> list[Note]:
    """Return the notes sorted by onset, without duplicates of pitch and onset.

    abc2midi starts each note of a chord ten ticks, 1/48 of a quarter note, after the one before;
    here all start with the first.
    """
    found: list[Note] = []
    latest: dict[int, float] = {}
    onset = before = -1.0
    for note in midi_notes(data):
        onset = onset if note.start - before <= STAGGER else note.start
        before = note.start
        if onset - latest.get(note.pitch, -1.0) > TOLERANCE:
            found.append(Note(onset, note.pitch))
        latest[note.pitch] = onset
    return found


def first_difference(ours: Sequence[Note], theirs: Sequence[Note]) -> str:
    """Describe the first note without a counterpart within the tolerance; empty if none."""
    alone = [(note, "ours only") for note in without_partner(ours, theirs)]
    alone += [(note, "abc2midi only") for note in without_partner(theirs, ours)]
    if not alone:
        return ""
    note, side = min(alone)
    return (
        f"{side}: pitch {note.pitch} at {Fraction(note.onset).limit_denominator(480)} quarters; "
        f"{len(ours)} notes against {len(theirs)}, {len(alone)} without a counterpart"
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
            title, number = verdict.tune.title, verdict.tune.value("X")
            print(f"{verdict.drawn.book}/{verdict.drawn.file} X:{number} {title}")
            print(f"    {verdict.difference}\n    {verdict.reason}")
    print(f"\n{'':14}{'tunes':>7}{'raw':>8}{'with |:':>10}")
    for book in [*sorted({verdict.drawn.book for verdict in verdicts}), ""]:
        chosen = [verdict for verdict in verdicts if book in {verdict.drawn.book, ""}]
        same = sum(not verdict.difference for verdict in chosen) / len(chosen)
        explicit = sum(verdict.reason in {"", IMPLIED_START} for verdict in chosen) / len(chosen)
        print(f"{book or 'all':14}{len(chosen):7}{same:8.1%}{explicit:10.1%}")
    print("\ntunes   what differs")
    reasons = Counter(verdict.reason for verdict in verdicts if verdict.difference)
    for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
        print(f"{count:5}   {reason}")
    seconds = sorted(verdict.seconds for verdict in verdicts)
    slowest = max(verdicts, key=lambda verdict: verdict.seconds)
    print(f"\nseconds a tune, to MIDI: median {statistics.median(seconds):.3f}, ", end="")
    print(f"most {seconds[-1]:.3f} ({slowest.tune.title})")


if __name__ == "__main__":
    main()
