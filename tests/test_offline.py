"""A run is offline, whatever a stage tries."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
import urllib.request

import pytest

from pipeline import offline
from pipeline.offline import OfflineError


def datagram():
    """Send a datagram."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b"x", ("192.0.2.1", 9))


def connection():
    """Open a connection by number, without a look-up."""
    with socket.socket() as s:
        s.settimeout(1)
        s.connect(("192.0.2.1", 80))


def quiet_connection():
    """Open a connection with the call that returns errors."""
    with socket.socket() as s:
        s.settimeout(1)
        s.connect_ex(("192.0.2.1", 80))


def version_six():
    """Open a connection over IPv6."""
    with socket.socket(socket.AF_INET6) as s:
        s.settimeout(1)
        s.connect(("2001:db8::1", 80))


def in_a_thread():
    """Try from another thread."""
    caught = []

    def target():
        try:
            connection()
        except OSError as error:
            caught.append(error)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    raise caught[0]


TRIES = {
    "connection": connection,
    "quiet connection": quiet_connection,
    "IPv6": version_six,
    "datagram": datagram,
    "thread": in_a_thread,
    "look-up": lambda: socket.getaddrinfo("example.org", 443),
    "old look-up": lambda: socket.gethostbyname("example.org"),
    "http.client": lambda: http.client.HTTPConnection("192.0.2.1", timeout=1).request("GET", "/"),
    "asyncio": lambda: asyncio.run(asyncio.open_connection("192.0.2.1", 80)),
}


@pytest.mark.parametrize("attempt", TRIES.values(), ids=TRIES)
def test_every_way_out_is_refused(attempt):
    """Whatever API is used, the attempt raises an error that names the host and the caller."""
    with pytest.raises(OfflineError, match=r"a run is offline, but .+\.py:\d+ \(.+\) tried to"):
        attempt()


def test_urllib_is_refused():
    """Urllib wraps the refusal in its own error, still naming it."""
    with pytest.raises(OSError, match="a run is offline"):
        urllib.request.urlopen("http://example.org/", timeout=1)


def test_loopback_is_allowed():
    """Loopback connections work, as some libraries talk to their own helpers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        with socket.create_connection(("localhost", server.getsockname()[1]), timeout=5) as client:
            accepted, _ = server.accept()
            client.sendall(b"x")
            assert accepted.recv(1) == b"x"
            accepted.close()


def test_nesting_ends_where_it_began():
    """Leaving an inner context keeps the outer one."""
    with offline.enforced():
        pass
    with pytest.raises(OfflineError):
        connection()
