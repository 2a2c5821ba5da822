"""Page chrome, bylines and captions."""

import pytest
from cases import cases

from pipeline.clean.chrome import Verdict, find_chrome, line_kind

BODY = [
    "The harbour was closed on Monday after a storm.",
    "Ships had to wait outside for two days.",
    "The mayor said that nobody was hurt.",
    "It will open again tomorrow.",
]


@cases(__file__, "chrome", "line", "reason")
def test_chrome_below_an_article_goes(line, reason):
    """Lines that cannot be anything else are found by their words, in every language."""
    assert find_chrome([*BODY, line]) == [Verdict(4, reason, sure=True)]


@pytest.mark.parametrize(
    "line", ["微博", "Facebook", "評論", "Comments (12)", "Share", "原文链接", "#a #b"]
)
def test_words_an_article_may_use_need_company(line):
    """Alone such a line is flagged and stays; beside sure chrome it goes."""
    (alone,) = find_chrome([*BODY, line, *BODY])
    assert (alone.line, alone.sure) == (4, False)
    assert [v.sure for v in find_chrome([*BODY, line, "No comments yet"])] == [True, True]


def test_links_between_the_notice_and_the_comments_go():
    """Tags and headlines enclosed by chrome below the article are no part of it."""
    below = [
        "本文為轉載內容,授權事宜請聯系原著作權人。",
        "OpenAI",
        "• OpenAI聘請Meta前高管領導戰略計劃",
        "評論",
    ]
    assert [(v.line, v.sure) for v in find_chrome([*BODY, *below])] == [
        (i, True) for i in range(4, 8)
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [*BODY, "https://www.example.org/articles/1", *BODY],
        [*BODY, "▲Ссылка на подкаст: https://x.com/a/status/1", *BODY],
        ["本文為轉載內容", "A headline", "評論", *BODY][1:2] + BODY,
        [*BODY, "掃碼支付的未來", *BODY],
        [*BODY, "關注微博熱搜背後的生意", *BODY],
        [*BODY, "Copyright law is changing in Europe", *BODY],
        [*BODY, "The comments were deleted by the moderators.", *BODY],
        [*BODY, "#keep4o қозғалысы", "- ChatGPT", "- API бизнесі", *BODY],
        ["Share prices fell", *BODY],
        [],
    ],
)
def test_content_stays(lines):
    """Links, headings and sentences of the article are not chrome."""
    assert find_chrome(lines) == []


def test_a_notice_before_the_article_takes_no_headline_along():
    """Links are looked for only below a body."""
    found = find_chrome(["本文為轉載內容", "A headline", "評論", *BODY])
    assert [v.line for v in found] == [0, 2]


def test_a_promotion_in_the_midst_of_a_text_stays():
    """What speaks of accounts or rights amid an article may be its subject."""
    (verdict,) = find_chrome([*BODY, "Follow us on Mastodon and tell your friends", *BODY, *BODY])
    assert not verdict.sure


@cases(__file__, "kinds", "line", "kind")
def test_bylines_and_captions_are_told_from_text(line, kind):
    """Credits and captions are known by their first word and its separator."""
    assert line_kind(line) == kind
