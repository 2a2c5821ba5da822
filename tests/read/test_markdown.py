"""Front matter and Markdown: marks go on record, words and addresses stay."""

from __future__ import annotations

import json

import pytest
from cases import cases
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline.article import Article, Metadatum, Segment
from pipeline.clean.stage import Clean
from pipeline.cli import main
from pipeline.detect.stage import Detect
from pipeline.read.files import read
from pipeline.read.markdown import unmarked as read_markdown
from pipeline.read.text import front_matter as read_front_matter
from pipeline.translate.sentences import split_sentences

FRONT = """---
title: "The \\"river\\" town"
date: 2024-05-06
url: https://example.org/a_b_c
lang: en
author: [Anna, Ivan]
---
"""


def blocks(project, name, text, *, cleaned=False):
    """Read a file; give the article and its blocks' kinds and texts."""
    root = project({name: text})
    article = read(root / name, root)
    article = Clean()(article) if cleaned else article
    return article, [(s.kind, s.source) for s in article.segments]


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_front_matter_is_metadata(project, name):
    """Front matter is read with the place of each value, and is no text of the article."""
    text = FRONT + "The river rose. Nobody was hurt.\n"
    article, found = blocks(project, name, text)
    said = {m.name: m.value for m in article.metadata}
    assert said == {
        "title": 'The "river" town',
        "date": "2024-05-06",
        "url": "https://example.org/a_b_c",
        "lang": "en",
        "author": "Anna, Ivan",
    }
    for datum in article.metadata[1:4]:
        assert text[datum.start : datum.end] == datum.value
    assert found == [
        ("title", 'The "river" town'),
        ("paragraph", "The river rose. Nobody was hurt."),
    ]
    assert text[article.title.start : article.title.end] == '"The \\"river\\" town"'
    assert not article.removed


@pytest.mark.parametrize("cleaned", [False, True])
def test_the_title_of_the_text_goes_before(project, cleaned):
    """A title in the text is the title; the one in the front matter stays metadata."""
    text = FRONT + "# The town\n\nThe river rose. Nobody was hurt.\n"
    article, found = blocks(project, "a.md", text, cleaned=cleaned)
    assert found == [("title", "The town"), ("paragraph", "The river rose. Nobody was hurt.")]
    assert article.metadata[0].value == 'The "river" town'


NO_FRONT = {
    "broken YAML": "title: a: b\n",
    "a list": "- title\n",
    "prose between rules": "He said: nothing.\n",
    "nothing": "",
    "nested too deep": f"title: {'[' * 5000}\n",
    "a control character": "title: \x07\n",
}


@pytest.mark.parametrize("inside", NO_FRONT.values(), ids=NO_FRONT)
def test_what_is_no_front_matter_stays_text(project, inside):
    """What cannot be read is no failure: it is text, and a note says so."""
    text = f"---\n{inside}---\nThe river rose.\n"
    article, found = blocks(project, "a.txt", text)
    assert article.status == "ok"
    assert article.metadata == ()
    assert "kept as text" in article.notes[0]
    letters = [c for c in text if c.isalpha()]
    assert [c for _, source in found for c in source if c.isalpha()] == letters


def test_front_matter_alone_is_its_title(project):
    """A file of front matter alone has its title for a text; without one it fails."""
    assert blocks(project, "a.md", FRONT)[1] == [("title", 'The "river" town')]
    assert blocks(project, "b.md", "---\ndate: 2024\n---\n")[0].status == "failed"


@pytest.mark.parametrize(
    ("hint", "least", "tag"),
    [("id", 0.99, "id"), ("zh-Hant-TW", 0.99, "zh-Hant"), ("id", 0.0, None), ("Deutsch", 0.99, "")],
)
def test_the_language_it_names_is_a_hint(hint, least, tag):
    """The language of the front matter counts where detection is unsure, with a note."""
    article = Article(
        "a.txt",
        "Hotel taxi radio",
        segments=(Segment(0, "paragraph", 0, 16, "Hotel taxi radio"),),
        metadata=(Metadatum("lang", hint, 0, 2),),
    )
    found = Detect(min_confidence=least)(article)
    if tag:
        assert (found.language.tag, "front matter" in found.notes[0]) == (tag, True)
    elif tag is None:
        assert (found.language.tag != hint, found.notes) == (True, ())
    else:
        assert (found.language, found.status) == (None, "unsupported")


@cases(__file__, "marks", "text", "expected")
def test_marks_go_and_words_stay(project, text, expected):
    """Marks of Markdown vanish, addresses do not, and what only looks like a mark stays."""
    article, found = blocks(project, "a.md", text, cleaned=True)
    assert found == [("paragraph", expected or text)]
    assert bool(article.repairs) is (expected is not None)


def test_only_markdown_files_are_taken_for_markdown(project):
    """A text file keeps its stars and brackets."""
    text = "In [the town](https://e.org) it is **big**."
    assert blocks(project, "a.txt", text)[1] == [("paragraph", text)]


PAGE = """![The river](https://e.org/p.jpg)

# The town

> It rose by **two metres**.
>> So they say.

- Check the houses
1. Build

| Year | Level |
| --- | ---: |
| 2023 | 4.5 m |
| | none |

```python
x = 2 ** 3  # two   stars

> print(x)
```

***

Nobody was hurt.
"""


@pytest.mark.parametrize("cleaned", [False, True])
def test_structure_stays(project, cleaned):
    """Headings, lists, quotes, rows of tables and whole code blocks come out as blocks."""
    article, found = blocks(project, "a.md", PAGE, cleaned=cleaned)
    assert found == [
        ("caption", "The river (https://e.org/p.jpg)"),
        ("title", "The town"),
        ("paragraph", "It rose by two metres."),
        ("paragraph", "So they say."),
        ("item", "Check the houses"),
        ("item", "Build"),
        ("paragraph", "Year | Level"),
        ("paragraph", "2023 | 4.5 m"),
        ("paragraph", "| none"),
        ("code", "x = 2 ** 3  # two   stars\n\n> print(x)"),
        ("paragraph", "Nobody was hurt."),
    ]
    assert [s.id for s in article.segments] == list(range(len(found)))


def test_code_is_no_text_to_translate(project):
    """A code block stays whole, and does not decide the language."""
    code = "```\nprint('The quick brown fox jumps. It runs. It hides.')\n```\n" * 5
    text = code + "Министр выступил в столице и рассказал о новом бюджете для школ.\n"
    article, _ = blocks(project, "a.md", text)
    found = Detect()(article)
    assert found.language.code == "ru"
    assert [s.kind for s in split_sentences(found)] == ["code"] * 5 + ["sentence"]


PIECES = st.sampled_from(
    [*"ab *_~`[]()!|>#-\\\n", "**", "```", "\n\n", "](http://a.b/c)", "слово ", "\n| a | b |\n",
     "---\n", "title: a\n", "\n> ", "\n```x\ncode\n```\n", "\r\n"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_offsets_reproduce_the_input_and_no_letter_is_lost(text):
    """Each character of the body stands where it says; each letter is text, code or metadata."""
    before = read_front_matter(Article("a.md", text))
    article = read_markdown(before)
    held = [False] * len(text)
    for char, start, end in zip(
        article.body.text, article.body.starts, article.body.ends, strict=True
    ):
        assert char in text[start:end] or char in " ()"
        held[start:end] = [True] * (end - start)
    for segment in article.segments:
        assert text[segment.start : segment.end] == segment.source
    for repair in article.repairs:
        assert text[repair.start : repair.end] == repair.before
    for part in (*article.segments, *(r for r in article.repairs if r.rule.endswith("fence"))):
        held[part.start : part.end] = [True] * (part.end - part.start)
    front = len(text) - len(before.body.text) if before.body else 0
    assert [i for i, c in enumerate(text) if c.isalpha() and i >= front and not held[i]] == []


def test_the_digest_shows_the_origin_and_the_code(project):
    """Date, author and address stand in the digest's table, escaped; code keeps its lines."""
    front = "---\ndate: 2024-05-06\nauthor: [<b>A|B</b>, C]\nurl: https://e.org/a_b\n---\n"
    stages = "stages: [clean, detect, render]\n"
    code = "```\nif a < b:\n\n    </pre><script>\n```\n"
    text = front + "# The river town\n\nThe river rose by two metres on Monday.\n\n" + code
    root = project({"pipeline.yaml": stages, "seeds/a.md": text})
    result = CliRunner().invoke(main, ["run", "--config", str(root / "pipeline.yaml")])
    assert result.exit_code == 0, result.output
    digest = (root / "output" / "a.md").read_text("utf-8")
    evidence = json.loads((root / "output" / "a.json").read_text("utf-8"))
    assert [m["name"] for m in evidence["metadata"]] == ["date", "author", "url"]
    assert r"| Author | &lt;b&gt;A\|B&lt;/b&gt;, C |" in digest
    page = MarkdownIt("commonmark").enable("table").render(digest)
    assert "<td>2024-05-06</td>" in page
    assert "<td>https://e.org/a_b</td>" in page
    assert "<pre>if a &lt; b:\n\n    &lt;/pre&gt;&lt;script&gt;</pre>" in page
    assert "<script>" not in page
