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
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from pipeline.article import Article, Document
from pipeline.evidence import Evidence
from pipeline.paths import place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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
        """Apply the stage to a value of its shape; the working folder stays.

        Raises:
            TypeError: if it returns what is not of that shape or cannot be written.
        """
        with chdir("."):
            result = self.target(value, run) if self.wants_run else self.target(value)
        if self.shape == "article":
            _check((result,), (value,))
        elif self.shape == "batch":
            _check(result, value)
        elif not isinstance(result, Collection):
            raise TypeError(f"the stage must return a Collection, not {result!r:.80}")
        else:
            there = {a.source: a for a in value.articles}
            _check(result.articles, [there.pop(_key(a)[0], None) for a in result.articles])
            for document in result.documents:
                document.text.encode()
                if {"..", "/"} & {*PurePath(document.name).parts}:
                    raise TypeError(
                        f"the stage must not write '{document.name}', which lies outside"
                    )
        return result

    def place(self, root: Path) -> str:
        """Give where in the project's own code the stage is, as `file.py:7: `; "" if not there."""
        function = getattr(self.target, "func", self.target)
        function = function if inspect.isfunction(function) else type(function).__call__
        code = getattr(inspect.unwrap(function), "__code__", None)
        return place(code.co_filename, code.co_firstlineno, root) if code else ""


def _key(article: Any) -> tuple[Any, ...]:
    """Give what no stage may change, or what is there in an article's place."""
    known = isinstance(article, Article)
    return (article.source, article.name, article.text) if known else (article,)


def _check(after: Any, before: Iterable[Any]) -> None:
    """Check what a stage made of articles: none may be lost, invented, or impossible to write."""
    if [_key(a) for a in after] != [_key(a) for a in before]:
        raise TypeError(f"the stage must return the articles it was given, not {after!r:.80}")
    for new, old in zip(after, before, strict=True):
        if new is old:
            continue
        if old.segments and not new.segments and new.status == "ok" and new.removed == old.removed:
            raise ValueError("the stage must not drop all segments without listing them as removed")
        try:
            Evidence.model_validate(new).to_json()
        except ValidationError as error:
            wrong = error.errors()[-1]
            where = ".".join(map(str, wrong["loc"]))
            raise TypeError(f"the stage returned a wrong '{where}': {wrong['msg']}") from error
        inside = all(0 <= s.start <= s.end <= len(new.text) for s in new.segments)
        if not inside or not {*new.summary} <= {s.id for s in new.segments}:
            raise ValueError(
                "the stage must return segments of the text, and a summary of their ids"
            )


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
