"""The options of a training run; `NetworkSettings` and `TrainingSettings` say what each means.

Nothing heavy is imported, so that the help of the command is quick.
"""

from typing import Final, TypedDict

__all__ = ["SHAPE", "TrainingValues"]


class TrainingValues(TypedDict, total=False):
    """The shape of a network and the settings of a run; None or missing means the default.

    They are the options of ``abclm train``, in the order of its help.
    """

    epochs: int | None
    patience: int | None
    batch_size: int | None
    window: int | None
    windows: str | None
    cues: str | None
    average: float | None
    units: int | None
    layers: int | None
    cell: str | None
    attention: int | None
    attention_span: int | None
    embedding: int | None
    dropout: float | None
    direct_dropout: float | None
    learning_rate: float | None
    weight_decay: float | None
    loss: str | None
    focal_gamma: float | None
    precision: str | None
    max_minutes: float | None
    sample_every: int | None
    seed: int | None


SHAPE: Final = {
    "units": "units",
    "layers": "num_layers",
    "embedding": "embedding_size",
    "cues": "cues",
    "cell": "cell",
    "attention": "attention",
    "attention_span": "attention_span",
}
"""Those that shape the network, with the names of the fields of `NetworkSettings`."""
