"""What can be added to the pipeline, and how it is found: by entry points, ours and anyone's.

Each kind of thing is an entry-point group; a name in pipeline.yaml is that of an entry point or,
with a dot in it, of something in a module beside pipeline.yaml or installed (`my_checks.tone`).
"""

from __future__ import annotations

import importlib
import sys
from contextlib import chdir
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from traceback import extract_tb
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import AfterValidator, ValidationInfo

from pipeline.paths import place
from pipeline.yamlpos import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

STAGES: Final = "pipeline.stages"
READERS: Final = "pipeline.readers"
ENGINES: Final = "pipeline.engines"
CHECKS: Final = "pipeline.checks"
SUMMARIES: Final = "pipeline.summaries"
RENDERERS: Final = "pipeline.renderers"
EXECUTORS: Final = "pipeline.executors"
LANGUAGES: Final = "pipeline.languages"


class UnknownError(LookupError):
    """Nothing has this name; says what was tried, and what may have been meant."""


@cache
def named(group: str) -> dict[str, EntryPoint]:
    """Give the entry points of a group by name, in alphabetical order; nothing is imported."""
    return {e.name: e for e in sorted(entry_points(group=group), key=lambda e: e.name)}


@cache
def packages() -> frozenset[str]:
    """Name the installed packages that offer something, ours among them."""
    groups = (value for name, value in globals().items() if name.isupper())
    entries = (entry for group in groups for entry in named(group).values())
    return frozenset(entry.dist.name for entry in entries if entry.dist)


def load(group: str, name: str, root: Path | None = None) -> Any:
    """Import what a name stands for; a dotted name may live in a file in the folder `root`.

    Raises:
        UnknownError: if there is no such thing.
    """
    kind = {"summaries": "summary"}.get(what := group.rpartition(".")[2], what.removesuffix("s"))
    module, _, attribute = name.rpartition(".")
    if not module:
        if entry := named(group).get(name):
            return _imported(entry)
        raise UnknownError(f"unknown {kind} '{name}'; {did_you_mean(name, named(group))}")
    beside = [str(root)] if root else []
    sys.path[:0] = beside
    try:
        with chdir("."):  # wherever it goes
            found = vars(importlib.import_module(module))
    except (Exception, SystemExit) as error:
        wanted = f", a file '{module.partition('.')[0]}.py' beside pipeline.yaml, or a package"
        where = arose(error, root) if root else ""
        told = f"{'' if where else wanted}: {where}{error!r}"
        raise UnknownError(f"cannot import '{module}'{told}") from error
    finally:
        del sys.path[: len(beside)]
    if attribute not in found:
        known = [n for n, v in found.items() if callable(v) and not n.startswith("_")]
        hint = did_you_mean(attribute, known)
        raise UnknownError(f"'{module}' has no {kind} '{attribute}'; {hint}")
    return found[attribute]


def arose(error: BaseException, root: Path) -> str:
    """Name the innermost place in the project's own code from which an error came."""
    frames = [(frame.filename, frame.lineno) for frame in extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        frames.append((error.filename or "", error.lineno))
    return next(filter(None, (place(*frame, root) for frame in reversed(frames))), "")


@cache
def _imported(entry: EntryPoint) -> Any:
    """Import an entry point once: checks are asked for at every sentence, readers at every file."""
    return entry.load()


def _known(group: str) -> AfterValidator:
    """Make the check of an option that names something of a group; dotted names are imported."""

    def check(name: str, info: ValidationInfo) -> str:
        if name in named(group):
            return name  # an unchanged run does without the imports
        try:
            load(group, name, (info.context or {}).get("root"))
        except UnknownError as error:
            raise ValueError(str(error)) from error
        return name

    return AfterValidator(check)


Check = Annotated[str, _known(CHECKS)]
Summary = Annotated[str, _known(SUMMARIES)]
Renderer = Annotated[str, _known(RENDERERS)]
Engine = Annotated[str, _known(ENGINES)]
Executor = Annotated[str, _known(EXECUTORS)]
