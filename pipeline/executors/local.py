"""Runs the stages in this process, one after the other."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.executors import Outcome, StageError

if TYPE_CHECKING:
    from pipeline.article import Article
    from pipeline.stage import Batch, Collection, Run, Stage

log = logging.getLogger(__name__)
BATCH = 256  # articles; enough to fill translation batches, small enough to see progress


def execute(
    collection: Collection, stages: tuple[Stage, ...], run: Run, *, fail_fast: bool = False
) -> Outcome:
    """Execute as `Executor` says."""
    stage_seconds: dict[str, float] = {}
    article_seconds: dict[str, dict[str, float]] = {}
    errors: list[str] = []
    for stage in stages:
        run.on_stage(stage.name, len(collection.articles))
        start = time.perf_counter()
        at_work = _AtWork(stage, run, fail_fast)
        try:
            if stage.shape == "article":
                collection = at_work.on_each(collection, article_seconds)
            elif stage.shape == "batch":
                collection = at_work.on_batches(collection)
            else:
                collection = stage(collection, run)
        except StageError:
            raise
        except Exception as error:  # noqa: BLE001 - a stage may raise anything
            errors.append(at_work.failure("", error))
        seconds = time.perf_counter() - start
        stage_seconds[stage.name] = stage_seconds.get(stage.name, 0.0) + seconds
    return Outcome(collection, stage_seconds, article_seconds, tuple(errors))


@dataclass(frozen=True)
class _AtWork:
    """A stage in a run, with what becomes of what it breaks on."""

    stage: Stage
    run: Run
    fail_fast: bool

    def on_each(self, collection: Collection, seconds: dict[str, dict[str, float]]) -> Collection:
        """Apply an article stage to each article."""
        articles: list[Article] = []
        for done, article in enumerate(collection.articles, 1):
            start = time.perf_counter()
            if article.status == "ok":
                articles.append(self._alone(article, article))
                taken = time.perf_counter() - start
                seconds.setdefault(article.source, {})[self.stage.name] = taken
            else:
                articles.append(article)
            self.run.progress(done, len(collection.articles))
        return replace(collection, articles=tuple(articles))

    def on_batches(self, collection: Collection) -> Collection:
        """Apply a batch stage; where a batch fails, its articles are tried one by one."""
        waiting = [a for a in collection.articles if a.status == "ok"]
        results: dict[str, Article] = {}
        for first in range(0, len(waiting), BATCH):
            batch: Batch = tuple(waiting[first : first + BATCH])
            try:
                done = _same_articles(self.stage(batch, self.run), batch)
            except Exception:  # noqa: BLE001 - a stage may raise anything; each is tried alone
                done = tuple(self._alone(a, (a,)) for a in batch)
            results.update((a.source, a) for a in done)
        articles = tuple(results.get(a.source, a) for a in collection.articles)
        return replace(collection, articles=articles)

    def _alone(self, article: Article, value: Article | Batch) -> Article:
        """Apply the stage to one article, as itself or as a batch of one."""
        try:
            result = self.stage(value, self.run)
            (same,) = _same_articles(result if isinstance(value, tuple) else (result,), (article,))
        except Exception as error:  # noqa: BLE001 - a stage may raise anything; only this one fails
            message = self.failure(f"{article.source}: ", error)
            return replace(article, status="failed", error=message)
        return same

    def failure(self, where: str, error: Exception) -> str:
        """Say in one line what went wrong; the type helps where the text alone does not."""
        text = " ".join(str(error).split())
        kind = type(error).__name__
        message = f"{self.stage.name}: {kind}: {text}" if text else f"{self.stage.name}: {kind}"
        log.debug("%s%s", where, self.stage.name, exc_info=error)
        if self.fail_fast:
            raise StageError(where + message) from error
        return message


def _same_articles(result: object, batch: Batch) -> Batch:
    """Check that a stage gave back the articles it got: none lost, none invented."""
    sources = [getattr(a, "source", None) for a in result] if isinstance(result, tuple) else None
    if sources != [a.source for a in batch]:
        raise TypeError(f"the stage must return the articles it was given, not {result!r:.80}")
    return result  # type: ignore[return-value]
