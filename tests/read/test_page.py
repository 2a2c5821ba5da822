"""Web pages: the article is told from the page, and nothing visible is lost."""

from __future__ import annotations

import html
import json
import re

import pytest
from cases import cases
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.clean.stage import Clean
from pipeline.cli import main
from pipeline.read.files import read
from pipeline.read.page import claims
from pipeline.read.page import read as read_page

NEWS = """<!doctype html><html lang="ru"><head><meta charset="utf-8">
<title>Река вышла из берегов — Новости дня</title>
<script>var a = "<p>not text</p>";</script><style>p{color:red}</style></head><body>
<header><div class="logo">Новости дня</div>
<nav><ul><li><a href="/">Главная</a></li><li><a href="/w">Мир</a></li></ul></nav></header>
<div class="wrap"><div class="content"><h1>Река вышла<br>из берегов</h1>
<div class="share"><a href="#">Поделиться ВКонтакте</a> <a href="#">Телеграм</a></div>
<div class="text"><p>В понедельник уровень реки
   поднялся на <b>два метра</b>, сообщили в&nbsp;мэрии города. Жителей предупредили в пятницу.</p>
<script>document.write("<p>advert</p>")</script>
<p>Никто не пострадал, сказал мэр,<br>мост снова открыт. Ремонт обойдётся в 3&#160;миллиона рублей
&mdash; это больше, чем в прошлом году &lt;по данным мэрии&gt;.</p>
<h2>Что дальше</h2><ul><li>Проверить все дома на берегу реки до конца недели</li>
<li><p>Построить новую дамбу к осени</p></li></ul>
<table><tr><th>Год</th><th>Уровень</th></tr><tr><td>2023</td><td>4,5 метра</td></tr></table>
<p>2024</p>
<p>Следующее заседание совета пройдёт в среду утром, на нём решат, кому выплатят компенсацию.</p>
</div></div>
<div class="related"><h3>Читайте также</h3><ul><li><a href="/1">Снег выпал в мае</a></li></ul></div>
<div id="comments"><h3>Комментарии</h3><div><p>Иван: у нас затопило подвал!</p></div></div></div>
<footer><p>© 2024 Новости дня. Все права защищены.</p></footer></body></html>
"""
NEWS_BLOCKS = """\
title: Река вышла из берегов
paragraph: В понедельник уровень реки поднялся на два метра, сообщили в мэрии города. \
Жителей предупредили в пятницу.
paragraph: Никто не пострадал, сказал мэр,
paragraph: мост снова открыт. Ремонт обойдётся в 3 миллиона рублей — это больше, чем в прошлом \
году <по данным мэрии>.
heading: Что дальше
item: Проверить все дома на берегу реки до конца недели
item: Построить новую дамбу к осени
paragraph: Год | Уровень
paragraph: 2023 | 4,5 метра
paragraph: 2024
paragraph: Следующее заседание совета пройдёт в среду утром, на нём решат, кому выплатят \
компенсацию."""
NEWS_BLOCKS = [tuple(line.split(": ", 1)) for line in NEWS_BLOCKS.splitlines()]
CHROME = ["Новости дня", "Главная", "Поделиться", "Читайте", "Снег", "Комментарии", "Иван", "©"]


def page(text):
    """Read a page's text as the reader does."""
    return read_page(Article("a.html", text))


def blocks(project, name, data):
    """Give the kinds and texts of a file's blocks, before and after `clean`."""
    root = project({name: data})
    article = read(root / name, root)
    cleaned = Clean()(article) if article.status == "ok" else article
    return article, [[(s.kind, s.source) for s in a.segments] for a in (article, cleaned)]


def test_a_news_page(project):
    """Title, headings, items, rows and paragraphs come out; the rest of the page is recorded."""
    article, (found, cleaned) = blocks(project, "news.html", NEWS)
    assert cleaned == NEWS_BLOCKS
    assert [(k, t.replace("\u00a0", " ")) for k, t in found] == NEWS_BLOCKS
    for words in CHROME:
        assert any(words in r.text for r in article.removed)
    assert {r.reason for r in article.removed} == {"page chrome: left out by trafilatura"}
    assert not any("advert" in r.text or "not text" in r.text for r in article.removed)
    assert [(m.name, m.value) for m in article.metadata] == [
        ("title", "Река вышла из берегов — Новости дня")
    ]


def test_every_repeat_is_found_at_its_place(project):
    """A headline that the menu and the related links repeat is taken from above the text."""
    text = NEWS.replace("Главная", "Что дальше").replace("Снег выпал в мае", "Что дальше")
    _, (found, _) = blocks(project, "news.html", text)
    assert [k for k, t in found if t == "Что дальше"] == ["heading"]


TEXT = "На заседании в среду совет решил, кому выплатят компенсацию за потерянное имущество. "
HEBREW = "ביום שני עלה מפלס הנהר בשני מטרים, כך נמסר מעיריית העיר. התושבים הוזהרו כבר ביום שישי. "
PAGES = {
    "Windows-1251 as its meta tag says": (
        f'<html><meta charset="windows-1251"><body><h1>Река</h1><p>{TEXT * 3}</p>'.encode("cp1251"),
        [("title", "Река"), ("paragraph", (TEXT * 3).strip())],
    ),
    "KOI8-U as its http-equiv says, and too short to guess": (
        b"<meta http-equiv=Content-Type content='text/html; charset=koi8-u'><p>"
        + "Їжак".encode("koi8-u"),
        [("paragraph", "Їжак")],
    ),
    "right to left, with direction marks": (
        f'<html dir="rtl"><body><h1>\u200fהנהר</h1><p>\u200f{HEBREW * 3}</p></body>',
        [("title", "הנהר"), ("paragraph", (HEBREW * 3).strip())],
    ),
    "broken: nothing is closed": (
        f"<html><title>Река<body><div><h1>Река</h1><p>{TEXT * 2}<p>{TEXT}<b>Конец",
        [("title", "Река"), ("paragraph", (TEXT * 2).strip()), ("paragraph", TEXT + "Конец")],
    ),
    "no headline: the window's title": (
        f"<title>Река &amp; город</title><body><article><p>{TEXT * 4}</p></article>",
        [("title", "Река & город"), ("paragraph", (TEXT * 4).strip())],
    ),
    "short lines of the page stay what their tags say": (
        f"<body><article><h1>Река</h1><p>Коротко</p><p>1. Раз</p><p>{TEXT * 4}</p></article>",
        [
            ("title", "Река"),
            ("paragraph", "Коротко"),
            ("paragraph", "1. Раз"),
            ("paragraph", (TEXT * 4).strip()),
        ],
    ),
    "really text": (
        'Река < город & "мост"\nУровень 5 > 4. Он растёт.',
        [("title", 'Река < город & "мост"'), ("paragraph", "Уровень 5 > 4. Он растёт.")],
    ),
}


@pytest.mark.parametrize(("data", "expected"), PAGES.values(), ids=PAGES)
def test_pages(project, data, expected):
    """Pages of all sorts give their text in blocks, cleaned of what does not show."""
    _, (_, cleaned) = blocks(project, "a.htm", data)
    assert cleaned == expected


@pytest.mark.parametrize("body", ["", "<script>let a = 1</script>", "<p>&nbsp;</p>"])
def test_an_empty_page_is_a_failed_article(project, body):
    """A page without a word is no article, and says so."""
    article, _ = blocks(project, "a.html", f"<html><head></head><body>{body}</body></html>")
    assert article.status == "failed"
    assert "no text" in article.error


def test_where_no_article_is_found_all_is_kept(project):
    """A page that is a menu alone keeps its text, with a note."""
    article, (found, _) = blocks(project, "a.html", "<nav><a>Главная</a></nav><div>Мир</div>")
    assert found == [("paragraph", "Главная"), ("paragraph", "Мир")]
    assert "no article found" in article.notes[0]


def test_an_article_that_only_a_script_holds_does_not_hide_the_page(project):
    """Text that trafilatura finds outside the visible page cannot push that out."""
    data = json.dumps({"@type": "Article", "articleBody": TEXT * 5}, ensure_ascii=False)
    text = f'<script type="application/ld+json">{data}</script><body><div>Включите JS</div></body>'
    article, (found, _) = blocks(project, "a.html", text)
    assert found == [("paragraph", "Включите JS")]
    assert article.notes


@cases(__file__, "pages", "text", "suffix", "expected")
def test_pages_are_told_from_text(text, suffix, expected):
    """A document is a page whatever its name; a few tags make one where the name says so."""
    assert bool(claims(text, suffix.lower())) is expected


TAGS = re.findall(
    r"\w+", "p div h1 h2 li ul b a i span td tr table br title pre script nav blockquote footer"
)
PIECES = st.one_of(
    st.sampled_from([f"<{t}>" for t in TAGS] + [f"</{t}>" for t in TAGS]),
    st.sampled_from(["&amp;", "&nbsp;", "&#1103;", "&eacute", "&bad;", "&", "< ", "<!-- c -->"]),
    st.sampled_from(["река ", "Мост. ", "\n", "abc", " 12 ", "שלום ", TEXT, "橋", "<p a='>'>"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=25).map("".join))
def test_offsets_reproduce_the_page(text):
    """Each character of the body stands at its place in the page, as itself or as an entity."""
    article = page(text)
    for char, start, end in zip(
        article.body.text, article.body.starts, article.body.ends, strict=True
    ):
        stood = text[start:end]
        assert char.isspace() or char == "|" or char in html.unescape(stood)
    for removed in article.removed:
        assert text[removed.start : removed.end] == removed.text


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=25).map("".join))
def test_no_visible_letter_is_lost(text):
    """Each letter outside tags, scripts and comments is in the body, removed, or metadata."""
    article = page(text)
    held = [False] * len(text)
    for start, end in zip(article.body.starts, article.body.ends, strict=True):
        held[start:end] = [True] * (end - start)
    for part in (*article.removed, *article.metadata):
        held[part.start : part.end] = [True] * (part.end - part.start)
    hidden = r"&nbsp;|<!--.*?-->|<script>.*?(</script>|\Z)|</?\w[^<>]*>"
    visible = re.sub(hidden, lambda m: "\0" * len(m[0]), text, flags=re.DOTALL)
    assert [c for c, h in zip(visible, held, strict=True) if c.isalpha() and not h] == []


def test_from_page_to_digest(project):
    """A run digests a page: its evidence points into the page and lists what was left out."""
    stages = "stages: [clean, detect, render]\n"
    root = project({"pipeline.yaml": stages, "seeds/news.html": NEWS})
    result = CliRunner().invoke(main, ["run", "--config", str(root / "pipeline.yaml")])
    assert result.exit_code == 0, result.output
    evidence = json.loads((root / "output" / "news.json").read_text("utf-8"))
    assert evidence["language"]["code"] == "ru"
    assert evidence["metadata"][0]["name"] == "title"
    for part in (*evidence["removed"], *evidence["repairs"]):
        assert NEWS[part["start"] : part["end"]] == part.get("text", part.get("before"))
    for segment in evidence["segments"]:
        stood = html.unescape(re.sub("<[^>]*>", " ", NEWS[segment["start"] : segment["end"]]))
        assert re.findall(r"\w+", stood) == re.findall(r"\w+", segment["source"])
