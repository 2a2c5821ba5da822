"""Checks that names and addresses came through to the letter, and that none was made up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.article import Flag
from pipeline.checks.spans import ADDRESS, ASCII, names, places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.article import Language

_COINED = frozenset({"covid-19"})  # what 新冠 and коронавирус are called in English


def lost(source: str, translation: str) -> list[str]:
    """List the names and addresses of a source that its translation lacks, to the letter."""
    wanted = names(source)
    kept = places(wanted, translation.translate(ASCII))
    return [name for name in wanted if not kept[name]]


def check(source: str, _language: Language, translation: str) -> Iterator[Flag]:
    """Flag the names and addresses that are lost or changed, and coded names that are made up."""
    for name in lost(source, translation):
        yield Flag("name", f"{name} is missing")
    source = source.translate(ASCII)
    digits = set(re.findall(r"\d+", source))
    for name in names(translation):
        if ADDRESS.fullmatch(name):
            made_up = name not in source
        else:
            made_up = not digits.issuperset(re.findall(r"\d+", name))
        if made_up and name.lower() not in _COINED:
            yield Flag("name", f"{name} is added")
