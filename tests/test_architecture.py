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
EVERYWHERE = {"abclm", "abclm.errors", "abclm.option", "abclm.processes"}
ROOMS = (
    "files",
    "untrusted",
    "notation",
    "reading",
    "corpus",
    "model",
    "decoding",
    "constraint",
    "originality",
    "compose",
    "ledger",
    "render",
    "evaluate",
    "api",
    "editor",
    "server",
    "cli",
)
"""A room imports only from those before it."""
SUB_ROOMS = {
    "notation": ("syntax", "tune", "parse", "play", "write", "check", "cursor"),
    "model": ("cues", "checkpoint", "training"),
    "render": ("sound", "midi", "player", "engrave", "roll", "musicxml", "page", "sheet"),
    "evaluate": ("features", "apart", "report", "voices"),
}
"""The same inside a room; its own files stand beside them."""
LIGHT_MODEL = {
    "abclm.model.checkpoint.checkpoint",
    "abclm.model.cues.reader",
    "abclm.model.cues.direct",
    "abclm.model.rows_text",
    "abclm.model.settings",
    "abclm.model.text",
    "abclm.model.checkpoint.title_list",
    "abclm.model.vocabulary",
    "abclm.model.checkpoint.tensor_file",
    "abclm.model.checkpoint.weights",
}
"""What of ``model`` the decoder may import: no TensorFlow behind it."""
LIGHT = {
    **dict.fromkeys(("decoding", "constraint", "originality", "compose"), LIGHT_MODEL),
    "evaluate": LIGHT_MODEL | {"abclm.model.checkpoint.history"},
}
ONLY_IN = {
    "keras": "model",
    "tensorflow": "model",
    "matplotlib": "evaluate",
    "sklearn": "evaluate",
    "threadpoolctl": "evaluate",
    "music21": "render",
    "verovio": "render",
    "midirenderer": "render",
    "miniaudio": "render",
    "reportlab": "render",
    "pypdfium2": "render",
    "typer": "cli",
    "rich": "cli",
    "platformdirs": "files",
    "segno": "server",
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
        if not room or not name.startswith("abclm") or name in EVERYWHERE:
            continue
        target = name.split(".")[1]
        assert ROOMS.index(target) <= ROOMS.index(room), name
        if room in LIGHT and target == "model":
            assert name in LIGHT[room]


@pytest.mark.parametrize("room", SUB_ROOMS)
def test_a_sub_room_imports_only_from_those_before_it(room: str) -> None:
    order = SUB_ROOMS[room]
    folders = {path.name for path in (PACKAGE / room).iterdir() if (path / "__init__.py").exists()}
    assert folders == set(order)
    for place, name in enumerate(order):
        for path in (PACKAGE / room / name).rglob("*.py"):
            for target in imports(path):
                parts = target.split(".")
                if parts[:2] == ["abclm", room] and len(parts) > 2 and parts[2] in order:
                    assert order.index(parts[2]) <= place, f"{path}: {target}"


def test_no_two_files_import_each_other_in_a_circle() -> None:
    """Each file can be read behind those that it imports, also those it imports when it runs."""
    waiting = {
        module_of(path): imported_modules(path) - {module_of(path)}
        for path in MODULES
        if room_of(path)
    }
    waiting = {name: needed & waiting.keys() for name, needed in waiting.items()}
    while free := [name for name, needed in waiting.items() if not needed]:
        for name in free:
            del waiting[name]
        for needed in waiting.values():
            needed.difference_update(free)
    assert not waiting


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_modules(path: Path) -> set[str]:
    """The modules of abclm that a file imports."""
    modules = {module_of(one) for one in MODULES}
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            whole = {f"{node.module}.{alias.name}" for alias in node.names} & modules
            found.update(whole or {node.module or ""})
    return found & modules


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


AUDIO = ("miniaudio", "midirenderer", "pretty_midi")
HEAVY = ("tensorflow", "keras", "music21", "verovio", "matplotlib", "sklearn", *AUDIO)


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
        "import abclm\nabclm.load, abclm.read, abclm.validate",
        "import abclm.compose.generation, abclm.notation.check.validate",
        "import abclm.corpus.build, abclm.corpus.store",
        "import abclm.evaluate.evaluation, abclm.evaluate.report.report",
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
