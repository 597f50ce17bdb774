"""Where the result of a command that changes tunes goes: stdout, another file, or the same one."""

import sys
from pathlib import Path

__all__ = ["check_in_place", "keep_beside", "write_result"]


def check_in_place(file: Path, output: Path | None, *, in_place: bool) -> None:
    """See that ``--in-place`` has a file to write and is not told to write another one.

    Raises:
        InputError: it goes with neither ``-o`` nor standard input.
    """
    from abclm.errors import InputError

    if in_place and (output is not None or str(file) == "-"):
        raise InputError("--in-place writes FILE: it goes with neither -o nor stdin")


def write_result(
    file: Path, old: bytes, new: bytes, output: Path | None, *, in_place: bool
) -> None:
    """Write ``new``, made from the bytes ``old`` of ``file``, where it was asked for.

    Raises:
        OutputError: it cannot be written; ``file`` is then as it was.
    """
    from abclm.files import write_atomically

    if not in_place and output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(new)
        sys.stdout.buffer.flush()
        return
    if not in_place:
        assert output is not None  # noqa: S101 - else it went to stdout
        write_atomically(output, new)
        print(f"written: {output}", file=sys.stderr)
    elif new == old:
        print(f"unchanged: {file}", file=sys.stderr)
    else:
        beside = keep_beside(file, old)
        write_atomically(file, new)
        print(f"written: {file}; as it was: {beside}", file=sys.stderr)


def keep_beside(file: Path, old: bytes) -> Path:
    """Write ``old`` beside ``file`` as ``FILE.bak``, or ``FILE.bak2`` and so on if that is there.

    Raises:
        OutputError: it cannot be written.
    """
    from abclm.errors import OutputError

    number = 1
    while True:
        path = file.with_name(f"{file.name}.bak{number if number > 1 else ''}")
        try:
            with path.open("xb") as stream:
                stream.write(old)
        except FileExistsError:
            number += 1
        except OSError as error:
            raise OutputError(f"{path}: cannot be written: {error.strerror}") from error
        else:
            return path
