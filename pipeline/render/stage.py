"""Write the digests: one Markdown page an article, and an index of all."""

from __future__ import annotations

import html
import math
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import pycountry
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from pydantic import Field

from pipeline.article import PASSED_THROUGH, Article, Document, Segment
from pipeline.paths import INDEX, TEMPLATES, sha256
from pipeline.render.escape import escape, escape_html, shorten
from pipeline.stage import Collection, Run

if TYPE_CHECKING:
    from collections.abc import Iterable

WORDS_A_MINUTE = 230  # silent reading of non-fiction in English (Brysbaert, 2019)
RIGHT_TO_LEFT = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm"})
_VARIANTS = {"Hans": "Simplified", "Hant": "Traditional"}
_WITHOUT_SPACES = frozenset({"Hans", "Hant", "Hani", "Jpan", "Thai", "Laoo", "Khmr", "Mymr"})


class Raw(str):
    """Markdown or HTML of our own making, not to be escaped."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Render:
    """Write a Markdown digest per article and an index, from Jinja2 templates.

    Whatever a template prints is escaped, so that no article can inject markup.
    """

    template: Annotated[
        str | None, Field(description="your own template of a digest, beside pipeline.yaml")
    ] = None
    index: Annotated[
        str | None, Field(description="your own template of the index, beside pipeline.yaml")
    ] = None

    def problems(self, run: Run) -> Iterable[str]:
        """Say which templates are missing."""
        for path in self._templates(run):
            if not path.is_file():
                yield f"render: no template '{path.name}' in {path.parent}"

    def depends_on(self, run: Run) -> dict[str, str]:
        """Name the templates with their SHA-256."""
        return {path.name: sha256(path) for path in self._templates(run)}

    def _templates(self, run: Run) -> list[Path]:
        own = ((self.template, "digest.md.j2"), (self.index, "index.md.j2"))
        return [run.root / name if name else TEMPLATES / default for name, default in own]

    def __call__(self, collection: Collection, run: Run) -> Collection:
        """Add a document for every article and one for the index."""
        digest, index = (_template(path) for path in self._templates(run))
        names = {a.source: a.name for a in collection.articles}
        pages = [Page(a, names) for a in collection.articles]
        articles, documents = [], []
        for done, page in enumerate(pages, 1):
            article = page.article
            try:
                text = digest.render(page=page, article=article)
            except Exception as error:  # noqa: BLE001 - a template may raise anything; one page is lost
                article = replace(article, status="failed", error=f"render: {error}")
            else:
                documents.append(Document(f"{article.name}.md", text))
            articles.append(article)
            run.progress(done, len(pages))
        documents.append(Document(INDEX, index.render(pages=pages)))
        made = (*collection.documents, *documents)
        return replace(collection, articles=tuple(articles), documents=made)


@dataclass(frozen=True)
class Page:
    """What a template may ask of an article. `names` maps every source to its output stem."""

    article: Article
    names: dict[str, str]

    @property
    def title(self) -> str:
        """Give the English title; without one, the first sentence, else the file's name."""
        return shorten(self._lead.text, 160) if self._lead else self.file

    @property
    def original_title(self) -> str:
        """Give the title in its own language."""
        return shorten(self._lead.source, 160) if self._lead else ""

    @property
    def _lead(self) -> Segment | None:
        article = self.article
        readable = article.status in {"ok", "unsupported"}
        return article.title or next(iter(article.segments if readable else ()), None)

    @property
    def file(self) -> str:
        """Give the input file's path."""
        return self.article.source

    @property
    def about(self) -> list[tuple[str, str]]:
        """Give what the file says of its origin: label and value."""
        said = {m.name: m.value for m in self.article.metadata}
        labels = {"date": "Date", "author": "Author", "url": "Address"}
        return [(label, said[name]) for name, label in labels.items() if said.get(name)]

    @property
    def link(self) -> str:
        """Give the digest's file name."""
        return f"{self.article.name}.md"

    @property
    def language(self) -> str:
        """Name the language in English, as in `Chinese (Traditional)`."""
        language = self.article.language
        if language is None:
            return "unknown"
        known = pycountry.languages.get(alpha_2=language.code)
        name = known.name.partition(" (")[0] if known else language.code
        variant = _VARIANTS.get(language.script)
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

    @property
    def minutes(self) -> int:
        """Estimate the minutes it takes to read the translation."""
        return max(1, math.ceil(self.words / WORDS_A_MINUTE))

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

    def mark(self, segment: Segment) -> Raw:
        """Give the mark of what is to check, and of what is probably poor."""
        unsure = {"check": "?", "poor": "??"}.get(segment.quality, "")
        warned = " ⚠" if segment.flags else ""
        if warned and unsure == "?":
            return Raw(warned)
        return Raw(warned + (f"<sup>{unsure}</sup>" if unsure else ""))

    @property
    def flagged(self) -> int:
        """Count the segments with something to check."""
        return sum(bool(s.flags) for s in self.article.segments)

    @property
    def copies(self) -> list[tuple[str, str]]:
        """Give the near-duplicates that this article stands for, each with its page."""
        return [(source, f"{self.names[source]}.md") for source in self.article.copies]

    @property
    def original(self) -> tuple[str, str] | None:
        """Give the article that this one duplicates, with its page."""
        kept = self.article.duplicate_of
        page = self.article.duplicate_page or self.names.get(kept)
        return (kept, f"{page}.md") if kept else None

    def attributes(self, segment: Segment | None = None) -> Raw:
        """Give the HTML attributes of the original text: its language and direction."""
        language = (segment.language if segment else None) or self.article.language
        if language is None:
            return Raw('dir="auto"')
        direction = "rtl" if language.script in RIGHT_TO_LEFT else "ltr"
        return Raw(f'lang="{language.tag}" dir="{direction}"')


def _template(path: Path) -> Template:
    """Load a template in an environment that escapes whatever it prints."""
    environment = Environment(  # noqa: S701 - `finalize` escapes, for Markdown and HTML at once
        loader=FileSystemLoader([path.parent, TEMPLATES]),
        undefined=StrictUndefined,
        finalize=lambda value: value if isinstance(value, Raw) else escape(str(value)),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["html"] = lambda text: Raw(escape_html(str(text)))
    environment.filters["pre"] = lambda text: Raw(html.escape(str(text)))  # keeps its lines
    environment.filters["raw"] = lambda text: Raw(str(text))
    environment.filters["url"] = lambda text: Raw(quote(str(text)))
    return environment.get_template(path.name)
