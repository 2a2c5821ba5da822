"""Offline, enforced: inside `enforced()` nothing may leave the machine, nor start what could."""

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
# a program is beyond the hook's sight; a forked process keeps the hook, so that it may be started
_PROGRAMS = frozenset(
    {"subprocess.Popen", "pty.spawn"}
    | {f"os.{name}" for name in ("system", "exec", "posix_spawn", "spawn", "startfile")}
)
_state: dict[str, frozenset[str]] = {"refused": frozenset()}


class OfflineError(OSError):
    """Something tried to reach the network, or to start a program, during a run."""


@contextmanager
def enforced(*, programs: bool = False) -> Iterator[None]:
    """Refuse every connection, look-up and datagram that is not to the loopback interface.

    Other programs, which could do as they like, are not started, unless `programs` are allowed.
    Works below `socket`, by an audit hook (PEP 578), so that no library can go around it from
    Python. An audit hook cannot be taken out again; it sleeps outside this context.
    """
    before = _state["refused"]
    _state["refused"] = _EVENTS if programs else _EVENTS | _PROGRAMS
    try:
        yield
    finally:
        _state["refused"] = before


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _state["refused"]:
        return
    if event in _PROGRAMS:
        raise OfflineError(
            f"a run is offline, but {_caller()} tried to start {arguments[0]!r}; "
            "'programs: true' in pipeline.yaml allows that"
        )
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
    ours = r"(^|/)(socket|ssl|http/client|urllib/request|subprocess|pty|os|pipeline/offline)\.py$"
    library = rf"{ours}|/asyncio/|^<frozen"
    for frame in reversed(traceback.extract_stack()):
        name = frame.filename.replace("\\", "/")
        if not re.search(library, name):
            return f"{name.rpartition('/')[2]}:{frame.lineno} ({frame.name})"
    return "an unknown caller"


sys.addaudithook(_audit)
