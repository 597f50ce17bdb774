"""Blocks of samples: the bars of a programme one after the other, exact to a sample.

What still sounds at the end of a bar rings on under the next. A change of place or tempo waits
until the samples for it are there, and the old ones go on meanwhile, so nothing is ever silent.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abclm.render.player.programme import Programme
from abclm.render.player.sounds import Need, Sounds
from abclm.render.player.synthesiser import RATE, Samples
from abclm.render.player.transport import Transport

__all__ = ["Change", "Engine", "Place"]

_FADE: Final = 480
"""The samples over which sound is faded in and out: 10 ms, short enough not to be heard as such."""
_RISE: Final = np.linspace(0, 1, _FADE, dtype=np.float32)[:, None]
_LOUD: Final = 0.6
"""The peak of the fullest bar, as a share of full scale: -4.4 dBFS."""
_KNEE, _ROOM = 0.7, 0.19
"""Above the knee sound is compressed, so that it never exceeds 0.89: -1 dBFS."""
_AHEAD: Final = 6
"""The bars that are rendered ahead."""
_DRONE_LEVEL: Final = 0.35
"""The drone beside the tune."""

Change = Callable[[Transport], Transport]
"""From one state of the transport to another."""


class Place(NamedTuple):
    """Where the player is: the state of the transport, and seconds into the bar at own tempo."""

    transport: Transport
    seconds: float


@dataclass(slots=True)
class _Ringing:
    """Samples that sound on after their bar.

    Attributes:
        samples, at: the samples, and the index of the next.
        left: over how many samples they are still faded out; 0 if they are not.
    """

    samples: Samples
    at: int
    left: int = 0

    @property
    def sounds(self) -> bool:
        """Whether there is anything left of it."""
        return self.at < len(self.samples)

    def add_to(self, mix: NDArray[np.float32]) -> None:
        """Add the next samples to ``mix``."""
        part = self.samples[self.at : self.at + len(mix)]
        self.at += len(part)
        if not self.left:
            mix[: len(part)] += part
            return
        part = part[: self.left]
        fall = _RISE[::-1][_FADE - self.left :]
        mix[: len(part)] += part * fall[: len(part)]
        self.left -= len(part)
        self.at = self.at if self.left else len(self.samples)


class Engine:
    """Gives blocks of samples to a device; changes may come from another thread.

    Args:
        programme: what is played.
        sounds: the samples of its bars; that of the fullest sets how loud all are.
        waits: whether a bar that is not rendered yet is waited for, as when a file is written;
            a device gets silence instead.

    Attributes:
        underruns: how often a bar was not ready when it was due.
        finished: whether all has been played.
        frames: how many samples have been given.
    """

    def __init__(self, programme: Programme, sounds: Sounds, *, waits: bool = False) -> None:
        self.underruns = 0
        self.finished = False
        self.frames = 0
        self._programme = programme
        self._sounds = sounds
        self._waits = waits
        self._now = programme.start
        self._current: Samples | None = None
        self._frame = self._length = 0
        self._fades_in = False
        self._remainder = 0.0
        self._ringing: list[_Ringing] = []
        self._changes: deque[tuple[Change, bool]] = deque()
        self._gain = _LOUD / max(_peak(sounds.get(_fullest(programme))), 1)
        self._drone = _quiet(sounds.drone())
        self._drone_at = 0
        self._paused = False
        self._level = 0.0 if self._drone is not None else 1.0
        self._late = False

    @property
    def done(self) -> bool:
        """Whether all has been played and nothing rings on."""
        return self.finished and not self._ringing

    @property
    def paused(self) -> bool:
        """Whether it pauses."""
        return self._paused

    @property
    def place(self) -> Place:
        """Where it is."""
        now, frame = self._now, self._frame
        return Place(now, frame / RATE * now.factor)

    def pause(self, *, paused: bool) -> None:
        """Pause, or play on from the same place."""
        self._paused = paused

    def move(self, change: Change) -> None:
        """Go to the start of another bar, as soon as that is rendered."""
        self._changes.append((change, False))
        self._sounds.wake()

    def change(self, change: Change) -> None:
        """Change tempo or loop; the place in the bar stays."""
        self._changes.append((change, True))
        self._sounds.wake()

    def needed(self) -> Iterator[Need]:
        """Yield the bars that come next, the most urgent first."""
        state: Transport | None = self._target()[0]
        for _ in range(_AHEAD):
            if state is None:
                return
            yield state.at, state.factor
            state = state.after()

    def block(self, frames: int) -> NDArray[np.int16]:
        """Return the next samples, shape ``(frames, 2)``; silence after the end."""
        mix = np.zeros((frames, 2), dtype=np.float32)
        self.frames += frames
        if self._paused and self._level == 0.0:
            return mix.astype(np.int16)
        self._take_changes()
        filled = 0
        while filled < frames:
            filled += self._fill(mix[filled:])
        mix *= self._gain
        self._add_drone(mix)
        self._fade(mix)
        return (_limited(mix) * 32767).astype(np.int16)

    def _target(self) -> tuple[Transport, bool]:
        """Return the state that the changes lead to, and whether the place in the bar stays."""
        state, stays = self._now, True
        for change, keeps in tuple(self._changes):
            state, stays = change(state), stays and keeps
        return state, stays

    def _take_changes(self) -> None:
        """Go where the user wants to be, if that is rendered; until then nothing changes."""
        count = len(self._changes)
        if not count:
            return
        state, stays = self._target()
        if stays and (state.at, state.factor) == (self._now.at, self._now.factor):
            self._now = state
        else:
            samples = self._samples(state)
            if samples is None:
                return
            share = self._frame / self._length if stays and self._current is not None else 0.0
            if self._current is not None:
                self._ringing.append(_Ringing(self._current, self._frame))
            for one in self._ringing:
                one.left = min(one.left, _FADE) if one.left else _FADE
            self._now, self.finished = state, False
            self._start(samples)
            self._frame = round(share * self._length)
            self._fades_in = self._frame > 0
        for _ in range(count):
            self._changes.popleft()

    def _samples(self, state: Transport) -> Samples | None:
        need = state.at, state.factor
        return self._sounds.get(need) if self._waits else self._sounds.ready(need)

    def _begin(self) -> None:
        """Start the bar of the current state, if it is rendered."""
        samples = self._samples(self._now)
        if samples is None:
            self.underruns += not self._late
            self._late = True
            return
        self._late = False
        self._start(samples)

    def _start(self, samples: Samples) -> None:
        seconds = self._programme.bar(self._now.at).seconds / self._now.factor
        exact = seconds * RATE + self._remainder
        self._length = max(round(exact), 1)
        self._remainder = exact - self._length  # so that a thousand bars are exact, too
        self._current, self._frame = samples, 0

    def _fill(self, mix: NDArray[np.float32]) -> int:
        """Mix in what sounds until the end of the bar; return how many samples that are."""
        if self._current is None and not self.finished:
            self._begin()
        samples = self._current
        count = len(mix) if samples is None else min(len(mix), self._length - self._frame)
        for one in self._ringing:
            one.add_to(mix[:count])
        self._ringing = [one for one in self._ringing if one.sounds]
        if samples is None:
            return count
        sounding = samples[self._frame : self._frame + count]
        if self._fades_in:
            faded = sounding[:_FADE] * _RISE[: len(sounding)]
            sounding = np.concatenate([faded, sounding[_FADE:]])
            self._fades_in = False
        mix[: len(sounding)] += sounding
        self._frame += count
        if self._frame == self._length:
            self._end_bar(samples)
        return count

    def _end_bar(self, samples: Samples) -> None:
        self._ringing.append(_Ringing(samples, self._length))
        self._current = None
        following = self._now.after()
        if following is None:
            self.finished = True
        else:
            self._now = following
        self._sounds.wake()

    def _add_drone(self, mix: NDArray[np.float32]) -> None:
        if self._drone is None or self.done:
            return
        places = (np.arange(len(mix)) + self._drone_at) % len(self._drone)
        mix += self._drone[places]
        self._drone_at = (self._drone_at + len(mix)) % len(self._drone)

    def _fade(self, mix: NDArray[np.float32]) -> None:
        """Fade out for a pause, and in after it."""
        wanted = 0.0 if self._paused else 1.0
        if self._level == wanted == 1.0:
            return
        step = 1 / _FADE if wanted else -1 / _FADE
        levels = np.clip(self._level + step * np.arange(1, len(mix) + 1), 0, 1)
        mix *= levels[:, None].astype(np.float32)
        self._level = float(levels[-1])


def _fullest(programme: Programme) -> Need:
    """Return the bar of those to be played in which most notes are struck."""
    start = programme.start
    at = max(
        range(start.first, start.last + 1), key=lambda index: len(programme.bars[index].strikes)
    )
    return at, start.factor


def _quiet(drone: Samples | None) -> NDArray[np.float32] | None:
    if drone is None:
        return None
    held: NDArray[np.float32] = drone.astype(np.float32)
    return held * np.float32(_DRONE_LEVEL * _LOUD / max(_peak(drone), 1))


def _peak(samples: NDArray[np.float32] | Samples) -> float:
    return float(np.abs(samples.astype(np.float32)).max(initial=0))


def _limited(mix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return ``mix`` with what is above the knee compressed, so that nothing is clipped."""
    size = np.abs(mix)
    if size.max(initial=0) <= _KNEE:
        return mix
    over = _KNEE + _ROOM * np.tanh((size - _KNEE) / _ROOM)
    return np.where(size > _KNEE, np.sign(mix) * over, mix)
