"""The estimate of quality without a reference, and its classes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.translate.adequacy import Adequacy
from pipeline.translate.estimate import GOOD, POOR, Calibration, classify

CALIBRATION = Calibration(intercept=40.0, score=20.0, ratio=15.0, length=3.0)
SCORES = st.floats(-20, 0)

CLASSES = {
    "likely and in order": (GOOD + 1, False, "good"),
    "likely, but a check failed": (GOOD + 1, True, "check"),
    "between": (GOOD - 1, False, "check"),
    "unlikely": (POOR - 1, False, "poor"),
    "unlikely, and a check failed": (POOR - 1, True, "poor"),
    "never calibrated": (None, False, ""),
    "never calibrated, but a check failed": (None, True, "check"),
}


@pytest.mark.parametrize(("expected", "wrong", "found"), CLASSES.values(), ids=CLASSES)
def test_classes(expected, wrong, found):
    """The class follows from the estimate, and no failed check is called good."""
    assert classify(expected, wrong=wrong) == found


@given(st.text(), st.text(), SCORES)
def test_an_estimate_is_a_chrf(source, translation, score):
    """Whatever the texts, the estimate lies between 0 and 100."""
    assert 0 <= CALIBRATION.expected(source, translation, score, None) <= 100


@given(st.text(min_size=1), st.text(min_size=1), SCORES, SCORES)
def test_a_surer_model_is_expected_to_be_better(source, translation, one, other):
    """Of two scores for the same texts the higher one never gives the lower estimate."""
    low, high = sorted((one, other))
    worse, better = (CALIBRATION.expected(source, translation, s, None) for s in (low, high))
    assert worse <= better


def test_lost_text_is_expected_to_be_worse():
    """A translation that stops early is estimated lower than a whole one of the same score."""
    source = "Половина предложения пропала, и это заметно по его длине."
    whole, half = "Half of the sentence is gone, and its length tells.", "Half of the sentence"
    lost, kept = (CALIBRATION.expected(source, text, -1, None) for text in (half, whole))
    assert lost < kept


def test_what_the_lexicon_finds_counts():
    """Of two equal scores the translation with the source's words is expected to be better."""
    calibration = CALIBRATION.model_copy(update={"covered": 20.0, "accounted": 10.0})
    none, all_ = (calibration.expected("қазына", "treasury", -1, Adequacy(n, n, 4)) for n in (0, 1))
    assert all_ - none == pytest.approx(30)
