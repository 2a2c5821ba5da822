"""Coverage of concepts: what makes a sentence worth its place in a summary."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Flag, Language, Segment
from pipeline.summarize.concepts import LENGTH, concepts

PLAIN = "The town is by the river, and its people like the river well."
CASES = {
    "a number": ("The town is by the river, and 340 people like the river well.", PLAIN),
    "a name": ("The town is by the river, and people of eBay like the river well.", PLAIN),
    "what recurs": ("A storm hit the coast and the port of the town.", "Cats often sleep."),
    "a statement": ("The town has 340 people by it.", "The town has 340 people by it?"),
    "few words": ("The town has 340 people.", "The town has 340 people and so they do say."),
    "what stands alone": ("The town had 340 people then.", "But the town had 250 people then."),
}
FILLER = ("It rained on and on.", "A storm hit the port.", "The storm left the coast and the port.")
WORDS = st.sampled_from(
    ("the", "Town", "river", "340", "12", "OpenAI", "lost", "It", "but", "storm", "?")
)


def rate(*texts, **changes):
    """Rate sentences of English texts; `changes` are of each."""
    return concepts([Segment(i, "sentence", 0, 0, t, **changes) for i, t in enumerate(texts)])


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("turned", [False, True])
def test_prefers(case, turned):
    """Between two sentences alike, the one with more to say comes first, wherever it stands."""
    pair = CASES[case][:: -1 if turned else 1]
    ratings = rate(*FILLER, *pair)[-2:]
    assert ratings.index(max(ratings)) == turned


@pytest.mark.parametrize("doubt", [{"flags": (Flag("number"),)}, {"quality": "poor"}])
def test_a_doubtful_sentence_must_say_twice_as_much(doubt):
    """What is doubtful comes after its equals, but a fact that nothing else has outweighs that."""
    texts = ("Rain fell on 3 May.", "Rain fell on 4 May.", "In 12 towns 340 people left by 8.")
    sentences = [Segment(i, "sentence", 0, 0, text) for i, text in enumerate(texts)]
    first, second, third = concepts([replace(sentences[0], **doubt), *sentences[1:]])
    assert first < second
    first, second, third = concepts([*sentences[:2], replace(sentences[2], **doubt)])
    assert third > second


def test_what_was_said_is_worth_nothing_again():
    """Of three sentences the one with another number comes before the repetition."""
    first, again, other = rate("OpenAI lost 5 in May.", "In May OpenAI lost 5.", "Rain took 3.")
    assert first > other > again


def test_reads_names_and_numbers_in_the_source():
    """A number that the draft has lost still counts, by the conventions of its language."""
    texts = ("В городе 5,8 миллиарда рублей.", "В городе много старых рублей.")
    sentences = [
        Segment(i, "sentence", 0, 0, text, language=Language("ru", "Cyrl"), translation="A town.")
        for i, text in enumerate(texts[::-1])
    ]
    assert concepts(sentences) == [1.0, 2.0]


def test_a_leaning_sentence_brings_its_neighbour():
    """A sentence that says much but leans comes right behind the one before, which says little."""
    *_, neighbour, leaning = rate(*FILLER, "Ann spoke.", "She paid $5 to OpenAI and $12 to eBay.")
    assert neighbour == leaning + 1


def test_every_stretch_has_its_say():
    """Of a long article of equals, the first six turns go to all stretches of ten sentences."""
    ratings = rate(*(f"Report {i} is out now." for i in range(100, 130)))
    assert {i // 10 for i, rating in enumerate(ratings) if rating > 24} == {0, 1, 2}


def test_the_lead_of_news_counts():
    """The same sentence comes earlier near a front that sums the article up than behind one."""
    lead = "The storm of 3 May hit the port, 12 ships and 340 people of the coast."
    rest = ["The port lost 4 ships.", "Of the coast 5 people left.", "A storm took 6 days."]
    news = rate(lead, *rest)
    essay = rate(*rest, lead)
    assert news[0] == 4.0
    assert news[1:] == [3.0, 2.0, 1.0] or news[1] > essay[0]


def test_length_counts_a_little():
    """A sentence of 16 times the words must add twice as much, as the constant says."""
    assert 16**LENGTH == 2


@given(st.lists(st.lists(WORDS, max_size=9).map(" ".join), max_size=25))
def test_turns(texts):
    """Ratings are the turns from the number of sentences to 1, each once, whatever they say."""
    assert sorted(rate(*texts)) == list(range(1, len(texts) + 1))


@given(st.lists(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), min_size=2, max_size=12))
def test_none_comes_before_what_it_leans_on(texts):
    """A sentence that leans on the one before never has its turn before it."""
    ratings = rate(*texts)
    for index, text in enumerate(texts[1:], 1):
        if text.split()[0].lower() in {"it", "but"}:
            assert ratings[index] < ratings[index - 1]
