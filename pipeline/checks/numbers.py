"""Checks a translation against its source without a reference: numbers by value, names by form.

Number words may stand for digits on the other side. Only what can mean nothing else (двенадцать,
five thousand) is asked for itself; smaller and rounder ones are too often idiom.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.checks.names import ADDRESS, ASCII, names, places
from pipeline.checks.number_words import LANGUAGES, primary
from pipeline.checks.quantities import quantities

if TYPE_CHECKING:
    from decimal import Decimal

    from pipeline.checks.quantities import Quantity

_COINED = frozenset({"covid-19"})  # what 新冠 and коронавирус are called in English


class Mismatch(NamedTuple):
    """Something that the translation lacks, or that only the translation has."""

    kind: Literal["missing", "added"]
    what: str

    def __str__(self) -> str:
        return f"{self.what} is {self.kind}"


def compare(source: str, language: str, translation: str) -> list[Mismatch]:
    """Find the numbers that an English translation has lost, and those that it has made up.

    Numbers are compared by value, each value once, however often it is repeated.
    """
    ours, theirs = quantities(source, language), quantities(translation, "en")
    found = [Mismatch("missing", _describe(q)) for q in _unanswered(ours, theirs)]
    # Without a table of its number words, a language may spell any small number out.
    known = primary(language) in LANGUAGES
    found += [
        Mismatch("added", _describe(q))
        for q in _unanswered(theirs, ours)
        if (q.value > 1 if known else q.value > 100 and q.kind != "word")
    ]
    return list(dict.fromkeys(found))


def _unanswered(asked: list[Quantity], given: list[Quantity]) -> list[Quantity]:
    """Find the certain quantities of one side that nothing on the other side equals.

    Two answer each other if either may stand for the value of the other; what both may stand for
    is not enough, or 8:05 would answer 8:08. The name of a month answers a date alone.
    """
    months = {q.value for q in given if q.kind == "date" and not q.certain}
    others = [q for q in given if q.kind != "date" or q.certain]
    values = {q.value for q in others}
    either = values.union(*(q.also for q in others))
    return [
        q
        for q in asked
        if q.certain
        and q.value not in (either | months if q.kind == "date" else either)
        and values.isdisjoint(q.also)
    ]


def _describe(quantity: Quantity) -> str:
    """Show a quantity as written and, where that looks different, as English writes it."""
    written = " ".join(quantity.text.split())
    readable = _readable(quantity.value) + ("%" if quantity.kind == "percent" else "")
    plain = quantity.kind == "time" or written.replace(",", "") == readable.replace(",", "")
    return written if plain else f"{written} = {readable}"


def _readable(value: Decimal) -> str:
    for size, name in ((12, "trillion"), (9, "billion"), (6, "million")):
        if value >= 10**size:
            return f"{(value / 10**size).normalize():,f} {name}"
    return f"{value:f}" if value < 10_000 else f"{value:,f}"


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
