"""What pipeline.yaml says of an engine."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.engines import Translator


class EngineOptions(BaseModel):
    """The options that every engine has; a subclass sets `engine` to its name and may add more."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    engine: str
    name: Annotated[
        str | None, Field(description="what `prefer` calls it; needed where two are alike")
    ] = None
    beam: Annotated[
        int | None, Field(ge=1, le=8, description="beam size; 1 is greedy and fastest")
    ] = None

    def open(self, root: Path) -> Translator:
        """Make the translator for a project folder; nothing is loaded yet."""
        raise NotImplementedError


def names_of(engines: Sequence[EngineOptions]) -> list[str]:
    """Name engines apart, in their order: by `name`, else by kind, else by folder, else counted."""
    names: list[str] = []
    for options in engines:
        kind, folder = options.engine, PurePath(getattr(options, "folder", "")).name
        choices = (options.name, kind, folder, *(f"{kind} {n}" for n in range(2, len(engines) + 2)))
        names.append(next(c for c in choices if c and c not in names))
    return names
