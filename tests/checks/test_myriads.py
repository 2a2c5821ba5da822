"""Scaled numbers in English: the same value, and nothing else changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks.myriads import in_english
from pipeline.checks.numbers import compare

CASES = {
    "Chinese hundred millions": ("zh", "營收達到35億美元左右", "營收達到 3.5 billion 美元左右"),
    "Chinese with a fraction": ("zh", "貢獻約7.44億美元", "貢獻約 744 million 美元"),
    "Chinese ten thousands": (
        "zh",
        "用戶約為988萬,其中770萬是",
        "用戶約為 9.88 million ,其中 7.7 million 是",
    ),
    "Russian": ("ru", "около 1,5 миллиона разговоров", "около 1.5 million разговоров"),
    "Kazakh": ("kk", "14 миллиард шығын", "14 billion шығын"),
    "Hebrew": ("he", "גרעון של 5 מיליארד דולר", "גרעון של 5 billion דולר"),
    "Indonesian": ("id", "sekitar 3 juta orang", "sekitar 3 million orang"),
    "a year stays": ("zh", "2024年上半年", "2024年上半年"),
    "a share stays": ("zh", "占總收入的55%", "占總收入的55%"),
    "a plain number stays": ("ru", "в 2025 году 1000 человек", "в 2025 году 1000 человек"),
    "a name stays": ("zh", "GPT-4和o3-mini", "GPT-4和o3-mini"),
}


@pytest.mark.parametrize(("language", "text", "expected"), CASES.values(), ids=CASES)
def test_in_english(language, text, expected):
    """Numbers with a scale are written in English, all else stays."""
    assert in_english(text, language) == expected


@given(st.integers(1, 9999), st.sampled_from(["萬", "億"]))
def test_the_value_stays(number, scale):
    """What is written has the value that stood there."""
    text = f"共{number}{scale}元"
    assert compare(text, "zh", in_english(text, "zh").replace("共", "").replace("元", "")) == []


@given(st.text(), st.sampled_from(["kk", "ru", "he", "id", "zh"]))
def test_any_text(text, language):
    """Whatever the text, nothing raises and no letter outside a number is lost."""
    result = in_english(text, language)
    assert result == text or any(c.isnumeric() for c in text) or result
