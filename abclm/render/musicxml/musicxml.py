"""A tune as a MusicXML file, plain or compressed; music21 writes it, the head is ours."""

import io
import warnings
import zipfile
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from abclm.errors import RenderError
from abclm.notation.tune.music import Tune
from abclm.render.mark import MARK
from abclm.render.musicxml.score import WrittenScore, build_written_score
from abclm.render.musicxml.signs import text_of

__all__ = ["musicxml_text", "mxl_bytes"]

_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest that an archive can have, so that the same tune gives the same file."""
_SOUNDS: Final = {
    "segno": ("segno", "segno"),
    "coda": ("coda", "coda"),
    "fine": ("fine", "yes"),
    "To Coda": ("tocoda", "coda"),
    "Da Capo": ("dacapo", "yes"),
    "Da Capo al fine": ("dacapo", "yes"),
    "Da Capo al Coda": ("dacapo", "yes"),
    "Dal Segno": ("dalsegno", "segno"),
    "Dal Segno al fine": ("dalsegno", "segno"),
    "Dal Segno al Coda": ("dalsegno", "segno"),
}
"""What MusicXML says to players, by the sign or the words that music21 writes."""
_CONTAINER: Final = """<?xml version="1.0" encoding="UTF-8"?>
<container><rootfiles><rootfile full-path="score.musicxml" \
media-type="application/vnd.recordare.musicxml+xml"/></rootfiles></container>
"""


def musicxml_text(tune: Tune, *, mark: bool = True) -> str:
    """Return ``tune`` as MusicXML 4.0, as it is written: repeats and endings are signs.

    Args:
        tune: the tune.
        mark: whether the file names abclm as the software that wrote it.

    Raises:
        RenderError: the tune has no notes or too many bars, or music21 cannot represent it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            root = _tree(build_written_score(tune))
    except RenderError:
        raise
    except Exception as error:  # music21 raises a third of its failures as foreign types
        raise RenderError(f"{tune.title or 'tune'}: no MusicXML could be made: {error}") from error
    _identify(root, tune, mark=mark)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def mxl_bytes(tune: Tune, *, mark: bool = True) -> bytes:
    """Return the same in an archive, as compressed MusicXML.

    Raises:
        RenderError: as `musicxml_text`.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("META-INF/container.xml", _CONTAINER),
            ("score.musicxml", musicxml_text(tune, mark=mark)),
        ):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return stream.getvalue()


def _tree(written: WrittenScore) -> Element:
    from music21.musicxml.m21ToXml import ScoreExporter  # noqa: PLC0415 - heavy

    exporter: Any = ScoreExporter(written.score)
    exporter.makeNotation = False  # it would fill, split and respell what is written
    root: Element = exporter.parse()
    _rename(root)
    for part in (root, *root.findall("part")):
        for comment in [one for one in part if not isinstance(one.tag, str)]:
            part.remove(comment)
        measures = part.findall("measure")
        for measure, (number, implicit) in zip(measures, written.numbers, strict=False):
            measure.set("number", number)
            measure.set("implicit", "yes" if implicit else "no")
    for direction in root.iter("direction"):
        _complete(direction)
    return root


def _complete(direction: Element) -> None:
    """Place a direction that has no place, and say what players do at a sign of navigation."""
    loud = direction.find("direction-type/dynamics") is not None
    direction.set("placement", direction.get("placement") or ("below" if loud else "above"))
    for mark in direction.findall("direction-type/*"):
        sound = _SOUNDS.get((mark.text or "") if mark.tag == "words" else mark.tag)
        if sound is not None and direction.find("sound") is None:
            SubElement(direction, "sound", dict([sound]))


def _rename(root: Element) -> None:
    """Number parts and instruments, whose ids music21 draws at random."""
    names: dict[str, str] = {}
    for number, part in enumerate(root.iter("score-part"), 1):
        names[part.get("id", "")] = f"P{number}"
        for instrument in part.iter("score-instrument"):
            names[instrument.get("id", "")] = f"P{number}-I1"
    for element in root.iter():
        if element.tag in {
            "score-part",
            "part",
            "score-instrument",
            "midi-instrument",
            "instrument",
        }:
            element.set("id", names.get(element.get("id", ""), ""))


def _identify(root: Element, tune: Tune, *, mark: bool) -> None:
    """Write what the file is and by whom, in place of music21's name and the date."""
    for old in [*root.findall("movement-title"), *root.findall("identification")]:
        root.remove(old)
    head = Element("identification")
    root.insert(len(root.findall("work")), head)
    for composer in tune.values("C"):
        SubElement(head, "creator", {"type": "composer"}).text = text_of(composer)
    encoding = SubElement(head, "encoding")
    if mark:
        SubElement(encoding, "software").text = MARK
    for element in ("accidental", "beam"):
        SubElement(encoding, "supports", {"element": element, "type": "yes"})
    if source := tune.value("S"):
        SubElement(head, "source").text = text_of(source)
    if rhythm := tune.value("R"):
        miscellaneous = SubElement(head, "miscellaneous")
        SubElement(miscellaneous, "miscellaneous-field", {"name": "rhythm"}).text = text_of(rhythm)
