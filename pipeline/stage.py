"""What a stage is: a callable in one of three shapes, with typed options.

The shape is the annotation of the first parameter:

- `Article -> Article`: one article at a time; a failure costs that article alone.
- `Batch -> Batch`: many articles at once, where that is faster; the result for an article must not
  depend on its company, so an executor may cut batches as it likes.
- `Collection -> Collection`: everything at once, where articles must be compared or listed.

A stage may take the `Run` as its second parameter. A plain function's keyword-only parameters are
its options; a class is built from its options and then called.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pipeline.article import Article, Document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Batch = tuple[Article, ...]
Shape = Literal["article", "batch", "collection"]


@dataclass(frozen=True)
class Collection:
    """Every article of a run, and the documents made from them so far."""

    articles: tuple[Article, ...] = ()
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What an executor made: the collection, the seconds of each stage, and what failed whole."""

    collection: Collection
    seconds: dict[str, float]
    errors: tuple[str, ...]


def silent(_stage: str, _done: int, _total: int) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Run:
    """What a stage may ask of the run.

    `root` is the folder of pipeline.yaml, against which relative paths in options are resolved.
    `fresh` asks to compute anew what could be recalled, `verify` to hash model files when looking
    for problems. `output` is the folder whose digests of earlier runs may be compared with; none
    where the run reads only some files. `watch` is told how much of the present `stage` is done.
    """

    root: Path
    fresh: bool = False
    verify: bool = False
    output: Path | None = None
    watch: Callable[[str, int, int], None] = silent
    stage: str = ""

    def progress(self, done: int, total: int) -> None:
        """Tell how much is done, at any rate."""
        self.watch(self.stage, done, total)


@dataclass(frozen=True)
class Stage:
    """A configured stage, ready to be executed; `options` are all that it has, as JSON."""

    name: str
    shape: Shape
    wants_run: bool
    target: Callable[..., Any]
    options: str = "{}"

    def __call__(self, value: Any, run: Run) -> Any:
        """Apply the stage to a value of its shape."""
        return self.target(value, run) if self.wants_run else self.target(value)


SHAPES: dict[Any, Shape] = {Article: "article", Batch: "batch", Collection: "collection"}


def shape_of(target: Callable[..., Any]) -> tuple[Shape, bool]:
    """Read a callable's shape from its first parameter, and whether it takes the run.

    Raises:
        TypeError: if the annotations name none of the three shapes.
    """
    parameters = [
        p.annotation
        for p in inspect.signature(target, eval_str=True).parameters.values()
        if p.kind is not p.KEYWORD_ONLY
    ]
    if not parameters or parameters[0] not in SHAPES:
        raise TypeError(
            "annotate its first parameter and its result as Article, Batch or Collection "
            "(from pipeline.stage)"
        )
    return SHAPES[parameters[0]], len(parameters) > 1
