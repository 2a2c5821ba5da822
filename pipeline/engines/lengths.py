"""Cut over-long sentences where a reader would pause."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# From the best place to the worst; a cut stands after the match. A point or comma inside a number
# is not followed by a space, and a space between digits may group them (10 000).
_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        r"[.!?…;:؛؟][\"”»’)]*\s+|[。！？；：]",
        r"[,،—–]\s+|[，、]|(?<=[\u3400-\u9fff]),",
        r"(?<!\d)\s+|\s+(?!\d)",
        r"(?<!\d)(?=[^\d\W])",  # before a letter, so never before a combining mark
    )
)


def _cut(text: str) -> int:
    """Find the best place near the middle of `text`: best kind first, then the nearest."""
    middle = len(text) / 2
    for place in _PLACES:
        ends = [match.end() for match in place.finditer(text)]
        near = [end for end in ends if len(text) / 4 <= end <= len(text) * 3 / 4]
        if near:
            return min(near, key=lambda end: abs(end - middle))
    return len(text) // 2


def split(text: str, limit: int, measure: Callable[[str], int]) -> list[str]:
    """Halve `text` until each part measures at most `limit`; the parts join to `text` again.

    A part of one character is left as it is, whatever it measures.
    """
    if len(text) < 2 or measure(text) <= limit:
        return [text]
    at = _cut(text)
    return split(text[:at], limit, measure) + split(text[at:], limit, measure)
