"""Runs the stages in this process, one after the other."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from pipeline.registry import arose
from pipeline.stage import Outcome

if TYPE_CHECKING:
    from pipeline.article import Article
    from pipeline.stage import Batch, Collection, Run, Stage

log = logging.getLogger(__name__)
BATCH = 256  # articles; enough to fill translation batches, small enough to see progress


def execute(collection: Collection, stages: tuple[Stage, ...], run: Run) -> Outcome:
    """Execute as all executors do."""
    seconds: dict[str, float] = {}
    errors: list[str] = []
    for stage in stages:
        run = replace(run, stage=stage.name)
        run.progress(0, len(collection.articles))
        start = time.perf_counter()
        if stage.shape != "collection":
            collection = _in_batches(collection, stage, run)
        else:
            try:
                collection = stage(collection, run)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - a stage may raise anything
                errors.append(_failure(stage, run, "", error))
        seconds[stage.name] = seconds.get(stage.name, 0.0) + time.perf_counter() - start
    return Outcome(collection, seconds, tuple(errors))


def _in_batches(collection: Collection, stage: Stage, run: Run) -> Collection:
    """Apply a stage to one article after the other, or to many together."""
    waiting = tuple(a for a in collection.articles if a.status == "ok")
    results: dict[str, Article] = {}
    size = 1 if stage.shape == "article" else BATCH
    for first in range(0, len(waiting), size):
        done = _apply(stage, waiting[first : first + size], run)
        results |= {a.source: a for a in done}
        if size == 1:  # others tell their progress themselves
            run.progress(first + 1, len(waiting))
    articles = tuple(results.get(a.source, a) for a in collection.articles)
    return replace(collection, articles=articles)


def _apply(stage: Stage, batch: Batch, run: Run) -> Batch:
    """Apply a stage to a batch, and to each article alone where that fails."""
    try:
        return (stage(batch[0], run),) if stage.shape == "article" else tuple(stage(batch, run))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - as above; only one article fails
        if len(batch) > 1:
            alone = (_apply(stage, (article,), run) for article in batch)
            return tuple(chain.from_iterable(alone))
        message = _failure(stage, run, f"{batch[0].source}: ", error)
        return (replace(batch[0], status="failed", error=message),)


def _failure(stage: Stage, run: Run, source: str, error: BaseException) -> str:
    """Say in one line what went wrong and where; the type helps where the text does not."""
    log.debug("%s%s", source, stage.name, exc_info=error)
    where = arose(error, run.root) or stage.place(run.root)
    text = " ".join(str(error).split()).encode(errors="backslashreplace").decode()
    return ": ".join(filter(None, (stage.name, where + type(error).__name__, text)))
