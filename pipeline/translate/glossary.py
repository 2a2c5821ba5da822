"""Names and terms that must come out in English as the user says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, TypeAdapter

from pipeline.languages import facts
from pipeline.yamlpos import Mistake, load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

_LATIN = re.compile(r"[A-Za-z0-9]")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_File = TypeAdapter(dict[str, dict[str, Annotated[str, Field(min_length=1)]]])


def read(path: Path) -> dict[str, dict[str, str]]:
    """Read a glossary: BCP 47 tag -> term -> English.

    Raises:
        ConfigError: if it is missing or not such a file; the message has the place.
    """
    return load(path, lambda said: _File.validate_python(said or {}), _explain)


def _explain(error: ErrorDetails, _said: object) -> Mistake:
    at = tuple(part for part in error["loc"] if part != "[key]")
    return Mistake(f"expected 'language:' with 'term: English' lines: {error['msg'].lower()}", at)


def put(sentence: str, language: str, terms: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Put the English of each term into a sentence before it is translated; also list what was put.

    Models leave names in Latin letters alone, and a check can ask for them afterwards. In a term
    `*` stands for any letters, so that `Альтман*` is also `Альтмана`; what it stood for is dropped,
    or joined by a hyphen where the language does that with foreign names. Longer terms go first.
    """
    found: list[str] = []
    for term in sorted(terms, key=lambda term: (-len(term), term)):
        english = terms[term]

        def replace(match: re.Match[str], english: str = english) -> str:
            found.append(english)
            put_in = english
            if facts(language).translation.hyphenates_names:
                put_in = "-".join(p for p in (match["before"], english, match["after"]) if p)
            # 硅谷AI has no space, but Silicon Valley AI has
            before = " " if _LATIN.match(match.string[: match.start()][-1:]) else ""
            after = " " if _LATIN.match(match.string[match.end() :][:1]) else ""
            return before + put_in + after

        sentence = _pattern(term).sub(replace, sentence)
    return sentence, tuple(found)


def came_out(english: str, translation: str) -> bool:
    """Tell whether a term that was put in is in the translation, whatever its case."""
    return english.casefold() in translation.casefold()


def _pattern(term: str) -> re.Pattern[str]:
    """Compile a term: whole words, unless its script puts no space between words."""
    core = r"\w*".join(
        re.escape(part).replace(r"\ ", r"\s+") for part in term.strip("*").split("*")
    )
    before = r"(?P<before>\w*?)" if term.startswith("*") else "(?P<before>)"
    after = r"(?P<after>\w*)" if term.endswith("*") else "(?P<after>)"
    if _HAN.search(term):
        return re.compile(before + core + after)
    return re.compile(rf"(?<!\w){before}{core}{after}(?!\w)")
