"""Decoding with CTranslate2: batches, length limits, and an end to endless repetition."""

from __future__ import annotations

import os
import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import ctranslate2

from pipeline.engines import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

ROWS = 32  # sentences decoded side by side; more hardly pays, and delays the first results
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
    """Beam size, the exponent of its length normalisation, the end piece, pieces to start with."""

    beam: int
    length_penalty: float
    end: str
    prefix: tuple[str, ...] = ()


def load(kind: Literal["Generator", "Translator"], folder: Path, threads: int) -> Any:
    """Load a CTranslate2 model folder for int8 products; `threads` 0 means one per core.

    Each thread decodes a batch of its own: measured on two cores, that beats two threads on one.

    Raises:
        ModelError: if CTranslate2 cannot read the folder.
    """
    try:
        return getattr(ctranslate2, kind)(
            str(folder),
            compute_type="int8",
            inter_threads=threads or os.cpu_count() or 1,
            intra_threads=1,
        )
    except (RuntimeError, ValueError) as error:
        raise ModelError(f"{folder} does not load ({error}): restore the model") from error


def generate(
    generator: Any, jobs: Sequence[Job], options: Options
) -> Iterator[list[tuple[int, Decoded]]]:
    """Let a decoder continue prompts; yield a list of (index into `jobs`, result) per batch.

    The prompt is walked through piece by piece (`include_prompt_in_result`). That takes a fifth
    longer than one pass over what all rows share, but no result depends on its neighbours then.
    """

    def submit(batch: Sequence[Job]) -> Any:
        return generator.generate_batch(
            [job.pieces for job in batch],
            max_length=max(len(job.pieces) + job.limit for job in batch),
            beam_size=options.beam,
            length_penalty=options.length_penalty,
            return_scores=True,
            return_end_token=True,
            asynchronous=True,
        )

    def finish(job: Job, result: Any) -> Decoded:
        sequence, score = result.sequences[0], result.scores[0]
        # The sequence holds the prompt but for its first piece; these pieces score nothing.
        total = score * len(sequence) ** options.length_penalty
        return _finish(sequence[len(job.pieces) - 1 :], total, job.limit, options.end)

    yield from _twice(jobs, partial(_run, generator.num_generators, submit, finish))


def translate(
    translator: Any, jobs: Sequence[Job], options: Options
) -> Iterator[list[tuple[int, Decoded]]]:
    """Translate with an encoder-decoder; yield a list of (index into `jobs`, result) per batch."""

    def submit(batch: Sequence[Job]) -> Any:
        return translator.translate_batch(
            [job.pieces for job in batch],
            target_prefix=[list(options.prefix)] * len(batch) if options.prefix else None,
            max_input_length=0,  # sentences come here already short enough
            max_decoding_length=max(job.limit for job in batch) + len(options.prefix) + 1,
            beam_size=options.beam,
            length_penalty=options.length_penalty,
            replace_unknowns=True,
            return_scores=True,
            return_end_token=True,
            asynchronous=True,
        )

    def finish(job: Job, result: Any) -> Decoded:
        sequence, score = result.hypotheses[0], result.scores[0]
        total = score * len(sequence) ** options.length_penalty
        return _finish(sequence[len(options.prefix) :], total, job.limit, options.end)

    yield from _twice(jobs, partial(_run, translator.num_translators, submit, finish))


def _twice(
    jobs: Sequence[Job], run: Callable[[Sequence[Job]], Iterator[list[tuple[int, Decoded]]]]
) -> Iterator[list[tuple[int, Decoded]]]:
    """Decode with half the length limit, then what has not ended there, with the whole limit.

    Endless repetitions are caught after the first pass. The few sentences that are really long
    share the batches of the second, instead of each holding up a batch of the first.
    """
    unfinished: list[int] = []
    for batch in run([Job(job.pieces, job.limit // 2) for job in jobs]):
        unfinished += [index for index, result in batch if "truncated" in result.flags]
        if ended := [item for item in batch if "truncated" not in item[1].flags]:
            yield ended
    for batch in run([jobs[index] for index in unfinished]):
        yield [(unfinished[number], result) for number, result in batch]


def _run(
    workers: int,
    submit: Callable[[Sequence[Job]], Any],
    finish: Callable[[Job, Any], Decoded],
    jobs: Sequence[Job],
) -> Iterator[list[tuple[int, Decoded]]]:
    """Decode in batches of similar length, longest first, with one batch waiting for a worker.

    Few sentences make smaller batches, so that no worker idles.
    """
    order = sorted(range(len(jobs)), key=lambda index: -len(jobs[index].pieces))
    rows = max(1, min(ROWS, -(-len(jobs) // workers)))
    batches = [order[start : start + rows] for start in range(0, len(order), rows)]
    running: deque[tuple[list[int], Any]] = deque()
    while batches or running:
        while batches and len(running) <= workers:
            batch = batches.pop(0)
            running.append((batch, submit([jobs[index] for index in batch])))
        indices, results = running.popleft()
        while not results[-1].done():  # `result` would not let an interrupt through
            time.sleep(0.01)
        yield [
            (index, finish(jobs[index], result.result()))
            for index, result in zip(indices, results, strict=True)
        ]


def _finish(pieces: list[str], total: float, limit: int, end: str) -> Decoded:
    """Take the end piece off, or else cut at the limit or to one round of a repetition."""
    score = total / max(1, len(pieces))
    if pieces and pieces[-1] == end and len(pieces) <= limit + 1:
        return Decoded(pieces[:-1], score, ())
    pieces = pieces[:limit]
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
