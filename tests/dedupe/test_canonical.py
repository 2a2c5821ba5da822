"""The canonical form: what it folds, what it keeps, and what counts as visible damage."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedupe.canonical import canonical, damage


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＡＢＣ　１２３", "abc 123"),
        ("«Тест» — “OK”!", "тест... ok"),
        ("STRASSE", "Straße"),
        ("離開臺灣，後來發現", "离开台湾,后来发现"),
        ("一位 X 用戶", "一位X用户"),
        ("٣٫٥ و ۲۰۲۴", "3.5 و 2024"),
        ("baru -baru ini", "baru-baru ini"),
        ("co\u00adoperate\u200b now", "cooperate now"),
        ("O\u2019Brien", "O'Brien"),
        ("شـــركة", "شركة"),
        ("  a \n\t b ", "a b"),
    ],
)
def test_typography_script_variant_and_case_are_folded(one, other):
    """Texts that differ in form alone compare as equal."""
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("35亿", "53亿"),
        ("3.5", "35"),
        ("-5 percent", "5 percent"),
        ("5%", "5"),
        ("$5", "€5"),
        ("x < 5", "x > 5"),
        ("C++", "C#"),
        ("קרא", "ברא"),
        ("ก่า", "กา"),
        ("й", "и"),
        ("not", "now"),
    ],
)
def test_what_makes_another_fact_is_kept(one, other):
    """Texts that say different things stay different."""
    assert canonical(one) != canonical(other)


def test_punctuation_alone_is_empty():
    """A text without letters, digits or signs has nothing to compare."""
    assert canonical("*** — … !") == ""


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Zs"])))
@settings(deadline=None, max_examples=100)
def test_digits_survive_in_order(text):
    """No digit of a plain text is lost, added or moved."""
    digits = [char for char in text if char.isdigit()]
    assert [char for char in canonical(text) if char.isdigit()] == digits


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("Is this sound? Yes & no; 5 < 6.", 0),
        ("Это так? Да!", 0),
        ("這是真的嗎？是。", 0),
        ("caf\ufffd", 1),
        ("т?сініксіз", 1),
        ("bell \x07 rang", 1),
        ("“MD賺不到錢啊?！?/p>", 2),
        ("the end.</p>", 1),
    ],
)
def test_damage_counts_marks(text, marks):
    """Sound text has no damage, and every mark of loss counts once."""
    assert damage(text) == marks


def test_mojibake_is_damage():
    """UTF-8 read as Windows-1252 is seen."""
    assert damage("cafÃ© dâ€™or") > damage("café d’or") == 0
