"""The glossary: terms are put in whatever form they stand in, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.translate.glossary import put

CASES = {
    "as it stands": ("ru", {"Симо": "Simo"}, "Симо признал.", "Simo признал.", ("Simo",)),
    "an ending is dropped": (
        "ru",
        {"Альтман*": "Altman"},
        "Слова Альтмана.",
        "Слова Altman.",
        ("Altman",),
    ),
    "endings inside": (
        "ru",
        {"Сэм* Альтман*": "Sam Altman", "Альтман*": "Altman"},
        "О Сэме Альтмане и Альтману.",
        "О Sam Altman и Altman.",
        ("Sam Altman", "Altman"),
    ),
    "an ending is joined": ("kk", {"Маск*": "Musk"}, "Масктың сөзі", "Musk-тың сөзі", ("Musk",)),
    "a preposition is joined": (
        "he",
        {"*אלטמן": "Altman"},
        "אמר לאלטמן",
        "אמר ל-Altman",
        ("Altman",),
    ),
    "words run together": (
        "zh",
        {"月之暗面": "Moonshot AI"},
        "比如月之暗面今年",
        "比如Moonshot AI今年",
        ("Moonshot AI",),
    ),
    "beside Latin letters": (
        "zh",
        {"硅谷": "Silicon Valley"},
        "AI硅谷AI四小龍",
        "AI Silicon Valley AI四小龍",
        ("Silicon Valley",),
    ),
    "no part of a word": ("ru", {"Симо": "Simo"}, "Симонов пришёл.", "Симонов пришёл.", ()),
    "twice": ("ru", {"Симо": "Simo"}, "Симо и Симо", "Simo и Simo", ("Simo", "Simo")),
    "a point is a point": (
        "ru",
        {"А.И.": "AI"},
        "А.И. и АБИВ",
        "AI и АБИВ"[:2] + " и АБИВ",
        ("AI",),
    ),
}


@pytest.mark.parametrize(
    ("language", "terms", "sentence", "expected", "found"), CASES.values(), ids=CASES
)
def test_terms(language, terms, sentence, expected, found):
    """Each term is replaced in its forms, and what was put is listed."""
    assert put(sentence, language, terms) == (expected, found)


@given(st.text(), st.dictionaries(st.text(min_size=1), st.text(), max_size=3))
def test_any_text_and_any_terms(sentence, terms):
    """Whatever stands in the glossary, nothing raises, and what is not found changes nothing."""
    result, found = put(sentence, "ru", terms)
    assert found or result == sentence
