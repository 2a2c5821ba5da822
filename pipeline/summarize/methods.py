"""Methods by name: functions, or summarizers of sumy, which are plain Python.

All count the same words. 300 sentences take lexrank, textrank and reduction 1 to 3 s, kl 22 s; the
time of the first grows with the square of their number, that of kl with its cube.
"""

# mypy: allow-untyped-calls, disable-error-code="attr-defined"
# (sumy carries no types)

from __future__ import annotations

import math
import re
import warnings
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from sumy.models import dom
from sumy.nlp.stemmers import Stemmer
from sumy.utils import get_stop_words

from pipeline import registry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.article import Segment
    from pipeline.summarize import Method

# Letters and digits, joined inside by a hyphen, an apostrophe, a point or a comma: GPT-4o, 8.5.
_WORD = re.compile(r"[^\W_]+(?:[-'.,][^\W_]+)*")
STOP_WORDS = get_stop_words("english")  # which say nothing of a text's topic
stem = lru_cache(maxsize=100_000)(Stemmer("english"))  # Porter's Snowball


def words(sentence: str) -> tuple[str, ...]:
    """Cut an English sentence into words in lower case."""
    return tuple(_WORD.findall(sentence.lower().replace("’", "'")))


def content(text: str) -> list[str]:
    """Give the stems of an English text's words, without stop words."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


class _Tokenizer:
    """What sumy asks of a tokenizer; its own wants NLTK data, which would have to be downloaded."""

    to_words = staticmethod(words)


def load(name: str, root: Path | None = None) -> Method:
    """Give a method by its name; a dotted one may live in a file in the folder `root`."""
    method: Any = registry.load(registry.SUMMARIES, name, root)
    return partial(rate, method) if isinstance(method, type) else method


def rate(summarizer_type: Any, sentences: Sequence[Segment]) -> list[float]:
    """Rate sentences by a summarizer, which takes a function in place of a count of sentences."""
    ratings = [0.0] * len(sentences)

    def note(rated: Sequence[Any]) -> Sequence[Any]:
        for sentence in rated:
            if math.isfinite(sentence.rating):
                ratings[sentence.order] = float(sentence.rating)
        return ()

    units = [dom.Sentence(sentence.text, _Tokenizer()) for sentence in sentences]
    document = dom.ObjectDocumentModel([dom.Paragraph(units)])
    summarizer = summarizer_type(stem)
    summarizer.stop_words = STOP_WORDS
    if document.words:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # LSA warns of texts with fewer words than sentences
            summarizer(document, note)
    return ratings
