"""From pipeline.yaml to configured stages, or to an error that names line and column."""

from __future__ import annotations

import hashlib
import inspect
import json
from functools import partial
from types import GenericAlias
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    create_model,
)
from pydantic_core import PydanticCustomError, core_schema, to_json

from pipeline import registry
from pipeline.stage import Run, Stage, shape_of
from pipeline.yamlpos import ConfigError, did_you_mean, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.yamlpos import Source

ORDER = ("clean", "detect", "dedupe", "translate", "summarize", "render")  # that makes sense
_STRICT: Final = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)


def stage_names() -> list[str]:
    """List the stages that have a name without a dot: ours in their usual order, then others."""
    return list(dict.fromkeys((*ORDER, *registry.named(registry.STAGES))))


def stage_type(name: str, root: Path | None = None) -> tuple[Callable[..., Any], type[BaseModel]]:
    """Give what a stage's name stands for, and the model of its options: its signature as a schema.

    A dotted name may live in a file beside pipeline.yaml.

    Raises:
        UnknownError: if there is no such stage; the message says what was tried.
        TypeError: if what is there cannot be a stage.
    """
    target = registry.load(registry.STAGES, name, root)
    if not callable(target):
        raise TypeError("it is neither a function nor a class")
    fields: dict[str, Any] = {}
    for option in inspect.signature(target, eval_str=True).parameters.values():
        if option.kind is option.KEYWORD_ONLY or inspect.isclass(target):
            if option.annotation is option.empty:
                raise TypeError(f"its option '{option.name}' has no type; annotate it")
            default = ... if option.default is option.empty else option.default
            fields[option.name] = (option.annotation, default)
    purpose = (inspect.getdoc(target) or "").partition("\n")[0]
    return target, create_model(name, __config__=_STRICT, __doc__=purpose, **fields)


def _mistake(message: str, hint: str = "") -> PydanticCustomError:
    """Make an error in our own words for pydantic to put in its place."""
    return PydanticCustomError("mistake", "{message}", {"message": message, "hint": hint})


def _stage(entry: Any, info: ValidationInfo) -> Stage:
    """Configure one entry of the list: a name, or a name with options."""
    named = isinstance(entry, dict) and len(entry) == 1
    ((name, options),) = entry.items() if named else ((entry, None),)
    if not isinstance(name, str):
        message = "expected a stage: a name, or a name with options below it"
        hint = "write '- name' or '- name: {option: value}', one stage for each dash"
        raise _mistake(message, hint)
    try:
        target, options_type = stage_type(name, (info.context or {}).get("root"))
        named_options: Any = GenericAlias(dict, (str, options_type))
        given = to_json({name: {} if options is None else options})
        made = TypeAdapter(named_options).validate_json(given, context=info.context)[name]
        bound: Any = partial(target, **dict(made))
        bound = bound() if inspect.isclass(target) else bound
        return Stage(name, *shape_of(bound), bound, made.model_dump_json())
    except registry.UnknownError as error:
        raise _mistake(str(error)) from error
    except ValidationError:
        raise
    except (TypeError, ValueError) as error:
        raise _mistake(f"'{name}' cannot be used: {error}") from error


def _in_order(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """Check that each built-in stage stands once, and where it makes sense."""
    names = [stage.name for stage in stages]
    for index, name in enumerate(names):
        before = [n for n in names[:index] if n in ORDER]
        too_early = [n for n in before if name in ORDER[: ORDER.index(n)]]
        if name in before:
            problem = f"'{name}' stands twice"
        elif too_early:
            problem = f"'{name}' must come before '{too_early[0]}'"
        elif name == "translate" and "detect" not in before:
            problem = "'translate' needs 'detect' before it"
        else:
            continue
        mistake = _mistake(problem, f"the usual order is {', '.join(ORDER)}, each once")
        raise ValidationError.from_exception_data(
            "stages", [{"type": mistake, "loc": (index,), "input": name}]
        )
    return stages


class _Entry:
    """An entry of `stages:` as pydantic sees it: any registered stage, or one of your own."""

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> Any:
        """Read it."""
        return core_schema.with_info_plain_validator_function(_stage)

    def __get_pydantic_json_schema__(self, _core: Any, handler: GetJsonSchemaHandler) -> Any:
        """Describe it for editors: a name, alone or with its options."""
        dotted = r"^[^.]+(\.[^.]+)+$"  # a stage of your own
        kinds = {name: stage_type(name)[1].__pydantic_core_schema__ for name in stage_names()}
        options = {n: handler(core_schema.nullable_schema(kind)) for n, kind in kinds.items()}
        one = {"minProperties": 1, "maxProperties": 1, "additionalProperties": False}
        with_options = {"properties": options, "patternProperties": {dotted: {}}, **one}
        alone = [{"enum": list(options)}, {"pattern": dotted}]
        return {"anyOf": [{"type": "string", "anyOf": alone}, {"type": "object", **with_options}]}


class Config(BaseModel):
    """What pipeline.yaml says, checked."""

    model_config = _STRICT | ConfigDict(title="pipeline.yaml")
    input: Annotated[str, Field(min_length=1, description="Name of a folder")] = "seeds"
    output: Annotated[str, Field(min_length=1, description="Name of a folder")] = "output"
    executor: Annotated[registry.Executor, Field(description="Name of an executor")] = "local"
    stages: Annotated[
        tuple[Annotated[Stage, _Entry()], ...], Field(min_length=1), AfterValidator(_in_order)
    ]
    _root: Path

    def model_post_init(self, context: Any) -> None:
        """Keep the folder of pipeline.yaml."""
        self._root = context["root"]

    @property
    def root(self) -> Path:
        """Give the folder that relative paths in the file start from."""
        return self._root

    def run(self, **asked: Any) -> Run:
        """Make a run of it."""
        return Run(self._root.resolve(), **asked)

    def ask(self, name: str, run: Run) -> list[Any]:
        """Call a method that stages may have; give the answers.

        `problems` says what a stage lacks, each with what to do next. `depends_on` names the files
        that decide its result besides input and options, with their SHA-256.
        """
        return [getattr(s.target, name)(run) for s in self.stages if hasattr(s.target, name)]

    @property
    def hash(self) -> str:
        """Cover every stage and option, defaults included."""
        said = [(stage.name, stage.options) for stage in self.stages]
        return hashlib.sha256(repr(said).encode()).hexdigest()


def read(path: Path) -> Config:
    """Read and check pipeline.yaml.

    Raises:
        ConfigError: at the first mistake, with its place.
    """
    source = load(path)
    try:
        said = json.dumps(source.data, default=str)
        return Config.model_validate_json(said, context={"root": path.parent})
    except ValidationError as error:
        raise _shown(source, error, path.parent) from error
    except (TypeError, ValueError) as error:  # an alias in itself, a list as a key
        raise source.error(f"expected plain settings: {error}") from error


def _shown(source: Source, error: ValidationError, root: Path) -> ConfigError:
    """Translate pydantic's first complaint into our words, at its place in the file."""
    first = error.errors()[0]
    at, kind, hint = first["loc"], first["type"], first.get("ctx", {}).get("hint", "")
    if kind == "mistake":
        return source.error(first["msg"], at, hint=hint)
    stage = str(at[2]) if len(at) > 2 else ""
    whose, below = (f"'{stage}'", at[3:]) if stage else ("pipeline.yaml", at)
    option = ".".join(map(str, below))
    if kind == "missing":
        hint = "see 'pipeline stages'"
        return source.error(f"{whose} needs the option '{option}'", at, hint=hint)
    if kind == "extra_forbidden":
        known = stage_type(stage, root)[1] if stage else Config
        hint = did_you_mean(option, known.model_fields) if len(below) == 1 else ""
        return source.error(f"{whose} has no option '{option}'", at, key=True, hint=hint)
    what = f"option '{option}' of {whose}" if option else whose
    got = json.dumps(first["input"], ensure_ascii=False, default=str)
    message = first["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    return source.error(f"{what}: {message}, got {got}", at)
