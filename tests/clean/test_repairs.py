"""General repairs of scraped text."""

import re
from pathlib import Path

import pytest
from cases import cases
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.aligned import Aligned
from pipeline.clean.repairs import REPAIRS, repair

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
WRAPPED = """The committee met on Tuesday to discuss the new rules
for the harbour, and after a long debate it agreed that
ships above a certain size must wait outside until the
tide has turned and a pilot has come on board to guide
them in.

Fishermen said the rule would cost them half a day and
asked for well-known exceptions, as they had been
granted in former years when the channel was dredged for
the last time, and the mayor promised to look into the
matter."""


def clean(text):
    """Apply all rules until nothing changes."""
    return repair(Aligned.identity(text), text)[0].text


@cases(__file__, "repairs", "damaged", "whole", "rules")
def test_damage_is_undone_by_its_rule(damaged, whole, rules):
    """Each kind of damage is restored, and by no other rule than its own."""
    assert clean(damaged) == whole
    assert [n for n, r in REPAIRS.items() if list(r(damaged))] == rules or len(rules) > 1


@cases(__file__, "healthy", "text")
def test_healthy_text_stays(text):
    """Style, names, code, poems and other scripts are no damage."""
    assert clean(text) == text


def test_wrapped_documents_are_joined():
    """A document broken at a fixed width becomes one line per paragraph."""
    joined = clean(WRAPPED)
    assert joined == re.sub(r"(?<!\n)\n(?!\n)", " ", WRAPPED)


@pytest.mark.parametrize(
    ("stem", "rules"),
    [
        ("000", {"bullet": 5}),
        ("001", {}),
        ("002", {"emphasis mark": 2}),
        ("003", {"gap in a doubled word": 6}),
    ],
)
def test_articles_are_changed_only_where_damaged(stem, rules):
    """The seeds lose their known damage and nothing else."""
    (path,) = [path for path in SEEDS if path.stem.startswith(stem)]
    text = path.read_text(encoding="utf-8")
    edits = {name: len(list(rule(text))) for name, rule in REPAIRS.items()}
    assert {name: count for name, count in edits.items() if count} == rules


ALPHABET = st.one_of(
    st.sampled_from(" \t\n-_*•★▲.,&;#?!()（）\r\u00a0\u2028\u200b\u200d\u00ad\u200e\u0301\x02"),
    st.sampled_from([*"abcÉéйиשלأ開は한Ａ👩", "Ã©", "â€™"]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ALPHABET, max_size=80).map("".join))
@example("ש\u200e ")
def test_any_text_is_stable_after_cleaning(text):
    """Whatever the input, edits are valid and cleaning is idempotent."""
    once = clean(text)
    assert clean(once) == once


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("0123456789aéЖקф文 .,-:/%$()_*\n"), max_size=80))
def test_no_digit_is_lost_or_moved(text):
    """The numbers of a text are the same before and after."""
    assert re.findall("[0-9]", clean(text)) == re.findall("[0-9]", text)
