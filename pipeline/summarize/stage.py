"""Choose the sentences that say most, in English, in reading order."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, WrapValidator

from pipeline import registry
from pipeline.article import Article, Segment
from pipeline.dedupe.repeats import restated
from pipeline.stage import Run
from pipeline.summarize import choose
from pipeline.summarize.methods import load

MIN_WORDS = 5
SHARE = 100  # words of the article for each sentence of `auto`
FEWEST, MOST = 4, 12  # sentences of `auto`


def _count(value: Any, check: Any) -> Any:
    """Say in one line what neither `auto` nor a number of sentences is."""
    try:
        return check(value)
    except ValidationError as error:
        raise ValueError("expected auto or a number from 1 to 100") from error


@dataclass(frozen=True, kw_only=True)
class Summarize:
    """Mark the sentences of an extractive summary, chosen by a method.

    Titles, headings, list items, captions and bylines are no candidates; a statement that an
    earlier sentence made already counts once.
    """

    method: Annotated[
        registry.Summary,
        Field(
            description="concepts, or sumy's lexrank, textrank, lsa, luhn, kl, reduction (slow on "
            "hundreds of sentences, kl most), or your own my_module.my_method"
        ),
    ] = "concepts"
    sentences: Annotated[
        Literal["auto"] | Annotated[int, Field(ge=1, le=100)],
        WrapValidator(_count),
        Field(description="how many; auto is one for 100 words, but 4 to 12"),
    ] = "auto"
    ratio: Annotated[
        float | None, Field(gt=0, le=1, description="a share of the article's sentences instead")
    ] = None

    def __call__(self, article: Article, run: Run) -> Article:
        """Set `summary` to the ids of the chosen sentences."""
        sentences = _candidates(article)
        texts = [sentence.text for sentence in sentences]
        ratings = load(self.method, run.root)(sentences)
        chosen = choose(texts, ratings, self._length(texts))
        return replace(article, summary=tuple(sentences[index].id for index in chosen))

    def _length(self, texts: list[str]) -> int:
        if self.ratio is not None:
            return max(1, math.ceil(self.ratio * len(texts)))
        if self.sentences != "auto":
            return self.sentences
        words = sum(len(text.split()) for text in texts)
        return min(max(math.ceil(words / SHARE), FEWEST), MOST)


def _candidates(article: Article) -> list[Segment]:
    """Give what a summary may have, each sentence with its language."""
    running = [s for s in article.segments if s.kind in {"sentence", "paragraph"}]
    long = [s for s in running if len(s.text.split()) >= MIN_WORDS] or running
    again = restated([s.text for s in long])
    new = [s for index, s in enumerate(long) if index not in again]
    return [replace(s, language=s.language or article.language) for s in new]
