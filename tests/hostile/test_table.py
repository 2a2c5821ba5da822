"""The table at the end of a run says of an article what its page says."""

from __future__ import annotations

import json

import pytest
from conftest import call, rows

GRADE = """
from dataclasses import replace
from pipeline.article import Article, Flag

def grade(article: Article) -> Article:
    # a word of the text is the quality of its sentence
    return replace(article, segments=tuple(
        replace(s, kind="sentence", translation=s.source, engine="lm", quality=word,
                flags=(Flag("number"),) if "!" in s.source else ())
        for s in article.segments for word in ("good", "check", "poor") if word in s.source
    ))
"""
# the article; how many of its sentences are to check, and how it ended
ARTICLES = {
    "poor one\n\npoor two\n\npoor three\n\ngood four\n": ("3", "mostly poor"),
    "good one\n\ngood two\n\ngood three!\n\ncheck four\n": ("2", "ok"),
    "poor one\n\ngood two\n": ("1", "ok"),
}


@pytest.mark.parametrize(("text", "told"), ARTICLES.items())
def test_a_page_that_is_mostly_poor_is_not_called_ok(project, text, told):
    """The table and the count call it what the page does, and count all that the page marks."""
    stages = "stages: [{detect: {language: ru}}, own.grade, render]\n"
    root = project({"pipeline.yaml": stages, "own.py": GRADE, "seeds/a.txt": text})
    output = call(root, "run")
    assert rows(output)[-1][3:] == told
    assert f"1 {told[1]} in " in output
    (row,) = json.loads((root / "output" / "report.json").read_bytes())["articles"]
    page = (root / "output" / "a.md").read_text()
    assert f"How far to trust it: {row['quality']}." in page
