"""Training: from a corpus, and perhaps an earlier checkpoint, to a new checkpoint."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Unpack

from abclm.api.checkpoints import load_by_name
from abclm.api.companions import make_companions
from abclm.api.model import Model, load
from abclm.api.training_values import SHAPE, TrainingValues
from abclm.compose.generation import Composer
from abclm.compose.tunebook import with_reference_number
from abclm.corpus.store import Corpus, load_corpus
from abclm.errors import AbclmError, TrainingError
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
    from abclm.model.training.training import Sampler, TrainingResult

__all__ = ["Trained", "train"]

_KNOWN: Final = 0.8
"""The share of the bars of a tune in one training tune from which it counts as learnt; of different
tunes, 95 of 100 share at most a quarter."""
_DROPOUTS = ("dropout", "direct_dropout")


@dataclass(frozen=True)
class Trained:
    """A training run that has ended.

    Attributes:
        folder: the folder of the checkpoint.
        result: how the run ended, the measured results, and a row for each epoch.
    """

    folder: Path
    result: "TrainingResult"

    @property
    def model(self) -> Model:
        """The trained model, loaded from its folder."""
        return load(str(self.folder))


def train(
    corpus: str,
    out: str | Path | None = None,
    *,
    start: str | None = None,
    resume: bool = False,
    observe: "Callable[[], AbstractContextManager[Observer]] | None" = None,
    on_trained: Callable[[Trained], None] = lambda _trained: None,
    say: Callable[[str], None] = lambda _line: None,
    command: str = "abclm train",
    **settings: Unpack[TrainingValues],
) -> Trained:
    """Train a model on a corpus, or fine-tune a trained one.

    Titles, index and judge of a run that was not stopped are made too, beside the weights.

    Args:
        corpus: the name of a corpus built here, or its folder.
        out: the folder to create; ``checkpoints/CORPUS`` by default.
        start: a checkpoint to fine-tune; its shape and characters are kept.
        resume: whether to resume the run that stopped in ``out``.
        observe: makes the observer that follows the progress; called when training begins.
        on_trained: called when the run has ended, before titles, index and judge are made.
        say: called with a line for each of these, and with a warning if the model copies.
        command: the command line, which is stored in the checkpoint.
        settings: the shape of the network and how it is trained, such as ``units=512`` or
            ``epochs=20``.

    Raises:
        CorpusError: the corpus is missing or damaged.
        CheckpointError: there is no such checkpoint to fine-tune.
        TrainingError: training cannot start, or not in this folder.
        MissingExtraError: TensorFlow is not installed.

    Example:
        >>> abclm.build_corpus("mine", ["session.abc"])  # doctest: +SKIP
        >>> model = abclm.train("mine", start="irish", say=print).model  # doctest: +SKIP
    """
    from abclm.model.training.observer import Observer
    from abclm.model.training.schedule import usual_epochs
    from abclm.model.training.training import check_folder
    from abclm.model.training.training import train as run

    folder = Path("checkpoints") / Path(corpus).name if out is None else Path(out)
    given: dict[str, Any] = {name: value for name, value in settings.items() if value is not None}
    shape = {name: given.pop(name) for name in SHAPE if name in given}
    dropouts = {name: given.pop(name) for name in _DROPOUTS if name in given}
    loaded = load_corpus(corpus)
    parent = load_by_name(start) if start else None
    cues = parent.config.network.cues if parent else _cues(shape.get("cues"), loaded)
    known = parent.config.usual if parent else _usual(loaded.train, cues)
    learnt = _read(loaded.train, known, cues, learnt=True)
    held_out, others = (
        _read(part, known, cues) for part in (loaded.held_out, loaded.held_out_by_tune)
    )
    network, vocabulary = _network([*learnt, *held_out, *others], cues, parent, shape, dropouts)
    characters = sum(len(tune) + 1 for tune in learnt)
    usually = FINE_TUNING if parent else TrainingSettings(epochs=usual_epochs(characters))
    # At most an eighth of the text, so that even a corpus of a few tunes fills some windows.
    window = max(2, min(given.get("window", usually.window), characters // 8))
    training = replace(usually, **{**given, "window": window})
    check_folder(folder, resume=resume)
    report = loaded.report
    config = CheckpointConfig(
        name=folder.name,
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
        command=command,
    )
    if parent:
        config = _descended(config, parent)
    if start:
        _warn_of_known(loaded, start, say)
    with observe() if observe is not None else nullcontext(Observer()) as observer:
        result = run(
            config,
            learnt,
            held_out,
            folder,
            resume=resume,
            initial=_inherited(parent, config) if parent else None,
            observer=observer,
            sample=_sampler(folder, config),
        )
    trained = Trained(folder, result)
    on_trained(trained)
    if result.chief and result.ending not in {"interrupted", "out of time"}:
        make_companions(folder, loaded, start, say)
    return trained


def _warn_of_known(corpus: Corpus, start: str, say: Callable[[str], None]) -> None:
    """Say how many held-out tunes are among the tunes that the checkpoint ``start`` learnt.

    They are found by their bars in any key, in the index beside the checkpoint.
    """
    from abclm.api.indexes import index_of
    from abclm.notation.parse.parser import parse_tunebook

    if corpus.several:
        return
    try:
        index = index_of(start, lambda _line: None)
    except AbclmError as error:
        say(f"not checked whether {start} learnt the held-out tunes: {error}")
        return
    tunes = [parsed.tune for text in corpus.held_out for parsed in parse_tunebook(text)]
    known = [tune for tune in tunes if index.judge(tune).share >= _KNOWN]
    if known:
        titles = ", ".join(tune.title or "untitled" for tune in known[:3])
        more = ", …" if len(known) > 3 else ""
        say(
            f"warning: {start} has learnt {len(known)} of the {len(tunes)} held-out tunes "
            f"({titles}{more}): the held-out figures will look better than they are"
        )


def _network(
    texts: Sequence[str],
    cues: tuple[Cue, ...],
    parent: Checkpoint | None,
    shape: Mapping[str, Any],
    dropouts: Mapping[str, Any],
) -> tuple[NetworkSettings, Vocabulary]:
    """Return the settings of the requested network, or of ``parent``, and its vocabulary.

    Args:
        texts: all tunes of the corpus, as a network reads them.
        cues: the cues of the ordered network.
        parent: the checkpoint to fine-tune, if any.
        shape: the requested values of `SHAPE`.
        dropouts: the requested dropout and direct_dropout.

    Raises:
        TrainingError: an option asks for a shape other than that of ``parent``.
    """
    from abclm.model.training.inheritance import joint_vocabulary

    if parent is None:
        vocabulary = Vocabulary.from_text(texts)
        fields = {SHAPE[name]: value for name, value in shape.items() if name != "cues"}
        network = NetworkSettings(vocabulary.size, cues=cues, direct=bool(cues), **fields)
        return replace(network, **dropouts), vocabulary
    theirs = parent.config.network
    has = {name: getattr(theirs, field) for name, field in SHAPE.items()}
    has["cues"] = ",".join(theirs.cues) or "none"
    for name, value in shape.items():
        if value != has[name]:
            raise TrainingError(
                f"--from {parent.path.name}: it has --{name.replace('_', '-')} {has[name]}, "
                f"not {value}: leave the option out"
            )
    vocabulary = joint_vocabulary(parent.vocabulary, texts)
    changed: dict[str, Any] = {"dropout": FINE_TUNING_DROPOUT, **dropouts}
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
        return with_reference_number(Composer(checkpoint).generate()[0].text, 1)

    return write_tune
