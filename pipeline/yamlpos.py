"""YAML with positions: every value and key knows its line and column."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Key = tuple[str | int, ...]


class Mark(NamedTuple):
    """A place in a file, both counted from 1."""

    line: int
    column: int


class ConfigError(Exception):
    """A mistake in the configuration, shown with its place, the line, and what to do."""


@dataclass(frozen=True)
class Source:
    """A YAML file's values, and the marks of its keys and values by their path of keys."""

    path: Path
    lines: tuple[str, ...]
    data: Any
    keys: dict[Key, Mark]
    values: dict[Key, Mark]

    def error(
        self, message: str, at: Key = (), *, key: bool = False, hint: str = ""
    ) -> ConfigError:
        """Build the error for a place; a path that is not in the file falls back to its parent."""
        marks = (self.keys, self.values) if key else (self.values, self.keys)
        while at and not any(at in m for m in marks):
            at = at[:-1]
        mark = next((m[at] for m in marks if at in m), Mark(1, 1))
        return _error(self.path, self.lines, mark, message, hint)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the closest known words, and list all of them where none is close."""
    known = sorted(known)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else f"known: {', '.join(known) or 'none'}"


def load(path: Path) -> Source:
    """Read a YAML file.

    Raises:
        ConfigError: if it is missing, not UTF-8, not YAML, or repeats a key.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: no such file\n"
            "  hint: 'pipeline init' writes one, '--config FILE' names another"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    lines = tuple(text.splitlines())
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        source = Source(path, lines, None, {}, {})
        if node is None:
            return source
        _mark(node, (), source, frozenset())
        data = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Mark(mark.line + 1, mark.column + 1) if mark else Mark(1, 1)
        message = f"not valid YAML: {error.problem or error.context}"
        raise _error(path, lines, place, message, "check indentation, colons and quotes") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not valid YAML: {error}") from error
    finally:
        loader.dispose()
    return Source(path, lines, data, source.keys, source.values)


def _mark(node: yaml.Node, at: Key, source: Source, above: frozenset[int]) -> None:
    """Walk the node tree, noting marks; anchors may share nodes but not contain themselves."""
    source.values[at] = Mark(node.start_mark.line + 1, node.start_mark.column + 1)
    if id(node) in above:
        raise source.error("an alias refers to a value that contains it", at)
    above |= {id(node)}
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _mark(item, (*at, index), source, above)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = (*at, str(key.value))
            mark = Mark(key.start_mark.line + 1, key.start_mark.column + 1)
            if name in source.keys:
                first = source.keys[name]
                source.keys[name] = mark
                raise source.error(
                    f"'{key.value}' is set twice",
                    name,
                    key=True,
                    hint=f"it is set first on line {first.line}; keep one of the two",
                )
            source.keys[name] = mark
            _mark(value, name, source, above)


def _error(
    path: Path, lines: tuple[str, ...], mark: Mark, message: str, hint: str = ""
) -> ConfigError:
    """Format `file:line:column: message`, the line, a caret under the place, and a hint."""
    shown = lines[mark.line - 1] if mark.line <= len(lines) else ""
    text = f"{path.name}:{mark.line}:{mark.column}: {message}"
    text += f"\n  {shown}\n  {' ' * (mark.column - 1)}^"
    return ConfigError(f"{text}\n  hint: {hint}" if hint else text)
