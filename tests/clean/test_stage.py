"""The clean stage: repairs on record, chrome out, and every offset true."""

from __future__ import annotations

import pytest
from conftest import REPOSITORY
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.aligned import Aligned
from pipeline.article import Article
from pipeline.clean.stage import Clean, NothingLeftError
from pipeline.read.files import read
from pipeline.read.layout import lines, segments

SEEDS = sorted(p.name for p in (REPOSITORY / "seeds").iterdir())
PIECES = [
    "The river rose.", "Река поднялась.\n", "但OpenAI的問題。", "\r\n", "\n", "  ", "\u00a0",
    "\u00ad", "\u200b", "\u202b", "\ufffd", "\ue077", "e\u0301", "â€™", "&amp;", "Ñ€ÐµÐºÐ°",
    "baru -baru", "_so_", "★ ", "• ", "開(kāi)", "以O(shè)pen", "▲圖", "Share", "微博\n", "2024年",
]  # fmt: skip
DAMAGED = st.lists(st.sampled_from(PIECES), min_size=1, max_size=30).map("".join)


def article(text):
    """Make an article of a text, as the reader does."""
    return Article("a.txt", text, segments=segments(lines(Aligned.identity(text))))


def clean(text):
    """Clean a text; nothing where it is empty or nothing but chrome."""
    try:
        return Clean()(article(text))
    except NothingLeftError:
        return None


@given(DAMAGED)
@settings(max_examples=300, deadline=None)
def test_offsets_reproduce_the_input(text):
    """Repairs and removed passages stand in the input where they say; segments lie inside it."""
    found = clean(text)
    for passage in found.removed if found else ():
        assert text[passage.start : passage.end] == passage.text
    for repair in found.repairs if found else ():
        assert text[repair.start : repair.end] == repair.before
    for segment in found.segments if found else ():
        assert 0 <= segment.start <= segment.end <= len(text)
        assert segment.aligned.text == segment.source


@given(DAMAGED)
@example("Ñ€ÐµÐºÐ°\xa0\xa0â€™")
@example("Ñ€ÐµÐºÐ°â€™\xadâ€™")
@settings(max_examples=200, deadline=None)
def test_cleaning_twice_changes_nothing_more(text):
    """What has been cleaned needs no further repair."""
    if found := clean(text):
        again = clean("\n".join(s.source for s in found.segments))
        assert again is None or not again.repairs


@pytest.mark.parametrize("name", SEEDS)
def test_the_seeds_are_clean_after_one_pass(name):
    """A cleaned seed has no repair left to make, no chrome left to drop, and nothing flagged."""
    once = Clean()(read(REPOSITORY / "seeds" / name, REPOSITORY / "seeds"))
    assert not any(s.flags for s in once.segments)
    again = Clean()(article("\n".join(s.source for s in once.segments)))
    assert (again.repairs, again.removed) == ((), ())
    assert [s.source for s in again.segments] == [s.source for s in once.segments]


def test_captions_and_bylines_are_told():
    """A caption loses its mark, a byline is one, and both keep their place."""
    text = "題目在這裡\n文丨山茶\n▲推文截圖\n這是一個段落,講述了一個故事。"
    found = Clean()(article(text))
    assert [(s.kind, s.source) for s in found.segments][1:3] == [
        ("byline", "文丨山茶"),
        ("caption", "推文截圖"),
    ]
    assert text[found.segments[2].start : found.segments[2].end] == "推文截圖"


def test_damage_beyond_repair_is_flagged():
    """What cannot be restored stays, with a flag that shows it."""
    found = Clean()(article("The first line of a story.\nA word is l\ufffdst in this one.\n"))
    assert [bool(s.flags) for s in found.segments] == [False, True]
    assert found.segments[1].flags[0].kind == "damage"
