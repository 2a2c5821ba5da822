"""Keep one copy: of passages inside an article, and of articles in the collection."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from pipeline.article import Article, Flag, Removed, Segment
from pipeline.clean.boilerplate import find_boilerplate
from pipeline.dedupe.canonical import canonical
from pipeline.dedupe.earlier import recall, remember
from pipeline.dedupe.near import Signature, cluster, signature
from pipeline.dedupe.repeats import find_repeats, reading_order
from pipeline.stage import Collection, Run

_STAYS = " of an earlier run, whose page stays"


@dataclass(frozen=True, kw_only=True)
class Dedupe:
    """Drop passages that repeat inside an article or frame many, and set near-duplicates aside.

    The least damaged copy of a passage stays. Of near-duplicate articles one is kept and names the
    others; they get a short page that points to it.
    """

    passages: Annotated[bool, Field(description="drop passages repeated inside an article")] = True
    chrome: Annotated[bool, Field(description="drop page chrome that several articles share")] = (
        True
    )
    articles: Annotated[bool, Field(description="set near-duplicate articles aside")] = True
    earlier: Annotated[bool, Field(description="compare with the digests of earlier runs")] = True
    threshold: Annotated[
        float, Field(ge=0.75, le=1, description="how similar two articles must be, from 0.75 to 1")
    ] = 0.8

    def __call__(self, collection: Collection, run: Run | None = None) -> Collection:
        """Compare what is still `ok`; articles that failed before stay as they are."""
        articles = collection.articles
        if self.passages:
            articles = tuple(drop_repeats(a) if a.status == "ok" else a for a in articles)
        if self.chrome:
            articles = drop_furniture(articles)
        if self.articles:
            articles = self._mark_duplicates(articles, run)
        return replace(collection, articles=articles)

    def _mark_duplicates(
        self, articles: tuple[Article, ...], run: Run | None
    ) -> tuple[Article, ...]:
        """Set copies aside, also those of an article that an earlier run had in as good a copy."""
        marked = {a.source: a for a in articles}
        fine = {a.source: signature(_text(a)) for a in articles if a.status == "ok"}
        output = run.output if run and self.earlier else None
        earlier: dict[str, Article] = {}
        compared: dict[str, Signature] = {}
        if run and output:
            sources = {marked[source].sha256: source for source in fine}
            for old, known in recall(run.root, output, articles, [*fine.values()]):
                if source := sources.get(old.sha256):  # under another name it is no copy
                    note = f"the same file as {old.source}{_STAYS}"
                    marked[source] = _noted(marked[source], note)
                else:
                    earlier[old.source], compared[old.source] = old, known
        compared |= fine
        everyone = [*earlier.values(), *(marked[source] for source in fine)]
        for keep, members in cluster(
            [*compared.values()], lambda i: _text(everyone[i]), threshold=self.threshold
        ):
            kept = everyone[keep]
            whose = " of an earlier run" if kept.source in earlier else ""
            copies: list[str] = []
            for member in members:
                copy = everyone[member.index]
                how = "the same text" if member.exact else f"{member.similarity:.0%} the same"
                if copy.source not in earlier:
                    copies.append(copy.source)
                    marked[copy.source] = replace(
                        _noted(copy, f"{how} as {kept.source}{whose}"),
                        status="duplicate",
                        duplicate_of=kept.source,
                        duplicate_page=kept.name if whose else "",
                    )
                elif not whose:
                    kept = _noted(kept, f"{how} as {copy.source}{_STAYS}")
            if not whose:
                marked[kept.source] = replace(kept, copies=tuple(sorted(copies)))
        if run and output:
            digested = [(marked[s], fine[s]) for s in fine if marked[s].status == "ok"]
            remember(run.root, output, digested)
        return tuple(marked.values())


def _text(article: Article) -> str:
    return "\n".join(s.source for s in article.segments)


def _noted(article: Article, note: str) -> Article:
    return replace(article, notes=(*article.notes, note))


def drop_repeats(article: Article) -> Article:
    """Drop the repeated passages of an article, each with what it repeats as the reason."""
    segments = article.segments
    repeats = find_repeats([s.source for s in segments]) | _repeated_title(segments)
    removed = []
    for index, of in repeats.items():
        start, end = segments[index].start, segments[index].end
        reason = f"repeats the passage at {segments[of].start}"
        removed.append(Removed(start, end, article.text[start:end], reason))
    return replace(
        article,
        segments=tuple(segments[i] for i in reading_order(len(segments), repeats)),
        removed=(*article.removed, *removed),
    )


def drop_furniture(articles: tuple[Article, ...]) -> tuple[Article, ...]:
    """Drop the page chrome that articles share; what may be text stays with a flag."""
    fine = [a for a in articles if a.status == "ok"]
    done = {}
    for article, verdicts in zip(fine, find_boilerplate([a.segments for a in fine]), strict=True):
        segments, removed = list(article.segments), []
        for index, reason, sure in reversed(verdicts):
            segment = segments[index]
            if sure:
                text = article.text[segment.start : segment.end]
                removed.append(Removed(segment.start, segment.end, text, f"page chrome: {reason}"))
                del segments[index]
            else:
                segments[index] = replace(segment, flags=(*segment.flags, Flag("chrome?", reason)))
        removed = [*article.removed, *reversed(removed)]
        done[article.source] = replace(article, segments=tuple(segments), removed=tuple(removed))
    return tuple(done.get(a.source, a) for a in articles)


def _repeated_title(segments: tuple[Segment, ...]) -> dict[int, int]:
    """Find a heading right at the start that says the title once more, as page templates do."""
    if not segments or segments[0].kind != "title":
        return {}
    title = canonical(segments[0].source)
    return {
        index: 0
        for index, segment in enumerate(segments[:4])
        if segment.kind == "heading" and canonical(segment.source) == title
    }
