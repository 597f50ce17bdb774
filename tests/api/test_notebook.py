"""The notebook of the API runs, and prints what it shows.

``RENEW_GOLDENS=1 pytest tests/api/test_notebook.py`` puts what it prints now into it.
"""

import io
import json
import os
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

NOTEBOOK = Path(__file__).parents[2] / "docs" / "api.ipynb"


def printed(source: list[str], names: dict[str, Any]) -> str:
    """What a cell prints."""
    stream = io.StringIO()
    with redirect_stdout(stream):
        exec(compile("".join(source), "api.ipynb", "exec"), names)
    return stream.getvalue()


def test_every_cell_runs_and_prints_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        text = printed(cell["source"], names)
        lines = text.splitlines(keepends=True)
        shown = [{"name": "stdout", "output_type": "stream", "text": lines}] if text else []
        if os.environ.get("RENEW_GOLDENS"):
            cell["outputs"] = shown
        assert cell["outputs"] == shown
    if os.environ.get("RENEW_GOLDENS"):
        renewed = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        NOTEBOOK.write_text(renewed, encoding="utf-8")
