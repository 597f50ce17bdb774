"""Measures chord symbols over tunes, ours beside those of real lead sheets.

    python benchmarks/chords.py corpora/chorales corpora/irish [LEADSHEET.abc …]

Takes the melodies of held-out chorales and held-out reels, writes chord symbols over them and
measures the text. Lead sheets are measured as they are, and again with our symbols in place of
theirs; they are never learnt from.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from abclm.compose.chord_grid import HALVES, split_bar
from abclm.compose.chord_names import is_chord_symbol, tonic_of
from abclm.compose.chords import chord_symbols, with_chord_symbols
from abclm.corpus.store import load_corpus
from abclm.errors import InputError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.chord_symbols import parse_chord_symbol
from abclm.notation.syntax.source import Source
from abclm.notation.tune.bars import bars
from abclm.notation.tune.line import melodic_line
from abclm.notation.tune.music import Tune
from abclm.notation.write.writer import write_tune


@dataclass
class Measured:
    """Counts over tunes."""

    tunes: int = 0
    bars: int = 0
    changes: int = 0
    strong: list[float] = field(default_factory=lambda: [0.0, 0.0])
    time: list[float] = field(default_factory=lambda: [0.0, 0.0])
    closes: int = 0
    chords: Counter[str] = field(default_factory=Counter)

    def row(self, name: str) -> str:
        """Return the line of a report."""
        total = self.chords.total() or 1
        common = " ".join(f"{one} {n / total:.0%}" for one, n in self.chords.most_common(9))
        return (
            f"{name:34} {self.tunes:5} {self.strong[0] / (self.strong[1] or 1):7.3f} "
            f"{self.time[0] / (self.time[1] or 1):7.3f} {self.changes / max(1, self.bars):7.2f} "
            f"{self.closes / max(1, self.tunes):7.2f}  {common}"
        )


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("chorales")
    parser.add_argument("tunes")
    parser.add_argument("leadsheets", nargs="*", type=Path)
    parser.add_argument("--show", type=int, default=0, help="print so many tunes of each kind")
    parser.add_argument("--rhythm", default="reel", help="the R: of the held-out tunes")
    given = parser.parse_args()
    print(
        f"{'':34} {'tunes':>5} {'strong':>7} {'time':>7} {'changes':>7} {'closes':>7}  chords\n"
        "strong: share of notes at the start of a half bar that belong to the chord; time: of all "
        "notes by duration;\nchanges: per bar; closes: share of tunes that end on the tonic chord\n"
    )
    chorales = [soprano(parsed(text)) for text in load_corpus(given.chorales).held_out]
    irish = load_corpus(given.tunes)
    held_out = [parsed(text) for text in (*irish.held_out, *irish.held_out_by_tune)]
    reels = [tune for tune in held_out if (tune.value("R") or "").lower() == given.rhythm]
    reels = random.Random(1850).sample(reels, min(30, len(reels)))
    for name, tunes in (("held-out chorales", chorales[:30]), (f"held-out {given.rhythm}s", reels)):
        print(measure([with_ours(tune) for tune in tunes]).row(name))
        for tune in tunes[: given.show]:
            print(text_of(with_ours(tune)))
    for path in given.leadsheets:
        real = [*leadsheets(path)]
        ours = [with_ours(tune) for tune in real]
        print(measure(real).row(path.stem + ", real"))
        print(measure(ours).row(path.stem + ", ours"))
        print(f"    agreement by time: root {agreement(real, ours):.3f}")


def parsed(text: str) -> Tune:
    """Return the first tune of ``text``."""
    return parse_tunebook(text)[0].tune


def text_of(tune: Tune) -> str:
    """Return the text of ``tune``."""
    return "".join(token.text for token in tune.tokens)


def soprano(tune: Tune) -> Tune:
    """Return the first voice of ``tune`` as a tune of its own."""
    first = tune.voices[0].tune
    fields = tuple(token for token in tune.fields if token.text[0] != "V")
    return parsed(write_tune(replace(first, fields=fields, body_fields=())))


def with_ours(tune: Tune) -> Tune:
    """Return ``tune`` with our chord symbols instead of its own."""
    return parsed(with_chord_symbols(tune, chord_symbols(tune, replace=True), replace=True))


def leadsheets(path: Path) -> Iterator[Tune]:
    """Yield the tunes of a tunebook that have a chord symbol in most bars, and a tonic."""
    for one in parse_tunebook(Source.decode(path.read_bytes(), path.name).text):
        tune = one.tune
        if melodic_line(tune) is None:
            continue
        written = bars(tune.voices[0].tune)
        named = sum(any(map(is_chord_symbol, e.strings)) for bar in written for e in bar.events)
        try:
            chord_symbols(tune, replace=True)
        except InputError:
            continue
        if named * 2 > len(written):
            yield tune


def measure(tunes: Sequence[Tune]) -> Measured:
    """Measure the chord symbols of tunes as written, repeats not expanded."""
    found = Measured()
    for tune in tunes:
        spans = [*chord_spans(tune)]
        if not spans:
            continue
        found.tunes += 1
        found.bars += sum(bar.duration == bar.meter.bar for bar in bars(tune.voices[0].tune))
        found.changes += sum(a[2] != b[2] for a, b in pairwise(spans))
        found.closes += tones_of(spans[-1][2])[0] == tonic_number(tune)
        for start, stop, text in spans:
            found.chords[numeral(tune, text)] += int(960 * (stop - start))
        _measure_notes(tune, spans, found)
    return found


def _measure_notes(
    tune: Tune, spans: Sequence[tuple[Fraction, Fraction, str]], found: Measured
) -> None:
    line = melodic_line(tune)
    assert line is not None
    written = bars(tune.voices[0].tune)
    begins = [Fraction(0)]
    for bar in written:
        begins.append(begins[-1] + bar.duration)
    strong = set()
    for at, bar in enumerate(written):
        if line.bars[at].pickup:
            continue
        now = begins[at]
        for length in split_bar(bar.meter, bar.duration, HALVES):
            strong.add(now)
            now += length
    for note in line.notes:
        onset = begins[note.bar] + Fraction(note.onset, line.ticks)
        stop = onset + Fraction(note.duration, line.ticks)
        for start, end, text in spans:
            overlap = min(stop, end) - max(onset, start)
            if overlap > 0:
                inside = note.pitch % 12 in tones_of(text)
                found.time[0] += inside * float(overlap)
                found.time[1] += float(overlap)
                if onset in strong and start <= onset:
                    found.strong[0] += inside
                    found.strong[1] += 1


def chord_spans(tune: Tune) -> Iterator[tuple[Fraction, Fraction, str]]:
    """Yield start, end and symbol of each chord of the first voice, in whole notes."""
    now = Fraction(0)
    started, text = now, ""
    for event in tune.voices[0].tune.events:
        for string in filter(is_chord_symbol, event.strings):
            if text and now > started and parse_chord_symbol(text):
                yield started, now, text
            started, text = now, string
        now += event.duration
    if text and now > started and parse_chord_symbol(text):
        yield started, now, text


def tones_of(text: str) -> tuple[int, ...]:
    """Return the pitch classes of a chord symbol, the root first."""
    symbol = parse_chord_symbol(text)
    return symbol.tones if symbol is not None else (-1,)


def tonic_number(tune: Tune) -> int:
    """Return the pitch class of the tonic."""
    assert tune.key is not None
    return tones_of(tonic_of(tune.key))[0]


def numeral(tune: Tune, text: str) -> str:
    """Return a Roman numeral for a chord symbol, as in `abclm.compose.chord_names`."""
    tones = tones_of(text)
    names = ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII")
    name = names[(tones[0] - tonic_number(tune)) % 12]
    minor = (tones[1] - tones[0]) % 12 == 3
    name = name.lower() if minor else name
    return name + ("7" if len(tones) > 3 and (tones[3] - tones[0]) % 12 == 10 else "")


def agreement(real: Sequence[Tune], ours: Sequence[Tune]) -> float:
    """Return the share of the time in which both have a chord in which the roots agree."""
    same = total = 0.0
    for one, other in zip(real, ours, strict=True):
        theirs, own = [*chord_spans(one)], [*chord_spans(other)]
        for start, stop, text in theirs:
            for begin, end, name in own:
                overlap = float(min(stop, end) - max(start, begin))
                if overlap > 0:
                    total += overlap
                    same += overlap * (tones_of(text)[0] == tones_of(name)[0])
    return same / (total or 1.0)


if __name__ == "__main__":
    main()
