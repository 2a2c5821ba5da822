"""Adequacy by a lexicon: what of the source comes out, and what of the English it accounts for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.translate.adequacy import Adequacy, compare, doubts
from pipeline.translate.lexicon import Lexicon, parse

ROWS = {
    "қазына": "treasury:61|fund:12",
    "қарыз": "debt:80",
    "үкімет": "government:90",
    "төледі": "paid:70|pay:20",
    "мен": "",
}
LEXICON = Lexicon("kk", {key: parse(row) for key, row in ROWS.items()}.get)
SOURCE = "Үкімет қарызды қазынадан төледі"
CASES = {
    "all of it": (SOURCE, "The government paid the debts from the treasury.", 1, 1),
    "another word for it": (SOURCE, "Governments pay debt from a fund.", 1, 1),
    "half of it": (SOURCE, "The government paid.", 0.5, 1),
    "more than it says": (
        SOURCE,
        "The government paid debts, treasury salaries and pensions.",
        1,
        4 / 6,
    ),
    "something else": (SOURCE, "A cat sat on the mat.", 0, 0),
    "a name by its sound": ("Назарбаевтың қарызы", "Nazarbayev's debt", 1, 1),
    "another name": ("Назарбаевтың қарызы", "Tokayev's debt", 0.5, 0.5),
    "a name in Latin letters": ("OpenAI қарызы", "OpenAI debt", 1, 1),
    "nothing known, nothing said": ("мен 1", "", 1, 1),
}


@pytest.mark.parametrize(("source", "english", "covered", "accounted"), CASES.values(), ids=CASES)
def test_shares_of_words(source, english, covered, accounted):
    """Words count as said by any of their meanings, in any form; names by their sound."""
    found = compare(LEXICON, source, english)
    assert (found.covered, found.accounted) == pytest.approx((covered, accounted))


def test_another_sentence_is_flagged():
    """A translation with no word of a sentence of some length is flagged; a short one is not."""
    wrong = compare(LEXICON, SOURCE, "A cat sat on the mat.")
    assert list(map(str, doubts(wrong))) == ["meaning: 0 of 4 words come out"]
    right = compare(LEXICON, SOURCE, "The government paid.")
    assert not [*doubts(right), *doubts(Adequacy(0, 0, 3)), *doubts(None)]


@given(st.text(), st.text())
def test_any_texts_are_compared(source, english):
    """Whatever the texts, both shares lie between 0 and 1."""
    found = compare(LEXICON, source, english)
    assert 0 <= min(found[:2]) <= max(found[:2]) <= 1
