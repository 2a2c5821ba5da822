"""What pipeline.yaml says of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.engines import Translator


class EngineOptions(BaseModel):
    """The options that every engine has; a subclass sets `engine` to its name and may add more."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    engine: str
    beam: Annotated[
        int | None, Field(ge=1, le=8, description="beam size; 1 is greedy and fastest")
    ] = None

    def open(self, root: Path) -> Translator:
        """Make the translator for a project folder; nothing is loaded yet."""
        raise NotImplementedError
