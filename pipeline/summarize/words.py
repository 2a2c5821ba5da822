"""The words of English sentences, as all methods count them."""

# mypy: allow-untyped-calls, no-warn-return-any
# (sumy carries no types)

from __future__ import annotations

import re
from functools import lru_cache

from sumy.nlp.stemmers import Stemmer
from sumy.utils import get_stop_words

# Letters and digits, joined inside by a hyphen, an apostrophe, a point or a comma: GPT-4o, 8.5.
_WORD = re.compile(r"[^\W_]+(?:[-'.,][^\W_]+)*")
STOP_WORDS = get_stop_words("english")  # which say nothing of a text's topic
stem = lru_cache(maxsize=100_000)(Stemmer("english"))  # Porter's Snowball


def words(sentence: str) -> tuple[str, ...]:
    """Cut a sentence into words in lower case."""
    return tuple(_WORD.findall(sentence.lower().replace("’", "'")))
