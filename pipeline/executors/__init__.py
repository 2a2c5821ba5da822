"""How a collection is sent through the stages; one file an executor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pipeline.stage import Collection, Run, Stage


class StageError(Exception):
    """A stage failed, and the run was asked to stop at the first failure."""


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


class Executor(Protocol):
    """Sends a collection through the stages; a broken article must never cost a good one."""

    def __call__(
        self,
        collection: Collection,
        stages: tuple[Stage, ...],
        run: Run,
        *,
        fail_fast: bool = False,
    ) -> Outcome:
        """Execute.

        An article whose stage raises is marked `failed` and skips the rest; a stage that fails on
        the whole collection is skipped and reported. Only articles with the status `ok` reach
        `article` and `batch` stages; `collection` stages see all.

        Raises:
            StageError: at the first failure, if `fail_fast`.
        """
