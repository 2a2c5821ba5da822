"""Keep one copy: of passages inside an article, and of articles in the collection."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from pipeline.article import Article, Removed, Segment
from pipeline.stage import Collection
from pipeline.text.canonical import canonical
from pipeline.text.furniture import find_furniture
from pipeline.text.near import find_near_duplicates
from pipeline.text.passages import Repeat, find_repeats, reading_order


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
    threshold: Annotated[
        float, Field(ge=0.75, le=1, description="how similar two articles must be, from 0.75 to 1")
    ] = 0.8

    def __call__(self, collection: Collection) -> Collection:
        """Compare what is still `ok`; articles that failed before stay as they are."""
        articles = collection.articles
        if self.passages:
            articles = tuple(drop_repeats(a) if a.status == "ok" else a for a in articles)
        if self.chrome:
            articles = drop_furniture(articles)
        if self.articles:
            articles = self._mark_duplicates(articles)
        return replace(collection, articles=articles)

    def _mark_duplicates(self, articles: tuple[Article, ...]) -> tuple[Article, ...]:
        places = [i for i, a in enumerate(articles) if a.status == "ok"]
        texts = ["\n".join(s.source for s in articles[i].segments) for i in places]
        marked = list(articles)
        for cluster in find_near_duplicates(texts, threshold=self.threshold):
            kept = places[cluster.keep]
            for member in cluster.members:
                place = places[member.index]
                how = "the same text" if member.exact else f"{member.similarity:.0%} the same"
                marked[place] = replace(
                    articles[place],
                    status="duplicate",
                    duplicate_of=articles[kept].source,
                    notes=(*articles[place].notes, f"{how} as {articles[kept].source}"),
                )
            copies = tuple(sorted(articles[places[m.index]].source for m in cluster.members))
            marked[kept] = replace(marked[kept], copies=copies)
        return tuple(marked)


def drop_repeats(article: Article) -> Article:
    """Drop the repeated passages of an article, each with what it repeats as the reason."""
    segments = article.segments
    repeats = {r.index: r for r in find_repeats([s.source for s in segments])}
    repeats |= _repeated_title(segments)
    removed = []
    for index, repeat in repeats.items():
        dropped, kept = segments[index], segments[repeat.of]
        how = "repeats" if repeat.exact else f"repeats ({repeat.similarity:.0%} the same)"
        removed.append(
            Removed(
                dropped.start,
                dropped.end,
                article.text[dropped.start : dropped.end],
                f"{how} the passage at {kept.start}",
            )
        )
    return replace(
        article,
        segments=tuple(segments[i] for i in reading_order(len(segments), list(repeats.values()))),
        removed=(*article.removed, *removed),
    )


def drop_furniture(articles: tuple[Article, ...]) -> tuple[Article, ...]:
    """Drop the page chrome that articles share; what may be text stays with a flag."""
    fine = [a for a in articles if a.status == "ok"]
    done = {}
    for article, verdicts in zip(fine, find_furniture([a.segments for a in fine]), strict=True):
        segments, removed = list(article.segments), []
        for index, reason, sure in reversed(verdicts):
            segment = segments[index]
            if sure:
                text = article.text[segment.start : segment.end]
                removed.append(Removed(segment.start, segment.end, text, f"page chrome: {reason}"))
                del segments[index]
            else:
                segments[index] = replace(segment, flags=(*segment.flags, f"chrome?: {reason}"))
        removed = [*article.removed, *reversed(removed)]
        done[article.source] = replace(article, segments=tuple(segments), removed=tuple(removed))
    return tuple(done.get(a.source, a) for a in articles)


def _repeated_title(segments: tuple[Segment, ...]) -> dict[int, Repeat]:
    """Find a heading right at the start that says the title once more, as page templates do."""
    if not segments or segments[0].kind != "title":
        return {}
    title = canonical(segments[0].source)
    start = enumerate(segments[1:4], 1)
    return {
        index: Repeat(index, 0, 1.0, exact=True)
        for index, segment in start
        if segment.kind == "heading" and canonical(segment.source) == title
    }
