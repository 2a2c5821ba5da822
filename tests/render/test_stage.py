"""The render stage: how far a digest says that it can be trusted."""

from __future__ import annotations

import pytest

from pipeline.article import Article, Language, Segment
from pipeline.render.stage import Render
from pipeline.stage import Collection, Run

# quality classes of the sentences: the verdict, and what the table counts
VERDICTS = {
    "good": (["good"] * 3 + ["poor"], "mostly good", "3 segments good, 0 to check"),
    "poor": (["poor"] * 3 + ["check"], "mostly poor", "0 segments good, 1 to check"),
    "check": (
        ["good", "check", "check", "check"],
        "mostly to check",
        "1 segments good, 3 to check",
    ),
    "mixed": (["good", "check", "check", "poor"], "mixed", "1 segments good, 2 to check"),
    "not estimated": (["", "", "check"], "not estimated", None),
}


def digest(qualities, tmp_path, **changes):
    """Render an article with one sentence of each quality class; give its page and the index."""
    segments = tuple(
        Segment(
            i, "sentence", 0, 0, "Қала.", i, None, f"City {i}.", "lm", q, rung="first", **changes
        )
        for i, q in enumerate(qualities)
    )
    article = Article("a.txt", "", "a", language=Language("kk", "Cyrl"), segments=segments)
    made = Render()(Collection((article,)), Run(tmp_path))
    return [document.text for document in made.documents]


@pytest.mark.parametrize(("qualities", "verdict", "counted"), VERDICTS.values(), ids=VERDICTS)
def test_the_top_says_how_far_to_trust(qualities, verdict, counted, tmp_path):
    """The verdict stands at the top and in the index, the counts in the table if estimated."""
    page, index = digest(qualities, tmp_path)
    assert f"> **How far to trust it: {verdict}.**" in page
    assert verdict in index
    assert counted in page if counted else "Probable quality" not in page


def test_unsure_sentences_are_marked(tmp_path):
    """A sentence to check or probably poor carries its mark, a good one none."""
    page, _ = digest(["good", "check", "poor"], tmp_path)
    assert "City 0.\n" in page
    assert "City 1.<sup>?</sup>\n" in page
    assert "City 2.<sup>??</sup>\n" in page


def test_a_failed_check_is_marked_once(tmp_path):
    """A warning says to check already, and stands beside the mark of what is poor."""
    page, _ = digest(["check", "poor"], tmp_path, flags=("number: 5 is missing",))
    assert "City 0. ⚠\n" in page
    assert "City 1. ⚠<sup>??</sup>\n" in page
