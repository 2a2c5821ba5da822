"""The benchmark's stand-in for an Argos package, small, through both engines."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SMALL = (1, 256, 4, 1500, 1000)  # layers, width, heads, vocabulary, pieces in use


@pytest.fixture(scope="module")
def speed():
    """Import the benchmark as its command does, from the folder it lies in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        patch.setenv("PYTHONPATH", str(ROOT))  # for the processes it starts
        import speed

        yield speed
        for name in ("speed", "stand_in"):
            sys.modules.pop(name)


def test_both_engines_agree(speed, tmp_path):
    """Argostranslate and this pipeline spell the same sentences out, whole and to their end."""
    sentences = list(islice(speed.stand_in.sentences(), 8))
    speed.apart(speed.install, tmp_path, None, "ru", speed.stand_in.Size(*SMALL))
    theirs = speed.apart(speed.theirs, tmp_path, "ru", sentences, 4, 1)
    ours = speed.apart(speed.ours, tmp_path, "ru", sentences, 4)
    assert theirs.texts == ours.texts
    assert ours.texts == [s.translate(speed.stand_in.SPELLING) for s in sentences]
    assert min(theirs.seconds, theirs.peak, ours.seconds, ours.peak) > 0


def test_sentences_differ(speed):
    """Sentences never repeat, stay as long as the article's, and are the same every time."""
    sentences = list(islice(speed.stand_in.sentences(), 2000))
    assert len(set(sentences)) == 2000
    assert sentences == list(islice(speed.stand_in.sentences(), 2000))
    words = [sum(len(s.split()) for s in part) for part in (sentences[:500], sentences[-500:])]
    assert words[1] == pytest.approx(words[0], rel=0.2)


def test_a_project_of_made_up_articles(speed, tmp_path):
    """A run over made-up articles translates every sentence; only denials are not English."""
    speed.stand_in.project(tmp_path / "project", 2, speed.stand_in.Size(*SMALL))
    command = [sys.executable, "-m", "pipeline", "run"]
    subprocess.run(command, cwd=tmp_path / "project", check=True, capture_output=True)
    report = json.loads((tmp_path / "project" / "output" / "report.json").read_text("utf-8"))
    assert report["counts"]["articles"] == {"ok": 2}
    assert report["counts"]["segments"].keys() <= {"translated", "translated, flagged"}
    assert report["counts"]["flags"].keys() <= {"negation"}
