"""The settings of a network and of a training run, checked with messages for the user."""

import math
from dataclasses import dataclass
from typing import Annotated, Final, Literal, get_args

from abclm.errors import InputError
from abclm.option import Option

__all__ = [
    "ALL_CUES",
    "CUES_OF_ONE",
    "CUES_OF_SEVERAL",
    "DIRECT_SCALE",
    "FINE_TUNING",
    "FINE_TUNING_DROPOUT",
    "SEVERAL",
    "Cell",
    "Cue",
    "Loss",
    "NetworkSettings",
    "Precision",
    "TrainingSettings",
    "Windows",
]

Cue = Literal[
    "echo",
    "bar",
    "section",
    "syntax",
    "compass",
    "place",
    "plan",
    "line",
    "voices",
    "clock",
    "sounding",
    "phrase",
]
ALL_CUES: Final[tuple[Cue, ...]] = get_args(Cue)
SEVERAL: Final[Cue] = "voices"
"""The cue of a network that reads and writes several voices."""
CUES_OF_ONE: Final = ALL_CUES[: ALL_CUES.index(SEVERAL)]
CUES_OF_SEVERAL: Final = ("echo", "section", "syntax", *ALL_CUES[len(CUES_OF_ONE) :])
"""The default cues for one voice and for several."""
Cell = Literal["lstm", "gru"]
Loss = Literal["cross_entropy", "focal"]
Windows = Literal["tunes", "random", "contiguous"]
Precision = Literal["auto", "float32", "mixed_bfloat16"]

DIRECT_SCALE: Final = 24.0
"""The factor on the tables of direct connections. Adam's steps are about as long as the learning
rate: without the factor, the logit of a character that never follows would fall too slowly."""

_MOST_IDS: Final = 2**14
"""Two hundred times the shipped vocabulary, and more characters than any tunebook uses."""
_MOST_UNITS: Final = 2**13
"""Twenty times the shipped network; the weights of one such layer take 2 GiB in float32."""
_MOST_LAYERS: Final = 32
"""Sixteen times the shipped network."""
_MOST_SPAN: Final = 2**12
"""Ten times the length of a tune; each tune being written keeps two such spans."""
_MOST_DECAY: Final = 100.0
"""At a learning rate of 0.003, weights would lose a third at each step."""
_MOST_GAMMA: Final = 10.0
"""Twice the largest that Lin et al. tried."""
_MOST: Final = 2**31 - 1
"""The largest integer of 32 bits, which every library accepts."""


@dataclass(frozen=True)
class NetworkSettings:
    """The shape of a network: embedding, recurrent layers, dense layer over the vocabulary.

    The defaults are those of the shipped model, see `checkpoints/README.md`.
    """

    vocabulary_size: int
    """Number of ids: the characters and the end of a tune."""
    embedding_size: Annotated[int, Option("Length of a character's vector.", name="embedding")] = (
        128
    )
    """Length of the vector that stands for a character."""
    units: Annotated[int, Option("Length of the state of each recurrent layer.")] = 384
    """Length of the state of each recurrent layer."""
    num_layers: Annotated[int, Option("Recurrent layers.", name="layers")] = 2
    """Number of recurrent layers, one on top of the other."""
    dropout: Annotated[float, Option("Share of outputs dropped in training.")] = 0.5
    """Share of each recurrent layer's outputs that is dropped at random in training."""
    cues: Annotated[
        tuple[Cue, ...],
        Option(
            f"What the network receives besides the last character: {', '.join(ALL_CUES)}, or none."
        ),
    ] = ()
    """What the network receives besides the last character, see `abclm.model.cues.reader`."""
    direct: bool = False
    """Whether the last character and the cues are also connected to the logits directly; see
    `abclm.model.cues.direct`."""
    direct_dropout: Annotated[
        float, Option("Share of the direct connections dropped in training.")
    ] = 0.3
    """Share of the tables of direct connections that is dropped at random in training, anew at each
    character, so that the network does not rely on any one of them."""
    cell: Annotated[Cell, Option("Recurrent layers: lstm or gru.")] = "lstm"
    """`lstm` (Hochreiter and Schmidhuber 1997, with a forget gate) or `gru` (Cho et al. 2014, the
    reset gate applied after the recurrent product)."""
    attention: Annotated[
        int, Option("Heads of attention over the last outputs; 0: no attention.")
    ] = 0
    """Number of heads of attention over the last outputs of the top layer, see
    `abclm.decoding.attention`; 0 for none. It must divide the units."""
    attention_span: Annotated[int, Option("Outputs that attention can look back at.")] = 128
    """Number of outputs attended to, the present one included; without effect if there are no
    heads."""

    def __post_init__(self) -> None:
        _whole("vocabulary size", self.vocabulary_size, 2, _MOST_IDS)
        _whole("embedding size", self.embedding_size, 1, _MOST_UNITS)
        _whole("units", self.units, 1, _MOST_UNITS)
        _whole("number of layers", self.num_layers, 1, _MOST_LAYERS)
        _between("dropout", self.dropout, 0.0, 0.95)
        _between("direct dropout", self.direct_dropout, 0.0, 0.95)
        _yes_or_no("direct", self.direct)
        _one_of("cell", self.cell, get_args(Cell))
        _whole("attention", self.attention, 0, self.units)
        _whole("attention span", self.attention_span, 1, _MOST_SPAN)
        if self.attention and self.units % self.attention:
            raise InputError(
                f"{self.units} units cannot be shared by {self.attention} heads of attention: "
                "choose a number that divides them"
            )
        if not isinstance(self.cues, tuple | list):
            raise InputError(f"cues must be a list, not {self.cues!r}")
        object.__setattr__(self, "cues", tuple(self.cues))
        for cue in self.cues:
            _one_of("cues", cue, ALL_CUES)
        if len(set(self.cues)) < len(self.cues):
            raise InputError(f"cues must differ, not {', '.join(self.cues[: len(ALL_CUES)])}")


@dataclass(frozen=True)
class TrainingSettings:
    """How a network is trained.

    The defaults are those of the shipped model, see `checkpoints/README.md`.
    """

    epochs: Annotated[int, Option("Passes over the training text.")] = 7
    """Number of characters trained on, as a multiple of the training text."""
    batch_size: Annotated[int, Option("Windows in one step.")] = 16
    """Windows in one step; fewer if an epoch of a small training text would otherwise have less
    than 8 steps."""
    window: Annotated[int, Option("Characters in one window.")] = 256
    """Characters in one window."""
    windows: Annotated[
        Windows,
        Option(
            "tunes: whole tunes, as many characters as the windows hold; random: cut "
            "anywhere; contiguous: one after the other, state carried over."
        ),
    ] = "tunes"
    """`tunes`: whole tunes, each from a zero state, with as many characters in a step as its
    windows hold; `random`: cut anywhere; `contiguous`: each starts where the last one ended, with
    the state carried over."""
    average: Annotated[
        float, Option("Decay of the running average of the weights; 0: no average.")
    ] = 0.998
    """Decay of the running average of the weights at each step; the averaged weights are the ones
    evaluated and saved. 0 for no average."""
    learning_rate: Annotated[float, Option("The highest learning rate.")] = 3e-3
    """The highest learning rate, reached when the warm-up ends."""
    warmup: float = 0.02
    """Share of all steps in which the learning rate rises from zero."""
    final_learning_rate: float = 0.02
    """The learning rate at the last step, as a share of the highest; a cosine leads there."""
    weight_decay: Annotated[
        float, Option("Share of the learning rate by which weights shrink at each step.")
    ] = 0.0
    """Decoupled weight decay (Loshchilov and Hutter 2019, *Decoupled Weight Decay
    Regularization*): at each step every weight shrinks by this share of the learning rate."""
    clip_norm: float = 1.0
    """Gradients longer than this, all taken together, are scaled down to it."""
    seed: Annotated[int, Option("Seed of the weights, windows and dropout.")] = 0
    """Seed of the initial weights, the windows and the dropout."""
    loss: Annotated[
        Loss, Option("cross_entropy, or focal: less weight on what is predicted well.")
    ] = "cross_entropy"
    """What training minimizes: `cross_entropy`, or `focal`, the same with each character weighted
    by (1 - p)^gamma, where p is its probability (Lin et al. 2017, *Focal Loss for Dense Object
    Detection*). Bits per character are always cross entropy, so that runs compare."""
    focal_gamma: Annotated[float, Option("Exponent of the focal loss; 0: cross entropy.")] = 2.0
    """The exponent gamma of the focal loss; without effect on cross entropy."""
    precision: Annotated[
        Precision, Option("auto, float32 or mixed_bfloat16; auto chooses by the hardware.")
    ] = "auto"
    """`auto` is `mixed_bfloat16` if the hardware supports it, else `float32`."""
    patience: Annotated[
        int, Option("Stop after this many epochs without a new best; 0: never.")
    ] = 0
    """Epochs without a new best after which the run ends; 0 for never."""
    slack: float = 0.0
    """How far the held-out bits of an epoch may exceed the best, as a share, and still be kept: a
    few tunes do not measure more finely, and of two epochs the later one has learnt more."""
    sample_every: Annotated[
        int, Option("Epochs between sample tunes, kept in --out/samples; 0 writes none.")
    ] = 5
    """Epochs between two sample tunes; 0 for none."""
    max_minutes: Annotated[
        float | None, Option("Save and stop after this many minutes; --resume continues.")
    ] = None
    """Training stops after this time, is evaluated and saved, and can be resumed. The learning rate
    schedule does not depend on it: it still ends with `epochs`."""
    save_minutes: float = 5.0
    """The state is saved after each epoch, and within a long one at this interval: a run that is
    killed loses no more."""

    def __post_init__(self) -> None:
        _whole("epochs", self.epochs, 1)
        _whole("batch size", self.batch_size, 1)
        _whole("window", self.window, 2)
        _one_of("windows", self.windows, get_args(Windows))
        _between("average", self.average, 0.0, 0.99999)
        _between("slack", self.slack, 0.0, 1.0)
        _above_zero("learning rate", self.learning_rate)
        _between("warm-up", self.warmup, 0.0, 1.0)
        _between("final learning rate", self.final_learning_rate, 0.0, 1.0)
        _between("weight decay", self.weight_decay, 0.0, _MOST_DECAY)
        _above_zero("clip norm", self.clip_norm)
        _between("seed", _integer("seed", self.seed), 0, _MOST)
        _one_of("loss", self.loss, get_args(Loss))
        _between("focal gamma", self.focal_gamma, 0.0, _MOST_GAMMA)
        _one_of("precision", self.precision, get_args(Precision))
        _whole("patience", self.patience, 0)
        _whole("sample every", self.sample_every, 0)
        if self.max_minutes is not None:
            _above_zero("max minutes", self.max_minutes)
        _above_zero("save minutes", self.save_minutes)


def _whole(what: str, value: object, least: int, most: int = _MOST) -> None:
    number = _integer(what, value)
    if number < least:
        raise InputError(f"{what} must be {least} or more, not {value!r:.40}")
    if number > most:
        raise InputError(f"{what} must be {most} or less, not {value!r:.40}")


def _integer(what: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InputError(f"{what} must be a whole number, not {value!r:.40}")
    return value


def _above_zero(what: str, value: object) -> None:
    number = _number(what, value)
    if not (math.isfinite(number) and number > 0):
        raise InputError(f"{what} must be above 0, not {value!r:.40}")


def _between(what: str, value: object, low: float, high: float) -> None:
    if not low <= _number(what, value) <= high:
        raise InputError(f"{what} must lie between {low} and {high}, not {value!r:.40}")


def _number(what: str, value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise InputError(f"{what} must be a number, not {value!r:.40}")
    return value


def _yes_or_no(what: str, value: object) -> None:
    if not isinstance(value, bool):
        raise InputError(f"{what} must be true or false, not {value!r:.40}")


def _one_of(what: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise InputError(f"{what} must be one of {', '.join(choices)}, not {value!r:.40}")


FINE_TUNING: Final = TrainingSettings(
    epochs=20, batch_size=8, average=0.999, learning_rate=3e-4, patience=5, slack=0.01
)
"""The settings for fine-tuning a trained network on other tunes."""
FINE_TUNING_DROPOUT: Final = 0.3
"""The dropout for it; the shipped recipe has 0.5."""
