"""Offline news digests: a folder of articles in many languages becomes English Markdown.

`pipeline.run()` does what the command does; what stages are made of is in `pipeline.article` and
`pipeline.stage`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.article import Article, Flag, Segment
    from pipeline.project import Result, run
    from pipeline.stage import Batch, Collection, Run

__version__ = "0.1.0"
__all__ = ["Article", "Batch", "Collection", "Flag", "Result", "Run", "Segment", "run"]
_HOMES = {
    "article": "Article Flag Segment",
    "project": "Result run",
    "stage": "Batch Collection Run",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is asked for, so that `--help` waits for nothing."""
    import importlib  # noqa: PLC0415

    for home, names in _HOMES.items():
        if name in names.split():
            return getattr(importlib.import_module(f"pipeline.{home}"), name)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
