"""Over-long sentences: cut where a reader would pause, translated in parts, made whole again."""

from __future__ import annotations

import re
from statistics import fmean
from typing import TYPE_CHECKING

from pipeline.engines import Translation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pipeline.engines.decoder import Decoded

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
        if near := [end for end in ends if middle / 2 <= end <= middle * 3 / 2]:
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


def whole(
    sentences: Sequence[str],
    longest: int,
    tokenize: Callable[[str], list[str]],
    decode: Callable[[list[str]], Iterable[list[tuple[int, Decoded]]]],
    detokenize: Callable[[list[str]], str],
) -> Iterator[list[tuple[int, Translation]]]:
    """Decode in parts of at most `longest` pieces; yield a sentence once it is whole again.

    Sentences without text are not decoded.
    """
    parts: list[list[Translation | None]] = [[] for _ in sentences]
    owners: list[tuple[int, int]] = []
    sources: list[str] = []
    for index, sentence in enumerate(sentences):
        for part in split(sentence, longest, lambda text: len(tokenize(text))):
            if part.strip():
                owners.append((index, len(parts[index])))
                parts[index].append(None)
                sources.append(part.strip())
    if empty := [(index, Translation("")) for index, found in enumerate(parts) if not found]:
        yield empty
    for batch in decode(sources):
        ready = []
        for number, (pieces, score, flags) in batch:
            index, at = owners[number]
            parts[index][at] = Translation(detokenize(pieces).strip(), score, flags)
            done = [part for part in parts[index] if part]
            if len(done) == len(parts[index]):
                ready.append((index, _join(done)))
        if ready:
            yield ready


def _join(parts: Sequence[Translation]) -> Translation:
    """Put the translated parts of a sentence together; the score is the mean by length."""
    if len(parts) == 1:
        return parts[0]
    return Translation(
        " ".join(part.text for part in parts if part.text),
        fmean((part.score for part in parts), [len(part.text) + 1 for part in parts]),
        tuple(dict.fromkeys(["split", *(flag for part in parts for flag in part.flags)])),
    )
