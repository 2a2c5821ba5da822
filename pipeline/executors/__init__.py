"""How a collection is sent through the stages; one file an executor.

An executor is a function from a collection, stages and the run to an `Outcome`. A broken article
never costs a good one: one whose stage raises is marked `failed` and skips the rest; a stage that
fails on the whole collection is skipped and reported. Only articles with the status `ok` reach
`article` and `batch` stages; `collection` stages see all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.stage import Collection


@dataclass(frozen=True)
class Outcome:
    """What a run made: the final collection, the seconds of each stage, and what failed as a whole.

    `errors` are failures that belong to no single article.
    """

    collection: Collection
    seconds: dict[str, float] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
