"""The canonical form: what it folds, what it keeps, and what counts as visible damage."""

from __future__ import annotations

from cases import cases
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedupe.canonical import canonical, damage


@cases(__file__, "same", "one", "other")
def test_typography_script_variant_and_case_are_folded(one, other):
    """Texts that differ in form alone compare as equal."""
    assert canonical(one) == canonical(other)


@cases(__file__, "other", "one", "other")
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


@cases(__file__, "damage", "text", "marks")
def test_damage_counts_marks(text, marks):
    """Sound text has no damage, and every mark of loss counts once."""
    assert damage(text) == marks


def test_mojibake_is_damage():
    """UTF-8 read as Windows-1252 is seen."""
    assert damage("cafÃ© dâ€™or") > damage("café d’or") == 0
