"""Good work is never overwritten by a failure."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import lm_folder
import pytest
from conftest import call

from pipeline.paths import EMBEDDED_MODEL, HISTORY, MEMORY

STAGES = """
stages: [own.picky: {{word: {}}}, clean, detect: {{language: kk}}, dedupe, translate, render]
"""
PICKY = """
from pipeline.article import Article

def picky(article: Article, *, word: str) -> Article:
    if word in article.text:
        raise ValueError("not this one")
    return article
"""
TEXTS = {
    "seeds/a.txt": "Тақырып осында\nБұл бірінші сөйлем, ол қысқа ғана.\n",
    "seeds/b.txt": "Екінші мақала\nМүлде басқа мәтін осында жазылған.\n",
}


@pytest.fixture
def root(project):
    """Give a project whose two articles have been digested."""
    folder = project({"pipeline.yaml": STAGES.format("nothing"), "own.py": PICKY, **TEXTS})
    lm_folder.build(folder / EMBEDDED_MODEL)
    call(folder, "run")
    return folder


def refuse(root, word):
    """Let articles with a word fail."""
    (root / "pipeline.yaml").write_text(STAGES.format(word))


def digests(root):
    """Give the pages and the evidence of the articles."""
    return {p.name: p.read_bytes() for p in root.glob("output/[ab].*")}


def point(path):
    """Leave what Git leaves where its extension for large files is not installed."""
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")


def cut(path):
    """Leave the first half of a file."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwrite(path):
    """Write something else into the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    path.write_bytes(bytes(data))


def replace(path):
    """Put a text into the place of a file."""
    path.write_text("This is no database, but a text that is long enough to be one.\n" * 9)


@pytest.mark.parametrize("damage", [cut, overwrite, replace])
@pytest.mark.parametrize("store", [MEMORY, HISTORY], ids=str)
def test_a_damaged_store_is_set_aside(root, store, damage, caplog):
    """What is remembered is lost, and said to be; digests come out the same."""
    before, path = digests(root), root / store
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode=DELETE")
    db.close()
    damage(path)
    (root / "seeds" / "c.txt").write_text("Үшінші мақала\nОл да осында жазылған екен.\n")
    call(root, "run")
    assert digests(root) == before
    assert (root / "output" / "c.md").exists()
    assert path.with_name(f"{path.name}.damaged").exists()
    assert f"{path.name} is damaged" in caplog.text
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


MODELS = {
    "half a part": ("model.part01", cut, "differs from its SHA-256"),
    "an altered part": ("model.part00", overwrite, "differs from its SHA-256"),
    "a pointer for a part": ("model.part00", point, "run `git lfs pull`"),
    "a pointer for a small file": ("tokenizer.json", point, "run `git lfs pull`"),
    "no part": ("model.part02", Path.unlink, "is missing"),
}


@pytest.mark.parametrize(("name", "damage", "message"), MODELS.values(), ids=MODELS)
def test_a_broken_model_is_told_before_the_first_article(root, name, damage, message):
    """`check` and `run` say which file it is and what to do, and nothing is written."""
    before, folder = digests(root), root / EMBEDDED_MODEL
    (folder / "model.bin").unlink()
    damage(folder / name)
    (root / "seeds" / "c.txt").write_text("Үшінші мақала\nОл да осында жазылған екен.\n")
    for command in ("check", "run"):
        told = call(root, command, code=2)
        assert name in told
        assert message in told
    assert digests(root) == before
    assert not (root / "output" / "c.md").exists()


def test_the_digest_of_an_article_that_fails_stays(root):
    """A failure leaves the last good page and evidence, and says so in index, report and table."""
    before = digests(root)
    refuse(root, "бірінші")
    assert "its digest of an earlier run stays" in call(root, "run", code=1)
    assert {n: d for n, d in digests(root).items() if n[0] == "a"} == {
        n: d for n, d in before.items() if n[0] == "a"
    }
    index = (root / "output" / "index.md").read_text()
    assert "not this one (the page is of an earlier run)" in index
    report = json.loads((root / "output" / "report.json").read_bytes())
    assert [row["stale"] for row in report["articles"]] == [True, False]
    assert "failed last time: a.txt" in call(root, "plan")
    refuse(root, "nothing")
    call(root, "run")
    assert digests(root) == before


def test_a_stub_stands_only_where_nothing_was(root):
    """An article that never went well gets a page that says why, and only that."""
    refuse(root, "Жаңа")
    (root / "seeds" / "c.txt").write_text("Жаңа мақала\nБұл жаңа сөйлем.\n")
    for _ in range(2):
        assert "earlier run" not in call(root, "run", code=1)
        assert "could not be read" in (root / "output" / "c.md").read_text()
