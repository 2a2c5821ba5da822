"""Large numbers written as English writes them, before a model gets to translate them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.checks.quantities import quantities

if TYPE_CHECKING:
    from decimal import Decimal

_SIZES = ((12, "trillion"), (9, "billion"), (6, "million"), (3, "thousand"))


def in_english(text: str, language: str) -> str:
    """Write the scaled numbers of a text in English: `35億美元` becomes `3.5 billion 美元`.

    Models copy what stands in Latin script, but get scales wrong, above all those that count in
    ten thousands. A number whose English would be less exact, or which has no scale, stays.
    """
    parts, done = [], 0
    for quantity in quantities(text, language):
        scaled = any(c.isalpha() for c in quantity.text) and quantity.kind == "number"
        if quantity.certain and scaled and quantity.start >= done and abs(quantity.value) >= 10_000:
            parts += [text[done : quantity.start].rstrip(), _words(quantity.value)]
            done = quantity.end
    parts.append(text[done:].lstrip() if done else text)
    return " ".join(part for part in parts if part)


def _words(value: Decimal) -> str:
    """Write a value with the largest scale that leaves it 1 or more."""
    size, name = next((s, n) for s, n in _SIZES if abs(value) >= 10**s)
    return f"{(value / 10**size).normalize():,f} {name}"
