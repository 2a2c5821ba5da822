"""Decoding with CTranslate2: batches, length limits, and an end to endless repetition."""

from __future__ import annotations

import os
import time
from collections import deque
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import ctranslate2

from pipeline.engines import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

ROWS = 32  # hypotheses decoded side by side; more hardly pays, and delays the first results
PERIOD = 24  # longest phrase, in pieces, whose repetition is noticed
REPEATED = 16  # pieces that must repeat, and at least two rounds, before it counts as endless


class Job(NamedTuple):
    """A sentence to decode: its pieces (for a decoder, the whole prompt) and its output limit."""

    pieces: list[str]
    limit: int


class Decoded(NamedTuple):
    """Output pieces without the end piece, their mean log-probability, and what went wrong."""

    pieces: list[str]
    score: float
    flags: tuple[str, ...]


class Options(NamedTuple):
    """Beam size, the exponent of its length normalisation, the end piece, pieces to start with.

    `repetition_penalty` divides the score of pieces that are there already; 1 leaves them alone.
    """

    beam: int
    length_penalty: float
    end: str
    prefix: tuple[str, ...] = ()
    repetition_penalty: float = 1.0


def load(kind: Literal["Generator", "Translator"], folder: Path) -> Any:
    """Load a CTranslate2 model folder for int8 products, with one thread for each core.

    Each thread decodes a batch of its own: measured on two cores, that beats two threads on one.

    Raises:
        ModelError: if CTranslate2 cannot read the folder.
    """
    # The cores that this process may use can be fewer than the machine has; not all systems say.
    allowed = getattr(os, "sched_getaffinity", lambda _process: range(os.cpu_count() or 1))(0)
    options = {"compute_type": "int8", "inter_threads": len(allowed), "intra_threads": 1}
    try:
        return getattr(ctranslate2, kind)(str(folder), **options)
    except (RuntimeError, ValueError) as error:
        raise ModelError(f"{folder} does not load ({error}): restore the model") from error


def decode(
    model: Any, jobs: Sequence[Job], options: Options
) -> Iterator[list[tuple[int, Decoded]]]:
    """Decode with a CTranslate2 model; yield a list of (index into `jobs`, result) per batch.

    First with half the length limit, then what has not ended there, with the whole limit. Endless
    repetitions are caught after the first pass. The few sentences that are really long share the
    batches of the second, instead of each holding up a batch of the first.
    """
    unfinished: list[int] = []
    for batch in _run(model, [Job(job.pieces, job.limit // 2) for job in jobs], options):
        unfinished += [index for index, result in batch if "truncated" in result.flags]
        if ended := [item for item in batch if "truncated" not in item[1].flags]:
            yield ended
    for batch in _run(model, [jobs[index] for index in unfinished], options):
        yield [(unfinished[number], result) for number, result in batch]


def _run(model: Any, jobs: Sequence[Job], options: Options) -> Iterator[list[tuple[int, Decoded]]]:
    """Decode in batches of similar length, longest first, with one batch waiting for a worker.

    Few sentences make smaller batches, so that no worker idles. The prompts of a decoder's batch
    are equally long: they are read in one pass, and no result depends on its neighbours.
    """
    generates = _generates(model)
    workers = model.num_generators if generates else model.num_translators
    rows = max(1, min(ROWS // options.beam, -(-len(jobs) // workers)))
    order = sorted(range(len(jobs)), key=lambda index: -len(jobs[index].pieces))
    alike = groupby(order, key=lambda index: len(jobs[index].pieces) if generates else 0)
    groups = [list(group) for _, group in alike]
    batches = deque(
        group[start : start + rows] for group in groups for start in range(0, len(group), rows)
    )
    running: deque[tuple[list[int], Any]] = deque()
    while batches or running:
        while batches and len(running) <= workers:
            batch = batches.popleft()
            asked = [jobs[index] for index in batch]
            running.append((batch, _start(model, asked, options)))
        indices, results = running.popleft()
        while not results[-1].done():  # `result` would not let an interrupt through
            time.sleep(0.01)
        yield [
            (index, _finish(jobs[index], result.result(), options))
            for index, result in zip(indices, results, strict=True)
        ]


def _generates(model: Any) -> bool:
    return isinstance(model, ctranslate2.Generator)  # type: ignore[attr-defined]  # not named as exported


def _start(model: Any, batch: Sequence[Job], options: Options) -> Any:
    """Let a decoder continue prompts, or an encoder-decoder translate; give what is to come."""
    pieces = [job.pieces for job in batch]
    longest = max(job.limit for job in batch) + 1
    search = {
        "beam_size": options.beam,
        "length_penalty": options.length_penalty,
        "repetition_penalty": options.repetition_penalty,
        "return_scores": True,
        "return_end_token": True,
        "asynchronous": True,
    }
    if _generates(model):
        return model.generate_batch(
            pieces, max_length=longest, include_prompt_in_result=False, **search
        )
    return model.translate_batch(
        pieces,
        target_prefix=[list(options.prefix)] * len(batch) if options.prefix else None,
        max_input_length=0,  # sentences come here already short enough
        max_decoding_length=longest + len(options.prefix),
        replace_unknowns=True,
        **search,
    )


def _finish(job: Job, result: Any, options: Options) -> Decoded:
    """Take the end piece off, or else cut at the limit or to one round of a repetition."""
    if isinstance(result, ctranslate2.GenerationResult):  # type: ignore[attr-defined]
        sequence, given = result.sequences[0], 0
    else:
        sequence, given = result.hypotheses[0], len(options.prefix)
    pieces = sequence[given:]
    score = result.scores[0] * len(sequence) ** options.length_penalty / max(1, len(pieces))
    if pieces and pieces[-1] == options.end and len(pieces) <= job.limit + 1:
        return Decoded(pieces[:-1], score, ())
    pieces = pieces[: job.limit]
    if run := looped(pieces):
        return Decoded(pieces[:-run], score, ("repeated",))
    return Decoded(pieces, score, ("truncated",))


def looped(pieces: Sequence[str]) -> int:
    """Count the pieces at the end that only repeat the phrase before them; 0 if not endless."""
    for period in range(1, PERIOD + 1):
        run = 0
        while run + period < len(pieces) and pieces[-1 - run] == pieces[-1 - run - period]:
            run += 1
        if run >= max(REPEATED, 2 * period):
            return run
    return 0
