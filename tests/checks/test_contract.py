"""What every registered check promises, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import registry
from pipeline.article import Flag, Language
from pipeline.checks import USUAL, check

LANGUAGES = [
    Language(*tag) for tag in (("kk", "Cyrl"), ("he", "Hebr"), ("zh", "Hant"), ("xx", "Zzzz"))
]
NAMES = list(registry.named(registry.CHECKS))
TEXTS = st.text(max_size=60) | st.sampled_from(
    ["3 млрд OpenAI", "不是 35億", "No, 12.5% of @a_b", "«"]
)


def test_the_usual_checks_are_registered():
    """What is applied without a word in pipeline.yaml can be found by name."""
    assert set(USUAL) <= set(NAMES)


@given(TEXTS, TEXTS, st.sampled_from(LANGUAGES), st.sampled_from(NAMES))
def test_any_text_gives_flags_or_none(source, translation, language, name):
    """Whatever the texts, a check gives flags with a kind, the same ones every time."""
    found = check(source, language, translation, [name])
    assert all(isinstance(flag, Flag) and flag.kind for flag in found)
    assert found == check(source, language, translation, [name])


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.tag)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_silent(name, language):
    """Of nothing, translated as nothing, no check has anything to say."""
    assert check("", language, "", [name]) == ()
