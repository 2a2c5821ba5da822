"""Readings written into GBK text, and the characters that they broke."""

import runpy
from pathlib import Path

from cases import cases
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.aligned import Aligned
from pipeline.clean.readings import LOST, remove_readings, residue

ROOT = Path(__file__).parents[2]
SEED = next((ROOT / "seeds").glob("004_*.txt")).read_text(encoding="utf-8")
TITLE = "OpenAI,雪崩開始了嗎?"
MARKED_TITLE = "OpenAI,雪崩開(kāi)始了嗎?"
BENCHMARK = runpy.run_path(str(ROOT / "benchmarks" / "damage.py"))
MARKED = "開(kāi)發(fā)實(shí)驗(yàn)時(shí)對(duì)產(chǎn)業(yè)問(wèn)題沒(méi)有測(cè)試"
WORDS = [
    "因為", "他們", "在", "開會", "保", "2024", " ", "人們對", "們在", "簽有保密協議", "以",
    "”", "。", "，", "實現", "OpenAI", "3",
]  # fmt: skip


def repaired(text):
    """Apply the rule alone."""
    return Aligned.identity(text).apply(remove_readings(text)).text


def lines(text):
    """Give the lines with something on them."""
    return [line for line in text.split("\n") if line.strip()]


def test_both_copies_of_the_article_become_equal():
    """Differently damaged copies of one body agree line by line once repaired."""
    _, _, first, second = repaired(SEED).split(TITLE)
    body = lines(second)
    assert len(body) == 88
    assert lines(first)[: len(body)] == body


def test_nothing_in_the_article_looks_damaged_any_more():
    """No reading, half reading, half tag, private-use or lost character remains."""
    assert residue(SEED)
    assert residue(repaired(SEED)) == []


@cases(__file__, "passages", "line")
def test_broken_passages_come_back(line):
    """Every passage that was out of step reads in both copies as it was written."""
    assert repaired(SEED).count(line) == 2


def test_what_no_copy_tells_is_marked_and_not_guessed():
    """In the second copy alone one character is lost for good; the rest of its run comes back."""
    second = repaired(SEED.rsplit(MARKED_TITLE, 1)[1])
    assert f"“基本上都是只看不{LOST},開口就問收入" in second
    assert [second[a:b] for a, b in residue(second)] == [LOST]


@cases(__file__, "decoders", "damaged", "whole")
def test_decoders_differ(damaged, whole):
    """A run is restored whether the decoder swallowed the bracket or left it."""
    assert repaired(f"{MARKED}\n{damaged}") == f"{repaired(MARKED)}\n{whole}"


def test_a_reading_without_a_tone_stays():
    """A syllable that has no tone, or no reading in the brackets, may be the author's own."""
    marked = "我(wǒ)们(men)在(zài)北(běi)京(jīng)吗(ma)?去(qù)看(kàn)(图)"
    assert repaired(marked) == "我们(men)在北京吗(ma)?去看(图)"


@cases(__file__, "no readings", "text")
def test_healthy_text_stays(text):
    """Glosses, brackets and question marks of the author are no damage."""
    assert list(remove_readings(text)) == []
    assert residue(text) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map("".join))
def test_text_damaged_at_random_is_never_misread(words):
    """Whatever is damaged comes back right or is marked as lost."""
    readings = BENCHMARK["READINGS"]
    body = SEED_CLEAN + words + "的人"
    result = repaired(BENCHMARK["write_readings"](body, readings))
    assert result == body or LOST in result[len(SEED_CLEAN) :] or residue(result)


SEED_CLEAN = (
    "\n".join(
        line for line in lines(repaired(SEED)) if line.encode("gbk", "ignore").decode("gbk") == line
    )[:3000].rpartition("\n")[0]
    + "\n"
)


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("開(kāi)yàn?!/p>樗麄X以O。”\n\ue077" + LOST), max_size=60))
def test_a_second_pass_changes_nothing(noise):
    """Repaired text is stable, and edits are in order and inside the text."""
    once = repaired(MARKED + noise)
    assert repaired(once) == once
