"""What every registered check promises, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import registry
from pipeline.article import Flag, Language
from pipeline.checks import USUAL, check
from pipeline.checks.myriads import in_english
from pipeline.checks.quantities import quantities

LANGUAGES = [
    Language(*tag.split("-"))
    for tag in (
        *("kk-Cyrl", "ru-Cyrl", "he-Hebr", "id-Latn", "zh-Hant", "zh-Hans", "en-Latn", "de-Latn"),
        *("ja-Jpan", "el-Grek", "xx-Zzzz", "-"),
    )
]
NAMES = list(registry.named(registry.CHECKS))
WORDS = ("億", "萬", "百", "半", "¾", "世紀", "млн", "thousand", "million ", "%", "時", "X", "half")
DENIALS = ("no ", "not only ", "won't ", "if ", "without ", "he came. ", "не ", "不是", "לא ")
PIECES = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"[0-9٣５]{1,5}([.,:/\u00a0' ][0-9]{1,3}){0,3}", fullmatch=True),
    st.sampled_from((*WORDS, *DENIALS, "OpenAI ", "@a_b", "https://a.kz/b", "«", "\u05b0")),
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)


def test_the_usual_checks_are_registered():
    """What is applied without a word in pipeline.yaml can be found by name."""
    assert set(USUAL) <= set(NAMES)


@given(TEXTS, TEXTS, st.sampled_from(LANGUAGES))
@settings(max_examples=300)
def test_any_text_gives_flags_or_none(source, translation, language):
    """Whatever the texts, a check gives flags with a kind, each once, the same ones every time."""
    for name in NAMES:
        found = check(source, language, translation, [name])
        assert all(isinstance(flag, Flag) and flag.kind for flag in found)
        assert found == check(source, language, translation, [name])
        assert len(set(found)) == len(found)


@given(TEXTS, st.sampled_from(LANGUAGES))
def test_numbers_are_found_where_they_stand(text, language):
    """The span of a number is inside the text, and only numbers are written in English."""
    assert all(0 <= q.start < q.end <= len(text) for q in quantities(text, language.code))
    assert in_english(text, language.code) == text or any(map(str.isnumeric, text))


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.tag)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_silent(name, language):
    """Of nothing, translated as nothing, no check has anything to say."""
    assert check("", language, "", [name]) == ()


@given(TEXTS)
def test_an_empty_output_has_that_sign_alone(source):
    """Nothing else is said of its shape about an output without a letter or a digit."""
    for flag in check(source, LANGUAGES[0], "—", ["shape"]):
        assert flag == Flag("empty")


@given(TEXTS)
@settings(max_examples=200)
def test_a_text_agrees_with_itself(text):
    """English against the same English has no number and no denial lost or added."""
    assert check(text, Language("en", "Latn"), text, ["numbers", "denials"]) == ()


@pytest.mark.parametrize("unit", ["億", "9", "million ", "1 ", "1.", "a", "GPT-", "@", "1:", "Ⅻ½"])
def test_survives_endless_input(unit):
    """Twenty thousand repetitions are read without an error or an overflow."""
    text = unit * 20_000
    for language in (LANGUAGES[4], LANGUAGES[6]):
        check(text, language, text[:100], ["numbers", "names"])


@pytest.mark.parametrize("unit", ["a", "the ", "да ", "前", "ab-", "!"])
def test_a_loop_of_the_source_is_none_of_the_translation(unit):
    """What the source repeats, the translation may."""
    text = unit * 20_000
    assert Flag("repeated") not in check(text, LANGUAGES[1], text, ["shape"])
