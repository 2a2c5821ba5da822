"""One entry of `engines:` in pipeline.yaml: the options of any engine that is registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from pipeline import registry
from pipeline.engines.options import EngineOptions

if TYPE_CHECKING:
    EngineChoice = EngineOptions
else:
    _ALL = tuple(registry.load(registry.ENGINES, name) for name in registry.named(registry.ENGINES))
    EngineChoice = Annotated[Union[_ALL], Field(discriminator="engine")]  # noqa: UP007 - made at run time
