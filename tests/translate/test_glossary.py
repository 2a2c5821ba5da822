"""The glossary: terms are put in whatever form they stand in, and nothing else is touched."""

from __future__ import annotations

from cases import cases
from hypothesis import given
from hypothesis import strategies as st

from pipeline.translate.glossary import put


@cases(__file__, "glossary", "language", "terms", "sentence", "expected", "found")
def test_terms(language, terms, sentence, expected, found):
    """Each term is replaced in its forms, and what was put is listed."""
    assert put(sentence, language, terms) == (expected, tuple(found))


@given(st.text(), st.dictionaries(st.text(min_size=1), st.text(), max_size=3))
def test_any_text_and_any_terms(sentence, terms):
    """Whatever stands in the glossary, nothing raises, and what is not found changes nothing."""
    result, found = put(sentence, "ru", terms)
    assert found or result == sentence
