"""Endless repetition is noticed; honest repetition is not."""

from __future__ import annotations

import pytest

from pipeline.engines.decoder import looped


@pytest.mark.parametrize(
    ("pieces", "repeated"),
    [
        ("", 0),
        ("the cat sat on the mat", 0),
        ("1 000 000 000 000", 0),
        ("ha" * 8, 0),
        ("yes " + "no" * 20, 38),
        ("x" * 30, 29),
        ("and then he said " * 3, 34),
        ("a phrase that is too long to be a loop " * 3, 0),
    ],
)
def test_looped(pieces, repeated):
    """Count what repeats at the end, past its first round, one character being one piece."""
    assert looped(list(pieces)) == repeated
