"""Write the digests: in each format, one page an article and an index of all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from pipeline import registry
from pipeline.article import Document
from pipeline.paths import sha256
from pipeline.render import Renderer
from pipeline.render.page import Page
from pipeline.stage import Collection, Run

if TYPE_CHECKING:
    from collections.abc import Iterable


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
    index: Annotated[
        str | None, Field(description="your own template of the Markdown index, by pipeline.yaml")
    ] = None

    def problems(self, run: Run) -> Iterable[str]:
        """Say which templates are missing."""
        for path in self._files(run):
            if not path.is_file():
                yield f"render: no template '{path.name}' in {path.parent}"

    def depends_on(self, run: Run) -> dict[str, str]:
        """Name the templates with their SHA-256."""
        return {path.name: sha256(path) for path in self._files(run)}

    def _files(self, run: Run) -> list[Path]:
        return [path for *_, digest, index in self._renderers(run) for path in (digest, index)]

    def _renderers(self, run: Run) -> list[tuple[Renderer, Path, Path]]:
        """Give each format with the templates of its digest and its index."""
        found = []
        for name in dict.fromkeys(self.formats):
            renderer: Renderer = registry.load(registry.RENDERERS, name, run.root)
            own = (self.template, self.index) if name == "md" else (None, None)
            digest, index = (
                run.root / path if path else renderer.template(kind)
                for kind, path in zip(("digest", "index"), own, strict=True)
            )
            found.append((renderer, digest, index))
        return found

    def __call__(self, collection: Collection, run: Run) -> Collection:
        """Add, in each format, a document for every article and one for the index."""
        names = {a.source: a.name for a in collection.articles}
        articles, documents = list(collection.articles), list(collection.documents)
        renderers = self._renderers(run)
        for turn, (renderer, digest, index) in enumerate(renderers):
            template, listing = (
                renderer.environment([path.parent, renderer.templates]).get_template(path.name)
                for path in (digest, index)
            )
            for place, article in enumerate(articles):
                try:
                    page = Page(article, names, renderer.suffix)
                    text = template.render(page=page, article=article)
                except Exception as error:  # noqa: BLE001 - a template may raise anything; one page is lost
                    failure = f"render: {error}"
                    articles[place] = replace(article, status="failed", error=failure)
                else:
                    documents.append(Document(f"{article.name}{renderer.suffix}", text))
                run.progress(turn * len(articles) + place + 1, len(renderers) * len(articles))
            pages = [Page(article, names, renderer.suffix) for article in articles]
            documents.append(Document(f"index{renderer.suffix}", listing.render(pages=pages)))
        return replace(collection, articles=tuple(articles), documents=tuple(documents))
