"""What the goldens are made of: the only file here that imports anything of the package.

Where a module moves or a name changes, this file follows, and the goldens stay as they are.
"""

import hashlib
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from abclm.cli import app
from abclm.cli.table import COMMANDS, load_command
from abclm.compose.generation import Composer, GeneratedTune
from abclm.compose.network import Network
from abclm.compose.settings import Settings
from abclm.compose.surprise import surprise
from abclm.constraint.prompt import read_prompt
from abclm.corpus.store import PARTS, load_corpus, without_number
from abclm.errors import AbclmError, CorpusError
from abclm.model.checkpoint.checkpoint import Checkpoint, load_checkpoint
from abclm.model.cues.reader import CueReader
from abclm.model.settings import CUES_OF_ONE
from abclm.model.text import model_texts
from abclm.notation.check.fix import fix
from abclm.notation.check.validate import examine
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import perform
from abclm.notation.play.tempo import Tempo
from abclm.notation.syntax.source import decode_source
from abclm.notation.write.moves import BySemitones
from abclm.notation.write.transpose import transpose
from abclm.notation.write.writer import write_tune
from abclm.render.engrave.mei import write_mei
from abclm.render.midi.midi import TICKS, midi_bytes
from abclm.render.midi.midi_notes import midi_notes

ROOT = Path(__file__).parents[2]
UNPLANNED = tuple(cue for cue in CUES_OF_ONE if cue not in {"place", "plan", "line"})
"""All that a network reads which writes no plan."""
Row = dict[str, Any]


@cache
def shipped() -> Checkpoint:
    """The model that comes with the package."""
    return load_checkpoint(ROOT / "checkpoints" / "irish")


# Cues


def corpus_tunes(folder: Path) -> list[str]:
    """All tunes of the corpus ``irish``, part by part.

    The corpus that was built in the clone is read, or else one that is built in ``folder``, which
    is the current one.
    """
    try:
        corpus = load_corpus("irish", ROOT / "corpora")
    except CorpusError:
        if not (folder / "corpora" / "irish").is_dir():
            run_command(["corpus", "build", "irish"])
        corpus = load_corpus("irish", folder / "corpora")
    return [tune for part in PARTS for tune in getattr(corpus, part)]


def read_texts(tunes: Iterable[str], *, planned: bool) -> list[str]:
    """Those tunes that the shipped model can read, as it reads them, with a plan or without."""
    return model_texts(tunes, shipped().config.usual, planned=planned)


def cue_hashes(texts: Iterable[str], *, planned: bool) -> Iterator[str]:
    """A hash of the cues of each text: with a plan those of the shipped model, else the others."""
    config = shipped().config
    cues = config.network.cues if planned else UNPLANNED
    reader = CueReader(config.vocabulary, cues)
    for text in texts:
        ids = reader.track(config.vocabulary.encode(text))
        named = f"{','.join(reader.columns)} {ids.shape} ".encode()
        yield digest(named + ids.astype("<i4").tobytes())


def reads_all_cues() -> bool:
    """Whether the shipped model reads all cues there are."""
    return set(shipped().config.network.cues) == set(CUES_OF_ONE)


def digest(data: bytes) -> str:
    """The SHA-256 of ``data``."""
    return hashlib.sha256(data).hexdigest()


# Tunes


@cache
def _composer() -> Composer:
    return Composer(shipped())


def generated(
    prompt: str, options: Row, *, seed: int, numbers: Sequence[int], rivals: int
) -> list[GeneratedTune]:
    """Tunes as the command ``generate`` writes them with these options."""
    settings = Settings(**options)
    return _composer().generate(
        read_prompt(prompt, settings.header()),
        sampling=settings.sampling(),
        seed=seed,
        numbers=numbers,
        max_characters=settings.max_chars,
        raw=settings.raw,
        requirements=settings.requirements(),
        rivals=rivals,
    )


def generated_row(tune: GeneratedTune) -> Row:
    """What is known of a tune beside its text."""
    return {
        "characters": tune.characters,
        "ended": tune.ended,
        "forced": tune.forced,
        "log2_probability": round(float(tune.log2_probability), 6),
        "read": digest(tune.read.encode()),
        "reference_number": tune.reference_number,
        "returns": tune.returns,
        "taken": round(float(tune.taken), 6),
    }


def note_surprises(text: str) -> list[list[Any]]:
    """Of each note of a tune: its bar, its text, its bits and the bits before it."""
    canonical = without_number(write_tune(parse_tunebook(text)[0].tune))
    found = surprise(Network(shipped()), canonical)
    return [
        [note.bar, note.text, round(float(note.bits), 4), round(float(note.before_bits), 4)]
        for note in found.notes
    ]


# Commands


def run_command(args: Sequence[str], stdin: str | None = None) -> Result:
    """The command line with these arguments, in the current folder, 100 columns wide."""
    plain = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "FORCE_COLOR": None}
    return CliRunner().invoke(app, list(args), input=stdin, env=plain, prog_name="abclm")


def run_line(line: str) -> Result:
    """A command as it is typed in a shell, without the name of the program."""
    return run_command(shlex.split(line))


def commands() -> list[tuple[str, ...]]:
    """The words of each command, of those within commands too; none for the program itself."""
    found = (_commands(load_command(name), (name,)) for name in sorted(COMMANDS))
    return [(), *chain.from_iterable(found)]


def _commands(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield words
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        yield from _commands(inner, (*words, name))


def undated(text: str, folder: Path) -> str:
    """``text`` without the times and folders in it that differ from run to run."""
    text = text.replace(str(folder.resolve()), "FOLDER").replace(str(folder), "FOLDER")
    return re.sub(
        r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?", "DATE", text
    )


# Notation


@dataclass(frozen=True)
class Text:
    """A file of the tests as abclm reads it."""

    name: str
    text: str


def texts(folders: Sequence[str]) -> list[Text]:
    """The tunebooks in folders of the tests, by name."""
    paths = sorted(path for folder in folders for path in (ROOT / "tests" / folder).glob("*.abc"))
    return [
        Text(path.relative_to(ROOT / "tests").as_posix(), decode_source(path.read_bytes()))
        for path in paths
    ]


def found_in(text: str) -> Row:
    """What ``validate`` finds, loosely and strictly, and its remarks."""
    loose, strict = examine(text), examine(text, strict=True)
    return {
        "problems": [_line(one) for one in loose.problems],
        "remarks": [_line(one) for one in loose.remarks],
        "strict": [_line(one) for one in strict.problems if one not in loose.problems],
        "only_loose": [_line(one) for one in loose.problems if one not in strict.problems],
    }


def mended(text: str) -> Row:
    """What ``validate --fix`` makes of a text; its lines where it changes any."""
    fixed = fix(text)
    changed = fixed.text != text
    return {
        "changes": [_line(one) for one in fixed.changes],
        "text": fixed.text.splitlines(keepends=True) if changed else "unchanged",
    }


def a_tone_up(text: str) -> list[str]:
    """A text moved up by a tone, line by line, or why it cannot be."""
    return _lines_or_reason(lambda: transpose(text, BySemitones(2)))


def canonical(text: str) -> list[list[str]]:
    """Each tune of a text in canonical writing, line by line."""
    return [
        _lines_or_reason(lambda tune=parsed.tune: write_tune(tune))
        for parsed in parse_tunebook(text)
    ]


def sounding(text: str) -> list[str]:
    """A hash of all that is heard of each tune of a text, and how many notes that is."""
    return [_heard(parsed.tune) for parsed in parse_tunebook(text)]


def _heard(tune: Any) -> str:
    lines = []
    for swing in (False, True):
        for voice in perform(tune, swing=swing):
            lines.append(f"voice {voice.name!r} {voice.drums}")
            lines += [f"{one.onset} {_sign(one.value)}" for one in voice.signatures]
            lines += [
                f"{note.onset} {note.duration} {note.pitches} {note.names} "
                f"{note.graces} {note.grace_names} {note.joined}"
                for note in voice.notes
            ]
    return f"{len(lines)} lines {digest(chr(10).join(lines).encode('utf-8', 'replace'))}"


def _sign(value: Any) -> str:
    if isinstance(value, Tempo):
        return " ".join(str(getattr(value, name)) for name in Tempo.__dataclass_fields__)
    return str(value)


def engraved(text: str) -> list[str]:
    """A hash of the MEI of each tune of a text, without title and with it."""
    return [
        _hash_or_reason(lambda tune=parsed.tune, titled=titled: write_mei(tune, titled=titled))
        for parsed in parse_tunebook(text)
        for titled in (False, True)
    ]


def played(text: str) -> list[list[str]]:
    """The notes of the MIDI file of each tune: ``track start end pitch``, times in ticks."""
    return [_played(parsed.tune) for parsed in parse_tunebook(text)]


def _played(tune: Any) -> list[str]:
    try:
        data = midi_bytes(tune)
    except AbclmError as error:
        return [f"{type(error).__name__}: {error}"]
    return [
        f"{note.track} {round(note.start * TICKS)} "
        f"{'-' if note.end is None else round(note.end * TICKS)} {note.pitch}"
        for note in midi_notes(data)
    ]


def _line(problem: Any) -> str:
    return f"{problem.line}:{problem.column} {problem.rule}: {problem.message}"


def _lines_or_reason(make: Any) -> list[str]:
    try:
        return list(make().splitlines(keepends=True))
    except AbclmError as error:
        return [f"{type(error).__name__}: {error}"]


def _hash_or_reason(make: Any) -> str:
    try:
        return digest(make().encode("utf-8", "replace"))
    except AbclmError as error:
        return f"{type(error).__name__}: {error}"
