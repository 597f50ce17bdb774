"""The samples of bars, rendered ahead by a thread and kept while they may be needed."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final, Self

import numpy as np

from abclm.errors import RenderError
from abclm.render.player.bar_midi import bar_midi, drone_midi
from abclm.render.player.programme import Programme
from abclm.render.player.synthesiser import RATE, Samples, Synthesiser

__all__ = ["Need", "Sounds"]

Need = tuple[int, float]
"""A place of the transport and the factor of its tempo."""

_KEPT: Final = 48_000 * 60 * 10
"""The most samples that are kept: ten minutes, 115 MB."""
_DRONE: Final = 12.0
_DRONE_JOIN: Final = 2.0
"""Seconds of a drone, and over how many its end runs into its start."""


class Sounds:
    """Gives the samples of bars; a context manager that ends its thread on exit.

    The same bar at the same tempo is rendered once, however often it is played.

    Args:
        programme: what is played.
        synthesiser: makes the samples.
    """

    def __init__(self, programme: Programme, synthesiser: Synthesiser) -> None:
        self._programme = programme
        self._synthesiser = synthesiser
        self._kept: OrderedDict[bytes, Samples] = OrderedDict()
        self._midi: dict[Need, bytes] = {}
        self._size = 0
        self._wake = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None
        self.error: RenderError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def start(self, needed: Callable[[], Iterable[Need]]) -> None:
        """Start the thread; ``needed`` returns what will be played, the most urgent first."""
        self._thread = threading.Thread(target=self._work, args=(needed,), daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Let the thread look at once at what is needed."""
        self._wake.set()

    def ready(self, need: Need) -> Samples | None:
        """Return the samples of a bar if they are there; it does not wait."""
        return self._kept.get(self._midi.get(need, b""))

    def get(self, need: Need) -> Samples:
        """Return the samples of a bar, rendered if they are not there.

        Raises:
            RenderError: they cannot be rendered.
        """
        midi = self._midi.get(need)
        if midi is None:
            midi = bar_midi(self._programme.bar(need[0]), need[1])
        samples = self._kept.get(midi)
        if samples is None:
            samples = self._synthesiser.render(midi)
            self._kept[midi] = samples
            self._size += len(samples)
        self._kept.move_to_end(midi)
        self._midi[need] = midi
        while self._size > _KEPT and len(self._kept) > 1:
            self._size -= len(self._kept.popitem(last=False)[1])
        return samples

    def drone(self) -> Samples | None:
        """Return a drone whose end runs into its start, to be repeated; None without one."""
        if not self._programme.drone:
            return None
        made = self._synthesiser.render(drone_midi(self._programme.drone, _DRONE)).astype(float)
        size, join = round(_DRONE * RATE) - 2 * RATE, round(_DRONE_JOIN * RATE)
        held = made[RATE : RATE + size]  # without its attack
        rise = np.sqrt(np.linspace(0, 1, join))[:, None]
        loop = held[: size - join].copy()
        loop[:join] = loop[:join] * rise + held[size - join :] * rise[::-1]
        return loop.astype(np.int16)

    def _work(self, needed: Callable[[], Iterable[Need]]) -> None:
        while not self._closed:
            missing = next((need for need in needed() if self.ready(need) is None), None)
            if missing is None:
                self._wake.wait(0.05)
                self._wake.clear()
                continue
            try:
                self.get(missing)
            except RenderError as error:
                self.error = error
                return
