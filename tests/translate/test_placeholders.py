"""Names and addresses come out as they went in: restored where damaged, else by placeholders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks.names import compare_names
from pipeline.translate.placeholders import hold, restore

RESTORED = [
    ("DeepSeek", "by Deepseek, deepSeek and deepseek", "by DeepSeek, DeepSeek and DeepSeek"),
    ("DeepSeek", "Deep Seek's model", "DeepSeek's model"),
    ("GPT-4o", "the GPT-4 o and GPT4o", "the GPT-4o and GPT-4o"),
    ("o3-mini", "O3 mini is fast", "o3-mini is fast"),
    ("o1 и o3", "O1 and O3", "o1 and o3"),
    ("Nvidia", "NVIDIA shares", "Nvidia shares"),
    ("NATO", "Nato said", "NATO said"),
    ("@aidana_news", "Aidana_news said", "@aidana_news said"),
    ("@aidana_news", "@ Aidana news said", "@aidana_news said"),
    ("#keep4o", "keep4o was used", "#keep4o was used"),
    ("r/ChatGPT и ChatGPT", "R/ chatgpt and ChatGPT", "r/ChatGPT and ChatGPT"),
    ("https://a.kz/b/c?d=1", "see https://a.kz/ b/c?d=1.", "see https://a.kz/b/c?d=1."),
    ("https://a.kz/b/c?d=1", "see a.kz/b/c?d=1.", "see https://a.kz/b/c?d=1."),
    ("www.kremlin.ru", "on Kremlin.ru", "on www.kremlin.ru"),
    ("press@kaspi.kz", "to press@ kaspi.kz now", "to press@kaspi.kz now"),
    ("`max_tokens`", "the 'max tokens' value", "the `max_tokens` value"),
    ("`if`", "the 'if' word", "the `if` word"),
]
LEFT = [
    ("GPT-4", "the GPT-4o model"),
    ("GPT-4o", "the GPT-4 model"),
    ("GPT-4", "the GPT 4.5 model"),
    ("o1", "the o3 model"),
    ("Llama2", "the Llama3 model"),
    ("Apple", "it likes apples, and an apple"),
    ("IT", "It is so"),
    ("A4", "a 4-day week"),
    ("FaceTime", "to face time"),
    ("ChatGPT", "the Chat"),
    ("Claude", "Clouds above"),
    ("iPhone", "two iPhones"),
    ("#music", "the best music"),
    ("`if`", "if it is so"),
    ("press@kaspi.kz", "the press service of Kaspi.kz"),
    ("https://a.kz/x https://a.kz/y", "see https://a.kz/"),
    ("https://a.kz/x1", "see https://a.kz/x2"),
    ("@OpenAI и OpenAI", "OpenAI and OpenAI"),
    ("@OpenAI и OpenAI", "Openai"),
    ("Nvidia", "the shares of Nvidea"),
    ("https://a.kz/b/c?d=1", "see https://a.kz/b."),
]


@pytest.mark.parametrize(("spans", "translation", "expected"), RESTORED)
def test_restores_what_is_unmistakable(spans, translation, expected):
    """A damaged form becomes what the source has, and each is told as `was -> is`."""
    source = f"Жаңа {spans} туралы"
    text, notes = restore(source, translation)
    assert text == expected
    assert bool(notes) is (text != translation)
    assert all(note.partition(" -> ")[0] in translation for note in notes)
    assert restore(source, text) == (text, ())


@pytest.mark.parametrize(("spans", "translation"), LEFT)
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
    assert compare_names(source, translation) == []


DAMAGES = [str.lower, str.upper, str.title, lambda s: s[1:], lambda s: s[:-1], " ".join]


@given(SPANS, st.lists(st.tuples(WORDS, SPANS.map(" ".join), st.sampled_from(DAMAGES))))
def test_only_spans_change_and_only_once(spans, pieces):
    """Restoring again changes nothing, and the words between damaged spans stay."""
    source = "Мысалы " + " және ".join(spans)
    parts = [part for word, others, damage in pieces for part in (word, damage(others))]
    text, _ = restore(source, " | ".join(parts))
    assert text.split(" | ")[::2] == parts[::2] or not parts
    assert restore(source, text) == (text, ())


HELD = {
    "addresses": (
        "Жазыңыз: @a_b, https://a.kz/b?c=1.", [],
        "Жазыңыз: A1, A2.", "Write: A2, or A1.", "Write: https://a.kz/b?c=1, or @a_b.",
    ),
    "a lost name": ("Бүгін Zoom және Meta", ["Zoom"], "Бүгін A1 және Meta", "A1's", "Zoom's"),
    "one that looks like a placeholder": (
        "A1 және Zoom", ["Zoom"], "A1 және A2", "A2 and A1", "Zoom and A1",
    ),
    "a placeholder lost": ("Бүгін @a және @b", [], "Бүгін A1 және A2", "A1 and A3", None),
    "a placeholder twice": ("Бүгін @a", [], "Бүгін A1", "A1 and A1", None),
}  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "lost", "asked", "answer", "expected"), HELD.values(), ids=HELD
)
def test_placeholders(sentence, lost, asked, answer, expected):
    """Placeholders become what they stand for, provided that each came out once."""
    held = hold(sentence, lost)
    assert held.text == asked
    assert held.put_back(answer) == expected
