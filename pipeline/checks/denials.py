"""Tells where a translation says yes and its source says no, or the other way round."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unicodedata import combining

from pipeline.checks.number_words import primary

_TABLES: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text("utf-8")
)
_UNSPACED = frozenset({"zh"})


class _Said(NamedTuple):
    """The negators of a text, and whether anything in it may stand for one."""

    negators: list[str]
    hinted: bool


def compare_negation(source: str, language: str, translation: str) -> tuple[str, ...]:
    """Say which negator an English translation has lost or added: `не is missing`; () if none.

    Only one without any answer on the other side counts, however faint: a sentence with two of
    which one was lost is not found. Languages without a table are not compared.
    """
    code = primary(language)
    if code not in _TABLES:
        return ()
    ours, theirs = _said(source, code), _said(translation, "en")
    if ours.negators and not theirs.hinted:
        return (f"{ours.negators[0]} is missing",)
    if theirs.negators and not ours.hinted:
        return (f"{theirs.negators[0]} is added",)
    return ()


def _said(text: str, code: str) -> _Said:
    text = "".join(c for c in text if not combining(c))  # Hebrew with its vowel points
    idiom, negator, hint = (_pattern(code, kind) for kind in ("idiom", "negator", "hint"))
    rest = idiom.sub(" ", text)
    negators = [match[0] for match in negator.finditer(rest)]
    return _Said(negators, bool(negators or rest != text or hint.search(rest)))


@cache
def _pattern(code: str, kind: str) -> re.Pattern[str]:
    words = "|".join(_TABLES[code][kind])
    if code not in _UNSPACED:
        words = rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])"
    return re.compile(words, re.IGNORECASE)
