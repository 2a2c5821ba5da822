"""What a page says of an article, whatever its format."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from babel import Locale
from markupsafe import Markup

from pipeline.article import PASSED_THROUGH
from pipeline.languages import locale

if TYPE_CHECKING:
    from pipeline.article import Article, Segment

_WITHOUT_SPACES = frozenset({"Hans", "Hant", "Hani", "Jpan", "Thai", "Laoo", "Khmr", "Mymr"})
_ENGLISH = Locale("en")


@dataclass(frozen=True)
class Page:
    """What a template may ask of an article.

    `names` maps every source to its output stem, `suffix` ends the names of the pages. A `stale`
    article failed, and its page of an earlier run stays.
    """

    article: Article
    names: dict[str, str]
    suffix: str
    stale: bool = False

    @property
    def title(self) -> str:
        """Give the English title; without one, a sentence in its place, else the file's name."""
        return shorten(self._lead.text, 160) if self._lead else self.article.source

    @property
    def original_title(self) -> str:
        """Give the title in its own language."""
        return shorten(self._lead.source, 160) if self._lead else ""

    @property
    def _lead(self) -> Segment | None:
        """Give the title, else the first of the surest sentences of the summary."""
        article = self.article
        readable = article.segments if article.status in {"ok", "unsupported"} else ()
        doubt = {"check": 1, "poor": 2}
        surest = min(
            self.summary,
            key=lambda s: (bool(s.flags), doubt.get(s.quality, 0)),
            default=None,
        )
        return article.title or surest or next(iter(readable), None)

    def link(self, source: str = "") -> str:
        """Give the file name of a page: this one, or of the article that it names."""
        name = self.names.get(source or self.article.source, self.article.duplicate_page)
        return f"{name}{self.suffix}"

    @property
    def language(self) -> str:
        """Name the language in English, as in `Chinese (Traditional)`."""
        language = self.article.language
        if language is None:
            return "unknown"
        name = _ENGLISH.languages.get(language.code, language.code)
        variant = _ENGLISH.scripts.get(language.tag.partition("-")[2])
        return f"{name} ({variant})" if variant else name

    @property
    def gist(self) -> str:
        """Say in one line what the article is about: the first of its summary after the title."""
        sentences = self.summary or [s for s in self.article.segments if s.kind == "sentence"]
        new = [s for s in sentences if s != self._lead] or sentences
        return shorten(new[0].text, 200) if new else ""

    @cached_property
    def summary(self) -> list[Segment]:
        """Give the segments of the summary in reading order."""
        by_id = {s.id: s for s in self.article.segments}
        return [by_id[i] for i in self.article.summary]

    @property
    def blocks(self) -> list[list[Segment]]:
        """Give the body as blocks of segments, the title left out."""
        body = [s for s in self.article.segments if s.kind != "title"]
        return [list(group) for _, group in groupby(body, key=lambda s: s.block)]

    @property
    def source_length(self) -> str:
        """Count the words of the original, or its characters where words are not spaced."""
        texts = [s.source for s in self.article.segments]
        language = self.article.language
        if language and language.script in _WITHOUT_SPACES:
            return f"{sum(len(t.replace(' ', '')) for t in texts):,} characters"
        return f"{sum(len(t.split()) for t in texts):,} words"

    @property
    def words(self) -> int:
        """Count the words of the translation."""
        return sum(len(s.translation.split()) for s in self.article.segments)

    @cached_property
    def engines(self) -> list[tuple[str, int]]:
        """Give each engine that spoke, and for how many segments."""
        silent = {"", PASSED_THROUGH}
        used = Counter(s.engine for s in self.article.segments if s.engine not in silent)
        return used.most_common()

    @cached_property
    def classes(self) -> dict[str, int]:
        """Count the translated segments of each quality class; empty if none was estimated."""
        found = Counter[str](s.quality for s in self.article.segments)
        names = ("good", "check", "poor")
        return {n: found[n] for n in names} if found["good"] or found["poor"] else {}

    @property
    def verdict(self) -> str:
        """Say in a word how far the translation can be trusted."""
        if not self.engines:
            return ""
        if not self.classes:
            return "not estimated"
        name, count = max(self.classes.items(), key=lambda item: item[1])
        if 2 * count <= sum(self.classes.values()):
            return "mixed"
        return "mostly to check" if name == "check" else f"mostly {name}"

    def attributes(self, segment: Segment | None = None) -> Markup:
        """Give the HTML attributes of the original text: its language and direction."""
        language = (segment.language if segment else None) or self.article.language
        if language is None:
            return Markup('dir="auto"')
        usual = locale(f"und_{language.script}")  # the language that is most written in the script
        direction = "rtl" if usual and usual.text_direction == "rtl" else "ltr"
        return Markup('lang="{}" dir="{}"').format(language.tag, direction)


def shorten(text: str, width: int) -> str:
    """Cut a text at a space so that it has at most `width` characters, the ellipsis included."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    head, space, _ = line[: width - 1].rpartition(" ")
    return (head if space and len(head) > width // 2 else line[: width - 1]) + "…"
