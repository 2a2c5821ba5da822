"""What every test shares: no network, and small projects to run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import settings

from pipeline import offline
from pipeline.cli import main

sys.path.insert(0, str(Path(__file__).parent))  # builders of small models live beside the tests
os.environ["COLUMNS"] = "200"  # rich wraps tables to the terminal's width
settings.register_profile("any machine", deadline=None)  # a slow one is no failure
settings.load_profile("any machine")
REPOSITORY = Path(__file__).parent.parent


def call(root, *arguments, code=0):
    """Call `pipeline` on a project, give what it prints; it must end with this exit code."""
    result = CliRunner().invoke(main, [*arguments, "--config", str(root / "pipeline.yaml")])
    assert result.exit_code == code, result.output
    return result.output


def rows(output):
    """Give the cells of the rows of the printed tables."""
    lines = [line for line in output.splitlines() if line.startswith("│")]
    return [tuple(cell.strip() for cell in line.strip("│").split("│")) for line in lines]


@pytest.fixture(autouse=True)
def _offline():
    """Refuse every connection but loopback in every test, as a run does; tests start programs."""
    with offline.enforced(programs=True):
        yield


@pytest.fixture
def project(tmp_path):
    """Make a project folder: write files by name, give the folder."""

    def make(files: dict[str, str | bytes]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            sys.modules.pop(path.stem, None)  # a stage of that name from another test
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(content, encoding="utf-8")
        return tmp_path

    return make
