"""What a tune has in common with others, on bars that can be counted by hand."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.errors import CheckpointError
from abclm.model.checkpoint.tensor_file import save_tensors
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bar_shapes import NO_APPROACH, bar_shapes
from abclm.notation.tune.music import Tune
from abclm.notation.write.moves import BySemitones
from abclm.notation.write.transpose import transpose
from abclm.originality.comparison import BarShapeIndex, Figures, Originality, Run, Verdict, figures
from abclm.originality.index import build_index, load_index, save_index

FIRST = "d|GABc d2e2|dcBA G2B2|cBAG FGAF|G4 G3||\ng|fgaf g2e2|dBGB c2A2|Bdgd ecAF|G4 G3|]"
SECOND = "A2F2 E2C2|DFAd f2d2|edcB A2c2|d2f2 a4|]"


def text_of(music: str, title: str = "t", key: str = "G", meter: str = "4/4") -> str:
    return f"X:1\nT:{title}\nM:{meter}\nL:1/8\nK:{key}\n{music}\n"


def tune(music: str, key: str = "G", meter: str = "4/4") -> Tune:
    return parse_tunebook(text_of(music, key=key, meter=meter))[0].tune


@pytest.fixture(scope="module")
def index() -> BarShapeIndex:
    return build_index(
        ("two", "abc"), [text_of(FIRST, "The First"), text_of(SECOND, "Second", "D")]
    )


def test_a_bar_is_its_intervals_durations_and_how_it_is_approached() -> None:
    first, second, third = bar_shapes(tune("D|GABc d4|GABc d4|"))
    assert (first.approach, first.notes, first.full) == (NO_APPROACH, 1, False)
    assert (second.approach, second.notes, second.full) == (5, 5, True)
    assert (third.inner, third.approach) == (second.inner, -7)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("GABc d4|", "{a}GAB.c ~d4|", True),  # ornaments
        ("GABc d4|", "GABc d2-d2|", True),  # a tie inside the bar
        ("GABc d4|", "G[GA]Bc d4|", True),  # the highest note of a chord
        ("GABc d4|", "ABcd e4|", False),  # other intervals in this key
        ("GABc d4|", "A^c^de f4|", False),
        ("GABc d4|", "GABc d3z|", False),
        ("GABc d4|", "G2AB cd3|", False),
        ("=F=F G2 F4|", "=FF G2 F4|", True),  # an accidental holds to the end of the bar
        ("F2G2 [K:C]F4|", "F2G2 =F4|", True),
    ],
)
def test_which_bars_are_the_same(one: str, other: str, same: bool) -> None:
    assert (bar_shapes(tune(one))[0] == bar_shapes(tune(other))[0]) == same


def test_the_share_is_of_distinct_full_bars_in_one_tune(index: BarShapeIndex) -> None:
    # Two bars are a run of The First's, but only the second one is approached as there. It comes
    # again approached otherwise, which is another bar; the second z8 is the same as the first.
    music = "z8|GABc d2e2|dcBA G2B2|dcBA G2B2|z8|c2e2 g4|g3f g3f|z4 z4|"
    found, verdict = index.judge(tune(music)), Verdict.UNUSUAL
    assert found == Originality(1 / 7, "The First", 1, 7, Run(2, 12, "The First"), verdict)


def test_a_copy_in_another_key_is_found(index: BarShapeIndex) -> None:
    copy = parse_tunebook(transpose(text_of(FIRST), BySemitones(3)))[0].tune
    found = index.judge(copy)
    assert (found.share, found.title, found.verdict) == (1.0, "The First", Verdict.SAME)
    # From the pickup to the end: ten bars, short ones too, and all their notes.
    assert found.run == Run(10, 46, "The First")


def test_a_run_does_not_go_on_into_the_next_training_tune(index: BarShapeIndex) -> None:
    joined = tune(FIRST.replace("|]", "|") + SECOND)
    assert index.judge(joined).run.bars == 10
    # A bar of rests is approached alike wherever it is.
    rests = build_index(("two", "abc"), [text_of("GABc d4|]"), text_of("z8|dcBA G4|]")])
    assert rests.judge(tune("GABc d4|z8|]")).run.bars == 1


def test_a_run_continues_only_where_the_next_bar_is_approached_as_there(
    index: BarShapeIndex,
) -> None:
    assert index.judge(tune("GABc d2e2|dcBA G2B2|")).run == Run(2, 12, "The First")
    assert index.judge(tune("GABc d2e2|d'c'ba g2b2|")).run == Run(1, 6, "The First")


def test_few_bars_prove_nothing(index: BarShapeIndex) -> None:
    assert index.judge(tune("d|GABc d2e2|")).verdict is Verdict.FEW
    three, four = "z8|z4z4|z2z6|", "z8|z4z4|z2z6|z6z2|"
    assert index.judge(tune(three)).verdict is Verdict.FEW
    assert index.judge(tune(four)).verdict is Verdict.USUAL
    assert index.judge(tune("")) == Originality(0.0, "", 0, 0, Run(), Verdict.FEW)


def test_a_tune_of_which_half_is_another_one_is_a_setting_of_it(index: BarShapeIndex) -> None:
    half = "GABc d2e2|dcBA G2B2|cBAG FGAF|"
    shared = "d|" + half
    found = index.judge(tune(shared + "z8|z4z4|z2z6|"))
    assert (found.share, found.verdict) == (0.5, Verdict.SAME)
    found = index.judge(tune(shared + "z8|z4z4|z2z6|z6z2|"))
    assert (found.share, found.verdict) == (3 / 7, Verdict.UNUSUAL)


def test_an_empty_corpus_has_nothing_in_common() -> None:
    assert build_index(("none", ""), []).judge(tune(FIRST)).share == 0


def test_what_real_tunes_share_is_told_with_and_without_settings_of_one_tune() -> None:
    book = [text_of(FIRST, "One"), text_of(FIRST, "Another"), text_of(SECOND, "Third", "D")]
    index = build_index(("three", ""), book)
    assert index.human == Figures(0.0, 0.0, 0.0)
    assert index.leave_one_out == Figures(1.0, 1.0, 2 / 3)
    same_title = [text_of(FIRST, "The Rose"), text_of(FIRST.replace("c", "e"), "Rose, The")]
    assert build_index(("two", ""), same_title).human.p95 == 0


def test_figures() -> None:
    found = figures([0.0, 0.1, 0.2, 0.5])
    assert (found.median, found.p95, found.half) == pytest.approx((0.15, 0.455, 0.25))
    assert figures([]) == Figures(0.0, 0.0, 0.0)


def test_the_file_gives_the_same_index_and_holds_no_tune(
    index: BarShapeIndex, tmp_path: Path
) -> None:
    path = tmp_path / "originality.safetensors"
    save_index(path, index)
    again = load_index(path)
    assert again.judge(tune(FIRST)) == index.judge(tune(FIRST))
    assert (again.corpus, again.human) == (("two", "abc"), index.human)
    data = path.read_bytes()
    assert b"GABc" not in data
    assert b"The First" in data
    save_index(path, again)
    assert path.read_bytes() == data


def test_another_file_is_refused(tmp_path: Path, index: BarShapeIndex) -> None:
    path = tmp_path / "x.safetensors"
    save_tensors(path, {"inner": index.data.inner}, dtype=None)
    with pytest.raises(CheckpointError, match="no originality index"):
        load_index(path)
    save_index(path, index)
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(CheckpointError, match="damaged"):
        load_index(path)


BODIES = st.lists(
    st.sampled_from(["GABc", "d2e2", "G8", "^c4", "z4", "[K:D]", "|", "|", ":|", "d-d3", "(3ABc"]),
    max_size=24,
).map("".join)


@given(BODIES, st.integers(-8, 8))
def test_nothing_depends_on_the_key(body: str, semitones: int) -> None:
    text = text_of(body + "|")
    moved = transpose(text, BySemitones(semitones))
    assert bar_shapes(parse_tunebook(moved)[0].tune) == bar_shapes(parse_tunebook(text)[0].tune)


@given(st.lists(BODIES, min_size=1, max_size=4), BODIES)
def test_run_and_share_agree_with_a_plain_search(books: list[str], body: str) -> None:
    index = build_index(("x", ""), [text_of(book + "|", str(i)) for i, book in enumerate(books)])
    found = index.judge(tune(body + "|"))
    mine = bar_shapes(tune(body + "|"))
    theirs = [bar_shapes(tune(book + "|")) for book in books]
    full = {shape[:2] for shape in mine if shape.full}
    shared = [len(full & {s[:2] for s in other if s.full}) for other in theirs]
    assert found.shared == max(shared)
    longest = max(
        (
            sum(shape.notes for shape in mine[i : i + size])
            for other in theirs
            for i in range(len(mine))
            for j in range(len(other))
            for size in range(1, len(mine) - i + 1)
            if mine[i].inner == other[j].inner
            and len(other[j : j + size]) == size
            and [s[:2] for s in mine[i + 1 : i + size]] == [s[:2] for s in other[j + 1 : j + size]]
        ),
        default=0,
    )
    assert found.run.notes == longest
