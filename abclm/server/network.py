"""The names of this machine: on itself, and on the network it is in."""

import socket
from typing import Final

from abclm.errors import InputError

__all__ = ["LOOPBACK", "LOOPBACK_NAMES", "network_address", "network_names"]

LOOPBACK: Final = "127.0.0.1"
LOOPBACK_NAMES: Final = (LOOPBACK, "localhost")
_ELSEWHERE: Final = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737): nobody has it."""


def network_address() -> str:
    """Return the address of this machine on its network.

    Raises:
        InputError: it is not on a network.
    """
    # Connecting a datagram socket sends nothing: it only chooses the way out.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(_ELSEWHERE)
            address = str(way.getsockname()[0])
        except OSError as error:
            raise InputError("--lan: this machine is not on a network") from error
    return address


def network_names(address: str) -> tuple[str, ...]:
    """Return the names by which others on the network may ask for this machine."""
    name = socket.gethostname().partition(".")[0]
    return (address, *((name, f"{name}.local") if name else ()))
