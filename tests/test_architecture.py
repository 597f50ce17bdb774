"""The one-way rule between the rooms, and what the quick commands may not import."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import abclm
from abclm import errors

PACKAGE = Path(abclm.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
EVERYWHERE = {"abclm", "abclm.errors", "abclm.processes"}
MAY_IMPORT = {
    "files": set(),
    "untrusted": set(),
    "notation": set(),
    "corpus": {"untrusted", "notation"},
    "model": {"untrusted", "corpus", "notation"},
    "compose": {"untrusted", "notation", "model"},
    "render": {"untrusted", "notation"},
    "evaluate": {"notation", "corpus", "model", "compose", "render"},
    "editor": {"notation", "corpus", "model", "compose", "render"},
    "cli": {"untrusted", "notation", "corpus", "model", "compose", "render", "evaluate", "editor"},
}
LIGHT_MODEL = {
    "abclm.model.checkpoint",
    "abclm.model.cues",
    "abclm.model.direct",
    "abclm.model.settings",
    "abclm.model.text",
    "abclm.model.title_list",
    "abclm.model.vocabulary",
    "abclm.model.weights",
}
"""What of ``model`` the decoder may import: no TensorFlow behind it."""
LIGHT = {"compose": LIGHT_MODEL, "evaluate": LIGHT_MODEL | {"abclm.model.history"}}
ONLY_IN = {
    "keras": "model",
    "tensorflow": "model",
    "matplotlib": "evaluate",
    "sklearn": "evaluate",
    "threadpoolctl": "evaluate",
    "music21": "render",
    "verovio": "render",
    "midirenderer": "render",
    "typer": "cli",
    "rich": "cli",
    "platformdirs": "files",
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_from_rooms_above_it(path: Path) -> None:
    room = room_of(path)
    for name in imports(path):
        if not name.startswith("abclm") or name in EVERYWHERE:
            continue
        target = name.split(".")[1]
        assert not room or target in {room, "files"} | MAY_IMPORT[room], name
        if room in LIGHT and target == "model":
            assert name in LIGHT[room]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_heavy_package_has_one_room(path: Path) -> None:
    for name in imports(path):
        room = ONLY_IN.get(name.split(".")[0])
        assert room is None or room_of(path) == room, name


BEHIND_THE_GATE = {"Console", "Live", "Progress", "Status", "print", "track"}


def test_what_writes_colours_to_the_terminal_is_behind_its_gate() -> None:
    for path in MODULES:
        if path.relative_to(PACKAGE).as_posix() == "cli/console.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rich"):
                assert not BEHIND_THE_GATE & {alias.name for alias in node.names}, path


def test_notation_stands_on_the_standard_library_alone() -> None:
    allowed = {*sys.stdlib_module_names, "abclm"}
    for path in (PACKAGE / "notation").rglob("*.py"):
        assert {name.split(".")[0] for name in imports(path)} <= allowed


HEAVY = ("tensorflow", "keras", "music21", "verovio", "matplotlib", "sklearn")


def modules_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import abclm.cli",
        "import abclm.compose.generation, abclm.notation.validate",
        "import abclm.corpus.build, abclm.corpus.store",
        "import abclm.evaluate.evaluation, abclm.evaluate.report",
    ],
)
def test_quick_commands_import_nothing_heavy(code: str) -> None:
    assert not modules_after(code).intersection(HEAVY)


def test_help_does_not_import_numpy() -> None:
    assert "numpy" not in modules_after("import abclm.cli")


def test_every_error_stands_in_the_tree_that_is_drawn() -> None:
    for name in errors.__all__:
        assert name in (errors.__doc__ or "")
        assert issubclass(getattr(errors, name), errors.AbclmError)


def test_all_names_exist() -> None:
    """``__all__`` of every module lists what can be imported."""
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        defined = {
            name.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            for name in ast.walk(target)
            if isinstance(name, ast.Name)
        }
        defined |= {
            node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        imported = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for node in tree.body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                assert set(ast.literal_eval(node.value)) <= defined | imported, path
