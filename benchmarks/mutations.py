"""Single faults inserted into valid real tunes: which are found, where, in how many messages.

    python benchmarks/mutations.py [--tunes 30] [--seed 1] [--voices 2]

The tunes are drawn from the tunebooks inside the installed music21 package. With two voices each
tune gets a second voice, and faults in only one voice are inserted too. abc2midi is tested as well,
if installed.
"""

import argparse
import random
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise
from pathlib import Path

from two_voices import in_two_voices

from abclm.corpus.recipes import find_recipe
from abclm.notation.check.validate import problems_of, validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.source import decode_source
from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.tune.bars import bars
from abclm.notation.write.lengths import write_length


@dataclass(frozen=True)
class Mutation:
    text: str
    line: int
    column: int


Fault = Callable[["Source", random.Random], Mutation | None]


class Source:
    """A valid tune: its text, and its tokens from the lexer."""

    def __init__(self, text: str) -> None:
        self.text = text
        (parsed,) = parse_tunebook(text)
        self.tune = parsed.tune
        self.tokens = list(parsed.tune.tokens)
        self.voices = [bars(voice.tune) for voice in parsed.tune.voices]
        self.bars = [bar for voice in self.voices for bar in voice]
        self.lines = text.split("\n")

    def body(self, *kinds: TokenKind) -> list[Token]:
        start = next(i for i, t in enumerate(self.tokens) if t.text.startswith("K:"))
        return [token for token in self.tokens[start + 1 :] if token.kind in kinds]

    def edit(self, token: Token, text: str) -> Mutation:
        """Replace ``token`` by ``text``."""
        line = self.lines[token.line - 1]
        before, after = line[: token.column - 1], line[token.column - 1 + len(token.text) :]
        lines = [*self.lines]
        lines[token.line - 1] = before + text + after
        return Mutation("\n".join(lines), token.line, token.column)

    def plain_notes(self) -> list[Token]:
        """The notes that are not in a chord, tuplet or grace and not next to > or <."""
        kept = []
        for bar in self.bars:
            broken = {id(t) for t in self._beside_broken()}
            kept += [
                event.token
                for event in bar.events
                if event.token.kind is TokenKind.NOTE
                and not event.tuplet
                and not event.tie
                and id(event.token) not in broken
            ]
        return kept

    def _beside_broken(self) -> Iterable[Token]:
        notes = self.body(
            TokenKind.NOTE,
            TokenKind.REST,
            TokenKind.BROKEN,
            TokenKind.CHORD_OPEN,
            TokenKind.CHORD_CLOSE,
        )
        for index, token in enumerate(notes):
            if token.kind is TokenKind.BROKEN:
                yield from notes[max(0, index - 1) : index + 2]

    def between(self, first: Token, second: Token) -> str:
        """Return the text from one token up to another one on the same line."""
        return self.lines[first.line - 1][first.column - 1 : second.column - 1]


def choose(rng: random.Random, tokens: Sequence[Token]) -> Token | None:
    return rng.choice(tokens) if tokens else None


def replace(pick: Callable[[Source], list[Token]], change: Callable[[str], str]) -> Fault:
    def fault(source: Source, rng: random.Random) -> Mutation | None:
        token = choose(rng, pick(source))
        return source.edit(token, change(token.text)) if token else None

    return fault


def notes(pattern: str = "") -> Callable[[Source], list[Token]]:
    return lambda source: [t for t in source.plain_notes() if re.search(pattern, t.text)]


def plain_bar_lines(source: Source) -> list[Token]:
    """Single bar lines between two full bars."""
    return [
        bar.after.tokens[0]
        for bar, following in zip(source.bars, source.bars[1:], strict=False)
        if bar.after.plain
        and len(bar.after.tokens) == 1
        and bar.duration == bar.meter.bar == following.duration
    ]


def opened_ends(source: Source) -> list[Token]:
    """Repeat ends whose repeat was opened by a sign."""
    found = []
    for voice in source.voices:
        is_open = voice[0].before.opens
        for bar in voice:
            sign = bar.after.tokens[0].text if bar.after.tokens else ""
            if bar.after.closes and is_open and sign == ":|" and not bar.after.ending:
                found.append(bar.after.tokens[0])
            is_open = bar.after.opens or (is_open and not bar.after.closes)
    return found


def before_no_end(source: Source) -> list[Token]:
    """Single bar lines where a repeat cannot open: one is open, or none closes after it."""
    lines = {id(line): line for line in plain_bar_lines(source)}
    found = []
    for voice in source.voices:
        is_open = voice[0].before.opens
        for index, bar in enumerate(voice):
            later = voice[index + 1 :]
            next_sign = next((b.after for b in later if b.after.closes or b.after.opens), None)
            cannot_open = is_open or next_sign is None or not next_sign.closes
            if bar.after.tokens and id(bar.after.tokens[0]) in lines and cannot_open:
                found.append(bar.after.tokens[0])
            is_open = bar.after.opens or (is_open and not bar.after.closes)
    return found


def inner_notes(source: Source) -> list[Token]:
    """Plain notes that are not the last of their bar."""
    last = {id(bar.events[-1].token) for bar in source.bars}
    return [token for token in source.plain_notes() if id(token) not in last]


def tokens_of(*kinds: TokenKind, pattern: str = "") -> Callable[[Source], list[Token]]:
    return lambda source: [t for t in source.body(*kinds) if re.search(pattern, t.text)]


def field(name: str) -> Callable[[Source], list[Token]]:
    return lambda source: [t for t in source.tune.fields if t.text[0] == name]


def drop_line(name: str) -> Fault:
    def fault(source: Source, _rng: random.Random) -> Mutation | None:
        token = field(name)(source)[0]
        lines = [*source.lines]
        del lines[token.line - 1]
        return Mutation("\n".join(lines), token.line, 1)

    return fault


def tied_elsewhere(source: Source) -> list[Token]:
    """Plain notes before a plain note of another pitch in the same bar."""
    plain = {id(token) for token in source.plain_notes()}
    return [
        one.token
        for bar in source.bars
        for one, other in pairwise(bar.events)
        if {id(one.token), id(other.token)} <= plain
        and one.pitches[0][1:] != other.pitches[0][1:]
        and not one.closes
    ]


def drop_bar(source: Source, rng: random.Random) -> Mutation | None:
    """One voice loses a bar and the bar line after it."""
    chosen = [
        (bar.after.tokens[0], following.after.tokens[0])
        for voice in source.voices
        for bar, following in pairwise(voice)
        if bar.after.plain
        and following.after.plain
        and bar.after.tokens[0].line == following.after.tokens[0].line
        and "[V:" not in source.between(bar.after.tokens[0], following.after.tokens[0])
    ]
    if not chosen:
        return None
    first, second = rng.choice(chosen)
    return source.edit(first._replace(text=source.between(first, second)), "")


def beat_short(source: Source, rng: random.Random) -> Mutation | None:
    """The last bar of a voice becomes short by a beat."""
    last = rng.choice(source.voices)[-1]
    plain = {id(token) for token in source.plain_notes()}
    beat = Fraction(1, source.tune.meter.beat_unit)
    for event in last.events:
        if id(event.token) not in plain or event.duration < beat or len(last.events) == 1:
            continue
        left = event.duration - beat
        return source.edit(
            event.token,
            f"{event.pitches[0]}{write_length(left / source.tune.unit)}" if left else "",
        )
    return None


def last_of_bars(source: Source) -> list[Token]:
    return [
        bar.events[-1].token for bar in source.bars if bar.events[-1].token.kind is TokenKind.NOTE
    ]


FAULTS: dict[str, Fault] = {
    "length added": replace(notes(r"[A-Ga-g][,']*$"), lambda text: text + "2"),
    "length dropped": replace(notes(r"[2-9]$"), lambda text: text[:-1]),
    "note dropped": replace(notes(), lambda _text: ""),
    "note added": replace(notes(), lambda text: text + "A"),
    "bar line dropped": replace(plain_bar_lines, lambda _text: " "),
    "bar line added": replace(inner_notes, lambda text: text + "|"),
    "repeat end dropped": replace(opened_ends, lambda _text: "|"),
    "repeat start added": replace(before_no_end, lambda _text: "|:"),
    "[ added": replace(notes(), lambda text: "[" + text),
    "] added": replace(notes(), lambda text: text + "]"),
    "quotation mark added": replace(notes(), lambda text: '"' + text),
    "tuplet digit dropped": replace(tokens_of(TokenKind.TUPLET), lambda _text: "("),
    "tuplet digit changed": replace(
        tokens_of(TokenKind.TUPLET, pattern=r"\(3$"), lambda _text: "(5"
    ),
    "key dropped": drop_line("K"),
    "number dropped": drop_line("X"),
    "meter malformed": replace(field("M"), lambda _text: "M:6/"),
    "stray character": replace(notes(), lambda text: text + "#"),
    ") added": replace(notes(), lambda text: text + ")"),
    "{ added": replace(notes(), lambda text: "{" + text),
    "> dangling": replace(last_of_bars, lambda text: text + ">"),
    "octave absurd": replace(notes(r"[a-g]$"), lambda text: text + "''''''"),
    "tie to another pitch": replace(tied_elsewhere, lambda text: text + "-"),
}

VOICE_FAULTS: dict[str, Fault] = {
    "bar of a voice dropped": drop_bar,
    "repeat end in one voice": replace(plain_bar_lines, lambda _text: ":|"),
    "repeat start in one voice": replace(plain_bar_lines, lambda _text: "|:"),
    "meter of one voice": replace(plain_bar_lines, lambda text: f"{text}[M:7/8]"),
    "voice a beat short": beat_short,
}
"""Faults that exist only in tunes with several voices."""


def clean_tunes(count: int, rng: random.Random, voices: int = 1) -> list[Source]:
    """Return valid real tunes drawn at random, in one voice or two."""
    paths = [path for source in find_recipe("irish").sources for path in source.files]
    rng.shuffle(paths)
    sources: list[Source] = []
    for path in paths:
        parsed = parse_tunebook(decode_source(path.read_bytes()).replace("\r\n", "\n"))
        chosen = rng.choice(parsed)
        text = "".join(token.text for token in chosen.tune.tokens) + "\n"
        clean = not problems_of(chosen) and not validate(text)
        if clean and voices == 2:
            text = in_two_voices(chosen.tune, rng)
            clean = not validate(text)
        if clean and chosen.tune.meter.bar and len(chosen.tune.events) > 40 and text.isascii():
            sources.append(Source(text))
        if len(sources) == count:
            break
    return sources


def bar_span(source: Source, place: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return start and end of the bar that contains ``place``, in the valid text."""
    starts = sorted((b.events[0].token.line, b.events[0].token.column) for b in source.bars)
    ends = [*starts[1:], (10**6, 0)]
    for start, end in zip(starts, ends, strict=True):
        if start <= place < end:
            return start, end
    return starts[0], ends[0]


def is_near(source: Source, mutation: Mutation, problem: Problem) -> bool:
    if problem.line == mutation.line and abs(problem.column - mutation.column) <= 3:
        return True
    start, end = bar_span(source, (mutation.line, mutation.column))
    return start <= (problem.line, problem.column) < end


def second_opinion(text: str) -> list[Problem]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tune.abc"
        path.write_text(text, encoding="latin-1", errors="replace")
        done = subprocess.run(
            ["abc2midi", str(path), "-c"],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            cwd=folder,
        )
    found = []
    for line in done.stdout.splitlines():
        match = re.match(r"(?:Error|Warning) in line-char (\d+)-(\d+) : (.*)", line)
        if match:
            place = int(match.group(1)), int(match.group(2)) + 1
            found.append(Problem(*place, "abc2midi", match.group(3)))
        elif line.startswith(("Error", "Warning", "No tune", "Failed")):
            found.append(Problem(1, 1, "abc2midi", line))
    return found


def report(
    name: str,
    sources: list[Source],
    check: Callable[[str], list[Problem]],
    seed: int,
    *,
    details: bool,
) -> None:
    detected = right_line = near = messages = total = 0
    faults = FAULTS | VOICE_FAULTS if len(sources[0].voices) > 1 else FAULTS
    for fault_name, fault in faults.items():
        row = [0, 0, 0, 0, 0]
        for index, source in enumerate(sources):
            before = check(source.text)
            mutation = fault(source, random.Random(f"{seed} {index} {fault_name}"))
            if mutation is None:
                continue
            known = {(p.rule, p.message) for p in before}
            found = [p for p in check(mutation.text) if (p.rule, p.message) not in known]
            row[0] += 1
            row[1] += bool(found)
            row[2] += any(p.line == mutation.line for p in found)
            row[3] += any(is_near(source, mutation, p) for p in found)
            row[4] += len(found)
            if details and (len(found) != 1 or not is_near(source, mutation, found[0])):
                print(
                    "   ",
                    fault_name,
                    (mutation.line, mutation.column),
                    repr(mutation.text.split("\n")[mutation.line - 1]),
                    found[:3],
                )
        if details and row[0]:
            print(f"{fault_name:<24}", *(f"{value:>5}" for value in row))
        total, detected = total + row[0], detected + row[1]
        right_line, near, messages = right_line + row[2], near + row[3], messages + row[4]
    print(
        f"{name:<14} {total} faults: detected {detected / total:.1%}, right line "
        f"{right_line / total:.1%}, right place {near / total:.1%}, "
        f"{messages / max(1, detected):.2f} messages per fault found"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tunes", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--voices", type=int, default=1, choices=(1, 2))
    parser.add_argument("--details", action="store_true")
    options = parser.parse_args()
    sources = clean_tunes(options.tunes, random.Random(options.seed), options.voices)
    report("abclm", sources, validate, options.seed, details=options.details)
    strict = partial(validate, strict=True)
    report("abclm --strict", sources, strict, options.seed, details=False)
    if shutil.which("abc2midi"):
        report("abc2midi -c", sources, second_opinion, options.seed, details=False)


if __name__ == "__main__":
    main()
