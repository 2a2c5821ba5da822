"""Lines of a page that are not the article: share bars, notices, comment boxes, related links.

A line goes only where its words and its place agree. Words that an article may use itself ("Weibo"
alone on a line) count as chrome beside a line that cannot be anything else, or at the very end.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pipeline.text.han import convert

if TYPE_CHECKING:
    from collections.abc import Sequence


class Verdict(NamedTuple):
    """Line `index` is chrome for `reason`; where that is not `sure`, it should stay."""

    index: int  # type: ignore[assignment]  # hides a method that nobody calls on a verdict
    reason: str
    sure: bool


class _Clue(NamedTuple):
    reason: str
    strong: bool  # needs no neighbour to be believed


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns))


# Whole lines, in lower case, simplified characters and ASCII punctuation, without marks around.
_STRONG: Final = {
    "reading now": _any("正在阅读"),
    "app or QR code": _any(
        r"(微信)?扫(一扫|码|描).{0,12}(二维码|下载|关注|app|分享|阅读).{0,12}|长按.{0,6}二维码.{0,12}",
        r"scan (the|this) qr code.{0,40}",
        r"(download|get) (the|our) .{0,20}\bapp",
        r"скача(ть|йте) (наше )?приложение.{0,20}",
        r"unduh aplikasi.{0,20}",
        r"הורידו את האפליקציה.{0,20}",
    ),
    "comments": _any(
        "暂无评论.{0,20}",
        "(还|目前)?没有评论.{0,20}",
        "(发表|我要|查看|写)评论",
        r"(view|leave|add|post) (a |all )?(comments?|reply)",
        r"(there are )?no comments( yet)?",
        r"(оставить|посмотреть|добавить) комментари[ий]",
        r"комментариев (пока )?нет|(пока )?нет комментариев",
        r"(אין|אין עדיין) תגובות",
        r"(הוסף|הוסיפו|כתבו) תגובה",
        r"(belum ada|tinggalkan|tulis) komentar",
        r"пікір (жоқ|қалдыру)",
    ),
    "related": _any(
        r"(相关|推荐|延伸)(阅读|文章|新闻|推荐|链接)(:.{1,80})?",
        r"猜你喜欢|[上下]一篇(:.{1,80})?",
        r"(read also|related articles?|baca juga|artikel terkait|чита(йте|ть) также)(:.{1,120})?",
        r"(you (may|might) also like|berita terkait|похожие (статьи|материалы|новости))",
        r"(קראו (גם|עוד)|כתבות נוספות)(:.{1,120})?",
        r"(тағы|сондай-ақ) оқыңыз(:.{1,120})?",
    ),
    "tags": _any(
        r"(标签|tags|теги|метки|תגיות|тегтер) ?:.{1,200}",
    ),
    "copyright": _any(
        r"(©|\(c\)|copyright).{0,12}\d{4}.{0,100}",
        r"版权(所有|归).{0,60}",
        r"本文(为|系|属)?.{0,4}转载.{0,60}",
        r"(未经|如需)(.{0,8}(授权|许可|转载)).{0,40}",
        r"转载.{0,6}(注明|联系|授权).{0,40}",
        r".{0,80}(all rights reserved|все права защищены|כל הזכויות שמורות).{0,40}",
        r"(перепечатка|при (использовании|цитировании)) .{0,40}(ссылк|запрещ|разреш).{0,60}",
        r"hak cipta .{0,60}|dilarang (mengutip|menyalin|memperbanyak).{0,80}",
        r".{0,40}барлық құқықтар(ы)? қорғалған.{0,40}",
    ),
    "account promotion": _any(
        r"欢迎(关注|订阅).{0,60}|(关注|订阅)(我们)?.{0,12}(公众号|频道)(:.{1,40})?",
        r"(welcome to|follow) .{0,20}official .{0,30}account.{0,120}",
        r"(добро пожаловать|подпи[сш]\w+) на .{0,20}(официальн\w+ аккаунт|канал|телеграм).{0,160}",
        r"follow us on .{1,80}|subscribe to our .{1,60}",
        r"ikuti kami di .{1,60}|עקבו אחרינו.{0,60}",
        r"(арнамызға|парақшамызға) жазылыңыз.{0,40}",
    ),
}
_WEAK: Final = {
    "app or QR code": _any(r"(点击)?(下载|打开).{1,10}(app|客户端|新闻)"),
    "share": _any(
        r"分享(到|至)?.{0,8}|复制链接",
        r"share( (this|on) .{1,20})?|copy link|tweet|print",
        r"поделиться( .{1,20})?|скопировать ссылку",
        r"שתפו?( .{1,20})?|bagikan( .{1,20})?|бөлісу",
    ),
    "comments": _any(
        r"((全部|热门|最新|网友)?评论|comments?|комментарии|תגובות|komentar|пікірлер)( ?\(\d+\))?",
    ),
    "related": _any(
        r"related|see also|read (more|next)|recommended|more stories|по теме|смотрите также",
        r"更多(精彩)?(内容|文章|新闻)|热门文章|עוד בנושא|lihat juga|selengkapnya",
    ),
    "link to the original": _any(
        r"(阅读|查看|点击)?原文(链接)?|original (link|article)|view original",
        r"(оригинальная ссылка|ссылка на оригинал)|קישור למקור|sumber asli|түпнұсқа",
    ),
    "social network": _any(
        r"(新浪|sina )?(微博|weibo)|微信(公众号|朋友圈)?|朋友圈|wechat|qq(空间)?|qzone|豆瓣|知乎",
        r"facebook|twitter|x|instagram|telegram|whatsapp|linkedin|reddit|pinterest|youtube|tiktok|rss",
        r"вконтакте|vk|одноклассники|телеграм|פייסבוק|טוויטר|טלגרם|וואטסאפ|אינסטגרם",
    ),
    "tags": _any(r"\w+([ ,]+#\w+)+"),
    "advertisement": _any("广告|advertisement|реклама|iklan|פרסומת|жарнама"),
    "breadcrumb": _any("首页|home|главная|beranda|דף הבית|басты бет"),
}
_LIST_MARKS = "-*•●▪·–—>»"
_AT_THE_ENDS = {"account promotion", "copyright"}  # an article on these may speak so elsewhere
_LONGEST_LINK, _MOST_LINKS = 80, 12  # characters of a related link, links in a row
_TOP, _BOTTOM = 3, 6  # lines
_LEAST_BODY = 3  # sentences before the end of an article can come

_SEPARATOR = "[ \u00a0]*[丨|｜:：/／][ \u00a0]*"
_BYLINE = re.compile(
    r"(?:文|作者|撰文|[编編][辑輯]|[责責](?:任)?[编編][辑輯]?|[记記]者|[来來]源|[译譯]者?|校[对對]"
    r"|by|author|text|editor|written by|edited by|reporter|source"
    r"|автор[ы]?|текст|редактор|источник|перевод|корреспондент"
    r"|penulis|oleh|pewarta|sumber|מאת|כתב|עורך|מקור|авторы|мәтін|дереккөз)"
    rf"{_SEPARATOR}[^。.!?]{{1,60}}\.?"
    r"|(?i:by) [A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,3}"
    r"|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?: \d{1,2}:\d\d(?::\d\d)?)?",
)
_CAPTION = re.compile(
    r"(?:[图圖](?:[片表]?[来來]?源|片|[说說]|[注註])?|[摄攝]影|供[图圖]|[题題][图圖]"
    r"|photo(?: by| credit)?|image(?: credit)?|credit|caption"
    r"|фото|иллюстрация|изображение|скриншот|снимок|сурет|фотосурет"
    r"|foto|gambar|ilustrasi|צילום(?: מסך)?|תמונה|איור|קרדיט)"
    rf"{_SEPARATOR}.{{1,160}}",
)
CAPTION_MARKS: Final = "▲△▼▽"
"""What opens a caption beside a picture; it says nothing once the picture is gone."""


def line_kind(line: str) -> Literal["byline", "caption"] | None:
    """Tell bylines and captions, which are translated but say nothing for a summary."""
    line = line.strip()
    if line[:1] and line[0] in CAPTION_MARKS:
        return "caption"
    if _CAPTION.fullmatch(line.casefold()):
        return "caption"
    if _BYLINE.fullmatch(line) or _BYLINE.fullmatch(line.casefold()):
        return "byline"
    return None


def find_chrome(lines: Sequence[str]) -> list[Verdict]:
    """Find the chrome among the non-empty lines of an article, given in order."""
    clues = [_clue(line) for line in lines]
    links = _links(lines, clues)
    reasons = {i: clue.reason for i, clue in enumerate(clues) if clue}
    reasons |= dict.fromkeys(links, "related")
    verdicts: list[Verdict] = []
    for group in _groups(sorted(reasons)):
        sure = len({reasons[i] for i in group}) > 1 or any(
            (clue := clues[i])
            and clue.strong
            and (clue.reason not in _AT_THE_ENDS or i < _TOP or i >= len(lines) - _BOTTOM)
            for i in group
        )
        verdicts += (Verdict(i, reasons[i], sure) for i in group)
    return verdicts


def _clue(line: str) -> _Clue | None:
    """Judge a line by its words alone."""
    if line_kind(line) or len(line) > 300:
        return None
    plain = unicodedata.normalize("NFKC", convert(line, "Hans")).casefold()
    clue = _lookup(plain)
    if clue:
        return clue
    parts = [part for part in re.split(r"\s*[|·•›>»/]\s*", plain) if part.strip()]
    known = [clue for part in parts if (clue := _lookup(part))]
    if len(known) > 1 and 2 * len(known) > len(parts):
        return _Clue("links", strong=True)
    if len(parts) > 1 and known and _lookup(parts[0]) == _Clue("breadcrumb", strong=False):
        return _Clue("breadcrumb", strong=True)
    return None


def _lookup(plain: str) -> _Clue | None:
    words = plain.strip(" \t" + _LIST_MARKS + ",.:;!?…。、[]【】#↓→")
    for reasons, strong in ((_STRONG, True), (_WEAK, False)):
        for reason, pattern in reasons.items():
            if pattern.fullmatch(words):
                return _Clue(reason, strong)
    return None


def _links(lines: Sequence[str], clues: Sequence[_Clue | None]) -> set[int]:
    """Find the short lines between the notice that ends an article and the next chrome."""
    links: set[int] = set()
    body = 0
    for i, clue in enumerate(clues):
        body += clue is None and bool(re.search(r"[。.!?…][”\"»’)]?\s*$", lines[i]))
        if body < _LEAST_BODY or not clue or clue.reason not in {"copyright", "related", "tags"}:
            continue
        end = i + 1
        while end < len(lines) and not clues[end] and _is_link(lines[end]):
            end += 1
        closed = end < len(lines) and clues[end] is not None
        if clue.strong and closed and end - i <= _MOST_LINKS:
            links.update(range(i + 1, end))
    return links


def _is_link(line: str) -> bool:
    """Tell whether a line has the shape of a headline or a tag: short, and no sentence."""
    return (
        len(line) <= _LONGEST_LINK
        and not re.search(r"[。.;；:：,，]\s*$|https?://", line)
        and line_kind(line) is None
    )


def _groups(found: Sequence[int]) -> list[list[int]]:
    """Group indices that lie at most one line apart."""
    groups: list[list[int]] = []
    for i in found:
        if groups and i - groups[-1][-1] <= 2:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups
