"""MusicXML written for tests: small scores from a few words."""

import zipfile
from io import BytesIO

__all__ = ["attributes", "compressed", "note", "score"]

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN"'
    ' "http://www.musicxml.org/dtds/partwise.dtd">\n'
)


def score(*parts: list[str], head: str = "", part_list: str = "") -> bytes:
    """A partwise score: for each part the content of its measures."""
    names = part_list or "".join(
        f'<score-part id="P{n}"><part-name>Part {n}</part-name></score-part>'
        for n in range(1, len(parts) + 1)
    )
    body = "".join(
        f'<part id="P{n}">' + "".join(map(_measure, part)) + "</part>"
        for n, part in enumerate(parts, 1)
    )
    text = f"<score-partwise>{head}<part-list>{names}</part-list>{body}</score-partwise>"
    return (HEAD + DOCTYPE + text).encode()


def _measure(content: str) -> str:
    """A measure; one that begins with ``implicit`` is not counted."""
    inner = content.removeprefix("implicit")
    counted = ' implicit="yes"' if inner != content else ""
    return f"<measure{counted}>{inner}</measure>"


def attributes(
    divisions: int = 4, fifths: int = 0, time: str = "4/4", more: str = "", mode: str = "major"
) -> str:
    """An ``attributes`` element; ``time`` is beats over beat type, or empty."""
    beats, _, unit = time.partition("/")
    meter = f"<time><beats>{beats}</beats><beat-type>{unit}</beat-type></time>" if time else ""
    key = f"<key><fifths>{fifths}</fifths><mode>{mode}</mode></key>"
    return f"<attributes><divisions>{divisions}</divisions>{key}{meter}{more}</attributes>"


def note(name: str, duration: int, more: str = "", *, before: str = "", voice: int = 1) -> str:
    """A note such as ``C#4``, or a rest if the name is empty."""
    pitch = "<rest/>"
    if name:
        alteration = name.count("#") - name[1:].count("b")
        pitch = (
            f"<pitch><step>{name[0]}</step><alter>{alteration}</alter>"
            f"<octave>{name[-1]}</octave></pitch>"
        )
    length = f"<duration>{duration}</duration>" if duration else ""
    return f"<note>{before}{pitch}{length}<voice>{voice}</voice>{more}</note>"


def compressed(data: bytes, path: str = "score.musicxml", *, container: bool = True) -> bytes:
    """An ``.mxl`` archive of a score."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if container:
            archive.writestr(
                "META-INF/container.xml",
                f'<container><rootfiles><rootfile full-path="{path}"/></rootfiles></container>',
            )
        archive.writestr(path, data)
    return out.getvalue()
