"""What can be told of a translation without a reference: one file a check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from pipeline import registry
from pipeline.article import Flag, Language

Check = Callable[[str, Language, str], Iterable[Flag]]
"""Compares a sentence (source, its language) with its English; a flag for all that looks wrong."""

USUAL = ("shape", "numbers", "names", "denials")


def check(
    source: str, language: Language, translation: str, names: Sequence[str] = USUAL
) -> tuple[Flag, ...]:
    """Apply checks in their order, each named as in pipeline.yaml."""
    checks: list[Check] = [registry.load(registry.CHECKS, name) for name in names]
    return tuple(flag for each in checks for flag in each(source, language, translation))
