"""The evidence: read as it was written, with every letter of the input in exactly one place."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest
from click.testing import CliRunner
from conftest import call
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.clean.stage import Clean, NothingLeftError
from pipeline.cli import main
from pipeline.dedupe.stage import Dedupe
from pipeline.evidence import Evidence, ledger
from pipeline.read.files import read
from pipeline.stage import Collection

LINES = (
    "The river rose by two metres on Monday &quot;at night&quot;. Nobody was hurt.",
    "Наводнение   на реке. Никто\u00ad не пострадал.",
    "Menu",
    "Share this article",
    "部長表示，星期一河水上漲了兩公尺。",
    "- an item of a list \u00a0here",
    "",
)


def read_text(tmp_path, text, name="a.txt"):
    """Read a text as a file."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read(tmp_path / name, tmp_path)


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=40), min_size=1, max_size=12))
def test_no_letter_is_lost_by_our_stages(tmp_path_factory, lines):
    """Whatever the text, each letter is in one segment, removal or repair after our stages."""
    article = read_text(tmp_path_factory.getbasetemp(), "\n".join(lines))
    if article.status == "ok":
        try:
            article = Clean()(article)
        except NothingLeftError:
            return
        (article,) = Dedupe()(Collection((article,))).articles
    found = ledger(article)
    assert (found.lost, found.twice) == (0, 0)
    assert found.letters == found.in_segments + found.removed + found.repaired


def test_a_page_is_accounted_for(tmp_path):
    """Of a web page the text that is kept counts, entities as one letter each."""
    body = "<p>Sentence one of the article, caf&eacute; &amp; all.</p><p>It has another.</p>"
    page = f"<!doctype html><title>T</title><article><h1>A headline</h1>{body}</article>"
    found = ledger(Clean()(read_text(tmp_path, page, "a.html")))
    assert (found.lost, found.twice) == (0, 0)
    assert found.letters > 50


def test_what_a_stage_drops_or_doubles_is_told(tmp_path):
    """Segments that vanish without a record are lost, and overlapping ones count twice."""
    article = Clean()(read_text(tmp_path, "One line here is long enough.\nAnother line follows."))
    first, second = article.segments
    assert ledger(replace(article, segments=(first,))).lost == len("Anotherlinefollows")
    wider = replace(second, start=second.start - 8)
    assert ledger(replace(article, segments=(first, wider))).twice == len("enough")


DROPPING = """
from dataclasses import replace
from pipeline import Article

def drop(article: Article) -> Article:
    return replace(article, segments=article.segments[:1])
"""


def test_a_run_says_what_is_lost(project):
    """The report has the ledger of each article, and the printed row tells of lost letters."""
    root = project(
        {
            "pipeline.yaml": "stages: [clean, dropping_stage.drop, render]",
            "dropping_stage.py": DROPPING,
            "seeds/a.txt": "A headline\nThis sentence is dropped.\n",
        }
    )
    assert "21 letters are in no segment" in call(root, "run")
    (row,) = json.loads((root / "output" / "report.json").read_text())["articles"]
    assert (row["letters"]["lost"], row["letters"]["letters"]) == (21, 30)


def test_it_is_read_as_it_was_written_and_as_its_schema_says():
    """The model reads its own JSON back and refuses what it does not know; its schema, too."""
    article = Article("a.txt", "text", "a", notes=("a note",), copies=("b.txt",), summary=(1,))
    evidence = Evidence.model_validate(article)
    said = json.loads(evidence.to_json())
    assert Evidence.model_validate_json(evidence.to_json()) == evidence
    with pytest.raises(ValueError, match="extra"):
        Evidence.model_validate(said | {"more": 1})
    schema = json.loads(CliRunner().invoke(main, ["schema", "--evidence"]).output)
    jsonschema.validate(said, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema": 2}, schema)
