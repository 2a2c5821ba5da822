"""The dedupe stage: one copy stays, in its place, and the others are accounted for."""

from __future__ import annotations

from conftest import REPOSITORY

from pipeline.aligned import Aligned
from pipeline.article import Article, Flag
from pipeline.clean.stage import Clean
from pipeline.dedupe.stage import Dedupe
from pipeline.read.files import read
from pipeline.read.layout import lines, segments
from pipeline.stage import Collection

BODY = (
    "The first paragraph of the story says what happened on the river on Monday morning.\n"
    "Why it matters\n"
    "The second paragraph says why it matters to the people who live in the town.\n"
    "The third paragraph quotes the mayor, who said that the bridge would open on Friday.\n"
)


def article(text, source="a.txt"):
    """Make an article of a text."""
    return Article(source, text, segments=segments(lines(Aligned.identity(text))))


def dedupe(*articles):
    """Run the stage."""
    return Dedupe()(Collection(articles)).articles


def test_a_body_that_stands_twice_stays_once():
    """Of two bodies one stays, headings included, and everything dropped is recorded."""
    text = f"The river town\n{BODY}{BODY}"
    (found,) = dedupe(article(text))
    assert "\n".join(s.source for s in found.segments) + "\n" == f"The river town\n{BODY}"
    assert "\n".join(r.text for r in found.removed) + "\n" == BODY
    assert all(text[r.start : r.end] == r.text for r in found.removed)


def test_the_better_copy_stays_in_the_place_of_the_first():
    """A later copy that is whole replaces a damaged first one, where that one stood."""
    damaged = BODY.replace("second paragraph", "second paragr\ufffdph")
    (found,) = dedupe(article(f"The river town\n{damaged}{BODY}"))
    assert "\n".join(s.source for s in found.segments) + "\n" == f"The river town\n{BODY}"


def test_a_heading_that_repeats_the_title_goes():
    """A page that prints its title twice gets it once; a later heading of that name stays."""
    (found,) = dedupe(article(f"The river town\nThe River Town\n{BODY}"))
    assert [s.source for s in found.segments][:2] == ["The river town", BODY.partition("\n")[0]]


def test_a_copy_is_set_aside_whatever_the_order():
    """Of two near-duplicates the same one is kept in either order, and each names the other."""
    a = article(f"The river town\n{BODY}It was reported by the agency on Tuesday.\n", "a.txt")
    b = article(f"The river town\n{BODY}", "b.txt")
    kept = {
        next(x.source for x in dedupe(*order) if x.status == "ok") for order in ((a, b), (b, a))
    }
    assert kept == {"a.txt"}
    first, second = dedupe(a, b)
    assert first.copies == ("b.txt",)
    assert (second.status, second.duplicate_of) == ("duplicate", "a.txt")


def test_the_chinese_seed_holds_its_body_once():
    """The seed whose body stands twice holds each line once after cleaning and dedupe."""
    seed = read(REPOSITORY / "seeds" / "004_3e9fce453feb4430.txt", REPOSITORY / "seeds")
    (found,) = dedupe(Clean()(seed))
    texts = [s.source for s in found.segments]
    assert len(texts) == len(set(texts))
    assert texts[0] == "OpenAI,雪崩開始了嗎?"
    assert texts[-1] == "但同樣,我們也應該審視這些瘋狂的信徒們,實現AGI的路徑。"


def test_chrome_that_articles_share_goes_and_is_recorded():
    """A shared last line is dropped with its place and reason; one that may be a name stays."""
    texts = [
        f"Story {n} of the day\n{BODY.replace(' ', f' {w}').replace('the', w)}"
        "Read the latest on our channel\nThe Daily River\n"
        for n, w in enumerate(["apple ", "berry ", "cherry "])
    ]
    found = dedupe(*(article(text, f"{n}.txt") for n, text in enumerate(texts)))
    for text, one in zip(texts, found, strict=True):
        (removed,) = one.removed
        assert removed.reason == "page chrome: stands in 3 articles"
        assert text[removed.start : removed.end] == "Read the latest on our channel" == removed.text
        assert one.status == "ok"
        assert one.segments[-1].flags == (Flag("chrome?", "stands in 3 articles"),)
        assert len(one.segments) == 6


def test_two_doubts_make_a_certainty():
    """A last line that may be chrome by its words goes where unrelated articles share it."""
    texts = [
        f"Story {n} of the day\n{BODY.replace('the', w)}Facebook\n" for n, w in enumerate("abc")
    ]
    texts = [text.replace(" ", f" {w} ") for text, w in zip(texts, ("up", "so", "or"), strict=True)]
    (alone,) = dedupe(Clean()(article(texts[0])))
    assert alone.segments[-1].flags == (Flag("chrome?", "social network"),)
    for one in dedupe(*(Clean()(article(text, f"{n}.txt")) for n, text in enumerate(texts))):
        assert [r.text for r in one.removed] == ["Facebook"]
