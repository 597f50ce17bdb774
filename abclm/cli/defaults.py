"""The user's defaults: ``config.toml``, with a table for each command, checked against its options.

``[generate]`` has the defaults of ``abclm generate``, ``[corpus.build]`` those of
``abclm corpus build``. Each value has the type of its option.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from abclm.cli.terminal import say
from abclm.errors import InputError
from abclm.files import config_file

__all__ = ["Defaults", "command_defaults", "read_defaults"]

_MOST: Final = 2**20
"""Bytes of the largest file that is read."""
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "int": (int,),
    "float": (int, float),
    "boolean": (bool,),
}
"""By the name of an option's type in the parser: the types of its values in TOML."""
_NAMES: Final = {"int": "a whole number", "float": "a number", "boolean": "true or false"}


@dataclass(slots=True)
class Defaults:
    """Defaults of options.

    Attributes:
        values: those of a command by the name of its parameter, tables for the commands within it.
        shown: the same with the names of the options, such as ``best-of``.
        mistakes: a line for each mistake.
    """

    values: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)


def command_defaults(name: str, command: Any) -> dict[str, Any]:
    """Return the defaults of the command ``name``, as the parser takes them.

    Raises:
        InputError: its table has mistakes; each is said on standard error in one line.
    """
    from abclm.cli.table import COMMANDS

    tables = _read()
    found = _checked(f"[{name}]", command, tables.get(name, {}))
    if found.mistakes:
        *others, last = found.mistakes
        for mistake in others:
            say(f"abclm: {mistake}")
        raise InputError(last)
    unknown = next((one for one in tables if one not in COMMANDS), None)
    if unknown is not None:
        what = f"no command {unknown!r}{_similar(unknown, COMMANDS)} (see abclm -h)"
        say(f"{config_file()}: {what}")
    return found.values


def read_defaults(load: Callable[[str], Any], names: Mapping[str, str]) -> Defaults:
    """Return all defaults of the file; empty if there is none.

    Args:
        load: returns a command by its name.
        names: the names of the commands.

    Raises:
        InputError: the file is not TOML.
    """
    result = Defaults()
    for name, table in _read().items():
        if name not in names:
            what = f"no command {name!r}{_similar(name, names)} (see abclm -h)"
            result.mistakes.append(f"{config_file()}: {what}")
            continue
        found = _checked(f"[{name}]", load(name), table)
        result.mistakes += found.mistakes
        result.values[name] = found.values
        result.shown[name] = found.shown
    return result


def _read() -> dict[str, Any]:
    file = config_file()
    if not file.is_file():
        return {}
    import tomllib

    from abclm.files import read_bytes

    try:
        return tomllib.loads(read_bytes(file, _MOST).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reason = str(error) or "it is nested too deeply"
        raise InputError(
            f"{file}: is not TOML: {reason}; abclm config path says where it is"
        ) from error


def _checked(place: str, command: Any, table: Any) -> Defaults:
    """Check the table of a command; mistakes name the file and the ``place``."""
    result = Defaults()
    where = f"{config_file()}: {place}"
    if not isinstance(table, dict):
        result.mistakes.append(f"{where} must be a table of options, not {table!r:.40}")
        return result
    options = dict(_options(command))
    inner = getattr(command, "commands", {})
    for key, value in table.items():
        name = key.replace("_", "-")
        if key in inner:
            found = _checked(f"[{place.strip('[]')}.{key}]", inner[key], value)
            result.mistakes += found.mistakes
            result.values[key], result.shown[key] = found.values, found.shown
        elif name not in options:
            result.mistakes.append(
                f"{where} has no option {key!r}{_similar(name, options)} (see {_help_of(place)})"
            )
        elif mistake := _mistake(options[name], value):
            result.mistakes.append(f"{where} {name} must be {mistake}, not {value!r:.40}")
        else:
            result.values[options[name].name] = value
            result.shown[name] = value
    return result


def _options(command: Any) -> Iterator[tuple[str, Any]]:
    """Yield the options of a command by their long names without hyphens; its help has none."""
    for parameter in command.params:
        for name in parameter.opts if parameter.param_type_name == "option" else ():
            if name.startswith("--") and name != "--help":
                yield name.removeprefix("--"), parameter


def _mistake(option: Any, value: Any) -> str:
    """Return what the value of an option must be; empty if ``value`` is that."""
    if option.multiple:
        entries = value if isinstance(value, list) else [None]
        wrong = next(filter(None, (_wrong(option, entry) for entry in entries)), "")
        return f"a list, of which each entry is {wrong}" if wrong else ""
    return _wrong(option, value)


def _wrong(option: Any, value: Any) -> str:
    kind = option.type.name
    types = _TYPES.get(kind, (str,))
    if isinstance(value, bool) != (types == (bool,)) or not isinstance(value, types):
        return _NAMES.get(kind, "a text in quotes")
    return ""


def _similar(name: str, names: Any) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, names, n=1)
    return f": did you mean {close[0]!r}?" if close else ""


def _help_of(place: str) -> str:
    """Return the command that lists the options of a table such as ``[corpus.build]``."""
    return f"abclm {place.strip('[]').replace('.', ' ')} -h"
