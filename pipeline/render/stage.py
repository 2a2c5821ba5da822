"""Write the digests: in each format, one page an article and an index of all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from jinja2 import TemplateError, TemplateSyntaxError
from pydantic import Field

from pipeline import registry
from pipeline.article import Article, Document
from pipeline.evidence import Evidence
from pipeline.paths import sha256
from pipeline.render import Renderer
from pipeline.render.page import Page
from pipeline.stage import Collection, Run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jinja2 import Template


@dataclass(frozen=True, kw_only=True)
class Render:
    """Write a digest per article and an index, from Jinja2 templates.

    Whatever a template prints is escaped, so that no article can inject markup.
    """

    formats: Annotated[
        tuple[registry.Renderer, ...],
        Field(min_length=1, description="output formats: md, or your own my_module.my_renderer"),
    ] = ("md",)
    template: Annotated[
        str | None, Field(description="your own template of a Markdown digest, by pipeline.yaml")
    ] = None

    def problems(self, run: Run) -> list[str]:
        """Say which templates are missing or cannot be parsed."""
        problems = []
        for renderer, path in self._templates(run):
            try:
                _parsed(renderer, path)
            except TemplateSyntaxError as error:
                problems.append(f"render: {path.name}:{error.lineno}: {error.message}; mend it")
            except (TemplateError, ValueError) as error:
                problems.append(f"render: template '{path.name}' is unreadable: {error}")
        return problems

    def depends_on(self, run: Run) -> dict[str, str]:
        """Name the templates with their SHA-256, or why they cannot be read."""
        return {path.name: sha256(path) for _, path in self._templates(run)}

    def suffixes(self, run: Run) -> list[str]:
        """Give what the names of the pages end in."""
        return [renderer.suffix for renderer, _ in self._renderers(run)]

    def _templates(self, run: Run) -> Iterator[tuple[Renderer, Path]]:
        for renderer, digest in self._renderers(run):
            yield from ((renderer, digest), (renderer, renderer.template("index")))

    def _renderers(self, run: Run) -> list[tuple[Renderer, Path]]:
        """Give each format with the template of its digests."""
        found: dict[str, Renderer] = {
            name: registry.load(registry.RENDERERS, name, run.root) for name in self.formats
        }
        own = {"md": run.root / self.template} if self.template else {}
        return [(r, own.get(name, r.template("digest"))) for name, r in found.items()]

    def __call__(self, collection: Collection, run: Run) -> Collection:
        """Add, in each format, a document for every article and one for the index."""
        names = {a.source: a.name for a in collection.articles}
        failed: dict[str, Article] = {}
        documents = list(collection.documents)
        for renderer, digest in self._renderers(run):
            suffix, pages = renderer.suffix, []
            template = _parsed(renderer, digest)
            for article in collection.articles:
                page = Page(article, names, suffix)
                try:
                    text = template.render(page=page, article=article)
                except Exception as error:  # noqa: BLE001 - a template may raise anything; one page is lost
                    told = f"render: {registry.arose(error, run.root)}{error}"
                    lost = replace(article, status="failed", error=told)
                    failed[article.source] = lost
                    page = replace(page, article=lost)
                else:
                    documents.append(Document(f"{article.name}{suffix}", text))
                if run.output and page.article.status == "failed":
                    stale = Evidence.last_good(run.output, article) is not None
                    page = replace(page, stale=stale)
                pages.append(page)
                run.progress(len(pages), len(names))
            listing = _parsed(renderer, renderer.template("index")).render(pages=pages)
            documents.append(Document(f"index{suffix}", listing))
        articles = tuple(failed.get(a.source, a) for a in collection.articles)
        return replace(collection, articles=articles, documents=tuple(documents))


def _parsed(renderer: Renderer, path: Path) -> Template:
    """Parse a template, which may include others beside it and the format's own."""
    return renderer.environment([path.parent, renderer.templates]).get_template(path.name)
