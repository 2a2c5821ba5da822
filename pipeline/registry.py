"""What can be added to the pipeline, and how it is found: by entry points, ours and anyone's.

Each kind of thing is an entry-point group; a name in pipeline.yaml is that of an entry point or,
with a dot in it, of something in a module beside pipeline.yaml or installed (`my_checks.tone`).
"""

from __future__ import annotations

import importlib
import sys
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, ValidationInfo

from pipeline.paths import sha256
from pipeline.yamlpos import did_you_mean

STAGES: Final = "pipeline.stages"
READERS: Final = "pipeline.readers"
ENGINES: Final = "pipeline.engines"
CHECKS: Final = "pipeline.checks"
SUMMARIES: Final = "pipeline.summaries"
RENDERERS: Final = "pipeline.renderers"
EXECUTORS: Final = "pipeline.executors"
LANGUAGES: Final = "pipeline.languages"


@cache
def named(group: str) -> dict[str, EntryPoint]:
    """Give the entry points of a group by name, in alphabetical order; nothing is imported."""
    return {e.name: e for e in sorted(entry_points(group=group), key=lambda e: e.name)}


def load(group: str, name: str, root: Path | None = None) -> Any:
    """Import what a name stands for; a dotted name may live in a file in the folder `root`.

    Raises:
        LookupError: if there is no such thing; the message says what was tried.
    """
    if "." not in name:
        if name not in named(group):
            raise LookupError(
                f"unknown {_kind(group)} '{name}'; {did_you_mean(name, named(group))}"
            )
        return named(group)[name].load()
    module_name, _, attribute = name.rpartition(".")
    beside = [str(root)] if root else []
    sys.path[:0] = beside
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        raise LookupError(
            f"cannot import '{module_name}': {error}; a file '{module_name.split('.')[0]}.py' "
            "beside pipeline.yaml or an installed package is expected"
        ) from error
    except Exception as error:
        raise LookupError(f"importing '{module_name}' failed: {error!r}") from error
    finally:
        del sys.path[: len(beside)]
    if not hasattr(module, attribute):
        known = [n for n, v in vars(module).items() if callable(v) and not n.startswith("_")]
        raise LookupError(
            f"'{module_name}' has no {_kind(group)} '{attribute}'; {did_you_mean(attribute, known)}"
        )
    return getattr(module, attribute)


def source(group: str, name: str, root: Path | None = None) -> dict[str, str]:
    """Name the file that a dotted name comes from, with its SHA-256.

    A change there may change results. Without a dot it is of a distribution: that has a version.
    """
    if "." not in name:
        return {}
    load(group, name, root)
    file = sys.modules[name.rpartition(".")[0]].__file__
    return {Path(file).name: sha256(Path(file))} if file else {}


def _kind(group: str) -> str:
    """Name one thing of a group: `pipeline.summaries` has summaries."""
    word = group.rpartition(".")[2]
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")


def _known(group: str) -> AfterValidator:
    """Make the check of an option that names something of a group; dotted names are imported."""

    def check(name: str, info: ValidationInfo) -> str:
        if name in named(group):
            return name  # an unchanged run does without the imports
        try:
            load(group, name, (info.context or {}).get("root"))
        except LookupError as error:
            raise ValueError(str(error)) from error
        return name

    return AfterValidator(check)


Check = Annotated[str, _known(CHECKS)]
Summary = Annotated[str, _known(SUMMARIES)]
Renderer = Annotated[str, _known(RENDERERS)]
Engine = Annotated[str, _known(ENGINES)]
Executor = Annotated[str, _known(EXECUTORS)]
