import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.corpus.test_build import good
from tests.reading.midi_files import in_a_row, midi


def test_own_tunebooks_become_a_corpus(run: Run, folder: Path) -> None:
    for name, numbers in (("a.abc", range(1, 4)), ("b.abc", range(4, 8))):
        (folder / name).write_text("".join(map(good, numbers)), encoding="utf-8")
    done = run("corpus", "build", "mine", "a.abc", "b.abc", "--json")
    assert done.exit_code == 0
    report = json.loads(done.stdout)
    assert (report["read"], report["kept"], report["dropped"]) == (7, 7, {})
    assert [source["name"] for source in report["sources"]] == ["a.abc", "b.abc"]
    assert "mine             7 tunes" in run("corpus", "list").stdout
    assert "train: 6 tunes" in run("corpus", "show", "mine").stdout


def test_bad_input_is_one_line_and_nothing_is_written(run: Run, folder: Path) -> None:
    (folder / "empty.abc").write_bytes(b"")
    (folder / "binary.abc").write_bytes(b"\0\1\2\3")
    cases = [
        (["build", "mine", "empty.abc"], "0 tunes found"),
        (["build", "mine", "binary.abc"], "not a text file"),
        (["build", "mine", "missing.abc"], "no such file"),
        (["build", "unknown"], "no recipe 'unknown'; there are: cello, chorales, irish"),
        (["build", "irish", "empty.abc"], "is a shipped recipe"),
        (["build", "quartets"], "needs a folder of yours with OpenScore String Quartets (*.mxl"),
        (["build", "cello", "."], ".: has no file to read: *.mid*"),
        (["build", "chorales", "--voices", "2"], "--voices and --performance are for your own"),
        (["build", "mine", "empty.abc", "--voices", "99"], "voices is 99; it must be 1 to"),
        (["show", "mine"], "no corpus 'mine'"),
        (["build", "../../x"], "no recipe '../../x'; there are: cello, chorales, irish"),
        (["build", "../x", "empty.abc"], "'../x' cannot name a corpus"),
        (["build", str(folder / "x"), "empty.abc"], "cannot name a corpus"),
    ]
    for args, message in cases:
        done = run("corpus", *args)
        assert done.exit_code == 2
        assert message in done.stderr
        assert not (folder / "corpora").exists()


def test_a_damaged_corpus_is_named_and_the_others_are_listed(run: Run, folder: Path) -> None:
    (folder / "a.abc").write_text("".join(map(good, range(1, 5))), encoding="utf-8")
    assert run("corpus", "build", "mine", "a.abc").exit_code == 0
    report = json.loads((folder / "corpora" / "mine" / "corpus.json").read_text(encoding="utf-8"))
    odd: tuple[object, ...] = (None, 7, "x", [], [1], {"a": 1}, float("nan"))
    for place, (key, value) in enumerate((key, value) for key in report for value in odd):
        (folder / "corpora" / f"x{place}").mkdir()
        text = json.dumps(report | {key: value})
        (folder / "corpora" / f"x{place}" / "corpus.json").write_text(text, encoding="utf-8")
    done = run("corpus", "list")
    assert done.exit_code == 0
    assert "mine             4 tunes" in done.stdout
    assert "x0/corpus.json: made by another version" in done.stderr
    for line in done.stderr.splitlines():
        assert line.startswith("left out: corpora/x")


def test_scores_of_several_voices_become_a_corpus_and_remarks_are_one_line(
    run: Run, folder: Path
) -> None:
    (folder / "scores" / "inner").mkdir(parents=True)
    for number in range(6):
        steps = [STEPS[(place * (number + 1) + number) % 7] for place in range(32)]
        path = folder / "scores" / "inner" / f"{number}.musicxml"
        path.write_text(duet(steps), encoding="utf-8")
    (folder / "scores" / "broken.mxl").write_bytes(b"PK\3\4")
    done = run("corpus", "build", "mine", "scores", "--voices", "2", "--json")
    assert done.exit_code == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["read"], report["kept"]) == (7, 6)
    assert report["dropped"] == {"cannot be converted": 1}
    assert report["settings"]["filters"]["voices"] == 2
    text = (folder / "corpora" / "mine" / "train.abc").read_text(encoding="utf-8")
    assert "[V:1]" in text
    assert "[V:2]" in text


def test_midi_has_as_many_voices_as_wanted_and_the_highest_first(run: Run, folder: Path) -> None:
    (folder / "midi").mkdir()
    for number in range(4):
        low = in_a_row([48 + (place * (number + 1)) % 7 for place in range(32)])
        high = in_a_row([72 + (place * (number + 2)) % 7 for place in range(32)])
        (folder / "midi" / f"{number}.mid").write_bytes(midi(low, high))
        (folder / "midi" / f"one{number}.MID").write_bytes(midi([*low, *high]))
    done = run("corpus", "build", "mine", "midi", "--voices", "2", "--json")
    assert done.exit_code == 0, done.stderr
    assert "the key is guessed (8); abclm convert FILE says more\n" in done.stderr
    report = json.loads(done.stdout)
    assert report["read"] == 8
    assert set(report["dropped"]) <= {"exact duplicate"}
    for line in (folder / "corpora" / "mine" / "train.abc").read_text("utf-8").splitlines():
        if line.startswith("[V:1]"):
            upper, lower = line.removeprefix("[V:1]").split("[V:2]")
            assert "," not in upper
            assert "," in lower


STEPS = "CDEFGAB"


def duet(steps: list[str]) -> str:
    """MusicXML of two voices in eight bars of quarter notes."""
    parts = ""
    for part, octave in (("P1", 5), ("P2", 3)):
        bars = ""
        for start in range(0, 32, 4):
            notes = "".join(
                f"<note><pitch><step>{step}</step><octave>{octave}</octave></pitch>"
                "<duration>1</duration></note>"
                for step in steps[start : start + 4]
            )
            first = (
                "<attributes><divisions>1</divisions><time><beats>4</beats>"
                "<beat-type>4</beat-type></time></attributes>"
            )
            bars += f'<measure number="{start // 4 + 1}">{first * (not start)}{notes}</measure>'
        parts += f'<part id="{part}">{bars}</part>'
    names = "".join(f'<score-part id="{part}"><part-name/></score-part>' for part in ("P1", "P2"))
    return f"<score-partwise><part-list>{names}</part-list>{parts}</score-partwise>"
