"""From pipeline.yaml to configured stages, or to an error that names line and column."""

from __future__ import annotations

import hashlib
import inspect
import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from pipeline import registry
from pipeline.stage import Stage, shape_of
from pipeline.yamlpos import ConfigError, Key, Source, did_you_mean, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ORDER = ("clean", "detect", "dedupe", "translate", "summarize", "render")  # that makes sense
NEEDS = {"translate": ("detect",)}
DEFAULTS = {"input": "seeds", "output": "output", "executor": "local"}
MEANINGS = {"input": "a folder", "output": "a folder", "executor": "an executor"}


@dataclass(frozen=True)
class Config:
    """A checked configuration. `hash` covers everything that can change a result."""

    path: Path
    input: str
    output: str
    executor: str
    stages: tuple[Stage, ...]
    hash: str

    @property
    def root(self) -> Path:
        """Give the folder that relative paths in the file start from."""
        return self.path.parent


@dataclass(frozen=True)
class StageType:
    """A stage before it is configured: what to call and the schema of its options."""

    name: str
    target: Callable[..., Any]
    options: type[BaseModel]

    @property
    def purpose(self) -> str:
        """Give the first line of its docstring."""
        return (inspect.getdoc(self.target) or "").partition("\n")[0]

    def configure(self, options: BaseModel) -> Stage:
        """Bind options.

        Raises:
            TypeError: if the stage has none of the three shapes.
        """
        values = {name: getattr(options, name) for name in type(options).model_fields}
        if inspect.isclass(self.target):
            made: Any = self.target(**values)
            return Stage(self.name, *shape_of(made), made)
        return Stage(self.name, *shape_of(self.target), partial(self.target, **values))


def stage_names() -> list[str]:
    """List the stages that have a name without a dot: ours in their usual order, then others."""
    return list(dict.fromkeys((*ORDER, *registry.named(registry.STAGES))))


def stage_type(name: str, root: Path) -> StageType:
    """Import a stage by its name; a dotted name may live in a file beside pipeline.yaml.

    Raises:
        UnknownError: if there is no such stage; the message says what was tried.
        TypeError: if what is there cannot be a stage.
    """
    target = registry.load(registry.STAGES, name, root)
    return StageType(name, target, _options_of(target))


def _options_of(target: Callable[..., Any]) -> type[BaseModel]:
    """Make the schema of a stage's options from its signature."""
    if not callable(target):
        raise TypeError("it is neither a function nor a class")
    init = inspect.isclass(target)
    hints = get_type_hints(target.__init__ if init else target, include_extras=True)
    fields: dict[str, Any] = {}
    for parameter in inspect.signature(target).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY or (
            init and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        ):
            if parameter.name not in hints:
                raise TypeError(f"its option '{parameter.name}' has no type; annotate it")
            default = ... if parameter.default is parameter.empty else parameter.default
            fields[parameter.name] = (hints[parameter.name], default)
    strict = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=False)
    return create_model(f"{target.__name__} options", __config__=strict, **fields)


def read(path: Path) -> Config:
    """Read and check pipeline.yaml.

    Raises:
        ConfigError: at the first mistake, with its place.
    """
    source = load(path)
    data = source.data
    if not isinstance(data, dict):
        raise source.error("expected a mapping with 'stages:'", hint="see 'pipeline init'")
    for key in data:
        if key not in (known := (*DEFAULTS, "stages")):
            hint = did_you_mean(str(key), known)
            raise source.error(f"unknown setting '{key}'", (str(key),), key=True, hint=hint)
    settings = {}
    for key, default in DEFAULTS.items():
        settings[key] = data.get(key, default)
        if not isinstance(settings[key], str) or not settings[key]:
            raise source.error(f"'{key}' must be the name of {MEANINGS[key]}", (key,))
    try:
        registry.load(registry.EXECUTORS, settings["executor"], path.parent)
    except registry.UnknownError as error:
        raise source.error(str(error), ("executor",), hint=error.hint) from error
    entries = data.get("stages")
    if not isinstance(entries, list) or not entries:
        at: Key = ("stages",) if "stages" in data else ()
        raise source.error("'stages' must be a list of stages", at, hint="see 'pipeline init'")
    digest = hashlib.sha256()
    stages = tuple(
        _stage(source, index, entry, path.parent, digest) for index, entry in enumerate(entries)
    )
    _check_order(source, stages, entries)
    return Config(path, **settings, stages=stages, hash=digest.hexdigest())


def _stage(source: Source, index: int, entry: Any, root: Path, digest: Any) -> Stage:
    """Configure one entry of the list: a name, or a name with options."""
    at: Key = ("stages", index)
    if isinstance(entry, str):
        name: str = entry
        options: Any = {}
    elif isinstance(entry, dict) and len(entry) == 1:
        ((name, options),) = entry.items()
        options = {} if options is None else options
        at = (*at, str(name))
    else:
        raise source.error(
            "expected a stage: a name, or a name with options below it",
            at,
            hint="write '- name' or '- name: {option: value}', one stage for each dash",
        )
    if not isinstance(options, dict):
        raise source.error(f"the options of '{name}' must be 'option: value' lines", at)
    try:
        kind = stage_type(str(name), root)
        model = kind.options.model_validate_json(
            json.dumps(options, default=str), context={"root": root}
        )
        stage = kind.configure(model)
    except ValidationError as error:
        raise _option_error(source, at, kind, error) from error
    except registry.UnknownError as error:
        raise source.error(str(error), at, key=True, hint=error.hint) from error
    except (TypeError, ValueError) as error:
        raise source.error(f"'{name}' cannot be used: {error}", at, key=True) from error
    digest.update(repr((name, model.model_dump_json())).encode())
    return stage


def _option_error(source: Source, at: Key, kind: StageType, error: ValidationError) -> ConfigError:
    """Translate pydantic's first complaint into our words, at its place in the file."""
    first = error.errors()[0]
    where: Key = ()
    for part in first["loc"][:-1]:  # a union's tag stands in `loc` but not in the file
        where += (part,) * ((*at, *where, part) in source.values)
    where += first["loc"][-1:]
    option = ".".join(str(part) for part in where)
    if first["type"] == "extra_forbidden":
        known = list(kind.options.model_fields) if len(where) == 1 else []
        hint = did_you_mean(str(where[-1]), known) if known else ""
        return source.error(
            f"'{kind.name}' has no option '{option}'", (*at, *where), key=True, hint=hint
        )
    if first["type"] == "missing":
        return source.error(f"'{kind.name}' needs the option '{option}'", (*at, *where), key=True)
    got = json.dumps(first["input"], ensure_ascii=False, default=str)
    message = first["msg"][:1].lower() + first["msg"][1:]
    return source.error(f"option '{option}' of '{kind.name}': {message}, got {got}", (*at, *where))


def _check_order(source: Source, stages: tuple[Stage, ...], entries: list[Any]) -> None:
    """Check that the built-in stages stand in an order that makes sense."""
    names = [stage.name for stage in stages]
    usual = list(ORDER)
    for index, name in enumerate(names):
        if name not in ORDER:
            continue
        at: Key = ("stages", index)
        if isinstance(entries[index], dict):
            at = (*at, name)
        if name in names[:index]:
            raise source.error(f"'{name}' stands twice", at, key=True, hint="remove one of the two")
        for earlier in names[:index]:
            if earlier in ORDER and usual.index(earlier) > usual.index(name):
                raise source.error(
                    f"'{name}' must come before '{earlier}'",
                    at,
                    key=True,
                    hint=f"the usual order is {', '.join(usual)}",
                )
        for needed in NEEDS.get(name, ()):
            if needed not in names[:index]:
                raise source.error(
                    f"'{name}' needs '{needed}' before it", at, key=True, hint=f"add '- {needed}'"
                )


def schema(root: Path) -> dict[str, Any]:
    """Make the JSON Schema of pipeline.yaml with all undotted stages, for editors."""
    named: list[Any] = []
    definitions: dict[str, Any] = {}
    for name in stage_names():
        kind = stage_type(name, root)
        options = kind.options.model_json_schema(ref_template="#/$defs/{model}")
        definitions |= options.pop("$defs", {})
        options |= {"title": name, "description": kind.purpose}
        named.append({"const": name, "description": kind.purpose})
        named.append(
            {
                "type": "object",
                "properties": {name: {"anyOf": [options, {"type": "null"}]}},
                "required": [name],
                "additionalProperties": False,
            }
        )
    dotted = r"^[^.]+(\.[^.]+)+$"
    named.append({"type": "string", "pattern": dotted, "description": "A stage of your own"})
    named.append(
        {"type": "object", "patternProperties": {dotted: {}}, "additionalProperties": False}
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pipeline.yaml",
        "type": "object",
        "properties": {
            **{
                key: {"type": "string", "description": f"Name of {MEANINGS[key]}", "default": value}
                for key, value in DEFAULTS.items()
            },
            "stages": {"type": "array", "minItems": 1, "items": {"anyOf": named}},
        },
        "required": ["stages"],
        "additionalProperties": False,
        "$defs": definitions,
    }
