"""A session of commands that log what they make: all they print, and the same made again."""

import json
from pathlib import Path

import pytest

from tests.goldens import golden, subject

pytestmark = pytest.mark.slow

SESSION = """
generate --rhythm jig --key D --seed 5
generate --seed 8 --raw
generate --form AABB --bars 8 --candidates 1 --seed 9 -o book.abc
generate --best-of 3 --key G --seed 4 --candidates 1
generate 'R:reel\\nK:G\\n|:G2BG' --seed 6 --temperature 1
tweak 1 --key G
tweak 1 --temperature 0 --title Cold
tweak 6 --form AABB --seed 3
more 1 -n 2 --seed 12
more 7 -n 1 --seed 13
keep 1 'First Kept'
keep 6 'Second Kept' -o other.abc
redo kept.abc --bars 3-4 --pick 2 --seed 7
redo kept.abc --section B --bars 2 --pick 1 --seed 7 --in-place
second-part kept.abc --seed 3 --pick 2 -n 3
second-part other.abc --bars 4 --seed 3 --pick 1 -n 2 --in-place
redo other.abc --bars 1-2 --seed 2 --pick 1 -n 2
continue begun.abc --seed 4
continue begun.abc --bars 2 -n 2 --pick 2 --seed 4
redo kept.abc --bars 99 --seed 1
history
history 1
history -n 3
show 1
show 7
show 12
show 1 --plan
show other.abc --plan
show 99
""".strip().splitlines()
BEGUN = "X:1\nT:Begun\nM:2/4\nL:1/8\nK:G\n|:GA Bc|d2 B>A|G"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ABCLM_DATA", str(tmp_path / "data"))
    (tmp_path / "begun.abc").write_text(BEGUN, encoding="utf-8")
    return tmp_path


def test_a_session_prints_what_it_did_and_every_tune_is_made_again(folder: Path) -> None:
    parts = []
    for line in SESSION:
        done = subject.run_line(line)
        ending = f"exit code {done.exit_code}\n" if done.exit_code else ""
        parts.append(f"$ abclm {line}\n{done.stdout}--\n{done.stderr}{ending}")
    parts += [
        f"{path.name}:\n{path.read_text(encoding='utf-8')}" for path in sorted(folder.glob("*.abc"))
    ]
    golden.check_text("ledger/session.txt", subject.undated("\n".join(parts), folder))
    listed = subject.run_line("history --json").stdout
    table = {str(row["id"]): row for row in json.loads(subject.undated(listed, folder))}
    golden.check_table("ledger/history.json", table)
    for number in table:
        shown, again = subject.run_line(f"show {number}"), subject.run_line(f"replay {number}")
        assert (again.exit_code, again.stdout) == (0, shown.stdout), number
        assert again.stderr == "the same, byte for byte\n"
