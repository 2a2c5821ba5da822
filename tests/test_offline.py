"""A run is offline, whatever a stage tries."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import pty
import socket
import subprocess
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import call

from pipeline import offline
from pipeline.offline import OfflineError


def connect(address, family=socket.AF_INET, kind=socket.SOCK_STREAM, how="connect"):
    """Use a socket with an address by number, without a look-up."""
    with socket.socket(family, kind) as s:
        s.settimeout(1)
        getattr(s, how)(*([b"x"] * (how == "sendto")), address)


def in_a_thread():
    """Try from another thread."""
    with ThreadPoolExecutor() as pool:
        pool.submit(connect, FAR).result()


FAR = ("192.0.2.1", 80)
TRIES = {
    "connection": lambda: connect(FAR),
    "quiet connection": lambda: connect(FAR, how="connect_ex"),
    "IPv6": lambda: connect(("2001:db8::1", 80), socket.AF_INET6),
    "datagram": lambda: connect(FAR, kind=socket.SOCK_DGRAM, how="sendto"),
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


PROGRAMS = {
    "subprocess": lambda: subprocess.run(["/bin/true"], check=True),
    "os.system": lambda: os.system("true"),
    "os.popen": lambda: os.popen("true").close(),
    "posix_spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "exec": lambda: os.execv("/bin/true", ["true"]),
    "pty": lambda: pty.spawn("/bin/true"),
    "asyncio": lambda: asyncio.run(asyncio.create_subprocess_exec("/bin/true")),
}


@pytest.mark.skipif(os.name == "nt", reason="programs by their paths")
@pytest.mark.parametrize("attempt", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_is_not_started(attempt):
    """What could reach out unseen is refused by name; it can be allowed."""
    with (
        offline.enforced(),
        pytest.raises(OfflineError, match=r"test_offline\.py:\d+ .+ tried to start"),
    ):
        attempt()


def test_programs_can_be_allowed(project):
    """A stage that starts one fails with its place, unless pipeline.yaml allows it."""
    own = (
        "import subprocess\nfrom pipeline.article import Article\n\n"
        "def calls(article: Article) -> Article:\n"
        "    subprocess.run(['true'], check=True)\n    return article\n"
    )
    files = {"own.py": own, "seeds/a.txt": "A harbour\nThe water rose.\n"}
    root = project({"pipeline.yaml": "stages: [own.calls, render]\n", **files})
    assert "own.py:5 (calls) tried to start 'true'" in call(root, "run", code=1)
    with (root / "pipeline.yaml").open("a") as file:
        file.write("programs: true\n")
    call(root, "run")
    assert json.loads((root / "output" / "report.json").read_bytes())["programs"]


def test_nesting_ends_where_it_began():
    """Leaving an inner context keeps the outer one."""
    with offline.enforced():
        pass
    with pytest.raises(OfflineError):
        connect(FAR)
