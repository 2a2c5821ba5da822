"""Detection: what is told, and what is left open rather than guessed."""

from __future__ import annotations

import pytest
from conftest import REPOSITORY

from pipeline.article import Article, Segment
from pipeline.clean.stage import Clean
from pipeline.detect.stage import Detect, identify
from pipeline.read.files import read

SEEDS = {
    "000_9d960025fe88f344.txt": "kk",
    "001_6f057f1fb5baead6.txt": "ru",
    "002_013a6d9f286b6fec.txt": "he",
    "003_0a53b2d7a05409b2.txt": "id",
    "004_3e9fce453feb4430.txt": "zh-Hant",
}


def article(*paragraphs):
    """Make an article of paragraphs."""
    parts = tuple(Segment(i, "paragraph", 0, 0, p) for i, p in enumerate(paragraphs))
    return Article("a.txt", "\n".join(paragraphs), segments=parts)


@pytest.mark.parametrize(("name", "tag"), SEEDS.items())
@pytest.mark.parametrize("cleaned", [True, False])
def test_the_seeds(name, tag, cleaned):
    """The five seeds are told, cleaned or not, and no paragraph is taken for another language."""
    seed = read(REPOSITORY / "seeds" / name, REPOSITORY / "seeds")
    found = Detect()(Clean()(seed) if cleaned else seed)
    assert found.language.tag == tag
    assert found.language.confidence > 0.9
    assert not [s.source for s in found.segments if s.language]


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("這個問題就像是房間裡的大象,幾乎所有人睜眼都能看到。", "zh-Hant"),
        ("这个问题就像是房间里的大象,几乎所有人睁眼都能看到。", "zh-Hans"),
        ("The minister spoke in the capital on Monday about schools.", "en"),
        ("これは新しい予算についての記事です。学校の話もあります。", "ja"),
        ("Το υπουργείο ανακοίνωσε τον νέο προϋπολογισμό για τα σχολεία.", "el"),
    ],
)
def test_language_and_script(text, tag):
    """Language and script are told from a sentence or two."""
    assert identify(text).tag == tag


@pytest.mark.parametrize("text", ["1 2 3", "---", "🙂🙂", "2024年"[:4]])
def test_no_letters_no_language(text):
    """Without letters the language stays open, and the article says so."""
    found = Detect()(article(text))
    assert (found.language, found.status) == (None, "unsupported")
    assert "no letters" in found.notes[0]


@pytest.mark.parametrize("text", ["中" * 100_000, "аб " * 10_000])
def test_a_few_characters_over_and_over_are_no_language(text):
    """A megabyte of one character is not sent to a translator."""
    found = Detect()(article(text))
    assert (found.language, found.status) == (None, "unsupported")
    assert "over and over" in found.notes[0]


def test_what_is_unclear_stays_open():
    """Below the confidence asked for, the best guess is noted, not used."""
    found = Detect(min_confidence=0.99)(article("Hotel taxi radio"))
    assert (found.language, found.status) == (None, "unsupported")
    assert "best guess" in found.notes[0]


def test_a_paragraph_in_another_language_is_told():
    """A paragraph that is clearly in another language keeps its own."""
    russian = "Министр выступил в столице в понедельник и рассказал о новом бюджете для школ."
    english = "The minister spoke in the capital on Monday about the new budget for all schools."
    found = Detect()(article(english, english, english, russian))
    assert [s.language.tag if s.language else None for s in found.segments] == [None] * 3 + ["ru"]


def test_names_in_latin_letters_are_no_language():
    """A Hebrew paragraph full of Latin names stays Hebrew."""
    text = "החברות OpenAI, DeepSeek, Anthropic, Microsoft, Google ו-Meta מתחרות ביניהן"
    found = Detect()(article("החברה מתמודדת עם אתגרים כלכליים משמעותיים בשוק העולמי כולו.", text))
    assert not any(s.language for s in found.segments)


def test_a_given_language_is_taken():
    """With `language` set nothing is detected."""
    found = Detect(language="zh-Hant")(article("中文"))
    assert (found.language.tag, found.status) == ("zh-Hant", "ok")
