"""How languages write numbers: a pattern of their number words, and what each means."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Final, Literal

from pipeline.languages import facts, locale

Kind = Literal["word", "scale", "hint", "month"]
KINDS: Final[tuple[Kind, ...]] = ("word", "scale", "hint", "month")


def primary(language: str) -> str:
    """Give the ISO 639-1 code by whose tables a BCP 47 tag is read."""
    code = language.partition("-")[0].lower()
    return facts(code).read_like or code


def decimal_comma(code: str) -> bool:
    """Tell whether a language writes 1,5 for one and a half."""
    known = locale(code)
    return known is not None and known.number_symbols["latn"]["decimal"] == ","


def units() -> frozenset[str]:
    """Give what may follow a number without a blank (5km, 3rd, 7bn), in lower case."""
    return frozenset(facts("en").units.split()).union(facts("en").letters)


@cache
def letter_scales() -> re.Pattern[str]:
    """Compile the letters that multiply the number before them (3m); two may stand off (3 bn)."""
    letters = "|".join(facts("en").letters)
    return re.compile(rf"(?:\s(?=\w\w\b))?({letters})\b", re.IGNORECASE)


@cache
def lexicon(code: str) -> tuple[re.Pattern[str], dict[str, tuple[Decimal, Kind]]]:
    """Compile the number words of a language: a pattern, and value and kind by lower-case word."""
    numbers = facts(code).numbers
    if numbers is None:
        return re.compile(r"(?!)"), {}
    written = {
        word: (Decimal(value), kind)
        for kind in KINDS
        for value, row in getattr(numbers, kind).items()
        for word in row.split()
    }
    longest_first = sorted(written, key=len, reverse=True)
    stem = "|".join(re.escape(word).replace("_", r"[\s-]+") for word in longest_first)
    stem = stem.replace(r"\$", r"(?![^\W\d_])")
    words = {word.rstrip("$"): meaning for word, meaning in written.items()}
    return re.compile(numbers.pattern.replace("{}", stem, 1), re.IGNORECASE), words
