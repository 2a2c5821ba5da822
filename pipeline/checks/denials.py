"""Tells where a translation says yes and its source says no, or the other way round."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import combining

from pipeline.article import Flag
from pipeline.checks.number_words import primary
from pipeline.checks.spans import without_addresses
from pipeline.languages import Denials, facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.article import Language


class _Said(NamedTuple):
    """The negators of a text, and whether anything in it may stand for one."""

    negators: list[str]
    hinted: bool


def check(source: str, language: Language, translation: str) -> Iterator[Flag]:
    """Flag the negator that an English translation has lost or added.

    Only one without any answer on the other side counts, however faint: a sentence with two of
    which one was lost is not found. Languages without a table are not compared.
    """
    code = primary(language.code)
    if facts(code).denials is None:
        return
    ours, theirs = _said(source, code), _said(translation, "en")
    if ours.negators and not theirs.hinted:
        yield Flag("negation", f"{ours.negators[0]} is missing")
    if theirs.negators and not ours.hinted:
        yield Flag("negation", f"{theirs.negators[0]} is added")


def _said(text: str, code: str) -> _Said:
    text = without_addresses(text)
    text = "".join(c for c in text if not combining(c))  # Hebrew with its vowel points
    idiom, negator, hint = (_pattern(code, kind) for kind in ("idiom", "negator", "hint"))
    rest = idiom.sub(" ", text)
    negators = [match[0] for match in negator.finditer(rest)]
    return _Said(negators, bool(negators or rest != text or hint.search(rest)))


@cache
def _pattern(code: str, kind: str) -> re.Pattern[str]:
    denials = facts(code).denials or Denials()
    words = "|".join(getattr(denials, kind))
    if denials.whole_words:
        words = rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])"
    return re.compile(words, re.IGNORECASE)
