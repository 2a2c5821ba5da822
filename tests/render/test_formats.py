"""Output formats: what every registered one promises, and what a page says of an article."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from pipeline import registry
from pipeline.article import Article, Flag, Language, Metadatum, Segment
from pipeline.config import read
from pipeline.render.page import Page
from pipeline.render.stage import Render
from pipeline.stage import Collection, Run

HOSTILE = "<script>alert(1)</script> \u202e[x](https://evil.example) | <b onclick=z>\n# no heading"
LANGUAGE = Language("kk", "Cyrl")
SEGMENT = Segment(
    1, "sentence", 0, 0, HOSTILE, 1, None, HOSTILE, "lm", "poor", flags=(Flag("name", HOSTILE),)
)
ARTICLE = Article(
    "a.txt",
    "",
    "a",
    language=LANGUAGE,
    metadata=tuple(Metadatum(n, HOSTILE, 0, 0) for n in ("date", "author", "site", "url")),
    segments=(
        replace(SEGMENT, id=0, kind="title", block=0),
        SEGMENT,
        replace(SEGMENT, id=2, kind="code", block=2),
        replace(SEGMENT, id=3, kind="heading", block=3),
    ),
    summary=(1,),
    notes=(HOSTILE,),
)
ARTICLES = (
    ARTICLE,
    replace(ARTICLE, source="b.txt", name="b", status="failed", error=HOSTILE),
    replace(ARTICLE, source="c.txt", name="c", status="duplicate", duplicate_of="a.txt"),
    replace(ARTICLE, source="d <i>.txt", name="d <i>", status="unsupported", language=None),
    replace(ARTICLE, source="e.txt", name="e", copies=("c.txt", "d <i>.txt")),
    Article("f.txt", "", "f"),
)


def written(name, articles=ARTICLES):
    """Render articles in a format; give its files by name."""
    made = Render(formats=(name,))(Collection(articles), Run(Path()))
    assert [a.status for a in made.articles] == [a.status for a in articles]
    return {d.name: d.text for d in made.documents}


@pytest.mark.parametrize("name", registry.named(registry.RENDERERS))
def test_every_format_keeps_its_promises(name):
    """Every article has its page, the index names them all, and no text of theirs is markup."""
    suffix = registry.load(registry.RENDERERS, name).suffix
    files = written(name)
    assert list(files) == [f"{a.name}{suffix}" for a in ARTICLES] + [f"index{suffix}"]
    assert files == written(name)
    for text in files.values():
        assert "<script" not in text
        assert "<b " not in text
        assert "<i>" not in text
        shown = MarkdownIt().render(text) if suffix == ".md" else text
        assert 'href="https://evil' not in shown
        assert "\n# no heading" not in text.partition("<pre>")[0]
    for article in ARTICLES:
        assert article.source.partition(" ")[0] in files[f"{article.name}{suffix}"]


def test_markdown_turns_nothing_around():
    """A direction control of an article ends with the block of HTML that shows its original."""
    for text in written("md").values():
        for line in text.splitlines():
            assert "\u202e" not in line or line.lstrip().startswith("<") or "<p " in line


OWN = """
from pathlib import Path
from jinja2 import Environment, FileSystemLoader
from pipeline.render import Renderer

def environment(folders):
    return Environment(loader=FileSystemLoader(folders), autoescape=True)

OWN = Renderer(".html", Path(__file__).parent, environment)
"""


STAGES = "stages: [{render: {formats: [md, own_format.OWN], template: own.md.j2}}]"


def test_a_format_of_your_own_beside_a_template_that_fails(project):
    """A dotted name is a renderer beside pipeline.yaml; what fails in one format stays in others.

    The article is failed, and the index of the format in which it failed says so.
    """
    root = project(
        {
            "pipeline.yaml": STAGES,
            "own_format.py": OWN,
            "own.md.j2": "{{ 1 / article.segments|length }}",
            "digest.html.j2": "<p {{ page.attributes() }}>{{ page.title }}</p>",
            "index.html.j2": "{% for page in pages %}{{ page.link() }} {% endfor %}",
        }
    )
    (stage,) = read(root / "pipeline.yaml").stages
    assert stage.target.problems(Run(root)) == []
    templates = {"own.md.j2", "index.md.j2", "digest.html.j2", "index.html.j2"}
    assert stage.target.depends_on(Run(root)).keys() == templates
    title = Segment(0, "title", 0, 0, "x", translation="A & B")
    articles = (replace(ARTICLE, segments=(title,), summary=()), Article("f.txt", "", "f"))
    made = stage(Collection(articles), Run(root))
    assert [a.status for a in made.articles] == ["ok", "failed"]
    files = {d.name: d.text for d in made.documents}
    assert list(files) == ["a.md", "index.md", "a.html", "f.html", "index.html"]
    assert "**failed:** render: own.md.j2:1: division by zero" in files["index.md"]
    assert files["a.html"] == '<p lang="kk" dir="ltr">A &amp; B</p>'
    assert files["index.html"] == "a.html f.html "


NAMES = [
    (Language("kk", "Cyrl"), "Kazakh", "ltr"),
    (Language("kk", "Arab"), "Kazakh", "rtl"),
    (Language("zh", "Hant"), "Chinese (Traditional)", "ltr"),
    (Language("zh", "Hans"), "Chinese (Simplified)", "ltr"),
    (Language("he", "Hebr"), "Hebrew", "rtl"),
    (Language("dv", "Thaa"), "Divehi", "rtl"),
    (Language("uz", "Latn"), "Uzbek (Latin)", "ltr"),
    (Language("qx", "Zzzz"), "qx", "ltr"),
]


@pytest.mark.parametrize(("language", "name", "direction"), NAMES)
def test_names_and_directions(language, name, direction):
    """A language has its English name or else its code; a direction is that of the script."""
    page = Page(Article("a.txt", "", language=language), {}, ".md")
    assert page.language == name
    assert page.attributes().endswith(f'dir="{direction}"')


def test_what_a_file_says_of_its_origin():
    """Date, author, site and address stand in the table, in this order, where they are known."""
    said = {"url": "http://a.b", "site": "The Times", "lang": "en", "author": "", "date": "2024"}
    metadata = tuple(Metadatum(n, v, 0, 0) for n, v in said.items())
    page = written("md", (replace(ARTICLE, metadata=metadata),))["a.md"]
    assert "| Date | 2024 |\n| Site | The Times |\n| Address | http://a.b |\n| Language" in page
