"""The summary methods: what all of them promise."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import registry
from pipeline.article import Segment
from pipeline.summarize import choose
from pipeline.summarize.methods import load

METHODS = list(registry.named(registry.SUMMARIES))
ARTICLE = (
    "OpenAI decided to retire GPT-4o, and its users did not like the decision.",
    "Users of GPT-4o say that the newer model doesn't talk like a friend.",
    "The company lost $14 billion this year.",
    "",
    "Its users pay for the model, but the users are only a part of its revenue.",
    "Investors ask how the company will earn back the billions that it lost.",
    "!!!",
    "Version 8.5 of another model came out on Monday.",
    "The weather was fine.",
    "Users, users and again users: the company lost the users that paid for the model.",
)
SHAPES = {
    "none": (),
    "one": ("The company lost its users.",),
    "two": ("The company lost its users.", "The users lost the company."),
    "two strangers": ("The company lost money.", "Rain fell overnight."),
    "no words": ("...", "", "—", "  "),
    "stop words only": ("It is what it is.", "And so on."),
    "identical": ("The company lost its users.",) * 5,
    "single words": ("Users.", "Users.", "Company.", "And"),
    "500 words": (" ".join(f"word{i % 60} company" for i in range(250)), "A company."),
    "article": ARTICLE,
}
every_method = pytest.mark.parametrize("method", METHODS)


def segments(texts):
    """Make sentences of English texts."""
    return [Segment(i, "sentence", 0, 0, text) for i, text in enumerate(texts)]


def rate(method, texts):
    """Rate English texts by a method's name."""
    return list(load(method)(segments(texts)))


@every_method
@pytest.mark.parametrize("shape", SHAPES)
def test_rates_every_sentence(method, shape):
    """Every method gives one finite rating per sentence, the same each time."""
    ratings = rate(method, SHAPES[shape])
    assert len(ratings) == len(SHAPES[shape])
    assert all(math.isfinite(rating) for rating in ratings)
    assert rate(method, SHAPES[shape]) == ratings


@every_method
@given(
    sentences=st.lists(st.text(max_size=40) | st.sampled_from(ARTICLE), max_size=8),
    count=st.integers(-1, 9),
)
@settings(max_examples=25, deadline=None)
def test_chooses_from_any_text(method, sentences, count):
    """The choice is in reading order, within the count, and no text stands in it twice."""
    chosen = choose(sentences, rate(method, sentences), count)
    texts = [sentences[index].strip() for index in chosen]
    assert chosen == sorted(chosen)
    assert len(chosen) <= max(count, 0)
    assert all(texts)
    assert len(set(texts)) == len(texts)


@every_method
def test_prefers_the_earlier_of_equals(method):
    """Sentences that say as much as each other are chosen from the front."""
    sentences = ("Red apples fall.", "Tall ships sail.", "Blue clocks tick.", "Wild geese fly.")
    assert choose(sentences, rate(method, sentences), 2) == [0, 1]


def test_finds_the_central_sentence():
    """LexRank chooses the sentence that shares most with the others."""
    assert choose(ARTICLE, rate("lexrank", ARTICLE), 1)[0] in {4, 9}


def test_keeps_names_and_decimals_whole():
    """GPT-4o is a word of its own, which parts of it do not match."""
    texts = ("We tested GPT-4o now.", "All praised GPT-4o.", "Four 4o units of GPT came.", "Rain.")
    ratings = rate("reduction", texts)
    assert ratings[0] == ratings[1] > ratings[2] == 0


def test_refuses_ratings_that_do_not_match():
    """A method that forgets a sentence is told so."""
    with pytest.raises(ValueError, match="1 ratings for 2 sentences"):
        choose(("One.", "Two."), [1.0], 1)
