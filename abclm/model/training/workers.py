"""Several processes that train one network together: on several machines, or one for each GPU.

Each is started with the same command and its own `TF_CONFIG`, the environment variable that
TensorFlow documents for this. All draw the same batches, each reads its share of the rows, and the
gradients are added up: so they take the steps that one process with all rows would take. The first
process alone has a folder; it tells the others where to begin. A `Workers` is also what a process
is to itself that trains alone.
"""

import contextlib
import os
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abclm.errors import InputError, TrainingError
from abclm.model.training.windows import WindowBatch
from abclm.untrusted.strict_json import read_json

__all__ = ["Rank", "Workers", "await_others", "read_place"]

_VARIABLE = "TF_CONFIG"
_EXAMPLE = (
    '{"cluster": {"worker": ["host1:2222", "host2:2222"]}, "task": {"type": "worker", "index": 0}}'
)


@dataclass(frozen=True)
class Rank:
    """Which of the processes this one is."""

    number: int = 0
    """Counted from 0: the first one is the chief."""
    addresses: tuple[str, ...] = ("localhost:0",)
    """Of all processes, `host:port`."""

    @property
    def count(self) -> int:
        """How many processes there are."""
        return len(self.addresses)

    @property
    def chief(self) -> bool:
        """Whether this is the process that writes files and is seen."""
        return self.number == 0


def read_place(environ: Mapping[str, str] = os.environ) -> Rank:
    """The place that `TF_CONFIG` gives to this process; alone where it is not set.

    Raises:
        InputError: it is not as TensorFlow documents it.
    """
    text = environ.get(_VARIABLE, "").strip()
    if not text:
        return Rank()
    try:
        values = read_json(text)
        cluster, task = values["cluster"], values["task"]
        addresses = (*cluster.get("chief", ()), *cluster["worker"])
        number = int(task["index"])
        if task["type"] == "worker":
            number += len(cluster.get("chief", ()))
        elif task["type"] != "chief" or number >= len(cluster["chief"]):
            raise ValueError("the task is no worker")  # noqa: TRY301 - told with the others
        for address in addresses:
            int(address.rpartition(":")[2])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{_VARIABLE}: must be like {_EXAMPLE}: {error!r}") from error
    if not 0 <= number < len(addresses):
        raise InputError(f"{_VARIABLE}: index {task['index']} is none of {', '.join(addresses)}")
    if len(set(addresses)) < len(addresses):
        raise InputError(f"{_VARIABLE}: the addresses must differ: {', '.join(addresses)}")
    return Rank(number, addresses)


def await_others(place: Rank, patience: float) -> None:
    """Wait until every other process can be reached; TensorFlow itself would wait for an hour.

    Args:
        place: of this process, whose port is open meanwhile.
        patience: seconds to wait.

    Raises:
        TrainingError: one cannot be reached, or the own port is in use.
    """
    missing = [address for address in place.addresses if address != place.addresses[place.number]]
    port = _host_and_port(place.addresses[place.number])[1]
    deadline = time.monotonic() + patience
    try:
        listener = socket.create_server(("", port), backlog=128)
    except (OSError, OverflowError) as error:
        raise TrainingError(f"{_VARIABLE}: port {port} cannot be opened: {error}") from error
    with listener:
        while missing := [address for address in missing if not _answers(address)]:
            if time.monotonic() > deadline:
                raise TrainingError(
                    f"{_VARIABLE}: no process answers at {', '.join(missing)} after "
                    f"{patience:g} seconds: start it there, with the same command"
                )
            time.sleep(0.2)


class Workers:
    """The processes that train together, as one of them sees them; here it is the only one.

    Args:
        place: which of them this one is.
    """

    def __init__(self, place: Rank) -> None:
        self.place = place

    def share(self, batch: WindowBatch) -> WindowBatch:
        """The rows of ``batch`` that this process reads; where there is none, one that counts 0."""
        number, count = self.place.number, self.place.count
        if count == 1:
            return batch
        if number >= len(batch.inputs):
            nothing = np.zeros_like(batch.mask[:1])
            return WindowBatch(batch.inputs[:1], batch.cues[:1], batch.targets[:1], nothing)
        rows = slice(number, None, count)
        return WindowBatch(
            batch.inputs[rows], batch.cues[rows], batch.targets[rows], batch.mask[rows]
        )

    def tell(self, value: Any) -> Any:
        """What JSON can write, as the first process has it."""
        return value

    def tell_numbers(self, values: NDArray[Any]) -> NDArray[Any]:
        """An array, as the first process has it; it must have the same shape in all."""
        return values

    def totals(self, numbers: Sequence[float]) -> list[float]:
        """The sums over all processes of each of ``numbers``; all get the same."""
        return list(numbers)

    def part(self) -> None:
        """Wait before the end until all have come to it: one that is gone is an error to others."""

    def add_up(self, tensors: list[Any]) -> list[Any]:
        """The sums of ``tensors`` of one number type, inside a compiled step."""
        return tensors

    def reaching_others(self) -> AbstractContextManager[None]:
        """Where add_up is used: an error that another process is gone becomes one of ours."""
        return contextlib.nullcontext()


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def _answers(address: str) -> bool:
    try:
        socket.create_connection(_host_and_port(address), timeout=2).close()
    except (OSError, OverflowError):
        return False
    return True
