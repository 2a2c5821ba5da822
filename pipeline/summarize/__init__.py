"""Extractive summaries: which sentences of an article say most.

A method rates sentences, which are segments, so that it may look at their English (`text`) and at
their `source`, `language`, `quality` and `flags`: a finite number for each, higher for more
important, on a scale of its own. The same sentences get the same ratings; none get none. A new
method is a function and an entry point in the group `pipeline.summaries`, or `my_module.my_method`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.article import Segment

Method = Callable[[Sequence[Segment]], Sequence[float]]


def choose(sentences: Sequence[str], ratings: Sequence[float], count: int) -> list[int]:
    """Choose the `count` sentences of the highest ratings, as indexes in reading order.

    Of equal ratings the earlier sentence wins, and a text is never chosen twice, so that there may
    be fewer than `count`. Empty sentences are not chosen.

    Raises:
        ValueError: if there is not one rating for each sentence.
    """
    if len(ratings) != len(sentences):
        raise ValueError(f"{len(ratings)} ratings for {len(sentences)} sentences")
    first: dict[str, int] = {}
    # Rounded, because sums in another order differ in the last digits.
    for index in sorted(range(len(sentences)), key=lambda i: (-round(ratings[i], 9), i)):
        if text := sentences[index].strip():
            first.setdefault(text, index)
    return sorted(list(first.values())[: max(count, 0)])
