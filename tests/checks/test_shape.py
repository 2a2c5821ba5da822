"""Broken translations are told from right ones, and right ones are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks.shape import signs

RUSSIAN = (
    "Конечно, улучшения модели в области интеллектуальных и научных вычислений остаются "
    "значительными, но для большинства обычных пользователей это улучшение незначительно."
)
ENGLISH = (
    "Of course, the model's improvements in intelligent and scientific computing remain "
    "significant, but for most ordinary users the improvement is minor."
)
INDONESIAN = "Langkah ini telah menarik perhatian luas di bidang kecerdasan buatan."

BROKEN = [
    ("Cyrl", RUSSIAN, "", "empty"),
    ("Cyrl", RUSSIAN, " … ", "empty"),
    ("Cyrl", RUSSIAN, RUSSIAN, "copy"),
    ("Latn", INDONESIAN, INDONESIAN, "copy"),
    ("Latn", INDONESIAN, INDONESIAN.replace("Langkah", "Step"), "copy"),
    ("Hant", "雪崩開始了嗎?", "雪崩開始了嗎?", "copy"),
    ("Cyrl", RUSSIAN, ENGLISH.replace("ordinary", "обычных"), "source-script"),
    ("Hebr", "הצעדים הבאים של החברה", "The next צעדים of the company", "source-script"),
    ("Hebr", "הצעדים הבאים של החברה", "The company has to навигировать", "source-script"),
    ("Hant", "堡壘內部的裂縫", "The crack inside the 堡壘", "source-script"),
    ("Cyrl", RUSSIAN, ENGLISH + " the model" * 12, "repeated"),
    ("Cyrl", RUSSIAN, ENGLISH + " and and and and and and and", "repeated"),
    ("Cyrl", "Это провал.", "This is a failure. This is a failure. This is a failure.", "repeated"),
    ("Hant", "提示", "hahahahahahahahahahahaha", "repeated"),
    ("Cyrl", RUSSIAN, "Of course.", "length"),
    ("Cyrl", "Это провал.", ENGLISH, "length"),
    ("Hant", "前進,再前進?還是適當放棄商業化,走一條更穩定,可靠,也更安全的道路。", "Go.", "length"),
]

RIGHT = [
    ("Cyrl", RUSSIAN, ENGLISH),
    ("Cyrl", "GPT-5.2 (OpenAI)", "GPT-5.2 (OpenAI)"),
    (
        "Latn",
        "ChatGPT Plus, Gemini 3 Pro",
        "ChatGPT Plus, Gemini 3 Pro",
    ),
    ("Latn", "The cat sat on the mat with a hat.", "The cat sat on the mat with a hat."),
    ("Latn", "Kata 雪崩 berarti longsoran salju.", "The word 雪崩 means avalanche."),
    ("Cyrl", "Да, да, да, да, да, да, да!", "Yes, yes, yes, yes, yes, yes, yes!"),
    ("Cyrl", "Дробь «ААААААААААААААА»", "The roll “AAAAAAAAAAAAAAA”"),
    (
        "Hant",
        "前進,再前進,再前進,再前進",
        "Onward, onward again, onward again",
    ),
    ("Hebr", "חלקיקי α ו-β", "α and β particles"),
    ("Cyrl", "Нет.", "No, there is nothing."),
    ("Cyrl", "***", "***"),
    ("Cyrl", "", ""),
]


@pytest.mark.parametrize(("script", "source", "translation", "sign"), BROKEN)
def test_names_what_is_broken(script, source, translation, sign):
    """Each kind of broken output carries its own sign."""
    assert sign in signs(source, translation, script)


@pytest.mark.parametrize(("script", "source", "translation"), RIGHT)
def test_leaves_right_translations_alone(script, source, translation):
    """Names, quotations and repetition that the source has too are no sign of trouble."""
    assert signs(source, translation, script) == ()


@given(
    st.text(max_size=80),
    st.text(max_size=80),
    st.sampled_from(["Cyrl", "Hebr", "Latn", "Hant", "Grek", "Zzzz", ""]),
)
@settings(max_examples=200, deadline=None)
def test_never_raises(source, translation, script):
    """Any pair of strings gets known signs, each once."""
    found = signs(source, translation, script)
    assert len(set(found)) == len(found)
    assert set(found) <= {"empty", "copy", "source-script", "repeated", "length"}


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_an_empty_output_has_that_sign_alone(source):
    """Nothing else is said about an output without a letter or a digit."""
    assert signs(source, "—", "Cyrl") == (("empty",) if any(map(str.isalnum, source)) else ())


@pytest.mark.parametrize("unit", ["a", "the ", "да ", "前", "ab-", "!"])
def test_survives_endless_input(unit):
    """Twenty thousand repetitions on both sides are read, and are no loop of the translation's."""
    text = unit * 20_000
    assert "repeated" not in signs(text, text, "Cyrl")
