"""Two runs in one folder: the second one steps back, unless the first is dead."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from conftest import call

SLOW = """
import time
from pathlib import Path
from pipeline.article import Article

HERE = Path(__file__).parent

def slow(article: Article) -> Article:
    (HERE / "begun").touch()
    while not (HERE / "go on").exists():
        time.sleep(0.05)
    return article
"""
FILES = {
    "pipeline.yaml": "stages: [slow_stage.slow, clean, render]\n",
    "slow_stage.py": SLOW,
    "seeds/a.txt": "A harbour town\nThe water rose.\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("kill", [False, True], ids=["alive", "dead"])
def test_the_second_run_steps_back(project, kill):
    """While one run is at work another into the same folder stops with 3; after its death not."""
    root = project(FILES)
    command = [sys.executable, "-m", "pipeline", "run", "--config", str(root / "pipeline.yaml")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as first:
        deadline = time.monotonic() + 60
        while not (root / "begun").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert "another run is writing into" in call(root, "run", code=3)
        if kill:
            first.kill()
        (root / "go on").touch()
    call(root, "run")
    assert (root / "output" / "a.md").exists()
