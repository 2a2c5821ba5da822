"""Translation engines: what every one of them offers, its options, and the error they all raise.

An engine of your own is one module: a subclass of `Translator`, and one of `EngineOptions` that
makes it and is named as an entry point of the group `pipeline.engines`, or as `my_module.MyOptions`
in pipeline.yaml.
"""

from __future__ import annotations

import hashlib
from itertools import chain, count
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Protocol

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    SerializeAsAny,
    ValidationInfo,
)
from pydantic_core import to_json

from pipeline import registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.translate.estimate import Calibration
    from pipeline.translate.lexicon import Lexicon


class ModelError(Exception):
    """A model that is missing, broken or unknown: says what, where, and what to do next."""


class Translation(NamedTuple):
    """The English for one sentence.

    `score` is the mean log-probability per output token (0.0 for an empty sentence); it counts
    tokens that were then cut off, as `flags` says: `split` (over-long, translated in parts),
    `repeated` (an endless repetition was stopped; one round of it is left) or `truncated` (stopped
    at the length limit before the sentence ended).
    """

    text: str
    score: float = 0.0
    flags: tuple[str, ...] = ()


class Translator(Protocol):
    """An engine. Making one loads nothing; the first `translate` loads each model once."""

    name: str

    def languages(self) -> frozenset[str]:
        """Give the BCP 47 tags that can be translated into English."""

    def quality(self, language: str) -> str:
        """Give the quality class shown to readers, such as `draft` or `standard`."""

    def calibration(self, language: str) -> Calibration | None:  # noqa: ARG002 - as below
        """Give what its translations are estimated by; None if they never were compared."""
        return None

    def fingerprint(self, language: str, *, careful: bool = False) -> str:
        """Identify model and decoding options for cache keys; reads no model weights."""

    def files(self) -> dict[str, str]:
        """Map the model files or packages in use to their SHA-256."""

    def problems(self, *, verify: bool = False) -> list[str]:
        """List what is missing or broken, each with what to do next; `verify` hashes all files."""

    def lexicon(self, language: str) -> Lexicon | None:  # noqa: ARG002 - most have none
        """Give the lexicon that came with the model of a language, with the user's own words."""
        return None

    def advise(self, words: Mapping[str, Mapping[str, str]]) -> None:  # noqa: ARG002 - as above
        """Take the user's words with their English, by ISO 639-1 code."""
        return

    def translate(
        self, sentences: Sequence[str], language: str, *, careful: bool = False
    ) -> Iterator[list[tuple[int, Translation]]]:
        """Yield one list of (index into `sentences`, result) per decoded batch, in any order.

        Every index comes exactly once. `careful` searches wider, for sentences that went wrong.

        Raises:
            ModelError: if the language is not served or a model file is missing or broken.
        """


def digest(*deciding: object) -> str:
    """Make a fingerprint of all that decides a translation."""
    return hashlib.sha256(repr(deciding).encode()).hexdigest()[:16]


class EngineOptions(BaseModel):
    """The options that every engine has; a subclass may add more, such as its `folder`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    engine: registry.Engine
    name: Annotated[
        str | None, Field(min_length=1, description="tells engines of one kind apart")
    ] = None
    beam: Annotated[
        int | None, Field(ge=1, le=8, description="beam size; 1 is greedy and fastest")
    ] = None

    def open(self, root: Path) -> Translator:
        """Make the translator for a project folder; nothing is loaded yet."""
        raise NotImplementedError


def names_of(engines: Sequence[EngineOptions]) -> list[str]:
    """Name each of a list of engines: the name that it was given, or else its kind.

    Where that is taken it is called by its folder's name, then by the whole path, then by a number.
    Names are distinct unless two were given the same.
    """
    names = [engine.name or "" for engine in engines]
    for place, engine in enumerate(engines):
        if not names[place]:
            folder = str(getattr(engine, "folder", ""))
            numbered = (f"{engine.engine} {number}" for number in count(2))
            known = filter(None, (engine.engine, PurePath(folder).name, folder))
            names[place] = next(name for name in chain(known, numbered) if name not in names)
    return names


def _as_its_kind(entry: Any, info: ValidationInfo) -> Any:
    """Read an entry of `engines:` as the options of the engine that it names."""
    if isinstance(entry, EngineOptions):
        return entry
    root = (info.context or {}).get("root")
    try:
        options = registry.load(registry.ENGINES, str(entry["engine"]), root)
    except registry.UnknownError:
        options, entry = EngineOptions, {"engine": entry["engine"]}
    except (LookupError, TypeError):
        options = EngineOptions  # which says what is wrong, at its place
    return options.model_validate_json(to_json(entry), context=info.context)


class _SchemaOfAll:
    """Describes an entry of `engines:` for editors: the options of any registered engine."""

    def __get_pydantic_json_schema__(self, _core: Any, handler: GetJsonSchemaHandler) -> Any:
        """Give a choice of their schemas."""
        kinds = [registry.load(registry.ENGINES, name) for name in registry.named(registry.ENGINES)]
        return {"anyOf": [handler(kind.__pydantic_core_schema__) for kind in kinds]}


EngineChoice = Annotated[
    SerializeAsAny[EngineOptions], BeforeValidator(_as_its_kind), _SchemaOfAll()
]
