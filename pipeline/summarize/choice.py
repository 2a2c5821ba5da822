"""From ratings to the sentences of a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def choose(sentences: Sequence[str], ratings: Sequence[float], count: int) -> list[int]:
    """Choose the `count` sentences of the highest ratings, as indexes in reading order.

    Of equal ratings the earlier sentence wins, and a text is never chosen twice, so that there may
    be fewer than `count`. Empty sentences are not chosen.

    Raises:
        ValueError: if there is not one rating for each sentence.
    """
    if len(ratings) != len(sentences):
        raise ValueError(
            f"{len(ratings)} ratings for {len(sentences)} sentences; give one for each"
        )
    # Rounded, because sums in another order differ in the last digits.
    best = sorted(range(len(sentences)), key=lambda index: (-round(ratings[index], 9), index))
    first: dict[str, int] = {}
    for index in best:
        if text := sentences[index].strip():
            first.setdefault(text, index)
    return sorted(list(first.values())[: max(count, 0)])
