"""One-line mutations of the code, and whether the unit tests of their room notice them.

    python benchmarks/mutants.py [--only planning] [--from 1]

Each mutation is put into a copy of the project, where the named tests run until one fails. The
golden files are not among them: they say that something changed, not which behaviour is wrong.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("abclm", "benchmarks", "checkpoints", "corpora", "docs", "tests")


@dataclass(frozen=True)
class Mutant:
    """A change of one line.

    Attributes:
        file: below ``abclm``.
        old: text that the file has once.
        new: what it becomes.
        tests: files or folders below ``tests`` of which one has to notice, with blanks between.
    """

    file: str
    old: str
    new: str
    tests: str

    def __post_init__(self) -> None:
        count = (ROOT / "abclm" / self.file).read_text("utf-8").count(self.old)
        if count != 1:
            raise ValueError(f"{self.file} has {self.old!r} {count} times")

    def __str__(self) -> str:
        return f"{self.file}: {self.old.strip()}  ->  {self.new.strip()}"


CURSOR = "notation/cursor"
RULES = "notation/check"
GRAMMAR = "constraint/test_grammar.py"
PITCHES = "constraint/test_pitch_rules.py"
CUES = "model/cues"

MUTANTS = [
    # notation.cursor: time, form, bars, pitches, plan
    Mutant("notation/cursor/time.py", "self.bar - self.used", "self.bar - self.gone", CURSOR),
    Mutant("notation/cursor/time.py", "share=self.following", "share=SIXTEENTHS", CURSOR),
    Mutant("notation/cursor/time.py", "missing - 1) if", "missing) if", CURSOR),
    Mutant("notation/cursor/time.py", "2 ** len(slashes)", "2 * len(slashes)", CURSOR),
    Mutant("notation/cursor/time.py", "numbers[2] or notes", "notes", CURSOR),
    Mutant(
        "notation/cursor/time.py",
        "parse_meter(value) or FREE",
        "parse_meter(value) or self.meter",
        CURSOR,
    ),
    Mutant("notation/cursor/form.py", "due=before > 0 and not whole", "due=False", CURSOR),
    Mutant("notation/cursor/form.py", "max(self.bars, self.common)", "self.bars", CURSOR),
    Mutant("notation/cursor/form.py", "borrowed = last if short else 0", "borrowed = 0", CURSOR),
    Mutant("notation/cursor/form.py", "self.sections - reopened", "self.sections", CURSOR),
    Mutant("notation/cursor/form.py", "return left == self.pickup", "return left == 0", CURSOR),
    Mutant(
        "notation/cursor/form.py",
        "keeps = not self.lines or (closed and self.ending == SECOND_ENDING)",
        "keeps = not self.lines",
        CURSOR,
    ),
    Mutant("notation/cursor/bar_memory.py", "PICKUP if short else 0", "0", CURSOR),
    Mutant("notation/cursor/form.py", "max(bars, self.number + 1)", "bars", CURSOR),
    Mutant("notation/cursor/bar_memory.py", "step + OCTAVE_MARKS", "step - OCTAVE_MARKS", CURSOR),
    Mutant(
        "notation/cursor/cursor.py",
        "if not self.voice and not (self.time.begun or self.form.lines):",
        "if not self.voice:",
        CURSOR,
    ),
    Mutant("notation/cursor/cursor.py", "self.opening or here", "here", CURSOR),
    Mutant("notation/cursor/music.py", "holding=pitches.tied", "holding=False", CURSOR),
    Mutant("notation/cursor/music.py", 'self.text == ".":', 'self.text == ",":', CURSOR),
    Mutant("notation/cursor/pitch.py", 'carried=(), accidental=""', 'accidental=""', CURSOR),
    Mutant(
        "notation/cursor/plan_reader.py",
        "VARIED_FROM: Final = 0.6",
        "VARIED_FROM: Final = 0.8",
        CURSOR,
    ),
    Mutant("notation/cursor/plan_reader.py", "% 7 + 1 if steps", "% 7 if steps", CURSOR),
    Mutant(
        "notation/cursor/plan.py", "len(name) > 1 and name[0] not in known", "len(name) > 9", CURSOR
    ),
    # constraint: metre, sections, grammar, pitches, plan
    Mutant(
        "constraint/metre.py",
        "moment.last >= 2 * self._shortest",
        "moment.last >= self._shortest",
        GRAMMAR,
    ),
    Mutant("constraint/metre.py", "moment.last not in {0, length}", "moment.last < 0", GRAMMAR),
    Mutant("constraint/metre.py", "_MOST_UNITS = 32", "_MOST_UNITS = 8", GRAMMAR),
    Mutant(
        "constraint/metre.py", "moment.used <= aims.pickup", "moment.used < aims.pickup", GRAMMAR
    ),
    Mutant("constraint/sections.py", "_MOST_BARS: Final = 16", "_MOST_BARS: Final = 24", GRAMMAR),
    Mutant("constraint/sections.py", "pickup=bar // 2", "pickup=bar - 1", GRAMMAR),
    Mutant("constraint/sections.py", "and form.lines > 1", "and form.lines > 0", GRAMMAR),
    Mutant(
        "constraint/sections.py",
        "form.ending > FIRST_ENDING",
        "form.ending >= FIRST_ENDING",
        GRAMMAR,
    ),
    Mutant(
        "constraint/sections.py",
        "number % PHRASE == 0 and number >= form.first_bars",
        "number % PHRASE == 0",
        GRAMMAR,
    ),
    Mutant("constraint/grammar.py", "_MOST_GRACES: Final = 4", "_MOST_GRACES: Final = 5", GRAMMAR),
    Mutant(
        "constraint/grammar.py", "if is_chord and notes > 1:", "if is_chord and notes:", GRAMMAR
    ),
    Mutant(
        "constraint/grammar.py",
        "if not cursor.time.broken:",
        "if not cursor.pitches.tied:",
        GRAMMAR,
    ),
    Mutant("constraint/grammar.py", "if value in self._keys:", "if value:", GRAMMAR),
    Mutant(
        "constraint/tune_grammar.py",
        'elif ":|" in text and form.ending == SECOND_DUE:',
        'elif ":|||" in text:',
        GRAMMAR,
    ),
    Mutant(
        "constraint/tune_grammar.py",
        "if repeated is not True:",
        "if repeated is not None:",
        GRAMMAR,
    ),
    Mutant(
        "constraint/pitch_rules.py",
        "return found + _FERMATA if _is_broken(cursor) else found",
        "return found",
        PITCHES,
    ),
    Mutant(
        "constraint/pitch_rules.py",
        "_MIDDLE_C + NATURAL_SEMITONES[pitch.letter] + sign",
        "_MIDDLE_C + NATURAL_SEMITONES[pitch.letter]",
        PITCHES,
    ),
    Mutant(
        "constraint/planned_copy.py",
        "if end is None or _BAR_ENDS.isdisjoint(nodes.at(end).successors):",
        "if end is None:",
        "constraint/test_planned_copies.py",
    ),
    Mutant(
        "constraint/planned_copy.py",
        "None if ending or not memory.begins",
        "None if not memory.begins",
        "constraint/test_planned_copies.py",
    ),
    Mutant(
        "constraint/planning.py",
        "_MOST_BARS: Final = 16",
        "_MOST_BARS: Final = 20",
        "constraint/test_planning.py",
    ),
    Mutant(
        "constraint/planning.py",
        "if not marks or last in others",
        "if LETTERS",
        "constraint/test_planning.py",
    ),
    Mutant(
        "constraint/planning.py",
        "max(_least_length(sections), _in_phrases(given)",
        "max(PHRASE, _in_phrases(given)",
        "constraint/test_planning.py",
    ),
    Mutant(
        "constraint/tune_constraint.py",
        'again = f"|:{again}" if asked[0].repeated else again',
        'again = f"|:{again}"',
        "constraint/test_tune_constraint.py",
    ),
    Mutant(
        "constraint/header.py",
        "if mine is not None and mine != value:",
        "if mine is not None and not mine:",
        "constraint/test_prompt.py constraint/test_header.py",
    ),
    # model.cues
    Mutant("model/cues/bar_cues.py", "_MOST_BARS - 7 + (bars", "_MOST_BARS - 8 + (bars", CUES),
    Mutant("model/cues/bar_cues.py", "        return 3\n", "        return 2\n", CUES),
    Mutant("model/cues/bar_cues.py", "1 + min(form.sections", "min(form.sections", CUES),
    Mutant("model/cues/bar_cues.py", "_left(left - form.pickup,", "_left(left,", CUES),
    Mutant(
        "model/cues/form_cues.py", "bar > PICKUP and left <= 1", "bar > PICKUP and left <= 0", CUES
    ),
    Mutant("model/cues/form_cues.py", "1 + left // _TICKS", "left // _TICKS", CUES),
    Mutant("model/cues/form_cues.py", "max(0, kind - BarKind.COPY)", "0 * kind", CUES),
    Mutant(
        "model/cues/followers.py",
        "run = self.run + 1 if steps == self.steps else 1",
        "run = 1",
        CUES,
    ),
    Mutant("model/cues/echo.py", "_MATCHED: Final = 4", "_MATCHED: Final = 5", CUES),
    Mutant("model/cues/progress.py", "bar - 4, 0)) if bar >= 4", "bar - 3, 0)) if bar >= 4", CUES),
    Mutant("model/cues/direct.py", '    ("tuplet", "bar"),\n', "", CUES),
    # decoding
    Mutant(
        "decoding/sampling.py",
        "(mass < wanted).sum(axis=1) + 1",
        "(mass < wanted).sum(axis=1)",
        "decoding",
    ),
    Mutant("decoding/sampling.py", "_SUM_ROUNDING = 1e-12", "_SUM_ROUNDING = 0.0", "decoding"),
    Mutant("decoding/sampling.py", ', kind="stable"', "", "decoding"),
    Mutant(
        "decoding/sampling.py",
        "math.expm1(2 * tolerance / scale)",
        "0.0 * scale * tolerance",
        "decoding",
    ),
    Mutant(
        "decoding/batch.py",
        "cooled = 0 < sampling.temperature < 1",
        "cooled = 0 > sampling.temperature",
        "decoding/test_tune_in_progress.py compose/test_generation.py",
    ),
    Mutant(
        "decoding/batch.py",
        "len(tune.ids) >= self._max",
        "len(tune.ids) > self._max",
        "decoding/test_tune_in_progress.py compose/test_generation.py",
    ),
    Mutant(
        "decoding/tune_in_progress.py",
        "_MOST_RETURNS = 3",
        "_MOST_RETURNS = 2",
        "decoding/test_tune_in_progress.py compose/test_generation.py",
    ),
    Mutant(
        "decoding/tune_in_progress.py",
        "MOST_REMOVED = 0.7\n",
        "MOST_REMOVED = 0.9\n",
        "decoding/test_tune_in_progress.py compose/test_generation.py",
    ),
    Mutant(
        "decoding/cells.py",
        "0.5 if place < 3 else 1.0",
        "0.5 if place < 2 else 1.0",
        "decoding/test_decoder.py",
    ),
    Mutant(
        "decoding/decoder.py",
        "self._direct *= DIRECT_SCALE",
        "self._direct *= 1.0",
        "decoding/test_decoder.py",
    ),
    # notation.check
    Mutant("notation/check/rules/lengths.py", "_FEW = 2", "_FEW = 3", RULES),
    Mutant(
        "notation/check/rules/lengths.py",
        "elif bar.duration == 2 * full:",
        "elif bar.duration == 3 * full:",
        RULES,
    ),
    Mutant(
        "notation/check/rules/notes.py",
        "_LOWEST, _HIGHEST = -4, 4",
        "_LOWEST, _HIGHEST = -5, 5",
        RULES,
    ),
    Mutant(
        "notation/check/rules/notes.py",
        "Fraction(1, 256), Fraction(64)",
        "Fraction(1, 256), Fraction(640)",
        RULES,
    ),
    Mutant(
        "notation/check/rules/pickups.py",
        "return missing < self.pickup and",
        "return bool(missing) and",
        RULES,
    ),
    Mutant(
        "notation/check/rules/pickups.py", "is_short and section.pickup in shown", "is_short", RULES
    ),
    Mutant(
        "notation/check/rules/repeats.py",
        "elif times[0] == 2 and first is None:",
        "elif times[0] == 3 and first is None:",
        RULES,
    ),
    Mutant("notation/check/rules/ties.py", "if len(wrong) < 2:", "if len(wrong) < 1:", RULES),
    Mutant("notation/check/rules/ties.py", " or bar.before.ending:", ":", RULES),
    Mutant(
        "notation/check/rules/header.py",
        "if begins and opened is not None:",
        "if begins and opened is token:",
        RULES,
    ),
    Mutant("notation/check/rules/alignment.py", "_USUAL = 4", "_USUAL = 3", RULES),
    Mutant(
        "notation/check/validate.py",
        "starts[max(0, bisect_right(starts, (problem.line, problem.column)) - 1)]",
        "starts[bisect_right(starts, (problem.line, problem.column)) - 1]",
        RULES,
    ),
    Mutant(
        "notation/check/validate.py",
        "starts[max(0, bisect_right(starts, ((one.line, one.column), len(written))) - 1)][1]",
        "starts[bisect_right(starts, ((one.line, one.column), len(written))) - 1][1]",
        RULES,
    ),
    Mutant(
        "notation/check/validate.py",
        "sum(part.writes_slurs for part in parts) > 1",
        "sum(part.writes_slurs for part in parts) > 2",
        RULES,
    ),
    # notation: bars, playing, writing
    Mutant(
        "notation/tune/bars.py",
        "return full - bar.duration if starts_section else _NOTHING",
        "return _NOTHING",
        "notation/tune notation/write notation/play",
    ),
    Mutant(
        "notation/tune/bars.py",
        "bar.before.ends_section and not bar.before.ending\n    return",
        "bar.before.ends_section\n    return",
        "notation/tune notation/write notation/play",
    ),
    Mutant(
        "notation/play/swing.py",
        "offset % (2 * quaver) == quaver",
        "offset % (2 * quaver) != quaver",
        "notation/play render/midi",
    ),
    Mutant(
        "notation/play/tempo.py",
        "return said[-1] if said",
        "return said[0] if said",
        "notation/play",
    ),
    Mutant(
        "notation/play/tempo.py", '"reel": (_HALF, 104)', '"reel": (_QUARTER, 104)', "notation/play"
    ),
    Mutant(
        "notation/play/playing.py",
        "written[start].before.colons(-1) + 1",
        "1",
        "notation/play",
    ),
    Mutant(
        "notation/play/playing.py",
        "written[index].after.colons(0) + 1",
        "written[index].after.colons(0)",
        "notation/play",
    ),
    Mutant(
        "notation/write/rescale.py",
        "text if inside > 0 else",
        "text if inside > 1 else",
        "notation/write",
    ),
    Mutant(
        "notation/write/lengths.py",
        "> 2 * len(base) + len(mark)",
        ">= 2 * len(base) + len(mark)",
        "notation/write",
    ),
    Mutant(
        "notation/write/transpose.py",
        "if new != token.text and not is_drum:",
        "if new != token.text:",
        "notation/write",
    ),
    # originality, ledger, files, untrusted
    Mutant("originality/comparison.py", "if share >= HALF:", "if share > HALF:", "originality"),
    Mutant(
        "originality/comparison.py",
        "continues &= self._all_keys[here] == _key(shape)",
        "continues &= self._follows[here]",
        "originality",
    ),
    Mutant(
        "originality/comparison.py",
        "if distinct >= _FEW_BARS",
        "if distinct > _FEW_BARS",
        "originality",
    ),
    Mutant("originality/index.py", "counts[number] = 0", "counts[number] += 0", "originality"),
    Mutant("ledger/file.py", "PRAGMA foreign_keys = ON", "PRAGMA foreign_keys = OFF", "ledger"),
    Mutant("ledger/file.py", '{"view", "trigger"}', '{"view"}', "ledger"),
    Mutant(
        "ledger/ledger.py",
        "reversed(children.get(tune.id, []))",
        "children.get(tune.id, [])",
        "ledger",
    ),
    Mutant("ledger/ledger.py", 'same = "SELECT MAX(id)', 'same = "SELECT MIN(id)', "ledger"),
    Mutant("files/writing.py", "before.st_nlink > 1", "before.st_nlink > 2", "files"),
    Mutant(
        "files/writing.py",
        "        _check_unchanged(target, instead_of)\n        temporary",
        "        temporary",
        "files",
    ),
    Mutant(
        "files/writing.py",
        "write_all(descriptor, content)\n    os.ftruncate(descriptor, len(content))",
        "write_all(descriptor, content)",
        "files",
    ),
    Mutant(
        "files/kinds.py", "os.path.realpath(path).casefold()", "os.path.realpath(path)", "files"
    ),
    Mutant("files/kinds.py", '    (b"RIFF", FileKind.WAV),\n', "", "files"),
    Mutant(
        "untrusted/strict_json.py",
        "_MOST_NESTED: Final = 32",
        "_MOST_NESTED: Final = 320",
        "untrusted",
    ),
    # compose
    Mutant(
        "compose/judge.py",
        "float(self.weights[buckets].astype(np.float64).sum()) + self.bias",
        "self.bias",
        "compose/test_judge.py",
    ),
    Mutant(
        "compose/judge.py",
        "weights -= change[:-1]",
        "weights -= 0 * change[:-1]",
        "compose/test_judge.py",
    ),
    Mutant(
        "compose/choosing.py",
        "_OWN, _FORCED, _LIKELY = 1.0, 0.05, 0.1",
        "_OWN, _FORCED, _LIKELY = 1.0, 0.0, 0.1",
        "compose/test_choosing.py",
    ),
    Mutant(
        "compose/choosing.py",
        "_LIKELY * self.bits_per_note",
        "0 * self.bits_per_note",
        "compose/test_choosing.py",
    ),
    Mutant(
        "compose/choosing.py",
        "+ (self.originality.verdict is Verdict.SAME)",
        "",
        "compose/test_choosing.py",
    ),
    Mutant(
        "compose/reasons.py",
        "_FINAL, _AGREE, _RHYME, _ANSWER = 1.0, 0.3, 0.4, 0.4",
        "_FINAL, _AGREE, _RHYME, _ANSWER = 1.0, 0.3, 0.0, 0.4",
        "compose/test_reasons.py",
    ),
    Mutant("compose/rivals.py", "_MISSED = 8.0", "_MISSED = 0.0", "compose/test_rivals.py"),
    Mutant(
        "compose/rivals.py",
        "self._judge.weigh(features) - forced",
        "self._judge.weigh(features)",
        "compose/test_rivals.py",
    ),
    # api
    Mutant("api/order.py", "_SEED_LIMIT = 2**32", "_SEED_LIMIT = 2**64", "api"),
    Mutant("api/order.py", "not 0 < self.max_copy <= 1", "not 0 <= self.max_copy <= 1", "api"),
    Mutant(
        "api/books.py",
        "            beside.unlink()\n            raise",
        "            raise",
        "api files",
    ),
    Mutant("api/remake.py", "seed=pick_seed(seed), first=0)", "seed=pick_seed(seed))", "api"),
    Mutant("api/history.py", "ledger.keep(number, name, book)", "ledger.get(number)", "api"),
    # render
    Mutant(
        "render/midi/score.py",
        "number if number < _DRUMS else number + 1) % 16",
        "number) % 16",
        "render/midi",
    ),
    Mutant("render/midi/score.py", "            duration -= each\n", "", "render/midi"),
    Mutant(
        "render/midi/midi.py",
        "_STOP, _SIGN, _START = range(3)",
        "_START, _SIGN, _STOP = range(3)",
        "render/midi",
    ),
    Mutant(
        "render/midi/midi.py",
        "before._replace(end=min(before.end, sounding.start))",
        "before",
        "render/midi",
    ),
    Mutant("render/page/playlist.py", "240_000 /", "60_000 /", "render/page"),
    Mutant(
        "render/page/playlist.py",
        "note.duration / 2 / len(chords)",
        "note.duration / len(chords)",
        "render/page",
    ),
    Mutant(
        "render/engrave/mei_values.py",
        "for dots in (0, 1, 2)",
        "for dots in (0, 1)",
        "render/engrave/test_mei.py",
    ),
    Mutant(
        "render/engrave/mei_values.py", ' and key.tonic != "HP"', "", "render/engrave/test_mei.py"
    ),
    # model, corpus, evaluate
    Mutant(
        "model/training/schedule.py",
        "(step + 1) / warmup",
        "step / warmup",
        "model/training/test_schedule.py",
    ),
    Mutant(
        "model/training/schedule.py",
        "used + length > characters",
        "used + length >= characters",
        "model/training/test_schedule.py",
    ),
    Mutant(
        "corpus/families.py",
        "shared < _NEARLY_EQUAL * longer",
        "shared <= _NEARLY_EQUAL * longer",
        "corpus/test_families.py",
    ),
    Mutant("corpus/families.py", "longer = max(len", "longer = min(len", "corpus/test_families.py"),
    Mutant(
        "evaluate/bits.py",
        "len(reading) + 1 for reading",
        "len(reading) for reading",
        "evaluate/test_bits.py",
    ),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", help="mutations whose line contains this")
    parser.add_argument("--from", type=int, default=1, dest="first", help="the first to try")
    chosen = parser.parse_args()
    mutants = [one for one in MUTANTS[chosen.first - 1 :] if chosen.only in str(one)]
    survived = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        copy_project(copy)
        if failed := run_tests(sorted({*" ".join(one.tests for one in mutants).split()}), copy):
            sys.exit(f"without any mutation there fails {failed}")
        for number, mutant in enumerate(mutants, chosen.first):
            noticed_by = run(mutant, copy)
            if not noticed_by:
                survived.append(mutant)
            print(
                f"{number:3} {'caught  ' if noticed_by else 'SURVIVED'} {mutant}  {noticed_by}",
                flush=True,
            )
    print(f"{len(mutants) - len(survived)} of {len(mutants)} caught")
    sys.exit(bool(survived))


def copy_project(folder: Path) -> None:
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ROOT.iterdir():
        if file.is_file():
            shutil.copy2(file, folder)


def run(mutant: Mutant, folder: Path) -> str:
    """The test that notices ``mutant`` in the copy in ``folder``; empty if none does."""
    original, file = ROOT / "abclm" / mutant.file, folder / "abclm" / mutant.file
    file.write_text(original.read_text("utf-8").replace(mutant.old, mutant.new), "utf-8")
    try:
        return run_tests(mutant.tests.split(), folder)
    finally:
        shutil.copy2(original, file)


def run_tests(names: Sequence[str], folder: Path) -> str:
    """The first of the tests ``names`` in the copy in ``folder`` that fails; empty if none does."""
    tests = [f"tests/{name}" for name in names]
    pytest = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        pytest, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode not in {0, 1, 2}:
        raise RuntimeError(done.stdout + done.stderr)
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].split(" - ")[0] if failed else ""


if __name__ == "__main__":
    main()
