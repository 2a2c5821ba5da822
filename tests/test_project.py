"""`pipeline plan` and `pipeline cache`: what a run would do and why; what is remembered."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import lm_folder
import pytest
from conftest import call, rows

import pipeline
from pipeline.config import ORDER
from pipeline.paths import EMBEDDED_MODEL, MEMORY
from pipeline.project import ProjectError

ENGINE = f"lm ({Path(EMBEDDED_MODEL).name})"
STAGES = (
    "stages: [own_stage_here.noted, clean, {detect: {language: kk}}, dedupe, translate, "
    "summarize, render]\n"
)
OWN = """
import words_of_mine
from pipeline.article import Article

def noted(article: Article) -> Article:
    return article
"""
ARTICLES = {
    "own_stage_here.py": OWN,
    "words_of_mine.py": "NOTE = 'one'\n",
    "own.j2": "{{ page.title }}",
    "terms.yaml": "kk: {OpenAI: The Open Company}\n",
    "seeds/a.txt": "Тақырып осында\nБұл бірінші сөйлем. OpenAI туралы екінші сөйлем.\n",
    "seeds/b.txt": "Екінші мақала\nМүлде басқа мәтін осында жазылған. Ол қысқа ғана.\n",
}


@pytest.fixture
def root(project):
    """Give a project with two Kazakh articles and a tiny model of random weights."""
    folder = project({"pipeline.yaml": STAGES, **ARTICLES})
    lm_folder.build(folder / EMBEDDED_MODEL)
    return folder


def reasons(output):
    """Give the reasons why a run is due."""
    return re.findall(r"^due: (.*)$", output, re.MULTILINE)


def tree(root):
    """Give the bytes of every file but the tool's own."""
    files = (p for p in root.rglob("*") if p.is_file() and ".pipeline" not in p.parts)
    return {p: p.read_bytes() for p in files}


def test_before_the_first_run_all_is_new(root):
    """Without a report all is new; the plan does nothing of it, and joins no parts of a model."""
    before = tree(root)
    output = call(root, "plan")
    assert reasons(output) == ["no report yet"]
    assert rows(output) == [("kk", ENGINE, "0", "6")]
    assert tree(root) == before


NOSY = """
import socket
from pathlib import Path
from pipeline.article import Article
from pipeline.offline import OfflineError

def nosy(article: Article) -> Article:
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    except OfflineError as error:
        Path(__file__).with_name("heard.txt").write_text(str(error))
    return article
"""


@pytest.mark.parametrize("command", ["plan", "run"])
def test_whatever_executes_stages_is_offline(root, command):
    """A stage of your own that connects is refused and named, in a plan as well.

    In a process of its own, since all tests are offline.
    """
    (root / "nosy.py").write_text(NOSY)
    (root / "pipeline.yaml").write_text(STAGES.replace("clean", "nosy.nosy"))
    subprocess.run([sys.executable, "-m", "pipeline", command], cwd=root, check=True)
    heard = (root / "heard.txt").read_text()
    assert "a run is offline" in heard
    assert "nosy.py" in heard


def test_after_a_run_nothing_is_due(root):
    """What a run has just written is current, and another run leaves it alone."""
    call(root, "run")
    output = call(root, "plan")
    assert "Nothing has changed" in output
    assert reasons(output) == []
    assert rows(output) == []
    written = (root / "output" / "report.json").stat().st_mtime_ns
    assert "Nothing has changed" in call(root, "run")
    assert (root / "output" / "report.json").stat().st_mtime_ns == written


def edit(root, name, old, new):
    """Replace what matches in a file; remove the file where nothing is to match."""
    path = root / name
    path.write_text(re.sub(old, new, path.read_text(), count=1)) if old else path.unlink()


MODEL, REPORT = f"{EMBEDDED_MODEL}/model.yaml", "output/report.json"
OPTION, DAMAGED = "stage or option changed", "report.json is damaged or of an older version"
TEMPLATE = [OPTION, "file gone: digest.md.j2", "new file: own.j2"]
OURS = r'("pipeline": "[^+]+)\+\w+'
# a file and what becomes of it; the reasons that a plan gives; sentences remembered and new
CHANGES = [
    ("seeds/a.txt", r"\Z", "Тағы бір жаңа сөйлем.\n", ["input changed: a.txt"], (6, 1)),
    ("seeds/b.txt", "", "", ["input gone: b.txt"], (3, 0)),
    ("pipeline.yaml", "summarize", "{summarize: {sentences: 2}}", [OPTION], (6, 0)),
    ("pipeline.yaml", "render", "{render: {template: own.j2}}", TEMPLATE, (6, 0)),
    (
        "pipeline.yaml",
        "translate",
        "{translate: {glossary: terms.yaml}}",
        [OPTION, "new file: terms.yaml"],
        (5, 1),
    ),
    (MODEL, "decoding:", "decoding:\n  beam: 2", ["file changed: lm/model.yaml"], (0, 6)),
    ("words_of_mine.py", "one", "another", ["file changed: words_of_mine.py"], (6, 0)),
    ("output/a.md", "#", "##", ["output changed: a.md"], (6, 0)),
    ("output/b.md", "", "", ["output gone: b.md"], (6, 0)),
    (REPORT, r'("ftfy": )"[^"]+"', r'\1"0.9"', ["version changed: ftfy 0.9 -> "], (6, 0)),
    (REPORT, OURS, r"\1+000000000000", ["version changed: pipeline 0."], (6, 0)),
    (REPORT, '"inputs"', '"input"', [DAMAGED], (6, 0)),
]


@pytest.mark.parametrize("case", CHANGES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_each_change_is_named_and_makes_the_next_run_work(root, case):
    """A plan says what changed, and counts sentences as a run looks them up; a run settles it."""
    *change, expected, counts = case
    call(root, "run")
    edit(root, *change)
    output = call(root, "plan")
    for found, start in zip(reasons(output), expected, strict=True):
        assert found.startswith(start)
    assert rows(output)[-1] == ("kk", ENGINE, *map(str, counts))
    assert "Nothing has changed" not in call(root, "run")
    assert reasons(call(root, "plan")) == []
    (root / "output" / "report.json").unlink()
    assert rows(call(root, "plan"))[-1][2:] == (str(sum(counts)), "0")


def test_a_failed_article_is_due_again(root):
    """What failed last time is a reason, so that the next run tries it again."""
    (root / "seeds" / "empty.txt").write_text("")
    call(root, "run", code=1)
    assert reasons(call(root, "plan")) == ["failed last time: empty.txt"]


def test_a_pipe_among_the_articles_is_not_waited_for(root):
    """A named pipe is planned and fails in a run; neither waits for somebody to write to it."""
    os.mkfifo(root / "seeds" / "pipe.txt")
    command = [sys.executable, "-m", "pipeline", "plan"]
    subprocess.run(command, cwd=root, timeout=60, check=True)
    assert "not a regular file" in call(root, "run", code=1)


FIRST = """
from dataclasses import replace
from pipeline.stage import Collection

def first(collection: Collection) -> Collection:
    return replace(collection, articles=collection.articles[:1])
"""


def test_an_article_that_a_stage_leaves_out_is_no_change(root):
    """Inputs are recorded as they were read, whatever stages make of them."""
    (root / "only_first.py").write_text(FIRST)
    (root / "pipeline.yaml").write_text("stages: [detect, only_first.first, render]\n")
    call(root, "run")
    assert reasons(call(root, "plan")) == []


def test_a_copy_is_not_counted(root):
    """What `dedupe` sets aside is not to be translated."""
    (root / "seeds" / "copy.txt").write_text((root / "seeds" / "b.txt").read_text())
    assert rows(call(root, "plan"))[-1] == ("kk", ENGINE, "0", "6")


def test_cache_stats_and_prune(root):
    """Pruning forgets only what no configured engine would look up; `--all` forgets the rest."""
    call(root, "run")
    with sqlite3.connect(root / MEMORY) as db:
        stored = db.execute("SELECT count(*) FROM translation").fetchone()[0]
    output = call(root, "cache", "stats")
    assert {row[:2] for row in rows(output)} == {("kk", ENGINE)}
    assert sum(int(row[3]) for row in rows(output)) == stored >= 6
    assert re.search(rf"^{stored} remembered, \d+\.\d\d MB$", output, re.MULTILINE)
    assert call(root, "cache", "prune").startswith("0 forgotten")
    edit(root, MODEL, "decoding:", "decoding:\n  beam: 2")
    assert "not configured any more" in call(root, "cache", "stats")
    assert rows(call(root, "plan"))[-1][2:] == ("0", "6")
    gone = int(call(root, "cache", "prune").split()[0])
    left = sum(int(row[3]) for row in rows(call(root, "cache", "stats")))
    assert 6 <= gone <= stored
    assert gone + left == stored
    assert call(root, "cache", "prune", "--all").startswith(f"{left} forgotten")
    assert rows(call(root, "cache", "stats")) == []


def test_a_missing_model_is_said_and_prunes_nothing(root):
    """Commands say which file of a model is missing and what to do; its translations are kept."""
    call(root, "run")
    before = (root / MEMORY).read_bytes()
    (root / EMBEDDED_MODEL / "model.yaml").unlink()
    for command in (("models", "list"), ("cache", "prune")):
        output = call(root, *command, code=2)
        assert "model.yaml cannot be read" in output
        assert "copy the folder" in output
    assert (root / MEMORY).read_bytes() == before


def test_an_older_memory_starts_anew(root):
    """A file of remembered translations without the columns of today is a cache: it starts anew."""
    (root / MEMORY).parent.mkdir()
    with sqlite3.connect(root / MEMORY) as db:
        db.execute("CREATE TABLE translation (key BLOB PRIMARY KEY, text, score, flags)")
        db.execute("INSERT INTO translation VALUES (x'00', 'old', 0, '[]')")
    call(root, "run")
    assert {row[0] for row in rows(call(root, "cache", "stats"))} == {"kk"}


def test_python_does_what_the_command_does(root, tmp_path):
    """`pipeline.run` writes the same bytes as `pipeline run`, and tells what it made."""
    call(root, "run")
    told, other = [], tmp_path / "other"
    result = pipeline.run(
        root / "pipeline.yaml", output_folder=other, watch=lambda *how: told.append(how[0])
    )
    assert not result.failed
    assert [a.source for a in result.articles] == ["a.txt", "b.txt"]
    assert [*dict.fromkeys(told)] == ["read", "own_stage_here.noted", *ORDER]
    for name in ("a.md", "a.json", "b.md", "b.json", "index.md"):
        assert (other / name).read_bytes() == (root / "output" / name).read_bytes()
    assert pipeline.run(root / "pipeline.yaml").unchanged == 2


def test_python_hears_what_is_wrong(root):
    """`pipeline.run` raises where the command would leave, and writes nothing."""
    with pytest.raises(ProjectError, match="no input folder"):
        pipeline.run(root / "pipeline.yaml", input_folder=root / "nowhere")
    assert not (root / "output").exists()
