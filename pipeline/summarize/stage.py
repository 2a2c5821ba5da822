"""Choose the sentences that say most, in English, in reading order."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from pipeline import registry
from pipeline.article import Article, Segment
from pipeline.dedupe.repeats import restated
from pipeline.stage import Run
from pipeline.summarize import choose
from pipeline.summarize.methods import load

MIN_WORDS = 5


@dataclass(frozen=True, kw_only=True)
class Summarize:
    """Mark the sentences of an extractive summary, chosen by a method over the English text.

    Titles, headings, list items, captions and bylines are no candidates; a statement that an
    earlier sentence made already counts once. A sentence with something to check is taken only
    where there are not enough others; one that is probably translated poorly, only where most are.
    """

    method: Annotated[
        registry.Summary,
        Field(
            description="lexrank, or sumy's textrank, lsa, luhn, kl, reduction (slow on hundreds "
            "of sentences, kl most), or your own my_module.my_method"
        ),
    ] = "lexrank"
    sentences: Annotated[int, Field(ge=1, le=100, description="how many sentences")] = 6
    ratio: Annotated[
        float | None, Field(gt=0, le=1, description="a share of the article's sentences instead")
    ] = None

    def __call__(self, article: Article, run: Run) -> Article:
        """Set `summary` to the ids of the chosen sentences."""
        method = load(self.method, run.root)
        candidates = _candidates(article.segments)
        texts = [s.text for s in candidates]
        again = restated(texts)
        candidates = [s for index, s in enumerate(candidates) if index not in again]
        count = self.sentences
        if self.ratio is not None:
            count = max(1, math.ceil(self.ratio * len(candidates)))
        pool = _trusted(candidates, count)
        texts = [s.text for s in pool]
        chosen = choose(texts, method(texts), count)
        return replace(article, summary=tuple(pool[index].id for index in chosen))


def _trusted(candidates: list[Segment], count: int) -> list[Segment]:
    """Leave out what is flagged, and what is poor if most is not: few sentences say little."""
    sure = [s for s in candidates if not s.flags]
    better = [s for s in sure if s.quality != "poor"]
    if len(better) >= max(count, len(candidates) / 2):
        return better
    return sure if len(sure) >= count else candidates


def _candidates(segments: tuple[Segment, ...]) -> list[Segment]:
    running = [s for s in segments if s.kind in {"sentence", "paragraph"}]
    long = [s for s in running if len(s.text.split()) >= MIN_WORDS]
    return long or running
