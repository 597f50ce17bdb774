"""Several processes that train one network together: on several machines, or one for each GPU.

Each is started with the same command and its own `TF_CONFIG`, the environment variable that
TensorFlow documents for this. All draw the same batches, each reads its share of the rows, and the
gradients are summed; so their steps equal those of one process with all rows. Only the first
process has a folder; it tells the others where to begin. A process that trains alone uses `Workers`
itself.
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
    """The rank of this process."""

    number: int = 0
    """Counted from 0; process 0 is the chief."""
    addresses: tuple[str, ...] = ("localhost:0",)
    """The addresses of all processes, each `host:port`."""

    @property
    def count(self) -> int:
        """The number of processes."""
        return len(self.addresses)

    @property
    def chief(self) -> bool:
        """Whether this process writes the files and reports to the user."""
        return self.number == 0


def read_place(environ: Mapping[str, str] = os.environ) -> Rank:
    """Read the rank of this process from `TF_CONFIG`; a single process if it is not set.

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
            raise ValueError("the task is not a worker")  # noqa: TRY301 - reported with the others
        for address in addresses:
            int(address.rpartition(":")[2])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{_VARIABLE}: must be like {_EXAMPLE}: {error!r}") from error
    if not 0 <= number < len(addresses):
        raise InputError(f"{_VARIABLE}: index {task['index']} is not one of {', '.join(addresses)}")
    if len(set(addresses)) < len(addresses):
        raise InputError(f"{_VARIABLE}: the addresses must differ: {', '.join(addresses)}")
    return Rank(number, addresses)


def await_others(place: Rank, patience: float) -> None:
    """Wait until every other process can be reached; TensorFlow itself would wait for an hour.

    Args:
        place: the rank of this process, whose port is open meanwhile.
        patience: seconds to wait.

    Raises:
        TrainingError: a process cannot be reached, or this process' port is in use.
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
    """The processes that train together, as seen by one of them; in this class, the only one.

    Args:
        place: the rank of this process.
    """

    def __init__(self, place: Rank) -> None:
        self.place = place

    def share(self, batch: WindowBatch) -> WindowBatch:
        """The rows of ``batch`` that this process reads; if there are none, a masked row."""
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
        """Broadcast a JSON value from the first process."""
        return value

    def tell_numbers(self, values: NDArray[Any]) -> NDArray[Any]:
        """Broadcast an array from the first process; its shape must be the same in all."""
        return values

    def totals(self, numbers: Sequence[float]) -> list[float]:
        """Sum each of ``numbers`` over all processes; all get the same result."""
        return list(numbers)

    def part(self) -> None:
        """Wait at the end until all have finished: if one exits early, the others fail."""

    def add_up(self, tensors: list[Any]) -> list[Any]:
        """Sum ``tensors``, all of one number type, inside a compiled step."""
        return tensors

    def reaching_others(self) -> AbstractContextManager[None]:
        """The context of `add_up`, which translates the error that another process is gone."""
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
