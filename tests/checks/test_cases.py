"""What the checks read in a text, and what they tell of a translation: cases as data."""

from __future__ import annotations

from decimal import Decimal

import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Language
from pipeline.checks import check
from pipeline.checks.myriads import in_english
from pipeline.checks.quantities import quantities
from pipeline.checks.spans import names


def told(name, tag, source, translation):
    """Give what one check tells."""
    code, _, script = tag.partition("-")
    flags = check(source, Language(code, script), translation, [name])
    return [flag.detail or flag.kind for flag in flags]


@cases(__file__, "right", "check", "language", "source", "translation")
def test_accepts_a_right_translation(check, language, source, translation):
    """Numbers in other words, names with an `s`, an idiom, repetition as in the source: right."""
    assert told(check, language, source, translation) == []


@cases(__file__, "wrong", "check", "language", "source", "translation", "expected")
def test_tells_what_is_wrong(check, language, source, translation, expected):
    """What is missing, added or broken is named."""
    assert told(check, language, source, translation) == expected


@cases(__file__, "readings", "language", "text", "value")
def test_reads_a_number_by_the_conventions_of_its_language(language, text, value):
    """The one number in the text has this value, and its span is where it stands."""
    (quantity,) = (q for q in quantities(text, language) if q.certain)
    assert quantity.value == Decimal(value)
    assert quantity.start < quantity.end <= len(text)


@cases(__file__, "spelt out", "language", "text", "value")
def test_asks_for_numbers_in_words(language, text, value):
    """A number that is spelt out is looked for like one in digits."""
    assert [q.value for q in quantities(text, language) if q.certain] == [Decimal(value)]
    assert told("numbers", language, text, "no such thing") != []
    assert told("numbers", language, text, f"{value} of them") == []


@cases(__file__, "may be no number", "language", "text")
def test_does_not_ask_for_words_that_may_be_no_number(language, text):
    """Idioms, round figures and words that only begin like a number word are not looked for."""
    assert [q.text for q in quantities(text, language) if q.certain] == []


@pytest.mark.parametrize("name", ["GPT-5.2", "GPT-4o", "o3-mini", "R1", "V3", "2C", "COVID-19"])
def test_does_not_count_the_digits_of_names(name):
    """A name with digits is no quantity that must be found on the other side."""
    assert not any(quantity.certain for quantity in quantities(f"{name} was there", "en"))
    assert names(f"{name} was there") == {name: 1}


@cases(__file__, "names to keep", "text", "expected")
def test_finds_the_names_to_keep(text, expected):
    """Latin names in other scripts, and in Latin script those with digits or inner capitals."""
    assert sorted(names(text)) == expected


@cases(__file__, "myriads", "language", "text", "expected")
def test_in_english(language, text, expected):
    """Numbers with a scale are written in English, all else stays."""
    assert in_english(text, language) == expected


@given(st.integers(1, 9999), st.sampled_from(["萬", "億"]))
def test_the_value_stays(number, scale):
    """What is written has the value that stood there."""
    text = f"共{number}{scale}元"
    english = in_english(text, "zh").replace("共", "").replace("元", "")
    assert told("numbers", "zh", text, english) == []
