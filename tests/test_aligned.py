"""Aligned text: whatever was done to it, each character still points into the input."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.aligned import Aligned, Edit
from pipeline.article import Segment


@st.composite
def edited(draw):
    """Draw a text and edits of it, in order and without overlap."""
    text = draw(st.text("abcde ", max_size=30))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, [Edit(a, b, draw(st.text("XYZ", max_size=4))) for a, b in pairs]


@given(edited())
def test_kept_characters_point_at_themselves(case):
    """A character that no edit touched points at its equal in the input; a new one at its cause."""
    text, edits = case
    result = Aligned.identity(text).apply(edits)
    for index, character in enumerate(result.text):
        start, end = result.span(index, index + 1)
        if character in "XYZ":
            assert any((e.start, e.end) == (start, end) for e in edits)
        else:
            assert text[start:end] == character


@given(edited(), st.data())
def test_two_rounds_of_edits_still_point_into_the_input(case, data):
    """Edits of edited text keep pointing into the input, and spans of parts lie in the whole's."""
    text, edits = case
    once = Aligned.identity(text).apply(edits)
    at = data.draw(st.integers(0, len(once.text)))
    twice = once.apply([Edit(at, at, "!")])
    assert twice.text == once.text[:at] + "!" + once.text[at:]
    start, end = twice.span(0, len(twice.text))
    assert 0 <= start <= end <= len(text)


@given(st.text(" ab\n"))
def test_strip_is_str_strip(text):
    """Stripping gives what `str.strip` gives, with the right span."""
    stripped = Aligned.identity(text).strip()
    assert stripped.text == text.strip()
    start, end = stripped.span(0, len(stripped.text))
    assert text[start:end] == text.strip()


@pytest.mark.parametrize("edits", [[Edit(2, 3, ""), Edit(1, 2, "")], [Edit(0, 9, "")]])
def test_edits_that_overlap_or_leave_are_refused(edits):
    """Edits out of order or out of range are a mistake of the caller."""
    with pytest.raises(ValueError, match="overlaps"):
        Aligned.identity("abc").apply(edits)


def test_a_part_of_a_segment_keeps_its_own_span():
    """A sentence cut from a repaired paragraph points at its own bytes, not the paragraph's."""
    text = "One\u00a0 two. Three."
    aligned = Aligned.identity(text, 10).apply([Edit(3, 5, " ")])
    whole = Segment(0, "paragraph", 10, 10 + len(text), aligned.text, aligned=aligned)
    first, second = whole.part(0, 9), whole.part(9, 16)
    assert (first.source, first.start, first.end) == ("One two.", 10, 19)
    assert (second.source, second.start, second.end) == ("Three.", 20, 26)


def test_a_rewritten_segment_keeps_the_span_of_the_whole():
    """Where a stage rewrote the text, parts point at all of it rather than at a wrong place."""
    whole = Segment(0, "paragraph", 5, 25, "Rewritten. Text.", aligned=Aligned.identity("old", 5))
    part = whole.part(11, 16)
    assert (part.source, part.start, part.end) == ("Text.", 5, 25)
