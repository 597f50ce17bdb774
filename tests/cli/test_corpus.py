import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.corpus.test_build import good


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
