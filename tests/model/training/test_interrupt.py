"""Ctrl-C waits for the end of the step; a second one does not."""

import signal
import threading

import pytest

from abclm.model.training.interrupt import Interrupt


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_is_noted_and_the_second_interrupts(number: signal.Signals) -> None:
    heard: list[int] = []
    with Interrupt(lambda: heard.append(1)) as interrupt:
        before = interrupt.received
        signal.raise_signal(number)
        assert (before, interrupt.received) == (False, True)
        assert heard == [1]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert heard == [1]


def test_the_handler_that_was_there_before_returns() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupt(lambda: None):
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_a_print_inside_a_print_does_no_harm() -> None:
    def reentrant() -> None:
        raise RuntimeError

    with Interrupt(reentrant) as interrupt:
        signal.raise_signal(signal.SIGINT)
        assert interrupt.received


def test_another_thread_trains_without_signals() -> None:
    seen = []

    def train() -> None:
        with Interrupt(lambda: None) as interrupt:
            seen.append(interrupt.received)

    thread = threading.Thread(target=train)
    thread.start()
    thread.join()
    assert seen == [False]
