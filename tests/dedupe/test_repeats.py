"""Passages that stand twice in an article, and sentences that restate."""

from __future__ import annotations

from pathlib import Path

import pytest
from cases import cases
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedupe.repeats import find_repeats, reading_order, restated

SEEDS = Path(__file__).parents[2] / "seeds"
LONG = "The minister said on Monday that the bridge would open before the end of the year."
OTHER = "Engineers from three countries have worked on the foundations since the spring."


def lines(name):
    """Read the lines of a seed article that are not blank."""
    text = next(SEEDS.glob(f"{name}_*")).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip()]


def kept(passages, **options):
    """Give the texts that stay, in reading order."""
    order = reading_order(len(passages), find_repeats(passages, **options))
    return [passages[index] for index in order]


@pytest.mark.parametrize("name", ["000", "001", "002", "003"])
def test_real_articles_that_repeat_nothing_stay_whole(name):
    """Questions and answers, key points and refrains that restate an article are not repeats."""
    assert not find_repeats(lines(name))


@pytest.mark.parametrize(
    ("passages", "dropped"),
    [
        pytest.param([LONG, OTHER, LONG], {2}, id="exact"),
        pytest.param([LONG, OTHER, LONG.upper().replace(" ", "  ")], {2}, id="case and space"),
        pytest.param([LONG, OTHER, LONG, LONG], {2, 3}, id="three copies"),
        pytest.param(
            [
                "離開臺灣之後，他在公司裡繼續發展新的產品" * 3,
                "离开台湾之后,他在公司里继续发展新的产品" * 3,
            ],
            {1},
            id="Traditional and Simplified",
        ),
        pytest.param(["Yes.", LONG, "Yes.", OTHER, "Yes."], set(), id="refrain"),
        pytest.param(["Plan", LONG, "Plan", OTHER], set(), id="heading used twice"),
        pytest.param(["Plan", LONG, "So.", "Ad", "Plan", LONG, "So."], {4, 5, 6}, id="run"),
        pytest.param([LONG, "a", OTHER, LONG, "b", OTHER], {3, 5}, id="a line between differs"),
        pytest.param([LONG.replace("e ", "\ufffd ", 1), OTHER, LONG], {0}, id="first is damaged"),
        pytest.param([LONG, LONG.replace("e ", "\ufffd ", 1)], {1}, id="second is damaged"),
        pytest.param([LONG, LONG.replace("bridge", "br idge")], {1}, id="a space in a word"),
        pytest.param(["35亿美元的营收，" * 9, "53亿美元的营收，" * 9], set(), id="number"),
        pytest.param([f"{LONG} 2024", f"{LONG} 2025"], set(), id="year"),
        pytest.param([f"{LONG} Profit: 5.", f"{LONG} Profit: -5."], set(), id="sign"),
        pytest.param([f"{LONG} It cost $5.", f"{LONG} It cost €5."], set(), id="currency"),
        pytest.param([LONG, LONG.replace("would", "would not")], set(), id="negation"),
        pytest.param([LONG, LONG.replace("minister", "president")], set(), id="another word"),
        pytest.param(
            [LONG.replace("bridge", "br\ufffddge"), LONG.replace("Monday", "Friday")],
            set(),
            id="damage elsewhere does not excuse another word",
        ),
        pytest.param(
            [LONG, LONG.replace("would", "would\ufffd not")], set(), id="a word beside damage"
        ),
        pytest.param(["* * *", LONG, "…", OTHER, "* * *"], set(), id="rules between parts"),
        pytest.param(["", "", ""], set(), id="empty"),
        pytest.param([], set(), id="nothing"),
    ],
)
def test_what_is_a_repeat(passages, dropped):
    """Copies and runs of copies go; refrains, headings and whatever adds a fact stay."""
    assert set(find_repeats(passages)) == dropped


def test_the_least_damaged_copy_stays():
    """Of two copies the one with less visible damage is kept, whichever comes first."""
    marked = LONG.replace("bridge", "br\ufffddge")
    assert find_repeats([marked, LONG]) == {0: 1}


passages_of_any_kind = st.lists(
    st.one_of(
        st.sampled_from([LONG, OTHER, "Yes.", "No.", LONG.replace("b", "\ufffd", 1), "", "…"]),
        st.text(max_size=60),
    ),
    max_size=14,
)


@given(passages_of_any_kind)
@settings(deadline=None, max_examples=100)
def test_one_copy_always_stays(passages):
    """What is dropped has its kept copy, and the reading order holds all that stays, once."""
    repeats = find_repeats(passages)
    assert not set(repeats.values()) & set(repeats)
    order = reading_order(len(passages), repeats)
    assert sorted(order) == sorted(set(range(len(passages))) - set(repeats))


@given(passages_of_any_kind)
@settings(deadline=None, max_examples=100)
def test_a_text_pasted_behind_itself_adds_nothing(passages):
    """An article with a long passage that is pasted twice keeps what it keeps once."""
    body = [*passages, LONG]
    assert kept([*body, *body]) == kept(body)


@pytest.mark.parametrize(
    "passages",
    [
        pytest.param(
            [f"{LONG} It is case {n}{tail}." for tail in ("", "\ufffd") for n in range(10_000)],
            id="20,000 paragraphs of one mould",
        ),
        pytest.param([LONG] * 20_000, id="20,000 times the same"),
        pytest.param([OTHER * 12_500, OTHER * 12_400 + "\ufffd" + OTHER * 100], id="1 MB each"),
    ],
)
def test_large_articles(passages):
    """Repeats are found where comparing all with all would take hours."""
    assert find_repeats(passages)


@pytest.mark.parametrize(
    "later",
    [
        "OpenAI may lose 5 billion dollars in 2024.",
        "openai may lose 5 billion dollars in 2024",
        "OpenAI may lose 5 billion dollars.",
        "In 2024, OpenAI may lose 5 billion dollars.",
    ],
)
def test_a_sentence_that_restates_is_found(later):
    """The same statement, whole, shortened or turned, counts once."""
    assert restated(["OpenAI may lose 5 billion dollars in 2024.", OTHER, later]) == {2}


@cases(__file__, "not restated", "earlier", "later")
def test_a_sentence_that_says_something_else_is_left(earlier, later):
    """Another actor, number, tense, negation, or an addition is another statement."""
    assert restated([earlier, later]) == set()


@given(st.lists(st.text(max_size=40), max_size=8))
@settings(deadline=None, max_examples=100)
def test_the_first_sentence_is_never_restated(sentences):
    """Something must have been said before it can be said again."""
    assert 0 not in restated(sentences)
