"""What is ordered, made again with a change, or kept, and how far a file on disk goes with it."""

from pathlib import Path

import pytest

import abclm
from abclm.api.books import replace_file
from abclm.api.order import Order, pick_seed
from abclm.api.remake import more_of, tweaked
from abclm.compose.settings import Settings
from abclm.errors import ChangedError, InputError, OutputError
from abclm.ledger.history import logged


def test_a_seed_lies_within_32_bits() -> None:
    assert pick_seed(0) == 0
    assert pick_seed(2**32 - 1) == 2**32 - 1
    for seed in (-1, 2**32):
        with pytest.raises(InputError, match="between 0 and 4294967295"):
            pick_seed(seed)


def test_no_bars_in_common_cannot_be_asked_for() -> None:
    for share in (0.0, 1.5):
        with pytest.raises(InputError, match="above 0 and at most 1"):
            Order("generate", "", Settings(), 1, "irish", max_copy=share)
    assert Order("generate", "", Settings(), 1, "irish", max_copy=1.0).chooses


def test_a_tweak_is_the_same_tune_unless_it_has_a_seed_of_its_own(model: abclm.Model) -> None:
    model.generate(count=3, seed=5, log=True)
    third = logged(3, print)
    order, changes = tweaked(third, {"key": "A"}, None)
    assert (order.seed, order.first, order.parent) == (5, 2, 3)
    assert changes == {"key": ("-", "A")}
    order, _ = tweaked(third, {"key": "A"}, 9)
    assert (order.seed, order.first) == (9, 0)
    assert more_of(third, 2, 4).numbers == range(2, 4)


def test_a_tune_that_is_kept_is_known_by_its_title_and_book(
    model: abclm.Model, folder: Path
) -> None:
    model.generate(seed=5, log=True)
    history = abclm.History()
    history.keep(1, "The Well", folder / "kept.abc")
    tune = history.logged(1)
    assert (tune.title, tune.book) == ("The Well", str((folder / "kept.abc").resolve()))
    assert abclm.read("kept.abc")[1].title == "The Well"


def test_what_could_not_be_replaced_has_no_copy_beside_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = folder / "book.abc"
    book.write_bytes(b"old")

    def refuse(*_: object, **__: object) -> None:
        raise OutputError("the disk is full")

    monkeypatch.setattr("abclm.api.books.write_atomically", refuse)
    with pytest.raises(OutputError):
        replace_file(book, b"old", b"new", print)
    assert [path.name for path in folder.glob("book*")] == ["book.abc"]
    monkeypatch.undo()
    with pytest.raises(ChangedError):
        replace_file(book, b"read", b"new", print)
    assert replace_file(book, b"old", b"new", print).read_bytes() == b"old"
    assert book.read_bytes() == b"new"
