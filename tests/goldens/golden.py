"""Files that hold what came out once, and the comparison with what comes out now.

After a change that is meant, ``RENEW_GOLDENS=1 pytest tests/goldens`` writes them anew; the
difference then belongs into the commit.

Numbers that come from products of matrices differ in their last places from one processor to
another. They may be `TOLERANCE` off, or nothing at all with ``EXACT_GOLDENS=1``, for two runs on
one machine.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

GOLDENS = Path(__file__).parent
TOLERANCE = 0.0 if os.environ.get("EXACT_GOLDENS") else 2e-4


def is_renewed() -> bool:
    """Whether the goldens are to be written anew."""
    return bool(os.environ.get("RENEW_GOLDENS"))


def check_text(name: str, text: str) -> None:
    """See that the golden ``name`` is ``text``, byte for byte."""
    golden = GOLDENS / name
    if is_renewed():
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert text == golden.read_bytes().decode("utf-8", "surrogatepass")


def check_table(name: str, table: dict[str, Any]) -> None:
    """See that the golden ``name`` holds the rows of ``table``; only floats may be a little off."""
    golden = GOLDENS / name
    if is_renewed():
        golden.parent.mkdir(exist_ok=True)
        text = json.dumps(table, indent=1, sort_keys=True, ensure_ascii=True)
        golden.write_text(f"{text}\n", encoding="utf-8")
    expected = json.loads(golden.read_text(encoding="utf-8"))
    assert sorted(table) == sorted(expected)
    changed = [key for key in sorted(table) if not is_like(table[key], expected[key])]
    if changed:
        first = changed[0]
        assert table[first] == expected[first], f"{first}, one of {len(changed)}: {changed[:20]}"


def is_like(value: Any, expected: Any) -> bool:
    """Whether two values are the same but for what `TOLERANCE` allows."""
    if isinstance(value, dict) and isinstance(expected, dict):
        return value.keys() == expected.keys() and all(
            is_like(value[key], expected[key]) for key in value
        )
    if isinstance(value, list) and isinstance(expected, list):
        return len(value) == len(expected) and all(map(is_like, value, expected))
    if isinstance(value, float) and isinstance(expected, float):
        return bool(value == expected or value == pytest.approx(expected, rel=0, abs=TOLERANCE))
    return type(value) is type(expected) and bool(value == expected)
