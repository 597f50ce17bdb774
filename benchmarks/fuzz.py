"""Feeds broken, odd and legal texts to everything that reads ABC, for as long as you like.

    python benchmarks/fuzz.py [--seconds 3600] [--texts COUNT] [--seed 1] [--folder FUZZED]

The tunes of the tests and some of the installed tunebooks come first, unchanged. Then each text is
one of them mutated, or two of them spliced, or random tokens or bytes. It is lexed, parsed,
checked, fixed, written, transposed, played, drawn and encoded; see `CHECKS` for what must hold. A
failing text is reduced as far as possible, printed, and saved in the folder. Exit code 1 if any
failed.
"""

import argparse
import contextlib
import random
import sys
import time
import tomllib
import traceback
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import chain, count
from pathlib import Path

from abclm.corpus.recipes import find_recipe
from abclm.errors import AbclmError
from abclm.model.vocabulary import Vocabulary
from abclm.notation.check.fix import fix
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import PlayedVoice, SoundingNote, perform
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.source import Source, decode_source
from abclm.notation.tune.music import Tune
from abclm.notation.write.moves import BySemitones
from abclm.notation.write.transpose import transpose
from abclm.notation.write.writer import write_tune
from abclm.render.engrave.mei import write_mei
from abclm.render.midi.midi import midi_bytes
from abclm.render.midi.midi_notes import midi_notes
from abclm.render.page.playlist import playlist_of

TESTS = Path(__file__).parents[1] / "tests"
PIECES = [
    *"ABCDEFGabcdefgzxyZ|:[](){}<>-/\\!+\"~.&$%^_='`,0123456789 \n\r\t",
    *("|:", ":|", "::", "||", "|]", "[|]", ".|", "[1", ":|2", "|1,3", '["last"', "(3", "(3:2:4"),
    *("[CEG]", "[C-E]", "{ce}", "{[ce]}", "!trill!", "!D.C.!", "+f+", "kHx", "^/", "_3/2"),
    *("[K:D]", "[K:bass]", "[K:none]", "[M:3/4]", "[M:none]", "[L:1/16]", "[Q:1/4=90]", "[P:A]"),
    *("[V:1]", "[V:2]", "\nV:1\n", "\nV:2 clef=bass\n", "\nK:HP\n", "\nP:B\n", "\nX:2\nT:t\n"),
    *("\nw:la la\n", "\n+:more\n", "\nm:~n2=n{o}n\n", "\nU:W=!trill!\n", "\nI:linebreak !\n"),
    *("\n%%begintext\n", "\n%%endtext\n", "\n%%MIDI transpose 2\n", "\n%%MIDI channel 10\n"),
    *("\nI:propagate-accidentals not\n", "\n%%percmap C 36\n", "\n\n", "Z4", "\u00e9", "\0"),
]  # fmt: skip
SLOW = 4.0
"""Seconds after which a text counts as a hang."""

Check = Callable[[str], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--texts", type=int, help="number of random texts, however long it takes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("fuzzed"))
    options = parser.parse_args()
    known = seeds()
    drawn = texts(random.Random(options.seed), known, options.seconds, options.texts)
    failures: set[str] = set()
    number = 0
    for number, text in enumerate(chain(known, drawn), 1):  # noqa: B007 - counts them
        for name, check in CHECKS.items():
            what = failure(check, text)
            if what and f"{name}: {what}" not in failures:
                failures.add(f"{name}: {what}")
                report(options.folder, name, what, minimised(text, check, what))
    print(f"{number} texts, {len(failures)} kinds of failure")
    sys.exit(bool(failures))


def seeds() -> list[str]:
    """Return the tunes to start from: those of the tests and some of the installed tunebooks."""
    kinds = tomllib.loads((TESTS / "notation/cases/kinds.toml").read_text(encoding="utf-8"))
    texts = [kind["abc"] for kind in kinds.values()]
    for path in sorted(TESTS.glob("**/*.abc")):
        with contextlib.suppress(AbclmError):
            texts.append(decode_source(path.read_bytes()))
    for source in find_recipe("irish").sources:
        tunes = parse_tunebook(decode_source(source.files[0].read_bytes()))[:5]
        texts += [joined(parsed.tune) + "\n" for parsed in tunes]
    return texts


def texts(
    rng: random.Random, known: Sequence[str], seconds: float, most: int | None
) -> Iterator[str]:
    """Yield random texts: ``most`` of them, or as many as fit in ``seconds``."""
    until = time.monotonic() + seconds
    for number in count():
        if (time.monotonic() > until) if most is None else (number == most):
            return
        yield draw(rng, known)


def draw(rng: random.Random, known: Sequence[str]) -> str:
    """Return a random text: usually mutated, else spliced, or made of random tokens or bytes."""
    kind = rng.random()
    if kind < 0.05:
        data = bytes(rng.randrange(256) for _ in range(rng.randrange(200)))
        with contextlib.suppress(AbclmError):
            return str(Source.decode(data, "fuzz").text)
        return data.decode("latin-1")
    if kind < 0.2:
        header = rng.choice(["X:1\nT:t\nK:C\n", "X:1\nT:t\nM:4/4\nL:1/4\nV:1\nV:2\nK:G\n", ""])
        return header + "".join(rng.choices(PIECES, k=rng.randrange(60)))
    text = rng.choice(known)
    if kind < 0.35:
        other = rng.choice(known)
        text = text[: rng.randrange(len(text) + 1)] + other[rng.randrange(len(other) + 1) :]
    for _ in range(rng.choice([0, 1, 1, 2, 3, 8])):
        text = mutated(text, rng)
    return text


def mutated(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    end = min(len(text), at + rng.choice([0, 0, 1, 1, 2, 5, 20]))
    new = rng.choice(["", rng.choice(PIECES), rng.choice(PIECES), text[at:end] * 2])
    return f"{text[:at]}{new}{text[end:]}"


def lexes(text: str) -> None:
    """Check that the joined tokens are the text."""
    assert "".join(token.text for token in lex(text)) == text, "tokens joined are another text"


def validates(text: str) -> None:
    """Check that validation raises nothing, and every position is in the text."""
    lines = len(text.splitlines()) + 1
    for problem in [*validate(text), *validate(text, strict=True)]:
        assert 0 < problem.line <= lines, "a problem lies behind the text"
        assert problem.column > 0, "a problem has no column"


def mends(text: str) -> None:
    """Check that fixing changes nothing that is played, and fixing twice nothing more."""
    fixed = fix(text).text
    assert heard(fixed) == heard(text), "fix changes what is played"
    assert fix(fixed).text == fixed, "a second fix changes more"


def writes(text: str) -> None:
    """Check that a valid tune sounds the same in canonical form, which is stable."""
    for parsed in parse_tunebook(text):
        written = write_tune(parsed.tune)
        if validate(joined(parsed.tune)):
            continue
        again = parse_tunebook(written)
        assert len(again) == 1, "a tune is written as several"
        assert write_tune(again[0].tune) == written, "writing is not stable"
        assert notes(again[0].tune) == notes(parsed.tune), "writing changes what is played"


def moves(text: str) -> None:
    """Check that a valid tune transposed up and down again sounds as before."""
    if validate(text) or any(token.text.startswith("m:") for token in lex(text)):
        # A macro may produce half a note, which cannot be transposed.
        with contextlib.suppress(AbclmError):
            transpose(text, BySemitones(3))
        return
    try:
        up = transpose(text, BySemitones(3))
        back = transpose(up, BySemitones(-3))
    except AbclmError:
        return
    assert pitches(up) == pitches(text, 3), "transposing moves some notes another way"
    assert pitches(back) == pitches(text), "transposing back does not lead back"


def events(text: str) -> None:
    """Check that MIDI, lists and pictures are made or properly refused; no note hangs."""
    for parsed in parse_tunebook(text)[:2]:
        for render in (playlist_of, write_mei):
            with contextlib.suppress(AbclmError):
                render(parsed.tune)
        with contextlib.suppress(AbclmError):
            notes = midi_notes(midi_bytes(parsed.tune))
            assert all(note.end is not None and note.start < note.end for note in notes), "stuck"


def encodes(text: str) -> None:
    """Check that characters to ids and back, and text to bytes and back, are lossless."""
    if text.isprintable():
        vocabulary = Vocabulary.from_text([text])
        assert vocabulary.decode(vocabulary.encode(text)) == text, "ids give another text"
    with contextlib.suppress(AbclmError, UnicodeEncodeError):
        source = Source.decode(text.encode(), "fuzz")
        assert source.encode(source.text) == text.encode(), "other bytes are written"


CHECKS: dict[str, Check] = {
    "lex": lexes,
    "validate": validates,
    "fix": mends,
    "write": writes,
    "transpose": moves,
    "render": events,
    "encode": encodes,
}


def joined(tune: Tune) -> str:
    return "".join(token.text for token in tune.tokens)


def notes(tune: Tune) -> list[tuple[SoundingNote, ...]]:
    return [voice.notes for voice in perform(tune)]


def heard(text: str) -> list[list[PlayedVoice]]:
    return [perform(parsed.tune) for parsed in parse_tunebook(text)]


def pitches(text: str, higher: int = 0) -> list[list[tuple[Fraction, list[int]]]]:
    """Onsets and pitches of all notes but drums, moved up by ``higher`` and clipped to 0-127."""
    return [
        [
            (note.onset, [min(127, max(0, pitch + higher)) for pitch in note.pitches])
            for note in voice.notes
        ]
        for parsed in parse_tunebook(text)
        for voice in perform(parsed.tune)
        if not voice.drums
    ]


def failure(check: Check, text: str) -> str:
    """Describe how ``check`` fails: its message, or the exception and where; empty if it holds."""
    began = time.process_time()
    try:
        check(text)
    except AssertionError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - any exception is a finding
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}"
    return "hangs" if time.process_time() - began > SLOW else ""


def minimised(text: str, check: Check, what: str) -> str:
    """Return ``text`` without the lines and characters not needed for the failure."""
    for pieces in (text.splitlines(keepends=True), None):
        kept = pieces if pieces is not None else [*text]
        size = max(1, len(kept) // 2)
        while size:
            for shorter in _shorter(kept, size):
                if failure(check, "".join(shorter)) == what:
                    kept = shorter
                    break
            else:
                size //= 2
        text = "".join(kept)
    return text


def _shorter(pieces: list[str], size: int) -> Iterator[list[str]]:
    for at in range(0, len(pieces), size):
        yield pieces[:at] + pieces[at + size :]


def report(folder: Path, name: str, what: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{abs(hash(text)) % 10**6:06}.abc"
    path.write_text(text, encoding="utf-8", errors="surrogateescape", newline="")
    print(f"{name}: {what}: {path}\n{text!r}\n", flush=True)


if __name__ == "__main__":
    main()
