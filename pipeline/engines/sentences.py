"""Sentences on their way through an engine: over-long ones go in parts and come back whole."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

from pipeline.engines import Translation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pipeline.engines.decoder import Decoded


def whole(
    sentences: Sequence[str],
    split: Callable[[str], list[str]],
    decode: Callable[[Sequence[str]], Iterable[list[tuple[int, Decoded]]]],
    detokenize: Callable[[Sequence[str]], str],
) -> Iterator[list[tuple[int, Translation]]]:
    """Decode the parts that `split` gives; yield each sentence once all its parts are there.

    Sentences without text are not decoded.
    """
    parts = [[part.strip() for part in split(text) if part.strip()] for text in sentences]
    owners = [(index, at) for index, texts in enumerate(parts) for at in range(len(texts))]
    done: list[dict[int, Translation]] = [{} for _ in parts]
    if empty := [(index, Translation("")) for index, texts in enumerate(parts) if not texts]:
        yield empty
    for batch in decode([text for texts in parts for text in texts]):
        ready = []
        for number, (pieces, score, flags) in batch:
            index, at = owners[number]
            done[index][at] = Translation(detokenize(pieces).strip(), score, flags)
            if len(done[index]) == len(parts[index]):
                ready.append((index, _join([done[index][key] for key in sorted(done[index])])))
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
