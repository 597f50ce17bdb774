"""From a corpus to a checkpoint: what is trained, on what, and from where it starts."""

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
from abclm.model.settings import (
    ALL_CUES,
    FINE_TUNING,
    FINE_TUNING_DROPOUT,
    NetworkSettings,
    TrainingSettings,
)
from abclm.model.text import model_texts, usual
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
    "cues": ",".join(ALL_CUES),
}


@dataclass(frozen=True)
class TrainingOrder:
    """What is to be trained.

    Attributes:
        corpus: its name, or its folder.
        folder: of the checkpoint that is made.
        start: a checkpoint to go on from.
        resume: whether to go on where a run in ``folder`` stopped.
        shape: units, layers, embedding and cues (names with commas between, or ``none``) of the
            network; None or missing for the default.
        dropouts: dropout and direct_dropout, likewise.
        training: fields of `TrainingSettings`, likewise.
        command: what asks for it, as the checkpoint keeps it.
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
    """What came of a run: how it ended, and the corpus."""

    result: Any
    corpus: Corpus


def train(
    order: TrainingOrder, observe: "Callable[[], AbstractContextManager[Observer]]"
) -> Trained:
    """Train a network, or let a trained one learn other tunes.

    Args:
        order: what is to be trained.
        observe: makes what is told how far it is, when training begins.

    Raises:
        CorpusError: the corpus is missing or damaged.
        CheckpointError: there is no such checkpoint to go on from.
        TrainingError: training cannot start, or not in this folder.
    """
    from abclm.model.training.schedule import usual_epochs
    from abclm.model.training.training import check_folder
    from abclm.model.training.training import train as run

    loaded = load_corpus(order.corpus)
    parent = load_by_name(order.start) if order.start else None
    known = parent.config.usual if parent else usual(loaded.train)
    cues = parent.config.network.cues if parent else _cues(order.shape.get("cues"))
    learnt, held_out, others = (
        model_texts(part, known, planned="plan" in cues)
        for part in (loaded.train, loaded.held_out, loaded.held_out_by_tune)
    )
    network, vocabulary = _network([*learnt, *held_out, *others], parent, order)
    characters = sum(len(tune) + 1 for tune in learnt)
    settings = FINE_TUNING if parent else TrainingSettings(epochs=usual_epochs(characters))
    wanted = {name: value for name, value in order.training.items() if value is not None}
    # No longer than an eighth of the text, so that a few tunes can be trained on.
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
    """Put titles, index and judge beside the checkpoint, and warn if it copies.

    ``say`` is given a line for each.
    """
    make_companions(order.folder, trained.corpus, order.start, say)


def _network(
    texts: Sequence[str], parent: Checkpoint | None, order: TrainingOrder
) -> tuple[NetworkSettings, Vocabulary]:
    """The network asked for, or that of ``parent``, and its vocabulary.

    Args:
        texts: all tunes of the corpus, as a network reads them.
        parent: the checkpoint to go on from.
        order: has the shape and the dropouts.

    Raises:
        TrainingError: an option asks for another shape than ``parent`` has.
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
        cues = _cues(values["cues"])
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


def _cues(value: str | None) -> tuple[Any, ...]:
    value = _SHAPE["cues"] if value is None else value
    return () if value == "none" else tuple(cue.strip() for cue in value.split(","))


def _descended(config: CheckpointConfig, parent: Checkpoint) -> CheckpointConfig:
    """``config`` with what a checkpoint owes to the one it started from: its licence above all."""
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
    """The weights of ``parent`` for the network of ``config``."""
    from abclm.model.training.inheritance import inherit

    return inherit(parent.weights, parent.vocabulary, config.vocabulary, config.network)


def _sampler(folder: Path, config: CheckpointConfig) -> "Sampler":
    """Writes one tune at temperature 1, to show how far training has come."""

    def write_tune(weights: Any, _vocabulary: Any) -> str:
        checkpoint = Checkpoint(folder, config, dict(weights), sha256="")
        return with_reference_number(generate(checkpoint)[0].text, 1)

    return write_tune
