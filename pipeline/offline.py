"""Offline, enforced: inside `enforced()` no connection may leave the machine."""

from __future__ import annotations

import ipaddress
import re
import socket
import sys
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_EVENTS = frozenset(
    f"socket.{name}"
    for name in ("connect", "sendto", "sendmsg", "getaddrinfo", "gethostbyname", "gethostbyaddr")
)
_state = {"enforced": False}


class OfflineError(OSError):
    """Something tried to reach the network during a run."""


@contextmanager
def enforced() -> Iterator[None]:
    """Refuse every connection, look-up and datagram that is not to the loopback interface.

    Works below `socket`, by an audit hook (PEP 578), so that no library can go around it from
    Python. An audit hook cannot be taken out again; it sleeps outside this context.
    """
    before, _state["enforced"] = _state["enforced"], True
    try:
        yield
    finally:
        _state["enforced"] = before


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _state["enforced"] or event not in _EVENTS:
        return
    host = arguments[0] if event.startswith("socket.get") else arguments[-1]
    if isinstance(host, tuple):
        host = host[0]
    elif getattr(arguments[0], "family", None) == getattr(socket, "AF_UNIX", object()):
        return
    if not _is_loopback(host):
        raise OfflineError(
            f"a run is offline, but {_caller()} tried to reach {host!r}; "
            "only 'pipeline models ...' may use the network"
        )


def _is_loopback(host: object) -> bool:
    """Tell the names and addresses of this machine; none is that of a connection checked before."""
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
    library = r"(socket|ssl|http/client|urllib/request|offline)\.py$|/asyncio/"
    for frame in reversed(traceback.extract_stack()):
        name = frame.filename.replace("\\", "/")
        if not re.search(library, name):
            return f"{name.rpartition('/')[2]}:{frame.lineno} ({frame.name})"
    return "an unknown caller"


sys.addaudithook(_audit)
