"""The engine: a loop over stages, in which a broken article never costs a good one."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.article import Article
    from pipeline.stage import Batch, Collection, Run, Stage

log = logging.getLogger(__name__)
BATCH = 256  # articles; enough to fill translation batches, small enough to see progress
Failed = Callable[["Article", Exception], "Article"]


class StageError(Exception):
    """A stage failed on the whole collection, or `fail_fast` met a first failure."""


@dataclass(frozen=True)
class Outcome:
    """What a run made: the final collection and where its seconds went.

    `article_seconds` has, per article source, the seconds of each stage that works on one article.
    `errors` are failures that belong to no single article.
    """

    collection: Collection
    stage_seconds: dict[str, float] = field(default_factory=dict)
    article_seconds: dict[str, dict[str, float]] = field(default_factory=dict)
    errors: tuple[str, ...] = ()


def execute(
    collection: Collection,
    stages: tuple[Stage, ...],
    run: Run,
    *,
    fail_fast: bool = False,
    on_stage: Callable[[str, int], None] = lambda _name, _total: None,
) -> Outcome:
    """Send a collection through the stages.

    An article whose stage raises is marked `failed` and skips the rest; a stage that fails on the
    whole collection is skipped and reported. Only articles with the status `ok` reach `article` and
    `batch` stages; `collection` stages see all.

    Raises:
        StageError: at the first failure, if `fail_fast`.
    """
    seconds: dict[str, float] = {}
    per_article: dict[str, dict[str, float]] = {}
    errors: list[str] = []

    for stage in stages:

        def failed(article: Article, error: Exception, name: str = stage.name) -> Article:
            message = f"{name}: {_describe(error)}"
            log.debug("%s", article.source, exc_info=error)
            if fail_fast:
                raise StageError(f"{article.source}: {message}") from error
            return replace(article, status="failed", error=message)

        on_stage(stage.name, len(collection.articles))
        start = time.perf_counter()
        if stage.shape == "article":
            collection = _each(stage, collection, run, failed, per_article)
        elif stage.shape == "batch":
            collection = _batches(stage, collection, run, failed)
        else:
            try:
                collection = stage(collection, run)
            except Exception as error:
                message = f"{stage.name}: {_describe(error)}"
                log.debug("%s", stage.name, exc_info=error)
                if fail_fast:
                    raise StageError(message) from error
                errors.append(message)
        seconds[stage.name] = seconds.get(stage.name, 0.0) + time.perf_counter() - start
    return Outcome(collection, seconds, per_article, tuple(errors))


def _each(
    stage: Stage,
    collection: Collection,
    run: Run,
    failed: Failed,
    seconds: dict[str, dict[str, float]],
) -> Collection:
    """Apply an article stage to each article."""
    articles: list[Article] = []
    for done, article in enumerate(collection.articles, 1):
        if article.status == "ok":
            start = time.perf_counter()
            articles.append(_alone(stage, article, (article, run), failed))
            taken = time.perf_counter() - start
            seconds.setdefault(article.source, {})[stage.name] = taken
        else:
            articles.append(article)
        run.progress(done, len(collection.articles))
    return replace(collection, articles=tuple(articles))


def _batches(stage: Stage, collection: Collection, run: Run, failed: Failed) -> Collection:
    """Apply a batch stage; where a batch fails, its articles are tried one by one."""
    waiting = [a for a in collection.articles if a.status == "ok"]
    results: dict[str, Article] = {}
    for first in range(0, len(waiting), BATCH):
        batch: Batch = tuple(waiting[first : first + BATCH])
        try:
            done = _same_articles(stage(batch, run), batch)
        except Exception:  # noqa: BLE001 - a stage may raise anything; each article is tried alone
            done = tuple(_alone(stage, a, ((a,), run), failed) for a in batch)
        results.update((a.source, a) for a in done)
    articles = tuple(results.get(a.source, a) for a in collection.articles)
    return replace(collection, articles=articles)


def _alone(
    stage: Stage, article: Article, arguments: tuple[Article | Batch, Run], failed: Failed
) -> Article:
    """Apply a stage to one article, as itself or as a batch of one."""
    value, run = arguments
    try:
        result = stage(value, run)
        (same,) = _same_articles(result if isinstance(value, tuple) else (result,), (article,))
    except Exception as error:  # noqa: BLE001 - a stage may raise anything; only this one fails
        return failed(article, error)
    return same


def _same_articles(result: object, batch: Batch) -> Batch:
    """Check that a stage gave back the articles it got: none lost, none invented."""
    sources = [getattr(a, "source", None) for a in result] if isinstance(result, tuple) else None
    if sources != [a.source for a in batch]:
        raise TypeError(f"the stage must return the articles it was given, not {result!r:.80}")
    return result  # type: ignore[return-value]


def _describe(error: Exception) -> str:
    """Say what went wrong in one line; the type helps where the text alone does not."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
