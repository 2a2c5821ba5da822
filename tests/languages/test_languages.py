"""The files of languages: what stands in them is what the code expects."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from pydantic import BaseModel, ValidationError

from pipeline.checks.marks import in_any
from pipeline.checks.number_words import lexicon
from pipeline.clean.chrome import find_chrome
from pipeline.languages import Facts, Quantities, codes, facts, locale

EXPRESSIONS = ("denials", "quantities", "chrome")


def texts(value):
    """Give every text inside a table of a file."""
    if isinstance(value, BaseModel):
        value = list(dict(value).values())
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("code", codes())
def test_a_file_is_of_a_language_and_reads(code):
    """A file is named by a code that Babel knows, its expressions compile, its numbers count."""
    assert locale(code) is not None
    for table in EXPRESSIONS:
        for text in texts(getattr(facts(code), table)):
            re.compile(text)
    pattern, words = lexicon(code)
    assert all(isinstance(value, Decimal) for value, _ in words.values())
    assert pattern.search("") is None


def test_the_languages_of_the_model_are_known():
    """Those that the embedded model translates have number words, denials and page chrome."""
    for code in ("kk", "ru", "he", "id", "zh", "en"):
        assert lexicon(code)[1]
        assert facts(code).denials.negator
        assert facts(code).chrome.strong
    assert [v.reason for v in find_chrome(["Поделиться", "Text."] * 2)]


def test_a_misspelt_entry_is_refused():
    """An entry that nothing reads is an error, not a silence."""
    with pytest.raises(ValidationError, match="denial"):
        Facts.model_validate({"denial": {"negator": ["not"]}})


def test_what_any_language_has_is_looked_for():
    """Each entry beside numbers stands in some file, so that none is dead."""
    assert all(in_any(name) != "(?!)" for name in Quantities.model_fields)


def test_a_language_without_a_file_knows_nothing():
    """Of another language nothing is known, and nothing breaks."""
    assert facts("xx") == Facts()
    assert locale("xx") is None
