"""Names and addresses come out as they went in: restored where damaged, else by placeholders."""

from __future__ import annotations

from cases import cases
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Language
from pipeline.checks.names import check
from pipeline.translate.placeholders import hold, restore


@cases(__file__, "restored", "spans", "translation", "expected")
def test_restores_what_is_unmistakable(spans, translation, expected):
    """A damaged form becomes what the source has, and each is told as `was -> is`."""
    source = f"Жаңа {spans} туралы"
    text, notes = restore(source, translation)
    assert text == expected
    assert bool(notes) is (text != translation)
    assert all(note.partition(" -> ")[0] in translation for note in notes)
    assert restore(source, text) == (text, ())


@cases(__file__, "left", "spans", "translation")
def test_leaves_what_may_be_meant(spans, translation):
    """Another name, a plain word, and what two spans could have become stay as they are."""
    assert restore(f"Жаңа {spans} туралы", translation) == (translation, ())


SPANS = st.lists(
    st.sampled_from(
        ["OpenAI", "GPT-4", "GPT-4o", "o1", "o3-mini", "Nvidia", "@OpenAI", "#keep4o", "r/ChatGPT",
         "ChatGPT", "https://a.kz/b?c=1", "https://a.kz/b", "www.akorda.kz", "a.b@c.kz", "`x = 1`"]
    ),
    min_size=1,
    unique=True,
)  # fmt: skip
WORDS = st.sampled_from(["the", "model", "It", "of 2025", "said:", "a 4-day week", "apple", "(x)"])


@st.composite
def translations(draw):
    """Draw spans, and a text that has each of them and words in between."""
    spans = draw(SPANS)
    return spans, "".join(f"{draw(WORDS)} {span} " for span in draw(st.permutations(spans)))


@given(translations())
def test_what_is_right_is_never_changed(drawn):
    """A translation in which all spans are as in the source stays as it is, without an alarm."""
    spans, translation = drawn
    source = "Мысалы " + " және ".join(spans)
    assert restore(source, translation) == (translation, ())
    assert not list(check(source, Language("xx", ""), translation))


DAMAGES = [str.lower, str.upper, str.title, lambda s: s[1:], lambda s: s[:-1], " ".join]


@given(SPANS, st.lists(st.tuples(WORDS, SPANS.map(" ".join), st.sampled_from(DAMAGES))))
def test_only_spans_change_and_only_once(spans, pieces):
    """Restoring again changes nothing, and the words between damaged spans stay."""
    source = "Мысалы " + " және ".join(spans)
    parts = [part for word, others, damage in pieces for part in (word, damage(others))]
    text, _ = restore(source, " | ".join(parts))
    assert text.split(" | ")[::2] == parts[::2] or not parts
    assert restore(source, text) == (text, ())


@cases(__file__, "held", "sentence", "lost", "asked", "answer", "expected")
def test_placeholders(sentence, lost, asked, answer, expected):
    """Placeholders become what they stand for, provided that each came out once."""
    held = hold(sentence, lost)
    assert held.text == asked
    assert held.put_back(answer) == expected
