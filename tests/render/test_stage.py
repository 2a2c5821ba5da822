"""The render stage: how far a digest says that it can be trusted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.article import Article, Flag, Language, Segment
from pipeline.render.stage import Render
from pipeline.stage import Collection, Run

# quality classes of the sentences: the verdict, and what the table counts
VERDICTS = [
    ("good good good poor", "mostly good", "3 segments good, 0 to check"),
    ("poor poor poor check", "mostly poor", "0 segments good, 1 to check"),
    ("good check check check", "mostly to check", "1 segments good, 3 to check"),
    ("good check check poor", "mixed", "1 segments good, 2 to check"),
    ("- - check", "not estimated", None),
]


def digest(qualities, **changes):
    """Render an article with one sentence of each quality class; give its page and the index."""
    made = [
        Segment(
            i, "sentence", 0, 0, "Қала.", i, translation=f"City {i}.", engine="lm", rung="first"
        )
        for i in range(len(qualities.split()))
    ]
    each = zip(made, qualities.split(), strict=True)
    segments = tuple(replace(s, quality=q.strip("-"), **changes) for s, q in each)
    article = Article("a.txt", "", "a", language=Language("kk", "Cyrl"), segments=segments)
    made = Render()(Collection((article,)), Run(None))
    return [document.text for document in made.documents]


@pytest.mark.parametrize(("qualities", "verdict", "counted"), VERDICTS)
def test_the_top_says_how_far_to_trust(qualities, verdict, counted):
    """The verdict stands at the top and in the index, the counts in the table if estimated."""
    page, index = digest(qualities)
    assert f"> **How far to trust it: {verdict}.**" in page
    assert verdict in index
    assert counted in page if counted else "Probable quality" not in page


def test_unsure_sentences_are_marked():
    """A sentence to check or probably poor has its mark; a warning says to check already."""
    page, _ = digest("good check poor")
    assert "City 0.\n" in page
    assert "City 1.<sup>?</sup>\n" in page
    assert "City 2.<sup>??</sup>\n" in page
    page, _ = digest("check poor", flags=(Flag("number", "5 is missing"),))
    assert "City 0. ⚠\n" in page
    assert "City 1. ⚠<sup>??</sup>\n" in page


def test_a_doubtful_sentence_of_the_summary_says_what_to_check():
    """The original of a summary's sentence comes with what is wrong with its translation."""
    flagged = Segment(0, "sentence", 0, 0, "Бес.", translation="It.", flags=(Flag("number", "5"),))
    article = Article("a.txt", "", "a", segments=(flagged,), summary=(0,))
    page = Render()(Collection((article,)), Run(None)).documents[0].text
    assert "<p>⚠ <em>number: 5</em></p></details>" in page


@pytest.mark.parametrize(
    ("summary", "title"),
    [((), "A poor one"), ((0, 1), "One to check"), ((0, 1, 2, 3), "The first good one")],
)
def test_a_page_without_a_title_has_the_first_of_the_surest(summary, title):
    """In place of a title stands a sentence of the summary, none surer, and a note says so."""
    texts = ("A poor one", "One to check", "The first good one", "Good")
    classes = ("poor", "check", "good", "good")
    made = [
        Segment(i, "sentence", 0, 0, text, quality=quality)
        for i, (text, quality) in enumerate(zip(texts, classes, strict=True))
    ]
    article = Article("a.txt", "", "a", segments=tuple(made), summary=summary)
    page = Render()(Collection((article,)), Run(None)).documents[0].text
    assert page.startswith(f"# {title}\n")
    assert "*The source has no title; " in page
