"""A player: a programme, its sounds and a device, and what can be asked of it while it plays."""

import io
import time
import wave
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Self

from abclm.render.player.device import Device, require_device
from abclm.render.player.engine import Engine, Place
from abclm.render.player.programme import Programme
from abclm.render.player.sounds import Sounds
from abclm.render.player.synthesiser import RATE, Synthesiser
from abclm.render.player.transport import Transport
from abclm.render.sound.audio import as_loud

__all__ = ["Player", "programme_wav"]

_FASTER: Final = 0.05
"""What a step of the tempo adds to its factor."""
_BLOCK: Final = 4_800


class Player:
    """Plays a programme; a context manager that ends it on exit.

    Args:
        programme: what is played.
        device: opens the device; tests open a silent one.
        sound_font: an SF2 file; None for the installed one.
        command: what needs the sound, in messages.

    Raises:
        MissingExtraError: a package for sound is not installed.
        NoSoundDeviceError: there is no sound device.
        RenderError: the sound cannot be made.
    """

    def __init__(
        self,
        programme: Programme,
        device: Callable[[], Device] = Device,
        *,
        sound_font: Path | None = None,
        command: str = "abclm play",
    ) -> None:
        require_device(command)
        self.programme = programme
        with ExitStack() as stack:
            opened = stack.enter_context(device())
            synthesiser = stack.enter_context(Synthesiser(sound_font, command))
            self._sounds = stack.enter_context(Sounds(programme, synthesiser))
            self.engine = Engine(programme, self._sounds)
            self._sounds.get(next(self.engine.needed()))
            self._sounds.start(self.engine.needed)
            # The device goes first when all is closed: it must not ask for samples any more.
            stack.enter_context(opened)
            opened.start(self.engine)
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def done(self) -> bool:
        """Whether all has been played.

        Raises:
            RenderError: a bar could not be rendered.
        """
        if self._sounds.error is not None:
            raise self._sounds.error
        return self.engine.done

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.engine.place

    def wait(self) -> None:
        """Wait until all has been played; for a loop that is never."""
        while not self.done:
            time.sleep(0.05)

    def pause(self) -> None:
        """Pause, or play on."""
        self.engine.pause(paused=not self.engine.paused)

    def forward(self) -> None:
        """Go to the next bar."""
        self.engine.move(lambda state: state.moved(1))

    def back(self) -> None:
        """Go to the bar before."""
        self.engine.move(lambda state: state.moved(-1))

    def faster(self) -> None:
        """Play faster, by 5 % of the tune's tempo."""
        self.engine.change(lambda state: state.faster(_FASTER))

    def slower(self) -> None:
        """Play slower, by 5 % of the tune's tempo."""
        self.engine.change(lambda state: state.faster(-_FASTER))

    def loop_from(self) -> None:
        """Begin the loop with this bar."""
        self.engine.change(Transport.looped_from)

    def loop_to(self) -> None:
        """End the loop with this bar."""
        self.engine.change(Transport.looped_to)

    def unloop(self) -> None:
        """Play on to the end of the piece."""
        self.engine.change(Transport.unlooped)


def programme_wav(
    programme: Programme, sound_font: Path | None = None, command: str = "abclm play"
) -> bytes:
    """Return what a player would play as a WAV file; a loop or a ramp without end once.

    Raises:
        MissingExtraError: the synthesiser is not installed.
        RenderError: the sound cannot be made.
    """
    with (
        Synthesiser(sound_font, command) as synthesiser,
        Sounds(programme, synthesiser) as sounds,
    ):
        engine = Engine(programme, sounds, waits=True)
        engine.change(Transport.ending)
        data = io.BytesIO()
        with wave.open(data, "wb") as target:
            target.setnchannels(2)
            target.setsampwidth(2)
            target.setframerate(RATE)
            while not engine.done:
                target.writeframes(engine.block(_BLOCK).tobytes())
    return as_loud(data.getvalue())
