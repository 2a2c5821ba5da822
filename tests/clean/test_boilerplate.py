"""Page chrome across a collection: what frames unrelated articles goes, what may be text stays."""

from __future__ import annotations

import random

import pytest
from cases import cases
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.aligned import Aligned
from pipeline.clean.boilerplate import find_boilerplate
from pipeline.clean.chrome import line_kind
from pipeline.read.layout import lines, segments

SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]


def prose(seed, words=40):
    """Write a sentence of random words."""
    rng = random.Random(seed)
    picked = ["".join(rng.choices(SYLLABLES, k=rng.randint(1, 3))) for _ in range(words)]
    return " ".join(picked).capitalize() + "."


def story(seed, paragraphs=4):
    """Write paragraphs that no other story has."""
    return [prose(f"{seed} {number}") for number in range(paragraphs)]


def page(seed, before=(), after=(), body=None):
    """Put a story into its page."""
    return [f"Headline of story {prose(seed, 4)[:-1]}", *before, *(body or story(seed)), *after]


def found(pages):
    """Give the lines found in each page: (line, reason, sure)."""
    articles = []
    for page_ in pages:
        made = segments(lines(Aligned.identity("\n".join(page_))))
        articles.append(
            [s.__class__(**{**vars(s), "kind": line_kind(s.source) or s.kind}) for s in made]
        )
    verdicts = find_boilerplate(articles)
    return [
        [(article[v.line].source, v.reason, v.sure) for v in own]
        for article, own in zip(articles, verdicts, strict=True)
    ]


FOOTERS = {
    "en": "Read the latest on our channel",
    "ru": "Подпишитесь на наш канал в мессенджере",
    "he": "הצטרפו עכשיו לערוץ החדשות שלנו ברשת החברתית",
    "zh": "界面新聞只服務於獨立思考的人群",
}


@cases(__file__, "footers", "footer")
def test_a_footer_of_several_articles_goes(footer):
    """A last line that unrelated articles share is dropped, with how many articles have it."""
    pages = [page(n, after=[footer]) for n in range(4)] + [page(9)]
    assert found(pages) == [[(footer, "stands in 4 articles", True)]] * 4 + [[]]


KEPT = {
    "prose": "The company was founded in the north by two engineers and makes boats.",
    "a statement": "The investigation is still open.",
    "a number": "Call the editors of this page at 555",
    "a name": "Jane Smith",
    "a name of three characters": "王小明",
    "one word": "more",
    "a lead-in": "what the readers said:",
    "a quotation": "“nobody will ever know the answer”",
}


@cases(__file__, "may be text", "line")
def test_what_may_be_text_or_a_name_stays_with_a_flag(line):
    """What shape alone cannot tell from text stays, and is flagged."""
    pages = [page(n, after=[line]) for n in range(4)]
    assert found(pages) == [[(line, "stands in 4 articles", False)]] * 4


@pytest.mark.parametrize(
    "line",
    [
        "Reporting by Jane Smith and editing by John Brown",
        "By Jane Smith",
        "JAKARTA (ANTARA) -",
        "МОСКВА — ТАСС",
        "新華社北京電",
        "Photo: Reuters",
        "Photo: the river at noon on the first day of spring",
    ],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_datelines_agencies_and_bylines_stay(line, place):
    """Who reported it, and from where, is never dropped, at either end."""
    pages = [page(n, **{place: [line]}) for n in range(4)]
    assert not [line for own in found(pages) for line, _, sure in own if sure]


@pytest.mark.parametrize("below", [[], ["Send this to your friends", "Get the app for your phone"]])
def test_a_title_stays(below):
    """A headline that a series or a site gives to all its articles is at most flagged."""
    pages = [["The world in brief this week", *below, *story(n)] for n in range(4)]
    assert [own[0][1:] for own in found(pages)] == [("stands in 4 articles", False)] * 4


def test_a_line_right_above_text_may_be_its_heading():
    """Above text a shared line stays; above another one it goes."""
    top = ["Send this to your friends", "Why it matters to us"]
    pages = [page(n, before=top) for n in range(4)]
    assert [(line, sure) for line, _, sure in found(pages)[0]] == [(top[0], True), (top[1], False)]


@pytest.mark.parametrize(
    "below", ["By Jane Smith", "Jakarta (ANTARA)", "2024-05-03", "新華社北京電"]
)
def test_a_credit_below_is_no_text_to_head(below):
    """A shared line goes above a byline or an agency's, which stays."""
    pages = [page(n, after=[FOOTERS["en"], below]) for n in range(4)]
    assert found(pages) == [[(FOOTERS["en"], "stands in 4 articles", True)]] * 4


def test_a_heading_of_text_that_stays_stays():
    """A shared line above shared text is kept with that text."""
    pages = [page(n, after=["What else you should know", KEPT["prose"]]) for n in range(4)]
    assert [sure for *_, sure in found(pages)[0]] == [False, False]


def test_a_line_that_stands_inside_an_article_too_stays():
    """What is a heading in the middle of one article is not dropped at the end of others."""
    line = "What we know so far"
    body = [*story(8, 12), line, *story(7, 12)]
    pages = [page(n, after=[line]) for n in range(4)] + [page(9, body=body)]
    assert [[sure for *_, sure in own] for own in found(pages)] == [[False]] * 4 + [[]]


def test_copies_of_one_article_have_no_boilerplate():
    """Lines that only copies of one article share are the article's own."""
    body = [*story(1, 8), "so it goes on and on", "and nobody knows the end"]
    pages = [[f"Headline number {n} of the day", *body] for n in range(5)]
    assert found(pages) == [[]] * 5


def test_edited_copies_count_as_one_article():
    """Copies with an edited word are related: two of them and one stranger are not three."""
    body = story(1, 8)
    edited = [body[0], body[1].replace(" ", " indeed ", 1), *body[2:]]
    footer = FOOTERS["en"]
    pages = [page(n, body=b, after=[footer]) for n, b in enumerate((body, edited, story(2)))]
    assert found(pages) == [[], [], []]
    assert [[sure for *_, sure in own] for own in found([*pages, page(5, after=[footer])])][1]


def test_most_of_an_article_is_never_dropped():
    """An article that is hardly more than the shared lines keeps them, flagged."""
    footer = ["Read the latest on our channel", "Get the app for your phone"]
    pages = [page(n, after=footer) for n in range(4)] + [["Brief", *footer]]
    assert [sure for *_, sure in found(pages)[4]] == [False, False]
    assert [sure for *_, sure in found(pages)[0]] == [True, True]


def test_a_small_share_of_a_large_collection_is_only_flagged():
    """In a thousand articles three that end alike are chance, not a template."""
    pages = [page(n, after=[FOOTERS["en"]] if n < 3 else [], body=story(n, 2)) for n in range(700)]
    assert [[sure for *_, sure in own] for own in found(pages)[:4]] == [[False]] * 3 + [[]]


LINE = st.one_of(
    st.sampled_from(["read more on our site", "Jane Smith", "a b c d", "Weather", "so it ends."]),
    st.integers(0, 30).map(prose),
    st.text(max_size=20).filter(lambda text: len(lines(Aligned.identity(text))) == 1),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(LINE, min_size=1, max_size=20), max_size=8), st.randoms())
def test_order_is_nothing_and_no_article_is_emptied(pages, rng):
    """Shuffled files get the same verdicts; titles and at least half of each text stay."""
    verdicts = found(pages)
    order = rng.sample(range(len(pages)), len(pages))
    assert found([pages[i] for i in order]) == [verdicts[i] for i in order]
    for own, page_ in zip(verdicts, pages, strict=True):
        dropped = sum(len(line) for line, _, sure in own if sure)
        assert 2 * dropped <= sum(len(line) for line in page_)
