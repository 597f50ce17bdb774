"""Music drawn at random, for properties: what fills bars, and whole tunes of several sections."""

from hypothesis import strategies as st

SIMPLE = {"2/4": 4, "3/4": 6, "4/4": 8, "C|": 8, "3/2": 12, "6/4": 12, "9/4": 18, "12/4": 24}
COMPOUND = {"6/8": 6, "9/8": 9, "12/8": 12}
METERS = {**SIMPLE, **COMPOUND, "3/8": 3, "5/4": 10, "7/8": 7}
"""Eighths in a bar of each; those of `COMPOUND` alone have a beat of three."""

PITCHES = st.sampled_from(["G", "A", "B", "c", "d", "e", "f", "g", "F,", "D", "a'", "B,"])
ACCIDENTALS = st.sampled_from(["", "", "", "", "^", "_", "="])


@st.composite
def notes(draw: st.DrawFn) -> str:
    """A note, a chord or a rest, with what may stand before it, without a length."""
    kind = draw(st.sampled_from(["note"] * 6 + ["chord", "grace", "ornament", "rest"]))
    pitch = draw(ACCIDENTALS) + draw(PITCHES)
    if kind == "chord":
        return f"[{pitch}{draw(ACCIDENTALS)}{draw(st.sampled_from(['b', 'c', 'g']))}]"
    if kind == "grace":
        return "{" + draw(ACCIDENTALS) + draw(PITCHES) + "}" + pitch
    return {"note": pitch, "ornament": f"~{pitch}", "rest": "z"}[kind]


@st.composite
def pieces(draw: st.DrawFn) -> str:
    """A note with its length, a pair in broken rhythm or a tuplet."""
    kind = draw(st.sampled_from(["plain"] * 5 + ["broken", "tuplet"]))
    if kind == "plain":
        return draw(notes()) + draw(st.sampled_from(["", "", "2", "3", "/", "3/2", "4", "//"]))
    if kind == "broken":
        length = draw(st.sampled_from(["", "", "2", "/"]))
        mark = draw(st.sampled_from([">", "<", ">>", "<<"]))
        return f"{draw(notes())}{length}{mark}{draw(notes())}{length}"
    size = draw(st.integers(2, 9))
    opening = draw(st.sampled_from([f"({size}", f"({size}", f"({size}:3", f"({size}:2:{size}"]))
    return opening + "".join(draw(notes()) for _ in range(size))


@st.composite
def filled_bars(draw: st.DrawFn, eighths: int) -> str:
    """A bar that lasts as long as asked for, in the canonical spelling but for its blanks."""
    text, left = "", eighths
    while left:
        length = draw(st.sampled_from([size for size in (1, 1, 1, 2, 2, 3, 4) if size <= left]))
        shape = draw(st.sampled_from(["note"] * 4 + ["halves", "broken", "triplet"]))
        left -= length
        if length == 2 and shape == "triplet":
            text += "(3" + "".join(draw(PITCHES) for _ in range(3))
        elif length == 2 and shape == "broken":
            text += f"{draw(PITCHES)}>{draw(PITCHES)}"
        elif length == 1 and shape == "halves":
            text += f"{draw(PITCHES)}/{draw(PITCHES)}/"
        else:
            text += draw(notes()) + ("" if length == 1 else str(length))
    return text


@st.composite
def sections(draw: st.DrawFn, eighths: int, pickup: int) -> str:
    """A section with its repeat, of a few bars; a pickup is made up for by its last bar."""
    count = draw(st.integers(2, 5))
    known = [draw(filled_bars(eighths)) for _ in range(draw(st.integers(1, count)))]
    bars = [draw(st.sampled_from(known)) for _ in range(count - 1)]
    start = "|:" + (draw(filled_bars(pickup)) + "|" if pickup else "")
    body = "|".join(bars) + "|"
    last = [draw(filled_bars(eighths - pickup)) for _ in range(2)]
    if draw(st.booleans()):
        return f"{start}{body}1{last[0]}:|2{last[1]}||\n"
    return f"{start}{body}{last[0]}:|\n"


@st.composite
def tunes(draw: st.DrawFn, keys: st.SearchStrategy[str] | None = None) -> str:
    """A tune of one to three sections, without ``X:``, all with a pickup or none."""
    meter = draw(st.sampled_from(sorted(METERS)))
    pickup = draw(st.sampled_from([0, 0, 1, 2]))
    key = draw(keys) if keys is not None else "G"
    body = "".join(draw(sections(METERS[meter], pickup)) for _ in range(draw(st.integers(1, 3))))
    return f"M:{meter}\nL:1/8\nK:{key}\n{body}"
