"""Text that breaks other readers: nothing raises, nothing hangs, nothing is lost in silence."""

import time
from collections.abc import Callable

import pytest

from abclm.errors import InputError
from abclm.notation.check.fix import fix
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.playing import playing_order
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.source import decode_source
from abclm.notation.tune.bars import bars
from abclm.notation.write.writer import write_tune

HEAD = "X:1\nT:t\nM:4/4\nL:1/8\nK:D\n"
GOOD = "D2F2 A2d2|d2A2 F2D2|]\n"

CASES: dict[str, str | bytes] = {
    "empty": b"",
    "only line ends": b"\n\r\n\r",
    "binary": bytes(range(256)),
    "midi file": b"MThd\x00\x00\x00\x06\x00\x01",
    "NUL in a tune": (HEAD + "D2\0F2|\n").encode(),
    "byte order mark": b"\xef\xbb\xbf" + (HEAD + GOOD).encode(),
    "carriage returns only": (HEAD + GOOD).replace("\n", "\r").encode(),
    "utf-16 little endian": "\ufeff".encode("utf-16-le") + (HEAD + GOOD).encode("utf-16-le"),
    "utf-16 big endian": "\ufeff".encode("utf-16-be") + (HEAD + GOOD).encode("utf-16-be"),
    "latin-1": HEAD.replace("T:t", "T:Caitín").encode("latin-1") + GOOD.encode(),
    "invalid utf-8": HEAD.encode() + b"D2\xff\xfe|\n",
    "prose": "Dear all, here is a tune I like. | Enjoy!\n",
    "html": "<html><body>X:1</body></html>\n",
    "header only": HEAD,
    "X: only": "X:\n",
    "K: only": "K:\n",
    "no key": "X:1\nT:t\nM:4/4\n" + GOOD,
    "no number": "T:t\nK:D\n" + GOOD,
    "number is a word": "X:one\nT:t\nK:D\n" + GOOD,
    "number is huge": "X:" + "9" * 5000 + "\nT:t\nK:D\n" + GOOD,
    "no final line end": HEAD + "D2F2 A2d2|]",
    "a line of a megabyte": HEAD + "D2F2 A2d2|" * 100_000 + "\n",
    "a title of a megabyte": HEAD.replace("T:t", "T:" + "t" * 1_000_000) + GOOD,
    "ten nested repeats": HEAD + "|:D8" * 10 + ":|" * 10 + "\n",
    "ten thousand sections": HEAD + "D8|E8:|\n" * 10_000,
    "ten thousand endings": HEAD + "|:D8|" + "1E8:|2F8:|\n" * 5_000,
    "an ending of a million times": HEAD + "|:D8|[1-1000000E8:|\n",
    "a long note": HEAD + "A999999999|\n",
    "a longer note": HEAD + "A" + "9" * 5000 + "|\n",
    "a short note": HEAD + "A/999999999|\n",
    "a note of many slashes": HEAD + "A" + "/" * 5000 + "|\n",
    "a note over nothing": HEAD + "A/0 A0 A0/0|\n",
    "unit over nothing": HEAD.replace("1/8", "1/0") + GOOD,
    "unit of nothing": HEAD.replace("1/8", "0") + GOOD,
    "huge unit": HEAD.replace("1/8", "9" * 400) + GOOD,
    "meter over nothing": HEAD.replace("4/4", "4/0") + GOOD,
    "meter is a fruit": HEAD.replace("4/4", "banana") + GOOD,
    "huge meter": HEAD.replace("4/4", "9" * 400 + "/1") + GOOD,
    "tempo over nothing": HEAD.replace("K:", "Q:1/0=120\nK:") + GOOD,
    "tempo of nothing": HEAD.replace("K:", "Q:1/4=0\nK:") + GOOD,
    "huge tempo": HEAD.replace("K:", "Q:1/4=" + "9" * 400 + "\nK:") + GOOD,
    "a tuplet of 9999": HEAD + "(9999ABC|\n",
    "a tuplet of none": HEAD + "(0ABC (3:0:0ABC|\n",
    "a tuplet of zero in the time of zero": HEAD + "(0:0:0ABC|\n",
    "an unclosed chord": HEAD + "[DFA|D8|\n",
    "an unclosed grace": HEAD + "{gag D8|D8|\n",
    "an unclosed slur": HEAD + "(D8|D8|\n",
    "an unclosed string": HEAD + '"Am D8|D8|\n',
    "an unclosed decoration": HEAD + "!trill D8|D8|\n",
    "an unclosed inline field": HEAD + "[K:D D8|D8|\n",
    "everything unclosed": HEAD + '([{"!(3|:\n',
    "only closing": HEAD + ')]}"!:|\n',
    "deep brackets": HEAD + "[" * 20_000 + "\n",
    "deep slurs": HEAD + "(" * 9_000 + "A" + ")" * 9_000 + "\n",
    "only broken rhythm": HEAD + ">" * 20_000 + "\n",
    "only ties": HEAD + "-" * 20_000 + "\n",
    "only repeats": HEAD + ":|" * 20_000 + "\n",
    "octaves": HEAD + "C" + "," * 5000 + " c" + "'" * 5000 + "|\n",
    "accidentals": HEAD + "^" * 5000 + "c|\n",
    "unknown characters": HEAD + "#@;*?§€🎻|\n",
    "tabs and form feeds": HEAD + "\tD2\fF2\v A2d2|\n",
    "many tunes": (HEAD + GOOD + "\n") * 500,
    "one tune, a thousand voices": HEAD + "".join(f"V:{n}\nD8|\n" for n in range(1000)),
    "parts of parts": HEAD.replace("K:", "P:" + "(A" * 50 + ")9" * 50 + "\nK:") + "P:A\n" + GOOD,
}

WORK: dict[str, Callable[[str], object]] = {
    "lex": lex,
    "validate": validate,
    "fix": fix,
    "write": lambda text: [write_tune(one.tune) for one in parse_tunebook(text)],
    "play": lambda text: [playing_order(bars(one.tune)) for one in parse_tunebook(text)],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_nothing_raises_and_nothing_hangs(name: str) -> None:
    case = CASES[name]
    try:
        text = decode_source(case) if isinstance(case, bytes) else case
    except InputError:
        return
    for work, call in WORK.items():
        began = time.process_time()
        call(text)
        # Measured at under a second on a quiet machine; a busy one takes a few times longer.
        assert time.process_time() - began < 4, work


@pytest.mark.parametrize(
    "name", [name for name, case in CASES.items() if isinstance(case, str) and name != "many tunes"]
)
def test_nothing_is_lost_in_silence(name: str) -> None:
    """What is broken has a problem; what only looks odd keeps its notes."""
    fine = {
        "no final line end",
        "a title of a megabyte",
        "ten thousand sections",
        "deep slurs",
        "tempo over nothing",
        "tempo of nothing",
        "huge tempo",
        "one tune, a thousand voices",
        "parts of parts",
        "only ties",
        "only repeats",
        "tabs and form feeds",
        "ten thousand endings",
    }
    text = CASES[name]
    assert isinstance(text, str)
    assert validate(text) or name in fine


def test_there_are_more_than_fifty() -> None:
    assert len(CASES) > 50
