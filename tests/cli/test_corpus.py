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
        (["build", "unknown"], "no recipe 'unknown'; there are: irish"),
        (["build", "irish", "empty.abc"], "is a shipped recipe"),
        (["show", "mine"], "no corpus 'mine'"),
    ]
    for args, message in cases:
        done = run("corpus", *args)
        assert done.exit_code == 2
        assert message in done.stderr
        assert not (folder / "corpora").exists()
