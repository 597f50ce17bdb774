"""Values for the fields of a dataclass, checked against their types."""

from collections.abc import Mapping
from types import UnionType
from typing import Any, get_args, get_type_hints

from abclm.errors import InputError

__all__ = ["check_kinds"]

_CALLED = {str: "a string", int: "a whole number", float: "a number", bool: "true or false"}


def check_kinds(kind: type, values: Mapping[str, Any]) -> None:
    """Check that each of ``values`` has the type of its field in the dataclass ``kind``.

    A whole number is also a number; true and false are not numbers.

    Raises:
        InputError: a name or a type is wrong; the message names the field.
    """
    hints = get_type_hints(kind)
    for name, value in values.items():
        if name not in hints:
            raise InputError(f"no setting {name!r:.40}: made by another version of abclm?")
        if type(value) not in _accepted(hints[name]):
            wanted = " or ".join(_CALLED[one] for one in _kinds(hints[name]) if one in _CALLED)
            raise InputError(f"{name} must be {wanted}, not {value!r:.40}")


def _accepted(hint: Any) -> set[type]:
    kinds = set(_kinds(hint))
    return kinds | {int} if float in kinds else kinds


def _kinds(hint: Any) -> tuple[type, ...]:
    return get_args(hint) if isinstance(hint, UnionType) else (hint,)
