"""JSON by its standard (RFC 8259): strict when reading, and without NaN when writing."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn

__all__ = ["read_json", "write_json"]

_MOST_NESTED: Final = 32
"""abclm's own files are nested a few levels deep."""
_MOST_DIGITS: Final = 40
"""Twice the digits of a 64-bit integer; the time of `int` grows faster than their number."""


def read_json(text: str | bytes) -> Any:
    """Parse a JSON text; bytes are UTF-8.

    Raises:
        ValueError: it is not JSON, has NaN, infinity or too large a number, repeats a key, or is
            nested too deep.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8")
    try:
        value = json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_whole,
            object_pairs_hook=_without_repeats,
        )
    except RecursionError:
        raise ValueError("nested too deep") from None
    _check_nesting(value)
    return value


def write_json(value: Any, *, one_line: bool = False) -> str:
    """Return ``value`` as readable JSON; NaN and infinity become null."""
    indent = None if one_line else 2
    text = json.dumps(_finite_only(value), indent=indent, ensure_ascii=False, allow_nan=False)
    # A file name may hold bytes that are not UTF-8; JSON has an escape for them.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:20]}… is too large a number")
    return number


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"{digits[:20]}… is too large a number")
    return int(digits)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice[:40]!r} occurs twice")
    return values


def _check_nesting(value: Any) -> None:
    level = [value]
    for _ in range(_MOST_NESTED):
        level = [inner for outer in level for inner in _values(outer)]
        if not level:
            return
    raise ValueError("nested too deep")


def _values(value: Any) -> Iterable[Any]:
    """Return the values of a list or an object; none for other values."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _finite_only(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite_only(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite_only(one) for one in value]
    return value
