"""The summary methods rate as sumy does, and survive every text."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.nlp.stemmers import Stemmer
from sumy.summarizers.kl import KLSummarizer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.lsa import LsaSummarizer
from sumy.summarizers.luhn import LuhnSummarizer
from sumy.summarizers.reduction import ReductionSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer
from sumy.utils import get_stop_words

from pipeline.summarize.methods import METHODS, choose, rank

SUMY = {
    "lexrank": LexRankSummarizer,
    "textrank": TextRankSummarizer,
    "lsa": LsaSummarizer,
    "luhn": LuhnSummarizer,
    "kl": KLSummarizer,
    "reduction": ReductionSummarizer,
}

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
    "500 words without a stop": (
        " ".join(f"word{i % 60} company" for i in range(250)),
        "A company.",
    ),
}


VOCABULARY = st.sampled_from(["alpha", "beta", "gamma", "delta", "users", "lost", "the", "and"])


class Words:
    """A tokenizer for sumy that keeps what the texts of these tests hold."""

    def to_words(self, text):
        """Cut at white space, without the punctuation around a word, in lower case."""
        return tuple(word for raw in text.split() if (word := raw.strip(".,:;!?$—").lower()))


def by_sumy(sentences, method):
    """Give sumy's own ratings, caught where sumy picks the best sentences."""

    class Catch(SUMY[method]):
        @staticmethod
        def _get_best_sentences(sentences, _count, rating, *arguments):
            rate = rating if callable(rating) else rating.__getitem__
            return [float(rate(sentence, *arguments)) for sentence in sentences]

    summarizer = Catch(Stemmer("english"))
    summarizer.stop_words = get_stop_words("english")
    document = ObjectDocumentModel([Paragraph([Sentence(text, Words()) for text in sentences])])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sumy divides by 0 where no two sentences are alike
        ratings = summarizer(document, len(sentences))
    return np.nan_to_num(ratings or [0.0] * len(sentences))


def near_threshold(sentences):
    """Tell whether two sentences are so near LexRank's threshold that rounding decides."""
    summarizer = LexRankSummarizer(Stemmer("english"))
    summarizer.stop_words = get_stop_words("english")
    words = [summarizer._to_words_set(Sentence(text, Words())) for text in sentences]
    tf, idf = summarizer._compute_tf(words), summarizer._compute_idf(words)
    pairs = [(i, j) for i in range(len(words)) for j in range(i)]
    cosine = summarizer.cosine_similarity
    return any(abs(cosine(words[i], words[j], tf[i], tf[j], idf) - 0.1) < 1e-9 for i, j in pairs)


@pytest.mark.parametrize("method", METHODS)
def test_rates_an_article_as_sumy_does(method):
    """Every method gives the ratings of sumy's own implementation."""
    assert rank(ARTICLE, method) == pytest.approx(by_sumy(ARTICLE, method), abs=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
def test_lexrank_rates_odd_shapes_as_sumy_does(shape):
    """LexRank equals sumy's own on texts without words, of one sentence, of equal sentences."""
    sentences = SHAPES[shape]
    assert rank(sentences, "lexrank") == pytest.approx(by_sumy(sentences, "lexrank"), abs=1e-9)


@given(
    st.lists(
        st.lists(
            st.sampled_from(["alpha", "beta", "gamma", "delta", "users", "lost", "the", "and"]),
            max_size=9,
        ),
        max_size=12,
    )
)
@settings(max_examples=100, deadline=None)
def test_lexrank_rates_any_text_as_sumy_does(sentences):
    """LexRank equals sumy's own within 1e-9 on any mix of words, empty sentences included."""
    texts = [" ".join(words) for words in sentences]
    assume(not near_threshold(texts))
    assert rank(texts) == pytest.approx(by_sumy(texts, "lexrank"), abs=1e-9)


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"lexrank"}))
@given(
    words=st.lists(
        st.lists(
            st.sampled_from(["alpha", "beta", "gamma", "delta", "users", "the"]),
            min_size=2,
            max_size=9,
        ),
        min_size=1,
        max_size=8,
        unique_by=tuple,  # sumy adds the ratings of equal sentences up
    )
)
@settings(max_examples=20, deadline=None)
def test_other_methods_rate_any_text_as_sumy_does(method, words):
    """The other methods equal sumy's own wherever no two sentences are equal."""
    texts = [" ".join(sentence) for sentence in words]
    ours, theirs = rank(texts, method), by_sumy(texts, method)
    if method == "kl":  # ties in the greedy choice fall by rounding in sumy
        assert sorted(ours) == sorted(theirs)
    else:
        assert ours == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", SHAPES)
def test_survives_odd_shapes(method, shape):
    """Every method gives one finite rating per sentence, whatever the sentences are."""
    ratings = rank(SHAPES[shape], method)
    assert len(ratings) == len(SHAPES[shape])
    assert all(math.isfinite(rating) for rating in ratings)


@pytest.mark.parametrize("method", METHODS)
@given(sentences=st.lists(st.text(max_size=40), max_size=8), count=st.integers(-1, 9))
@settings(max_examples=25, deadline=None)
def test_chooses_from_any_text(method, sentences, count):
    """The choice is in reading order, within the count, and the same each time."""
    chosen = choose(sentences, method=method, count=count)
    assert chosen == sorted(set(chosen))
    assert len(chosen) <= max(count, 0)
    assert all(sentences[index].strip() for index in chosen)
    assert chosen == choose(sentences, method=method, count=count)


@pytest.mark.parametrize("method", METHODS)
def test_prefers_the_earlier_of_equals(method):
    """Sentences that say as much as each other are chosen from the front."""
    sentences = ("Red apples fall.", "Tall ships sail.", "Blue clocks tick.", "Wild geese fly.")
    assert choose(sentences, method=method, count=2) == [0, 1]


def test_never_chooses_a_text_twice():
    """A repeated sentence stands in the summary once."""
    assert choose(("The company lost its users.",) * 4, count=3) == [0]


def test_finds_the_central_sentence():
    """LexRank chooses the sentence that shares most with the others."""
    assert choose(ARTICLE, count=1)[0] in {4, 9}


def test_keeps_names_and_decimals_whole():
    """GPT-4o, 8.5 and don't are words of their own, which parts of them do not match."""
    sentences = (
        "We tested GPT-4o yesterday.",
        "Everyone praised GPT-4o loudly.",
        "Four 4o units of GPT arrived.",
        "Rain fell.",
    )
    ratings = rank(sentences, "reduction")
    assert ratings[0] == ratings[1] > 0
    assert ratings[2] == 0


def test_refuses_an_unknown_method():
    """The error names the methods that there are."""
    with pytest.raises(ValueError, match="lexrank, textrank"):
        rank(("A sentence.",), "pagerank")
