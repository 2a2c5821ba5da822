"""Checks that names and addresses came through to the letter, and that none was made up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.article import Flag
from pipeline.checks.spans import ADDRESS, ASCII, names, places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.article import Language

_COINED = frozenset({"covid-19"})  # what 新冠 and коронавирус are called in English


class Mismatch(NamedTuple):
    """Something that the translation lacks, or that only the translation has."""

    kind: Literal["missing", "added"]
    what: str

    def __str__(self) -> str:
        return f"{self.what} is {self.kind}"


def check(source: str, _language: Language, translation: str) -> Iterator[Flag]:
    """Flag the names and addresses that are missing or made up."""
    for mismatch in compare_names(source, translation):
        yield Flag("name", str(mismatch))


def compare_names(source: str, translation: str) -> list[Mismatch]:
    """Find the names that a translation has lost or changed, and coded names that it has made up.

    Both must stay as they are, to the letter.
    """
    translation = translation.translate(ASCII)
    kept = places(names(source), translation)
    found = [Mismatch("missing", name) for name in names(source) if not kept[name]]
    digits = set(re.findall(r"\d+", source.translate(ASCII)))
    for name in names(translation):
        if ADDRESS.fullmatch(name):
            made_up = name not in source.translate(ASCII)
        else:
            made_up = not digits.issuperset(re.findall(r"\d+", name))
        if made_up and name.lower() not in _COINED:
            found.append(Mismatch("added", name))
    return found
