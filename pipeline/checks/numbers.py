"""Checks a translation against its source without a reference: numbers by value.

Number words may stand for digits on the other side. Only what can mean nothing else (двенадцать,
five thousand) is asked for itself; smaller and rounder ones are too often idiom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.article import Flag
from pipeline.checks.number_words import primary
from pipeline.checks.quantities import quantities
from pipeline.languages import facts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from pipeline.article import Language
    from pipeline.checks.quantities import Quantity


def check(source: str, language: Language, translation: str) -> Iterator[Flag]:
    """Flag the numbers that an English translation has lost, and those that it has made up.

    Numbers are compared by value, each value once, however often it is repeated.
    """
    ours, theirs = quantities(source, language.code), quantities(translation, "en")
    missing = [f"{_describe(q)} is missing" for q in _unanswered(ours, theirs)]
    # Without a table of its number words, a language may spell any small number out.
    known = facts(primary(language.code)).numbers is not None
    added = [
        f"{_describe(q)} is added"
        for q in _unanswered(theirs, ours)
        if (q.value > 1 if known else q.value > 100 and q.kind != "word")
    ]
    for detail in dict.fromkeys(missing + added):
        yield Flag("number", detail)


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
