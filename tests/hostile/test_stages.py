"""A stage of one's own, whatever it does, costs an article or itself, and is told by its place."""

from __future__ import annotations

import json
import sys

import pytest
from conftest import call

HEAD = """from dataclasses import replace
from pathlib import Path
import os, sys
from pipeline.article import Article, Document, Removed, Segment
from pipeline.stage import Batch, Collection
def helper(article):
    return 1 / 0
"""
FIRST = HEAD.count("\n") + 1  # the stage's own line
# the stage's shape and body; what is told of it, and whether of an article or of the stage
STAGES = {
    "exits": ("article", "sys.exit(3)", 1, "SystemExit: 3"),
    "exits in the end": ("collection", "sys.exit('enough')", 1, "SystemExit: enough"),
    "raises a surrogate": ("article", "raise ValueError('\\ud800')", 1, "ValueError: \\ud800"),
    "fails in a helper": ("article", "return helper(article)", None, "ZeroDivisionError"),
    "returns nothing": ("article", "pass", 0, "must return the articles"),
    "returns a text": ("batch", "return 'text'", 0, "must return the articles"),
    "renames": ("article", "return replace(article, source='b')", 0, "must return the articles"),
    "goes elsewhere": ("article", "return replace(article, name='../b')", 0, "must return the art"),
    "rewrites the input": ("article", "return replace(article, text='')", 0, "must return the art"),
    "a list": ("collection", "return list(collection.articles)", 0, "must return a Collection"),
    "no articles": ("collection", "return Collection((1,))", 0, "must return the articles"),
    "doubles": ("collection", "return Collection(collection.articles * 2)", 0, "must return the a"),
    "texts for segments": (
        "article",
        "return replace(article, segments=('a',))",
        0,
        "wrong 'segments.0",
    ),
    "a text for notes": ("article", "return replace(article, notes='note')", 0, "notes"),
    "a note of bytes": ("article", "return replace(article, notes=(b'\\xff',))", 0, "notes"),
    "a surrogate": ("article", "return replace(article, notes=('\\ud800',))", 0, "surrogates"),
    "a surrogate in a segment": (
        "article",
        "return replace(article, segments=(Segment(0, 'title', 0, 1, '\\ud800'),))",
        0,
        "surrogates",
    ),
    "a wrong place": (
        "article",
        "return replace(article, segments=(Segment(0, 'title', 5, 99999, 'a'),))",
        0,
        "segments of the text",
    ),
    "a wrong summary": ("article", "return replace(article, summary=(77,))", 0, "of their ids"),
    "a wrong removal": (
        "article",
        "return replace(article, removed=(Removed('a', 1, 'b', 'c'),))",
        0,
        "start",
    ),
    "drops all": ("article", "return replace(article, segments=())", 0, "drop all segments"),
    "writes a surrogate": (
        "collection",
        "return replace(collection, documents=(Document('a.md', '\\ud800'),))",
        0,
        "surrogates",
    ),
    "writes elsewhere": (
        "collection",
        "return replace(collection, documents=(Document('../a.md', 'x'),))",
        0,
        "lies outside",
    ),
}


@pytest.mark.parametrize(("shape", "body", "line", "told"), STAGES.values(), ids=STAGES)
def test_a_stage_that_misbehaves_is_named(project, shape, body, line, told):
    """The article or the stage fails with the stage's name, file and line; the rest is written."""
    own = f"{HEAD}def odd({shape}: {shape.title()}) -> {shape.title()}:\n    {body}\n"
    files = {"own.py": own, "seeds/a.txt": "A harbour\nThe water rose.\n"}
    root = project({"pipeline.yaml": "stages: [clean, own.odd, render]\n", **files})
    place = f"odd: own.py:{7 if line is None else FIRST + line}: "
    output = call(root, "run", code=1)
    assert told in output
    assert place in output
    report = json.loads((root / "output" / "report.json").read_bytes())
    assert [row["status"] for row in report["articles"]] == [
        "ok" if shape == "collection" else "failed"
    ]
    assert {p.name for p in root.glob("**/*.md")} == {"a.md", "index.md"}


def test_a_stage_that_leaves_the_folder_is_brought_back(project, monkeypatch):
    """Where a stage, or its module, changes the working folder, digests lie where they should."""
    body = "os.chdir('/')\n    return article"
    own = f"{HEAD}os.chdir('/')\ndef odd(article: Article) -> Article:\n    {body}\n"
    root = project({"own.py": own, "seeds/a.txt": "A harbour\nThe water rose.\n"})
    root = project({"pipeline.yaml": "stages: [clean, own.odd, render]\n"})
    monkeypatch.chdir(root)
    call(root.relative_to(root), "run")
    assert (root / "output" / "a.md").exists()


MODULES = {
    "exits": ("import sys\nsys.exit(1)\n", "own.py:2: SystemExit(1)"),
    "cannot be read": ("x = 1\ndef odd(:\n", "own.py:2: SyntaxError"),
    "fails": ("x = 1\n\ny = x / 0\n", "own.py:3: ZeroDivisionError"),
    "imports what fails": ("import inner\n", "inner.py:1: NameError"),
    "imports what is not there": ("import nowhere_at_all\n", "own.py:1: ModuleNotFoundError"),
    "an unknown annotation": ("def odd(article: Artcle):\n    pass\n", "name 'Artcle'"),
    "fails to be made": (
        "class odd:\n    def __init__(self) -> None:\n        raise SystemExit\n",
        "own.py:3: ",
    ),
}


@pytest.mark.parametrize(("code", "told"), MODULES.values(), ids=MODULES)
def test_a_module_that_cannot_be_imported_is_a_mistake(project, code, told):
    """It is told at its place in pipeline.yaml, with the file and line of the code itself."""
    code = f"from __future__ import annotations\n{code}" if "Artcle" in code else code
    files = {"own.py": code, "inner.py": "oops\n", "seeds/a.txt": "A title\nA text.\n"}
    output = call(project({"pipeline.yaml": "stages:\n  - own.odd\n", **files}), "run", code=2)
    assert output.startswith("error: pipeline.yaml:2:5: ")
    assert told in output
    sys.modules.pop("own", None)
