"""Sentences on their way through an engine: over-long ones go in parts and come back whole."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

from pipeline.engines import Translation, lengths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pipeline.engines.decoder import Decoded


def whole(
    sentences: Sequence[str],
    longest: int,
    tokenize: Callable[[str], list[str]],
    decode: Callable[[list[list[str]]], Iterable[list[tuple[int, Decoded]]]],
    detokenize: Callable[[list[str]], str],
) -> Iterator[list[tuple[int, Translation]]]:
    """Decode in parts of at most `longest` pieces; yield a sentence once all its parts are there.

    Sentences without text are not decoded.
    """
    parts: list[list[Translation | None]] = [[] for _ in sentences]
    owners: list[tuple[int, int]] = []
    sources: list[list[str]] = []
    for index, sentence in enumerate(sentences):
        for part in lengths.split(sentence, longest, lambda text: len(tokenize(text))):
            if part.strip():
                owners.append((index, len(parts[index])))
                parts[index].append(None)
                sources.append(tokenize(part.strip()))
    if empty := [(index, Translation("")) for index, texts in enumerate(parts) if not texts]:
        yield empty
    for batch in decode(sources):
        ready = []
        for number, (pieces, score, flags) in batch:
            index, at = owners[number]
            parts[index][at] = Translation(detokenize(pieces).strip(), score, flags)
            translated = [part for part in parts[index] if part]
            if len(translated) == len(parts[index]):
                ready.append((index, _join(translated)))
        if ready:
            yield ready


def _join(parts: Sequence[Translation]) -> Translation:
    """Put the translated parts of a sentence together; the score is the mean by length."""
    if len(parts) == 1:
        return parts[0]
    flags = dict.fromkeys(["split", *(flag for part in parts for flag in part.flags)])
    return Translation(
        " ".join(part.text for part in parts if part.text),
        fmean((part.score for part in parts), [len(part.text) + 1 for part in parts]),
        tuple(flags),
    )
