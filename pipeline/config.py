"""From pipeline.yaml to configured stages, or to an error that names line and column."""

from __future__ import annotations

import hashlib
import inspect
import json
from contextlib import suppress
from functools import partial
from types import GenericAlias
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidationError,
    create_model,
)
from pydantic_core import PydanticCustomError, core_schema, to_json

from pipeline import registry
from pipeline.stage import Run, Stage, shape_of
from pipeline.yamlpos import Mistake, did_you_mean, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pydantic_core import ErrorDetails

ORDER = ("clean", "detect", "dedupe", "translate", "summarize", "render")  # that makes sense
_NO_ARTICLES = "bak tmp json csv tsv yaml yml toml py js css jpg jpeg png gif svg webp ico"
_OPTIONS: Final = "must be options, each as 'name: value'"
_WORDS: Final = {  # for kinds of pydantic's errors
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "tuple_type": "must be a list",
    "dict_type": _OPTIONS,
    "model_type": _OPTIONS,
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "must be of another form",
}
SKIP = ("*~", *(f"*.{end}" for end in _NO_ARTICLES.split()))
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


def _stage(entry: Any, info: Any) -> Stage:
    """Configure one entry of the list: a name, or a name with options."""
    named = isinstance(entry, dict) and len(entry) == 1
    ((name, options),) = entry.items() if named else ((entry, None),)
    if not isinstance(name, str):
        message = "expected a stage: a name, or a name with options below it"
        hint = "write '- name' or '- name: {option: value}', one stage for each dash"
        raise _mistake(message, hint)
    before = info.context["before"]
    info.context["before"] = before | ({name} & set(ORDER))
    try:
        target, options_type = stage_type(name, info.context["root"])
        named_options: Any = GenericAlias(dict, (str, options_type))
        given = to_json({name: {} if options is None else options})
        made = TypeAdapter(named_options).validate_json(given, context=info.context)[name]
        bound: Any = partial(target, **dict(made))
        bound = bound() if inspect.isclass(target) else bound
        stage = Stage(name, *shape_of(bound), bound, made.model_dump_json())
    except registry.UnknownError as error:
        raise _mistake(str(error)) from error
    except ValidationError:
        raise
    except (Exception, SystemExit) as error:
        where = registry.arose(error, info.context["root"])
        raise _mistake(f"'{name}' cannot be used: {where}{error}") from error
    _in_order(name, before)
    return stage


def _in_order(name: str, before: frozenset[str]) -> None:
    """Check that a built-in stage stands once, and where it makes sense."""
    too_early = [n for n in ORDER[ORDER.index(name) :] if n in before] if name in ORDER else []
    if name in before:
        problem = f"'{name}' stands twice"
    elif too_early:
        problem = f"'{name}' must come before '{too_early[0]}'"
    elif name == "translate" and "detect" not in before:
        problem = "'translate' needs 'detect' before it"
    else:
        return
    raise _mistake(problem, f"the usual order is {', '.join(ORDER)}, each once")


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
    skip: Annotated[tuple[str, ...], Field(description="What is no article, as globs")] = SKIP
    programs: Annotated[bool, Field(description="Whether stages may start programs")] = False
    executor: Annotated[registry.Executor, Field(description="Name of an executor")] = "local"
    stages: Annotated[tuple[Annotated[Stage, _Entry()], ...], Field(min_length=1)]
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
        that decide its result besides input and options, with their SHA-256. `suffixes` tells what
        the names of the pages that it makes end in.
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
        ConfigError: with all its mistakes, each with its place.
    """
    context = {"root": path.parent, "before": frozenset()}
    return load(
        path,
        lambda said: Config.model_validate_json(json.dumps(said, default=str), context=context),
        partial(_explain, root=path.parent),
    )


def _explain(error: ErrorDetails, said: Any, root: Path) -> Mistake:
    """Put pydantic's complaint into our words."""
    at, kind = error["loc"], error["type"]
    if kind == "mistake":
        return Mistake(error["msg"], at, error["ctx"]["hint"])
    whose, below, known = "pipeline.yaml", at, Config.model_fields
    if len(at) > 2:
        name = str(at[2])
        whose, below, known = f"'{name}'", at[3:], stage_type(name, root)[1].model_fields
    if at[2:4] == ("translate", "engines") and len(below) > 1:
        entry = said["stages"][at[1]][at[2]]["engines"][below[1]]
        name = str(entry.get("engine", "")) if isinstance(entry, dict) else ""
        whose, below = f"engine '{name}'" if name else f"engine {int(below[1]) + 1}", below[2:]
        with suppress(registry.UnknownError):
            known = registry.load(registry.ENGINES, name, root).model_fields
    option = ".".join(map(str, below))
    if kind == "missing":
        return Mistake(f"{whose} needs the option '{option}'", at, "see 'pipeline stages'")
    if kind == "extra_forbidden":
        hint = did_you_mean(option, known) if len(below) == 1 else ""
        return Mistake(f"{whose} has no option '{option}'", at, hint, key=True)
    what = f"option '{option}' of {whose}" if option else whose
    words = error["msg"].replace("Input should", "must").replace("Value error, ", ": ")
    got = json.dumps(error["input"], ensure_ascii=False, default=str)
    message = f"{what} {_WORDS.get(kind, words)}, got {got:.80}"
    hint = "put quotes around it" if kind == "string_type" else ""
    if not hint and below and (field := known.get(str(below[0]))) and field.description:
        hint = f"{below[0]}: {field.description}"
    return Mistake(message.replace(" : ", ": "), at, hint)
