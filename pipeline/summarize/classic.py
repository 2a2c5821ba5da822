"""The other extractive methods, as sumy has them, in plain Python. Sources stand in its classes.

300 sentences take textrank and reduction 3 s, kl 22 s; the time of the first two grows with the
square of their number, that of kl with its cube.
"""

# mypy: allow-untyped-calls
# (sumy carries no types)

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

from sumy.models.dom import (  # type: ignore[attr-defined]  # sumy names no exports
    ObjectDocumentModel,
    Paragraph,
    Sentence,
)
from sumy.summarizers.kl import KLSummarizer
from sumy.summarizers.lsa import LsaSummarizer
from sumy.summarizers.luhn import LuhnSummarizer
from sumy.summarizers.reduction import ReductionSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer

from pipeline.summarize.words import STOP_WORDS, stem, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.summarize import Method


class _Tokenizer:
    """What sumy asks of a tokenizer; its own wants NLTK data, which would have to be downloaded."""

    to_words = staticmethod(words)


def _method(summarizer_type: Any) -> Method:
    """Make a method of a summarizer, which takes a function in place of a count of sentences."""

    def rate(sentences: Sequence[str]) -> list[float]:
        ratings = [0.0] * len(sentences)

        def note(rated: Sequence[Any]) -> Sequence[Any]:
            for sentence in rated:
                if math.isfinite(sentence.rating):
                    ratings[sentence.order] = float(sentence.rating)
            return ()

        document = ObjectDocumentModel([Paragraph([Sentence(s, _Tokenizer()) for s in sentences])])
        summarizer = summarizer_type(stem)
        summarizer.stop_words = STOP_WORDS
        if document.words:
            with warnings.catch_warnings():
                # LSA warns of texts with fewer words than sentences
                warnings.simplefilter("ignore")
                summarizer(document, note)
        return ratings

    return rate


textrank = _method(TextRankSummarizer)
lsa = _method(LsaSummarizer)
luhn = _method(LuhnSummarizer)
kl = _method(KLSummarizer)
reduction = _method(ReductionSummarizer)
