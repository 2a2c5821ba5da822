"""Offline, enforced: inside `enforced()` no connection may leave the machine."""

from __future__ import annotations

import ipaddress
import socket
import sys
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_EVENTS = {
    "socket.connect",
    "socket.sendto",
    "socket.sendmsg",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
}
_state = {"enforced": False, "hooked": False}


class OfflineError(OSError):
    """Something tried to reach the network during a run."""


@contextmanager
def enforced() -> Iterator[None]:
    """Refuse every connection, look-up and datagram that is not to the loopback interface.

    Works below `socket`, by an audit hook (PEP 578), so that no library can go around it from
    Python. An audit hook cannot be taken out again; it sleeps outside this context.
    """
    if not _state["hooked"]:
        sys.addaudithook(_audit)
        _state["hooked"] = True
    before, _state["enforced"] = _state["enforced"], True
    try:
        yield
    finally:
        _state["enforced"] = before


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _state["enforced"] or event not in _EVENTS:
        return
    if event.startswith("socket.get"):
        host = arguments[0]
    else:
        if getattr(arguments[0], "family", None) == getattr(socket, "AF_UNIX", object()):
            return
        address = arguments[-1]
        if address is None:  # sendmsg on a connected socket: the connection was checked
            return
        host = address[0] if isinstance(address, tuple) else address
    if not _is_loopback(host):
        raise OfflineError(
            f"a run is offline, but {_caller()} tried to reach {host!r}; "
            "only 'pipeline models ...' may use the network"
        )


def _is_loopback(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in {None, "", "localhost", "localhost.localdomain"}:
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _caller() -> str:
    """Name the innermost frame that is neither ours nor the standard library's network code."""
    library = (
        "socket.py",
        "ssl.py",
        "http/client.py",
        "urllib/request.py",
        "asyncio/",
        "offline.py",
    )
    for frame in reversed(traceback.extract_stack()):
        name = frame.filename.replace("\\", "/")
        if not any(part in name for part in library):
            return f"{name.rsplit('/', 1)[-1]}:{frame.lineno} ({frame.name})"
    return "an unknown caller"
