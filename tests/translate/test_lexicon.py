"""The lexicon: words are found in their forms, at their places, the user's before ours."""

from __future__ import annotations

import lzma
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.translate.lexicon import Lexicon, load, parse, read_own
from pipeline.yamlpos import ConfigError

ROWS = {
    "kk": {
        "қазына": "treasury:61|fund:12",
        "қазын-": "treasury:40",
        "мен": "",
        "алма": "apple:90",
        "алма-": "apple:70|take:10",
        "тоңазыт?": "fridge:50",
        "openai": "openapi:60",
        "жібе-": "send:60",
        "астана": "astana:90",
        "болмайды": "cannot:40|can't:30",
    },
    "he": {"ספר": "book:80", "הספר": "barber:50"},
    "id": {"makan": "eat:80", "maka-": "food:60"},
    "zh": {"人工": "manual:50", "人工智能": "artificial intelligence:90", "国": "country:70"},
}
CASES = {
    "a word": ("kk", "Қазына", "treasury/fund"),
    "with an ending": ("kk", "қазынаның", "treasury/fund"),
    "another form of its stem": ("kk", "қазынды", "treasury"),
    "the nearest form first": ("kk", "алмаларды", "apple"),
    "too common, in no form": ("kk", "мен", ""),
    "little known": ("kk", "тоңазыт", "fridge"),
    "a name by its sound": ("kk", "Назарбаев тұрды: алма", "~nazarbaev ~turdy apple"),
    "a name that is also a word": ("kk", "Илон Алмасқа алма", "~ilon apple/~almasqa apple"),
    "a name that sounds like its English": ("kk", "алма Астанада", "apple astana"),
    "a capital that a sentence begins with": ("kk", "Алма. «Алмас» жіберді", "apple apple send"),
    "an ending that says not": ("kk", "мен жібермедім, жібермесе", "not send not send"),
    "not, said by the entry itself": ("kk", "болмайды", "cannot/can't"),
    "an ending that only looks like it": ("kk", "жібереді", "send"),
    "Latin letters are for the model": ("kk", "GPT-4o-ға алма OpenAI", "apple"),
    "a prefix": ("he", "בספר", "book"),
    "two prefixes": ("he", "ובספר", "book"),
    "a whole word before its parts": ("he", "הספר", "barber"),
    "with vowel points": ("he", "סֵפֶר", "book"),
    "Latin script": ("id", "Makanlah 2 makam", "eat food"),
    "the longest word": ("zh", "人工智能国", "artificial intelligence country"),
    "the other script": ("zh", "人工國", "manual country"),
    "nothing known": ("zh", "龘", ""),
    "nothing there": ("he", "", ""),
}


def lexicon(language, own=None, folder=None):
    """Give the lexicon of a language, from memory or through a file."""
    if folder is None:
        return Lexicon(language, {key: parse(row) for key, row in ROWS[language].items()}.get)
    rows = "\n".join(f"{key}\t{row}" for key, row in ROWS[language].items())
    (folder / "lexicon.xz").write_bytes(lzma.compress(rows.encode()))
    return load(folder / "lexicon.xz", language, own)


@pytest.mark.parametrize(("language", "text", "hints"), CASES.values(), ids=CASES)
def test_words_are_found_in_their_forms(language, text, hints, tmp_path):
    """A word is found by itself, without endings or prefixes, in either script; file or not."""
    assert lexicon(language).hints(text) == hints
    assert lexicon(language, folder=tmp_path).hints(text) == hints


@given(st.text(), st.sampled_from(list(ROWS)))
def test_any_text_is_read(text, language):
    """Words come in order, at their places in the text, and as many in its hints."""
    words = list(lexicon(language).words(text))
    assert all(a.end <= b.start for a, b in pairwise(words))
    assert all(0 <= word.start < word.end <= len(text) for word in words)
    assert all(text[word.start : word.end].strip() for word in words)
    assert "\n" not in lexicon(language).hints(text)


@given(st.lists(st.sampled_from(["қазына", "алма", "мен", "Абай"])))
def test_words_are_cut_out_whole(parts):
    """What stands at a word's place is the word."""
    text = " ".join(parts)
    found = [text[word.start : word.end] for word in lexicon("kk").words(text)]
    assert found == [part for part in parts if part != "мен"]


def test_the_users_words_go_first(tmp_path):
    """A user's English comes before ours, for a word in any of its forms, and for a new word."""
    (tmp_path / "own.tsv").write_text("# mine\nҚазына\tcoffer\tkk\nкелін\tdaughter-in-law\tkk\n")
    own = read_own(tmp_path / "own.tsv")
    found = lexicon("kk", own["kk"], tmp_path)
    assert found.hints("қазынаға келіннің") == "coffer/treasury/fund daughter-in-law"


@pytest.mark.parametrize("line", ["қазына treasury kk", "қазына\ttreasury", "қазына\t\tkk"])
def test_a_wrong_line_is_told_with_its_place(tmp_path, line):
    """A line that is not word, English and language is an error with file and line."""
    (tmp_path / "own.tsv").write_text(f"# mine\n{line}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"own\.tsv:2:1: expected a word"):
        read_own(tmp_path / "own.tsv")
