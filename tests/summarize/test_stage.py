"""The summarize stage: what may be in a summary, and how much of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.article import Article, Flag, Segment
from pipeline.config import read
from pipeline.stage import Run
from pipeline.summarize.stage import Summarize

SENTENCES = [
    "The river rose by two metres in the town on Monday after a week of rain.",
    "The town had been warned of the river and the rain on Friday by the agency.",
    "Nobody was hurt by the river, the mayor of the town said on Monday.",
    "The bridge over the river is open again after the rain, the mayor said.",
    "Repairs in the town will cost three million, the agency said on Monday.",
    "The rain will go on until Friday, and the river may rise again in the town.",
    "Schools in the town stay closed until the rain ends, the mayor said.",
    "The agency will publish its report on the river and the rain in the autumn.",
]


def article(*texts, **changes):
    """Make an article of sentences; `changes` are of its segments, by their ids."""
    parts = [Segment(i, "sentence", 0, 0, "x", translation=text) for i, text in enumerate(texts)]
    for change, by_id in changes.items():
        parts = [replace(p, **{change: by_id[p.id]}) if p.id in by_id else p for p in parts]
    return Article("a.txt", "", segments=tuple(parts))


def summary(article, **options):
    """Summarize an article; give the ids."""
    return Summarize(**options)(article, Run(Path())).summary


def test_a_method_of_your_own(project):
    """A dotted name in pipeline.yaml is a method beside it."""
    files = {
        "pipeline.yaml": "stages: [{summarize: {method: own_rating.last, sentences: 2}}]",
        "own_rating.py": "def last(sentences):\n    return range(len(sentences))\n",
    }
    root = project(files)
    (stage,) = read(root / "pipeline.yaml").stages
    assert stage(article(*SENTENCES), Run(root)).summary == (6, 7)


@pytest.mark.parametrize(("ratio", "count"), [(0.25, 2), (0.5, 4), (0.01, 1), (1.0, 8)])
def test_a_ratio_instead_of_a_number(ratio, count):
    """A ratio counts sentences of the article, and at least one."""
    assert len(summary(article(*SENTENCES), ratio=ratio)) == count


def test_a_short_article_is_its_own_summary():
    """Fewer sentences than asked for are all taken, and an empty article has no summary."""
    assert summary(article(*SENTENCES[:2]), sentences=6) == (0, 1)
    assert summary(article()) == ()


@pytest.mark.parametrize("kind", ["title", "heading", "caption", "byline", "item"])
def test_only_running_text_is_a_candidate(kind):
    """Titles, headings, captions, bylines and list items stay out of the summary."""
    assert summary(article(*SENTENCES[:4], kind={0: kind}), sentences=6) == (1, 2, 3)


def test_a_statement_counts_once():
    """A sentence that says again what an earlier one said is not chosen beside it."""
    assert summary(article(*SENTENCES[:3], SENTENCES[0]), sentences=6) == (0, 1, 2)


@pytest.mark.parametrize(
    "doubt", [{"flags": {2: (Flag("number", "3 is missing"),)}}, {"quality": {2: "poor"}}]
)
def test_doubtful_sentences_are_avoided(doubt):
    """A sentence with something to check, or translated poorly, is taken after its equals."""
    doubtful = article(*(f"{name} paid 5 coins to the town." for name in "ABCD"), **doubt)
    assert summary(doubtful, sentences=3) == (0, 1, 3)
    assert summary(doubtful, sentences=4) == (0, 1, 2, 3)


@pytest.mark.parametrize(
    ("words", "count"), [(20, 4), (400, 4), (401, 5), (1100, 11), (1200, 12), (5000, 12)]
)
def test_the_length_of_auto(words, count):
    """By itself a summary has a sentence for every 100 words begun, but 4 to 12 of them."""
    texts = [f"Report {i} says much about town number" for i in range(words // 7)]
    rest = " ".join(["word"] * (words - 7 * len(texts)))
    assert len(summary(article(*texts[:-1], f"{texts[-1]} {rest}"))) == min(count, len(texts))
