"""Files whose names or places are odd cost themselves alone, and what is no article is skipped."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest
from conftest import call

from pipeline.article import Segment
from pipeline.config import SKIP
from pipeline.read import files

STAGES = "stages: [clean, detect, dedupe, summarize, render]\n"
ARTICLE = "The river town\nThe river rose by two metres on Monday. Nobody was hurt.\n"


@pytest.fixture
def root(project):
    """Give a project with one good article."""
    return project({"pipeline.yaml": STAGES, "seeds/river.txt": ARTICLE})


def report(root):
    """Load the report."""
    return json.loads((root / "output" / "report.json").read_bytes())


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
def test_a_name_that_is_not_utf8_is_escaped(root):
    r"""It is one article, called `caf\\xe9`, beside one that is really called so."""
    for name in (b"caf\xe9.txt", rb"caf\xe9.txt"):
        with open(os.fsencode(root / "seeds") + b"/" + name, "w") as file:  # noqa: PTH123 - of bytes
            file.write(f"{name!r}\nSome {len(name)} words of a story that stands nowhere else.\n")
    call(root, "run")
    rows = {row["source"]: row["output"] for row in report(root)["articles"]}
    assert rows == {
        r"caf\xe9.txt": r"caf\xe9",
        r"caf\\xe9.txt": r"caf\\xe9",
        "river.txt": "river",
    }
    assert (root / "output" / r"caf\xe9.md").exists()
    assert "Nothing has changed" in call(root, "run")


def test_links_out_of_the_folder_are_not_followed(root, tmp_path):
    """Neither a file nor a folder elsewhere is read; a link inside the folder is."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.txt").write_text("A secret\nNobody should read this.\n")
    (root / "seeds" / "key.txt").symlink_to(tmp_path / "secret" / "key.txt")
    (root / "seeds" / "folder").symlink_to(tmp_path / "secret")
    (root / "seeds" / "same.txt").symlink_to(root / "seeds" / "river.txt")
    assert "skipped: 2 links to folders or out of the input" in call(root, "run")
    assert {row["source"] for row in report(root)["articles"]} == {"river.txt", "same.txt"}


def test_what_is_no_article_is_skipped_with_a_count(root):
    """By a list that pipeline.yaml can change."""
    names = [glob.replace("*", "x") for glob in SKIP]
    for name in (*names, "X.JSON"):
        (root / "seeds" / name).write_text(ARTICLE)
    told = call(root, "run")
    assert "skipped: 2 *.json\n" in told
    assert "skipped: 1 *~\n" in told
    assert report(root)["skipped"] == {glob: 1 + (glob == "*.json") for glob in SKIP}
    assert [row["source"] for row in report(root)["articles"]] == ["river.txt"]
    (root / "pipeline.yaml").write_text(f"skip: ['*.txt', '*~']\n{STAGES}")
    call(root, "run")
    assert report(root)["skipped"] == {"*.txt": 1, "*~": 1}


SEGMENTS = {
    "a surrogate": (Segment(0, "title", 0, 1, "\ud800"),),
    "texts": ("a title",),
    "a text": "a title",
}


@pytest.mark.parametrize("segments", SEGMENTS.values(), ids=SEGMENTS)
def test_a_format_that_misreads_costs_its_files(root, segments, monkeypatch):
    """A reader of anyone's that makes what cannot be written fails the files that it claims."""
    usual = files._reader
    odd = SimpleNamespace(read=lambda article: replace(article, segments=segments))
    monkeypatch.setattr(
        files, "_reader", lambda text, end: odd if end == ".odd" else usual(text, end)
    )
    (root / "seeds" / "a.odd").write_text("A title\n")
    call(root, "run", code=1)
    assert [row["status"] for row in report(root)["articles"]] == ["failed", "ok"]


@pytest.mark.parametrize(
    ("glob", "told"), [("rivr.txt", "did you mean 'river.txt'?"), ("*.x*", "known: river.txt")]
)
def test_only_that_matches_nothing_is_an_error(root, glob, told):
    """The nearest names are told, and nothing is written."""
    output = call(root, "run", "--only", glob, code=2)
    assert f"no article matches --only '{glob}'; {told}" in output
    assert not (root / "output").exists()
