"""YAML with positions: the mistakes in a file are shown where they stand, all at once."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

import yaml
from pydantic import ValidationError
from yaml.composer import Composer
from yaml.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

_T = TypeVar("_T")
_CHARACTERS, _DEPTH, _ITEMS, _DIGITS, _SHOWN = 1_000_000, 20, 500, 99, 20  # the most of each


class ConfigError(Exception):
    """The mistakes in a file, each shown with its place, the line, and what to do."""


class Mistake(NamedTuple):
    """What is wrong, with the value at a path of keys or the last `key`, and what to do."""

    message: str
    at: tuple[str | int, ...] = ()
    hint: str = ""
    key: bool = False


class _Loader(Composer, yaml.CSafeLoader):
    """Makes plain values of what libyaml reads; keys are text, and aliases refused."""

    def __init__(self, text: str) -> None:
        yaml.CSafeLoader.__init__(self, text)
        Composer.__init__(self)
        self.depth = 0
        self.quote: Any = None  # the last text in quotes that goes over a line's end
        self.wrong: list[tuple[int, str, str]] = []  # where, what, what to do

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Make the node of a value; a key that stands twice is wrong."""
        event: Any = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            _refuse(event, f"'*{event.anchor}' is an alias; write out what it stands for")
        if (
            getattr(event, "style", "") in {"'", '"'}
            and event.start_mark.line < event.end_mark.line
        ):
            self.quote = event
        self.depth += 1
        if self.depth > _DEPTH:
            _refuse(event, f"nested more than {_DEPTH} deep")
        node = super().compose_node(parent, index)
        self.depth -= 1
        if isinstance(node, yaml.SequenceNode) and len(node.value) > _ITEMS:
            _refuse(node, f"a list of more than {_ITEMS}")
        lines: dict[str, int] = {}
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if not isinstance(key, yaml.ScalarNode):
                _refuse(key, "a key must be a word")
            key.tag = "tag:yaml.org,2002:str"
            if key.value in lines:
                hint = f"it is set first on line {lines[key.value]}; keep one of the two"
                self.wrong.append((key.start_mark.index, f"'{key.value}' is set twice", hint))
            lines.setdefault(key.value, key.start_mark.line + 1)
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - as PyYAML calls it
        """Make a value."""
        if node.tag.endswith((":int", ":float")) and len(node.value) > _DIGITS:
            _refuse(node, f"a number of more than {_DIGITS} digits")
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, AttributeError):  # 2024-13-45, !!bool x, !!timestamp x
            _refuse(node, "this looks like another kind of value; put quotes around text")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the closest known word, and list them where none is close."""
    known = sorted(known)
    if close := difflib.get_close_matches(word, known, n=1, cutoff=0.6):
        return f"did you mean '{close[0]}'?"
    return f"known: {', '.join(known[:30]) or 'none'}{', ...' * (len(known) > 30)}"


def load(
    path: Path, validate: Callable[[Any], _T], explain: Callable[[ErrorDetails, Any], Mistake]
) -> _T:
    """Read a YAML file and make of it what `validate` does; `explain` words pydantic's complaints.

    Raises:
        ConfigError: if it is missing, not UTF-8, not YAML, repeats a key, or is not valid.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
            text = file.read(_CHARACTERS + 1)
    except FileNotFoundError:
        hint = "'pipeline init' writes one, '--config FILE' names another"
        raise ConfigError(f"{path}: no such file\n  hint: {hint}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    wrong: list[tuple[int, str, str]] = []
    if len(text) > _CHARACTERS:
        wrong.append((0, f"larger than {_CHARACTERS:,} characters", "is it the right file?"))
    elif bad := Reader.NON_PRINTABLE.search(text):
        hint = "save the file as UTF-8 text, or take the character out"
        wrong.append((bad.start(), f"not UTF-8 text: {ascii(bad[0])[1:-1]}", hint))
        text = Reader.NON_PRINTABLE.sub("?", text)  # so that it can be shown
    else:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            data = loader.construct_document(node) if node else None
            made = validate(data)
        except yaml.MarkedYAMLError as error:
            wrong.append(_syntax(error, text, loader.quote))
        except ValidationError as error:
            errors = error.errors()[: _SHOWN + 1]
            inside = {e["loc"][:n] for e in errors for n in range(len(e["loc"]))}
            mistakes = [explain(e, data) for e in errors if e["loc"] not in inside]
            wrong.extend((_place(node, m), m.message, m.hint) for m in mistakes)
        if not (wrong := loader.wrong + wrong):
            return made
    shown = [_shown(path.name, text, *what) for what in sorted(wrong)[:_SHOWN]]
    raise ConfigError("\n".join(shown + ["... and more"] * (len(wrong) > _SHOWN)))


def _refuse(what: Any, problem: str) -> NoReturn:
    raise yaml.MarkedYAMLError(None, None, problem, what.start_mark)


def _syntax(error: yaml.MarkedYAMLError, text: str, quote: Any) -> tuple[int, str, str]:
    """Give the place of what is no YAML: where it begins if it ends too late, or never."""
    mark: Any = error.problem_mark
    message = f"not valid YAML: {error.problem}"
    if quote and isinstance(error, yaml.parser.ParserError):
        mark = quote.start_mark
        message = f"not valid YAML: this quote closes on line {quote.end_mark.line + 1} only"
    elif error.context_mark and mark.index >= len(text.rstrip()):
        mark, message = error.context_mark, f"{message} {error.context}"
    tab = text[mark.index : mark.index + 1] == "\t"
    hint = "use spaces, not tabs" if tab else "check indentation, colons, quotes and brackets"
    return mark.index, message, hint


def _place(node: yaml.Node | None, mistake: Mistake) -> int:
    """Find a path of keys; parts of it that are not in the file are skipped."""
    place: int = node.start_mark.index if node else 0
    for part in mistake.at:
        if found := _children(node).get(part):
            node, place = found[1], found[0 if mistake.key else 1].start_mark.index
    return place


def _children(node: yaml.Node | None) -> Mapping[str | int, tuple[yaml.Node, yaml.Node]]:
    """Give the nodes of a value's keys and values; the items of a list are their own keys."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: (key, value) for key, value in node.value}
    items = node.value if isinstance(node, yaml.SequenceNode) else ()
    return {index: (item, item) for index, item in enumerate(items)}


def _shown(name: str, text: str, index: int, message: str, hint: str) -> str:
    """Format `file:line:column: message`, the line, a caret under the place, and a hint."""
    line, column = text.count("\n", 0, index), index - text.rfind("\n", 0, index) - 1
    snippet = yaml.Mark(name, index, line, column, text, index).get_snippet(indent=2)
    shown = f"{name}:{line + 1}:{column + 1}: {message}\n{snippet}"
    return f"{shown}\n  hint: {hint}" if hint else shown
