"""Over-long sentences: cut where a reader would pause, and nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.engines.lengths import split

TEXTS = st.text(
    st.one_of(st.sampled_from("ab жё, ;。，、5. \n"), st.characters(codec="utf-8")), max_size=120
)


@given(TEXTS, st.integers(1, 20))
@settings(max_examples=200, deadline=None)
def test_parts_join_to_the_sentence(text, limit):
    """The parts give the text back, and each fits the limit unless it is one character."""
    parts = split(text, limit, len)
    assert "".join(parts) == text
    assert all(len(part) <= limit for part in parts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("short", ["short"]),
        ("He came late; he left soon.", ["He came late; ", "he left soon."]),
        ("one two, three four five", ["one two, ", "three four five"]),
        ("aaaa bbbb cccc dddd eeee", ["aaaa bbbb ", "cccc dddd eeee"]),
        ("他在北京發表講話，他說經濟正在恢復當中", ["他在北京發表講話，", "他說經濟正在恢復當中"]),
        ("in total 10 000 000 000 losses", ["in total ", "10 000 000 000 losses"]),
        ("approximately 3,141,592.65 in all", ["approximately ", "3,141,592.65 in all"]),
    ],
)
def test_cut_at_the_best_place(text, parts):
    """A clause ends a part before a word does, and a number is never cut in two."""
    assert split(text, 22 if text.isascii() else 12, len) == parts
