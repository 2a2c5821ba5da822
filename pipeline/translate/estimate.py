"""Estimates how good a translation is without a reference, and sorts it into three classes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from pipeline.translate.adequacy import Adequacy

Quality = Literal["good", "check", "poor", ""]

# Expected sentence chrF. Above the one a translation mostly says what the source says, below the
# other it mostly does not.
GOOD: Final = 50.0
POOR: Final = 35.0


class Calibration(BaseModel):
    """The weights by which an engine's translations from one language are estimated.

    Fitted by least squares on the sentence chrF (Popović, 2015) of a test set; see
    `benchmarks/quality.py --calibrate`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    intercept: float
    score: float  # per nat of mean log-probability
    ratio: float  # per natural logarithm of English characters by source characters
    length: float  # per natural logarithm of source characters
    covered: float = 0.0  # per share of the source's words, all of them
    accounted: float = 0.0  # per share of the English words

    def expected(
        self, source: str, translation: str, score: float, adequacy: Adequacy | None
    ) -> float:
        """Give the sentence chrF to expect, 0 to 100."""
        values = features(source, translation, score, adequacy)
        weights = self.score, self.ratio, self.length, self.covered, self.accounted
        terms = (weight * value for weight, value in zip(weights, values, strict=True))
        return min(100.0, max(0.0, self.intercept + sum(terms)))


def features(
    source: str, translation: str, score: float, adequacy: Adequacy | None
) -> tuple[float, ...]:
    """Give what is weighed: score, ratio, length, and what a lexicon says where there is one."""
    length = math.log(len(source) + 1)
    shares = (adequacy.covered, adequacy.accounted) if adequacy else (0.0, 0.0)
    return score, math.log(len(translation) + 1) - length, length, *shares


def classify(expected: float | None, *, wrong: bool) -> Quality:
    """Give the class of a translation with an expected chrF; `wrong` if a check failed.

    Where nothing is expected, because the engine was never calibrated, no class better than `check`
    is given.
    """
    if expected is None:
        return "check" if wrong else ""
    if expected < POOR:
        return "poor"
    return "check" if wrong or expected < GOOD else "good"
