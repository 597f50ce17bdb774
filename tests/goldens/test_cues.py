"""What a network is told beside the last character, id by id, over the corpus ``irish``."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.goldens import golden, subject

EACH = 20
"""Of so many tunes one is in the sample, whose hashes are kept tune by tune."""
PLANNED = pytest.mark.parametrize("planned", [True, False], ids=["planned", "unplanned"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the corpus is built if the clone has none."""
    return tmp_path_factory.mktemp("corpus")


@pytest.fixture
def texts(folder: Path, planned: bool, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(folder)
    return subject.corpus_texts(folder, planned=planned)


def named(texts: Sequence[str]) -> dict[str, str]:
    """The texts of the sample by their place and how each begins."""
    return {
        f"{place:04} {' '.join(texts[place].split())[:60]}": texts[place]
        for place in range(0, len(texts), EACH)
    }


def test_the_shipped_model_reads_all_cues() -> None:
    """So its hashes are those of all cues at once."""
    assert subject.reads_all_cues()


@PLANNED
def test_the_cues_of_every_twentieth_tune_are_what_they_were(
    texts: list[str], planned: bool
) -> None:
    sample = named(texts)
    hashes = subject.cue_hashes(sample.values(), planned=planned)
    table = dict(zip(sample, hashes, strict=True))
    golden.check_table(f"cues/{'planned' if planned else 'unplanned'}.json", table)


@pytest.mark.slow
@PLANNED
def test_the_cues_of_all_tunes_are_what_they_were(texts: list[str], planned: bool) -> None:
    read = "\0".join(texts)
    hashes = "\n".join(subject.cue_hashes(texts, planned=planned))
    table = {
        "tunes": len(texts),
        "characters": sum(map(len, texts)),
        "texts": subject.digest(read.encode()),
        "cues": subject.digest(hashes.encode()),
    }
    golden.check_table(f"cues/all-{'planned' if planned else 'unplanned'}.json", table)
