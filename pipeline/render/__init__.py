"""Digests in formats: one folder a format, with its module and its templates.

A new format is a `Renderer` and an entry point in the group `pipeline.renderers`. Its templates ask
the same `Page` (page.py) as all others; what they print is escaped by its environment, but for
`Markup`, which is HTML of our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from jinja2 import Environment


@dataclass(frozen=True)
class Renderer:
    """An output format: what its files end in, and the templates that make them.

    `templates` is the folder of `digest{suffix}.j2` and `index{suffix}.j2`. `environment` makes, of
    folders to look for templates in, a Jinja2 environment that escapes whatever they print.
    """

    suffix: str
    templates: Path
    environment: Callable[[Sequence[Path]], Environment]

    def template(self, kind: str) -> Path:
        """Give the format's own template of a `digest` or of the `index`."""
        return self.templates / f"{kind}{self.suffix}.j2"
