"""The cues of the tunes of the corpus ``irish``, id by id."""

from pathlib import Path

import pytest

from tests.goldens import golden, subject

pytestmark = pytest.mark.slow

EACH = 20
"""Of so many tunes one is in the sample, whose hashes are kept tune by tune."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the corpus is built if the clone has none."""
    return tmp_path_factory.mktemp("corpus")


@pytest.fixture
def tunes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(folder)
    return subject.corpus_tunes(folder)


def name(place: int, tune: str) -> str:
    """A tune by its place in the corpus and how it begins."""
    return f"{place:04} {' '.join(tune.split())[:60]}"


def test_the_shipped_model_reads_all_cues() -> None:
    """So its hashes are those of all cues at once."""
    assert subject.reads_all_cues()


@pytest.mark.parametrize("planned", [True, False], ids=["planned", "unplanned"])
def test_the_cues_of_every_twentieth_tune_are_what_they_were(
    tunes: list[str], planned: bool
) -> None:
    """Those of the shipped model, and those of a network without plans."""
    table = {}
    for place in range(0, len(tunes), EACH):
        texts = subject.read_texts([tunes[place]], planned=planned)
        (found,) = subject.cue_hashes(texts, planned=planned) if texts else ["not read"]
        table[name(place, tunes[place])] = found
    golden.check_table(f"cues/{'planned' if planned else 'unplanned'}.json", table)


def test_the_cues_of_all_tunes_are_what_they_were(tunes: list[str]) -> None:
    texts = subject.read_texts(tunes, planned=True)
    hashes = "\n".join(subject.cue_hashes(texts, planned=True))
    table = {
        "tunes": len(texts),
        "characters": sum(map(len, texts)),
        "texts": subject.digest("\0".join(texts).encode()),
        "cues": subject.digest(hashes.encode()),
    }
    golden.check_table("cues/all-planned.json", table)
