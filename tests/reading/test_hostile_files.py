"""Files that are broken or mean harm: one clear line, quickly, and no memory taken."""

import contextlib
import random
import time
import zipfile
from io import BytesIO

import pytest

from abclm.errors import InputError
from abclm.reading.conversion import convert_bytes
from tests.reading.xml_files import attributes, compressed, note, score

GOOD = score([attributes() + note("C4", 16) + note("D4", 16)])
BOMB = (
    '<!DOCTYPE score-partwise [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<score-partwise><part>&b;</part></score-partwise>"
)
OUTSIDE = (
    '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><score-partwise>&x;</score-partwise>'
)


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for path, content in entries.items():
            archive.writestr(path, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"X:1\nK:C\n", "is neither MIDI nor MusicXML"),
        (BOMB.encode(), "declares its own document type"),
        (OUTSIDE.encode(), "declares its own document type"),
        (BOMB.encode("utf-16"), "declares its own document type"),
        (b"<score-partwise>", "is not well-formed XML"),
        (b"<score-partwise>&nbsp;</score-partwise>", "is not well-formed XML"),
        (b"<?xml version='1.0' encoding='nonsense'?><a/>", "XML"),
        (b"<html><body/></html>", "is not MusicXML: its root is <html>"),
        (b"<score-partwise/>", "has no measures"),
        (b"<score-partwise><part id='P'/></score-partwise>", "has no measures"),
        (GOOD[:300], "is not well-formed XML"),
        (b"PK\x03\x04 cut off", "is a damaged archive"),
        (compressed(GOOD)[:200], "is a damaged archive"),
        (zipped({"readme.txt": b"hello"}), "holds no MusicXML score"),
        (zipped({"a.xml": GOOD}, zipfile.ZIP_LZMA), "compressed in a way"),
        (zipped({"a.xml": b" " * (70 << 20)}), "unpacks to more than 64 MiB"),
        (zipped({f"{n}": b"" for n in range(1001)}), "has more than 1,000 entries"),
        (b"<" + b"<a/>" * 6_000_001, "has more elements than any score needs"),
        (compressed(BOMB.encode()), "declares its own document type"),
    ],
)
def test_one_line_says_what_is_wrong(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as raised:
        convert_bytes(data, "file")
    assert str(raised.value).startswith("file: ")
    assert "\n" not in str(raised.value)


def test_measures_times_voices_are_limited() -> None:
    parts = [["<note><rest/><duration>1</duration></note>"]] * 200
    long = ["<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration></note>"]
    with pytest.raises(InputError, match="more measures and voices"):
        convert_bytes(score(long * 60_000, *parts), "file")


def test_deep_nesting_does_no_harm() -> None:
    deep = b"<score-partwise>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</score-partwise>"
    with pytest.raises(InputError, match="has no measures"):
        convert_bytes(deep, "file")


@pytest.mark.parametrize(
    "odd",
    [
        note("C4", 10**30),
        note("C4", 5).replace("<duration>5", "<duration>1e308"),
        note("C4", 5).replace("<duration>5", "<duration>nan"),
        note("C4", 5).replace("<duration>5", "<duration>-5"),
        note("C4", 5).replace("<octave>4", "<octave>99999999999999999999"),
        note("C4", 5).replace("<step>C", "<step>H"),
        note("C4", 5).replace("<alter>0", "<alter>-77"),
        "<attributes><divisions>0</divisions></attributes>" + note("C4", 1),
        "<attributes><divisions>999999999</divisions></attributes>" + note("C4", 1),
        "<attributes><staves>999999999</staves></attributes>" + note("C4", 16),
        "<forward><duration>999999999</duration></forward>",
        "<backup><duration>999999999</duration></backup>" + note("C4", 16),
        note("C4", 16, "<staff>-3</staff>"),
        note("C4", 16, before="<chord/>"),
        "<barline location='left'><repeat direction='backward' times='999'/></barline>"
        + note("C4", 16),
        "<sound tempo='-3'/><sound tempo='1e99'/>" + note("C4", 16),
        note("C4", 16, "<time-modification><actual-notes>0</actual-notes></time-modification>"),
    ],
)
def test_odd_values_are_read_or_refused(odd: str) -> None:
    with contextlib.suppress(InputError):
        convert_bytes(score([attributes() + odd]), "file")


def test_mutated_scores_are_read_or_refused() -> None:
    """Bytes changed, cut out and doubled at random."""
    rng = random.Random(0)
    began = time.process_time()
    for _ in range(300):
        data = bytearray(GOOD)
        for _ in range(rng.randint(1, 4)):
            start = rng.randrange(len(data))
            end = min(len(data), start + rng.randint(0, 12))
            data[start:end] = rng.choice(
                (b"", bytes(data[start:end]) * 2, rng.randbytes(2), b"9", b"<", b"</note>")
            )
        with contextlib.suppress(InputError):
            convert_bytes(bytes(data), "file")
    assert time.process_time() - began < 20
