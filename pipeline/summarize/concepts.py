"""Coverage of concepts: as many facts as few sentences can carry, each of them once.

Lin and Bilmes: A Class of Submodular Functions for Document Summarization (2011); concepts for
facts are Gillick and Favre's: A Scalable Global Model for Summarization (2009).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from pipeline.checks.quantities import quantities
from pipeline.checks.spans import names
from pipeline.summarize.methods import content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.article import Segment

FACT = 2.0  # what a name or a number weighs, where a word weighs 1
STRETCH = 10  # sentences; that a stretch has its say is worth half a sentence
LEAD = 2.0  # by how much the first sentence of news is worth more, the second by half of it
LENGTH = 0.25  # of 16 times the words, a sentence must add twice as much
_LEANING = re.compile(
    r"\W*(?:and|but|or|so|yet|however"
    r"|it|its|he|his|she|her|they|them|their|this|that|these|those)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[?？؟][\W_]*$")


def concepts(sentences: Sequence[Segment]) -> list[float]:
    """Rate sentences by their turn, where at each turn the one comes that adds most (n to 1).

    Words are concepts where they recur, as the English has them; names and numbers always, as the
    source has them, because a draft may lose them. Half is worth what is doubtful, a question, or
    leans on the sentence before, which then comes first: the two must be worth it together. In an
    article whose first sentence has more than most others, as in news, the first are worth more.
    """
    count = len(sentences)
    weights = _weights(sentences)
    whole = [sum(held.values()) for held in weights]
    leaning = [bool(_LEANING.match(sentence.text)) for sentence in sentences]
    worth = [_worth(s) / (1 + leans) for s, leans in zip(sentences, leaning, strict=True)]
    if 2 * sum(value > whole[0] for value in whole) < count:
        worth = [value * (1 + LEAD / place) for place, value in enumerate(worth, 1)]
    gains = [value * share for value, share in zip(whole, worth, strict=True)]
    holders: dict[str, list[int]] = defaultdict(list)
    for index, concept in ((i, c) for i, held in enumerate(weights) for c in held):
        holders[concept].append(index)
    left = dict.fromkeys(range(count))
    ratings = [0.0] * count

    def unit(last: int) -> range:
        """Give a sentence behind those that it leans on and that are left."""
        first = last
        while leaning[first] and first - 1 in left:
            first -= 1
        return range(first, last + 1)

    def gain(last: int) -> tuple[float, float]:
        """Give what a unit adds for each of its sentences, rounded as sums are not exact."""
        together = unit(last)
        return round(sum(gains[i] for i in together) / len(together), 9), worth[last]

    while left:
        for index in unit(max(left, key=gain)):
            ratings[index] = float(len(left))
            del left[index]
            for concept, weight in weights[index].items():
                for holder in holders.pop(concept, ()):
                    gains[holder] -= weight * worth[holder]
    return ratings


def _weights(sentences: Sequence[Segment]) -> list[dict[str, float]]:
    """Weigh the concepts of each sentence, its stretch of the article among them."""
    found = [
        dict.fromkeys(content(s.text), 1.0) | dict.fromkeys(_facts(s), FACT) for s in sentences
    ]
    spread = Counter(chain.from_iterable(found))
    weights = [{c: w for c, w in f.items() if w == FACT or spread[c] > 1} for f in found]
    half = sum(sum(held.values()) for held in weights) / (2 * len(weights) or 1)
    return [held | {f"stretch {i // STRETCH}": half} for i, held in enumerate(weights)]


def _facts(sentence: Segment) -> list[str]:
    language = sentence.language.tag if sentence.language else "en"
    numbers = [str(q.value) for q in quantities(sentence.source, language) if q.certain]
    return [*numbers, *names(sentence.source)]


def _worth(sentence: Segment) -> float:
    doubtful = bool(sentence.flags) or sentence.quality == "poor"
    halves = doubtful + bool(_QUESTION.search(sentence.source))
    return math.ldexp(max(len(sentence.text.split()), 1) ** -LENGTH, -halves)
