"""What files say about the program that wrote them."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from abclm.files import read_bytes
from abclm.files.kinds import FileKind, kind_named, kind_of
from abclm.notation.syntax.source import Source
from abclm.render.mark import marks_in

__all__ = ["Provenance", "provenance"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """One mark of abclm in a file.

    Attributes:
        number, title: of the tune it stands in, in ABC; else empty.
        mark: ``abclm``, its version, and in ABC how the tune was made.
    """

    number: str
    title: str
    mark: str

    def as_dict(self) -> dict[str, Any]:
        """The mark for JSON."""
        return asdict(self)


def provenance(path: str | Path) -> list[Provenance]:
    """Return the marks of abclm in a file of any kind that it writes; none if there are none.

    Raises:
        InputError: the file cannot be read.
    """
    path = Path(path)
    data = read_bytes(path)
    kind = kind_of(data[:4096]) or kind_named(path) or FileKind.ABC
    text = Source.decode(data, str(path)).readable if kind is FileKind.ABC else ""
    return [Provenance(*one) for one in marks_in(data, kind, text)]
