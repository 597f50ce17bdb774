"""abclm: a character-level language model of ABC notation.

The names below are loaded when they are first used, so that ``import abclm`` takes no time.
"""

TYPE_CHECKING = False  # as type checkers know it; importing typing takes longer than all else

if TYPE_CHECKING:
    from abclm.api.checkpoints import checkpoints
    from abclm.api.conversion import convert
    from abclm.api.corpora import build_corpus, corpora, corpus_report
    from abclm.api.history import History
    from abclm.api.indexes import index_corpus
    from abclm.api.model import Model, load
    from abclm.api.playing import play
    from abclm.api.problems import Problem, examine, validate
    from abclm.api.sheets import sheet
    from abclm.api.training import train
    from abclm.api.tune import Tune
    from abclm.api.tunebook import Tunebook, read

__all__ = [
    "History",
    "Model",
    "Problem",
    "Tune",
    "Tunebook",
    "__version__",
    "build_corpus",
    "checkpoints",
    "convert",
    "corpora",
    "corpus_report",
    "examine",
    "index_corpus",
    "load",
    "play",
    "read",
    "sheet",
    "train",
    "validate",
]

__version__ = "0.1.0"

_HOMES = {
    "History": "abclm.api.history",
    "Model": "abclm.api.model",
    "Problem": "abclm.api.problems",
    "Tune": "abclm.api.tune",
    "Tunebook": "abclm.api.tunebook",
    "build_corpus": "abclm.api.corpora",
    "checkpoints": "abclm.api.checkpoints",
    "convert": "abclm.api.conversion",
    "corpora": "abclm.api.corpora",
    "corpus_report": "abclm.api.corpora",
    "examine": "abclm.api.problems",
    "index_corpus": "abclm.api.indexes",
    "load": "abclm.api.model",
    "play": "abclm.api.playing",
    "read": "abclm.api.tunebook",
    "sheet": "abclm.api.sheets",
    "train": "abclm.api.training",
    "validate": "abclm.api.problems",
}
"""Name to module."""


def __getattr__(name: str) -> object:
    from importlib import import_module  # noqa: PLC0415 - not every program uses a name

    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'abclm' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(home), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
