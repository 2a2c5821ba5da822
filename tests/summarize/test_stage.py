"""The summarize stage: what may be in a summary, and how much of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.article import Article, Segment
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


def article(segments):
    """Make an article of (kind, translation, flags)."""
    parts = tuple(
        Segment(i, kind, 0, 0, "x", translation=text, flags=flags)
        for i, (kind, text, flags) in enumerate(segments)
    )
    return Article("a.txt", "", segments=parts)


def plain(*sentences):
    """Make sentences without flags."""
    return article([("sentence", s, ()) for s in sentences])


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
    assert stage(plain(*SENTENCES), Run(root)).summary == (6, 7)


@pytest.mark.parametrize(("ratio", "count"), [(0.25, 2), (0.5, 4), (0.01, 1), (1.0, 8)])
def test_a_ratio_instead_of_a_number(ratio, count):
    """A ratio counts sentences of the article, and at least one."""
    assert len(summary(plain(*SENTENCES), ratio=ratio)) == count


def test_a_short_article_is_its_own_summary():
    """Fewer sentences than asked for are all taken, and an empty article has no summary."""
    assert summary(plain(*SENTENCES[:2]), sentences=6) == (0, 1)
    assert summary(article([])) == ()


@pytest.mark.parametrize("kind", ["title", "heading", "caption", "byline", "item"])
def test_only_running_text_is_a_candidate(kind):
    """Titles, headings, captions, bylines and list items stay out of the summary."""
    mixed = article([(kind, SENTENCES[0], ()), *(("sentence", s, ()) for s in SENTENCES[1:4])])
    assert summary(mixed, sentences=6) == (1, 2, 3)


def test_a_statement_counts_once():
    """A sentence that says again what an earlier one said is not chosen beside it."""
    chosen = summary(plain(*SENTENCES[:3], SENTENCES[0]), sentences=6)
    assert chosen == (0, 1, 2)


@pytest.mark.parametrize("flag", ["repeated", "number: 3 is missing", "name: X is missing"])
def test_sentences_to_check_are_avoided(flag):
    """A sentence with something to check is not chosen while there are others."""
    texts = [("sentence", s, (flag,) if i == 2 else ()) for i, s in enumerate(SENTENCES)]
    assert 2 not in summary(article(texts), sentences=6)
    assert 2 in summary(article(texts), sentences=8)


def graded(*classes):
    """Make sentences of the given quality classes."""
    made = plain(*SENTENCES).segments
    return replace(
        article([]),
        segments=tuple(replace(s, quality=q) for s, q in zip(made, classes, strict=True)),
    )


def test_poor_sentences_stay_out_where_most_are_better():
    """A sentence that is probably translated poorly is not in the summary of a better article."""
    mixed = graded("good", "poor", "check", "good", "poor", "check", "good", "check")
    assert not {1, 4} & set(summary(mixed, sentences=6))


def test_a_poor_article_is_summarized_by_what_it_says():
    """Where most is poor, the few better sentences do not become the summary just for that."""
    bad = graded(*["poor"] * 6, "good", "good")
    assert summary(bad, sentences=3) == summary(plain(*SENTENCES), sentences=3)
