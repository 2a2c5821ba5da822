"""YAML with positions: a mistake in a file is shown where it stands."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable
    from pathlib import Path


class ConfigError(Exception):
    """A mistake in the configuration, shown with its place, the line, and what to do."""


@dataclass(frozen=True)
class Source:
    """A YAML file's values, the nodes that they were made of, and the file's first place."""

    data: Any
    node: yaml.Node | None
    start: yaml.Mark

    def error(
        self, message: str, at: Iterable[str | int] = (), *, key: bool = False, hint: str = ""
    ) -> ConfigError:
        """Build the error for a path of keys; parts of it that are not in the file are skipped."""
        node, mark = self.node, self.node.start_mark if self.node else self.start
        for part in at:
            if found := _children(node).get(part):
                node, mark = found[1], found[0 if key else 1].start_mark
        return _error(mark, message, hint)


class _Loader(yaml.SafeLoader):
    """Reads plain values, and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - as PyYAML calls it
        """Make a mapping."""
        seen: dict[str, int] = {}
        for key, _ in node.value:
            if line := seen.get(key.value):
                hint = f"it is set first on line {line}; keep one of the two"
                raise _error(key.start_mark, f"'{key.value}' is set twice", hint)
            seen[key.value] = key.start_mark.line + 1
        return super().construct_mapping(node, deep)


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
        loader = _Loader(path.read_text(encoding="utf-8"))
        loader.name = path.name
        start = loader.get_mark()
        node = loader.get_single_node()
        return Source(loader.construct_document(node) if node else None, node, start)
    except FileNotFoundError:
        hint = "'pipeline init' writes one, '--config FILE' names another"
        raise ConfigError(f"{path}: no such file\n  hint: {hint}") from None
    except yaml.MarkedYAMLError as error:
        message = f"not valid YAML: {error.problem or error.context}"
        mark = error.problem_mark or error.context_mark or start
        raise _error(mark, message, "check indentation, colons and quotes") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error


def _children(node: yaml.Node | None) -> dict[str | int, tuple[yaml.Node, yaml.Node]]:
    """Give the nodes of a value's keys and values; the items of a list are their own keys."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: (key, value) for key, value in node.value}
    items = node.value if isinstance(node, yaml.SequenceNode) else ()
    return {index: (item, item) for index, item in enumerate(items)}


def _error(mark: yaml.Mark, message: str, hint: str) -> ConfigError:
    """Format `file:line:column: message`, the line, a caret under the place, and a hint."""
    place = f"{mark.name}:{mark.line + 1}:{mark.column + 1}"
    text = f"{place}: {message}\n{mark.get_snippet(indent=2)}"
    return ConfigError(f"{text}\n  hint: {hint}" if hint else text)
