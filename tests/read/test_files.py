"""Reading: every file becomes an article, or a clear word about why not."""

from __future__ import annotations

import os

import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st

from pipeline.aligned import Aligned
from pipeline.read.files import decode, find, read
from pipeline.read.layout import lines, segments

RUSSIAN = "Компания объявила о новых результатах за прошлый год. Прибыль выросла вдвое.\n" * 8

ENCODINGS = {
    "UTF-8": (RUSSIAN.encode(), RUSSIAN),
    "UTF-8 with a mark": (RUSSIAN.encode("utf-8-sig"), RUSSIAN),
    "UTF-16": (RUSSIAN.encode("utf-16"), RUSSIAN),
    "Windows-1251": (RUSSIAN.encode("cp1251"), RUSSIAN),
    "KOI8-R": (RUSSIAN.encode("koi8-r"), RUSSIAN),
    "Big5": (
        ("根據統計,今年的收入超過去年。" * 20).encode("big5"),
        "根據統計,今年的收入超過去年。" * 20,
    ),
    "line ends stay": (b"a\r\nb\n", "a\r\nb\n"),
}


@pytest.mark.parametrize(("data", "text"), ENCODINGS.values(), ids=ENCODINGS)
def test_encodings_are_recognised(data, text):
    """Text in the encodings of the web is decoded to what was meant."""
    assert decode(data)[0] == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf8_is_never_misread(text):
    """Whatever is UTF-8 is read as UTF-8."""
    assert decode(text.encode())[0] == text.removeprefix("\ufeff")


BROKEN = {
    "empty": (b"", "empty"),
    "white space": (b" \n\t\n", "empty"),
    "binary": (bytes(range(256)) * 20, "binary"),
    "PNG": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), "binary"),
    "broken UTF-8": (b"\xef\xbb\xbfabc \xff def", "marked as utf-8-sig, but broken at byte"),
    "broken UTF-16": (b"\xff\xfea\x00b", "marked as utf-16, but broken at byte"),
}


@pytest.mark.parametrize(("data", "reason"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_a_failed_article(project, data, reason):
    """A file that is no text becomes a failed article that says why."""
    root = project({"a.txt": data})
    article = read(root / "a.txt", root)
    assert article.status == "failed"
    assert reason in article.error


def test_a_loop_of_links_is_a_failed_article(tmp_path):
    """A link to itself is found and failed, and a link to a folder is not followed."""
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "again").symlink_to(tmp_path)
    found, skipped = find(tmp_path)
    assert skipped.total() == 1
    assert list(found) == ["loop.txt"]
    assert read(found["loop.txt"], tmp_path).status == "failed"


@pytest.mark.skipif(os.name == "nt", reason="named pipes")
def test_a_pipe_does_not_hang(tmp_path):
    """A named pipe, which would be waited for, is left alone and failed."""
    os.mkfifo(tmp_path / "pipe.txt")
    assert read(tmp_path / "pipe.txt", tmp_path).status == "failed"


def test_find_takes_files_in_a_fixed_order(project):
    """Files below the folder come sorted, hidden ones left out, those to skip counted."""
    files = {"b.txt": "x", "a.TXT~": "x", "sub/c.md": "x", "a.txt": "x", ".b": "x", ".git/d": "x"}
    found, skipped = find(root := project(files), ("*.csv", "*~"))
    assert found == {name: root / name for name in ("a.txt", "b.txt", "sub/c.md")}
    assert list(found) == sorted(found)
    assert skipped == {"*~": 1}


@cases(__file__, "blocks", "text", "kinds")
def test_blocks(text, kinds):
    """Lines are told apart by their shape; markers are not part of the text."""
    found = segments(lines(Aligned.identity(text)))
    assert " ".join(s.kind for s in found) == kinds
    markers = {"#", "##", "-", "*", "2)"}
    for segment, line in zip(found, text.split("\n"), strict=True):
        first, _, rest = line.partition(" ")
        assert segment.source == (rest if first in markers else line)


@given(st.text(st.sampled_from("ab. -#*?\r\n\u2028開。1)")))
def test_blocks_point_back_and_lose_nothing(text):
    """Each block's offsets reproduce it from the input, and no letter is left out."""
    found = segments(lines(Aligned.identity(text)))
    assert all(text[s.start : s.end] == s.source for s in found)
    letters = [c for c in text if c.isalpha()]
    assert [c for s in found for c in s.source if c.isalpha()] == letters
