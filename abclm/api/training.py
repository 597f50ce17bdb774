"""Training: from a corpus, and perhaps an earlier checkpoint, to a new checkpoint."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from abclm.api.checkpoints import load_by_name
from abclm.api.companions import make_companions
from abclm.compose.generation import generate
from abclm.compose.tunebook import with_reference_number
from abclm.corpus.store import Corpus, load_corpus
from abclm.errors import TrainingError
from abclm.model.checkpoint.checkpoint import Checkpoint, CheckpointConfig
from abclm.model.rows_text import piece_texts, usual_of_pieces
from abclm.model.settings import (
    CUES_OF_ONE,
    CUES_OF_SEVERAL,
    FINE_TUNING,
    FINE_TUNING_DROPOUT,
    SEVERAL,
    Cue,
    NetworkSettings,
    TrainingSettings,
)
from abclm.model.text import Usual, model_texts, usual
from abclm.model.vocabulary import Vocabulary

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from abclm.model.training.observer import Observer
    from abclm.model.training.training import Sampler

__all__ = ["Trained", "TrainingOrder", "put_companions", "train"]

_SHAPE: dict[str, Any] = {
    "units": NetworkSettings.units,
    "layers": NetworkSettings.num_layers,
    "embedding": NetworkSettings.embedding_size,
}


@dataclass(frozen=True)
class TrainingOrder:
    """An order to train a network.

    Attributes:
        corpus: the name of the corpus, or its folder.
        folder: the folder of the new checkpoint.
        start: a checkpoint to fine-tune; None for a new network.
        resume: whether to resume an interrupted run in ``folder``.
        shape: units, layers, embedding and cues (comma-separated names, or ``none``) of the
            network; None or missing means the default.
        dropouts: dropout and direct_dropout; None or missing means the default.
        training: fields of `TrainingSettings`; None or missing means the default.
        command: the command line, which is stored in the checkpoint.
    """

    corpus: str
    folder: Path
    start: str | None = None
    resume: bool = False
    shape: Mapping[str, Any] = field(default_factory=dict)
    dropouts: Mapping[str, float | None] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    command: str = "abclm train"


class Trained(NamedTuple):
    """The result of a training run, and its corpus."""

    result: Any
    corpus: Corpus


def train(
    order: TrainingOrder, observe: "Callable[[], AbstractContextManager[Observer]]"
) -> Trained:
    """Train a new network, or fine-tune a trained one.

    Args:
        order: the order.
        observe: makes the observer that follows the progress; called when training begins.

    Raises:
        CorpusError: the corpus is missing or damaged.
        CheckpointError: there is no such checkpoint to fine-tune.
        TrainingError: training cannot start, or not in this folder.
    """
    from abclm.model.training.schedule import usual_epochs
    from abclm.model.training.training import check_folder
    from abclm.model.training.training import train as run

    loaded = load_corpus(order.corpus)
    parent = load_by_name(order.start) if order.start else None
    cues = parent.config.network.cues if parent else _cues(order.shape.get("cues"), loaded)
    known = parent.config.usual if parent else _usual(loaded.train, cues)
    learnt = _read(loaded.train, known, cues, learnt=True)
    held_out, others = (
        _read(part, known, cues) for part in (loaded.held_out, loaded.held_out_by_tune)
    )
    network, vocabulary = _network([*learnt, *held_out, *others], cues, parent, order)
    characters = sum(len(tune) + 1 for tune in learnt)
    settings = FINE_TUNING if parent else TrainingSettings(epochs=usual_epochs(characters))
    wanted = {name: value for name, value in order.training.items() if value is not None}
    # At most an eighth of the text, so that even a corpus of a few tunes fills some windows.
    window = max(2, min(wanted.get("window", settings.window), characters // 8))
    training = replace(settings, **{**wanted, "window": window})
    check_folder(order.folder, resume=order.resume)
    report = loaded.report
    config = CheckpointConfig(
        name=order.folder.name,
        network=network,
        vocabulary=vocabulary,
        usual=known,
        training=training,
        corpus={
            "name": loaded.name,
            "title": report["title"],
            "train": report["train"],
            "held_out": report["held_out"],
            "sha256": report["sha256"],
        },
        licence=report["licence"],
        command=order.command,
    )
    if parent:
        config = _descended(config, parent)
    with observe() as observer:
        result = run(
            config,
            learnt,
            held_out,
            order.folder,
            resume=order.resume,
            initial=_inherited(parent, config) if parent else None,
            observer=observer,
            sample=_sampler(order.folder, config),
        )
    return Trained(result, loaded)


def put_companions(order: TrainingOrder, trained: Trained, say: Callable[[str], None]) -> None:
    """Write titles, index and judge beside the checkpoint, and warn if it copies.

    ``say`` is called with a line for each.
    """
    make_companions(order.folder, trained.corpus, order.start, say)


def _network(
    texts: Sequence[str], cues: tuple[Cue, ...], parent: Checkpoint | None, order: TrainingOrder
) -> tuple[NetworkSettings, Vocabulary]:
    """Return the settings of the ordered network, or of ``parent``, and its vocabulary.

    Args:
        texts: all tunes of the corpus, as a network reads them.
        cues: the cues of the ordered network.
        parent: the checkpoint to fine-tune, if any.
        order: the order, with the shape and the dropouts.

    Raises:
        TrainingError: an option asks for a shape other than that of ``parent``.
    """
    from abclm.model.training.inheritance import joint_vocabulary

    shape, dropouts = order.shape, order.dropouts
    left_out: dict[str, Any] = {
        name: share for name, share in dropouts.items() if share is not None
    }
    if parent is None:
        vocabulary = Vocabulary.from_text(texts)
        wanted = {name: value for name, value in shape.items() if value is not None}
        values = {**_SHAPE, **wanted}
        network = NetworkSettings(
            vocabulary.size,
            values["embedding"],
            values["units"],
            values["layers"],
            cues=cues,
            direct=bool(cues),
        )
        return replace(network, **left_out), vocabulary
    theirs = parent.config.network
    has = {
        "units": theirs.units,
        "layers": theirs.num_layers,
        "embedding": theirs.embedding_size,
        "cues": ",".join(theirs.cues) or "none",
    }
    for name, value in shape.items():
        if value is not None and value != has[name]:
            raise TrainingError(
                f"--from {parent.path.name}: it has --{name} {has[name]}, not {value}: "
                "leave the option out"
            )
    vocabulary = joint_vocabulary(parent.vocabulary, texts)
    changed = {"dropout": FINE_TUNING_DROPOUT, **left_out}
    return replace(theirs, vocabulary_size=vocabulary.size, **changed), vocabulary


def _usual(texts: Sequence[str], cues: tuple[Cue, ...]) -> Usual:
    """What a network with ``cues`` meets often enough to know."""
    return usual_of_pieces(texts, reduced=True) if SEVERAL in cues else usual(texts)


def _read(
    texts: Sequence[str], known: Usual, cues: tuple[Cue, ...], *, learnt: bool = False
) -> list[str]:
    """The texts as a network with ``cues`` reads them; to be learnt, also with fewer voices."""
    if SEVERAL in cues:
        return piece_texts(texts, known, reduced=learnt)
    return model_texts(texts, known, planned="plan" in cues)


def _cues(value: str | None, corpus: Corpus) -> tuple[Cue, ...]:
    if value is None:
        value = ",".join(CUES_OF_SEVERAL if corpus.several else CUES_OF_ONE)
    names: tuple[Any, ...] = tuple(cue.strip() for cue in value.split(","))
    return () if value == "none" else names


def _descended(config: CheckpointConfig, parent: Checkpoint) -> CheckpointConfig:
    """Return ``config`` with the licence, origin and command of the checkpoint it started from."""
    before = parent.config
    licence = config.licence
    if before.licence not in licence:
        licence = f"{licence}; started from {before.name}: {before.licence}"
    origin = {"name": before.name, "sha256": parent.sha256, "corpus": before.corpus.get("name")}
    return replace(
        config,
        licence=licence,
        corpus={**config.corpus, "from": origin},
        command=f"{before.command} && {config.command}",
    )


def _inherited(parent: Checkpoint, config: CheckpointConfig) -> dict[str, Any]:
    """Return the weights of ``parent``, fitted to the network of ``config``."""
    from abclm.model.training.inheritance import inherit

    return inherit(parent.weights, parent.vocabulary, config.vocabulary, config.network)


def _sampler(folder: Path, config: CheckpointConfig) -> "Sampler":
    """Return a sampler that writes one tune at temperature 1, to show how training proceeds."""

    def write_tune(weights: Any, _vocabulary: Any) -> str:
        checkpoint = Checkpoint(folder, config, dict(weights), sha256="")
        return with_reference_number(generate(checkpoint)[0].text, 1)

    return write_tune
