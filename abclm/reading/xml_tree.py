"""XML from other people: parsed without entities, document types or files from elsewhere."""

from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.parsers import expat

from abclm.errors import InputError

__all__ = ["MOST_BYTES", "parse_xml"]

MOST_BYTES: Final = 64 * 2**20
"""The size of the largest document; a symphony takes a quarter of it."""
_MOST_TAGS: Final = 6_000_000
_MOST_ATTRIBUTES: Final = 3_000_000
_CHUNK: Final = 4096


class _RootReachedError(Exception):
    """The prolog has ended."""


def parse_xml(data: bytes, name: str) -> Element:
    """Parse a document; how deep its elements are nested does not matter.

    A plain ``<!DOCTYPE score-partwise PUBLIC …>`` is allowed, as nearly all programs write it, but
    never fetched. A document that declares anything itself is refused, so no entity can grow.

    Raises:
        InputError: it is too large, is not well-formed, or has declarations of its own.
    """
    if len(data) > MOST_BYTES:
        raise InputError(f"{name}: larger than {MOST_BYTES >> 20} MiB, the limit for MusicXML")
    if data.count(b"<") > _MOST_TAGS or data.count(b"=") > _MOST_ATTRIBUTES:
        raise InputError(f"{name}: has more elements than any score needs")
    try:
        _check_prolog(data, name)
        return _without_namespace(fromstring(data))  # noqa: S314 - its prolog has been checked
    except (ParseError, expat.ExpatError) as error:
        raise InputError(f"{name}: is not well-formed XML: {error}") from error
    except (ValueError, LookupError) as error:  # an unknown encoding
        raise InputError(f"{name}: cannot be read as XML: {error}") from error


def _check_prolog(data: bytes, name: str) -> None:
    """Read up to the first element, the only place where declarations are allowed."""

    def doctype(_name: str, _system: str | None, _public: str | None, subset: int) -> None:
        if subset:
            raise InputError(f"{name}: declares its own document type, which is not read")

    def root(_name: str, _attributes: dict[str, str]) -> None:
        raise _RootReachedError

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = root
    try:
        for start in range(0, len(data), _CHUNK):
            parser.Parse(data[start : start + _CHUNK])
    except _RootReachedError:
        return


def _without_namespace(root: Element) -> Element:
    """Remove the name space from all names, if there is one."""
    if root.tag.startswith("{"):
        for element in root.iter():
            if isinstance(element.tag, str):
                element.tag = element.tag.rpartition("}")[2]
    return root
