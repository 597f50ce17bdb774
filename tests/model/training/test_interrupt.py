"""Ctrl-C waits for the end of the step; a second one does not."""

import signal
import threading

import pytest

from abclm.model.training.interrupt import Interrupt


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_is_noted_and_the_second_interrupts(number):
    heard = []
    with Interrupt(lambda: heard.append(1)) as interrupt:
        assert not interrupt.received
        signal.raise_signal(number)
        assert interrupt.received
        assert heard == [1]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert heard == [1]


def test_the_handler_that_was_there_before_returns():
    before = signal.getsignal(signal.SIGINT)
    with Interrupt(lambda: None):
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_a_print_inside_a_print_does_no_harm():
    def reentrant():
        raise RuntimeError

    with Interrupt(reentrant) as interrupt:
        signal.raise_signal(signal.SIGINT)
        assert interrupt.received


def test_another_thread_trains_without_signals():
    seen = []

    def train():
        with Interrupt(lambda: None) as interrupt:
            seen.append(interrupt.received)

    thread = threading.Thread(target=train)
    thread.start()
    thread.join()
    assert seen == [False]
