"""Keep one copy: of passages inside an article, and of articles in the collection."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from pipeline.article import Article, Flag, Removed, Segment
from pipeline.clean.boilerplate import find_boilerplate
from pipeline.dedupe.canonical import canonical
from pipeline.dedupe.earlier import recall, remember
from pipeline.dedupe.near import cluster, signature
from pipeline.dedupe.repeats import Repeat, find_repeats, reading_order
from pipeline.stage import Collection, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.dedupe.near import Member

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
        fine = [a for a in articles if a.status == "ok"]
        texts = ["\n".join(s.source for s in a.segments) for a in fine]
        signatures = [signature(text) for text in texts]
        output = run.output if run and self.earlier else None
        known = (
            recall(run.root, output, articles, signatures, self.threshold) if run and output else []
        )
        renamed = {a.sha256: a.source for a in fine}  # the same file under another name is no copy
        earlier = [e for e in known if e.sha256 not in renamed]
        marked = {a.source: a for a in articles}
        for e in known:
            if source := renamed.get(e.sha256):
                marked[source] = _noted(marked[source], f"the same file as {e.source}{_STAYS}")
        compared = [*earlier, *(marked[a.source] for a in fine)]
        for keep, members in cluster(
            [*(signature(e.text) for e in earlier), *signatures],
            [*(e.text for e in earlier), *texts].__getitem__,
            threshold=self.threshold,
        ):
            alike = [(compared[m.index], _how(m)) for m in members if m.index >= len(earlier)]
            before = [(compared[m.index], _how(m)) for m in members if m.index < len(earlier)]
            changed = _resolve(compared[keep], alike, before, is_earlier=keep < len(earlier))
            marked |= {article.source: article for article in changed}
        if run and output:
            pairs = zip(fine, signatures, strict=True)
            remember(run.root, output, [p for p in pairs if marked[p[0].source].status == "ok"])
        return tuple(marked.values())


def _how(member: Member) -> str:
    return "the same text" if member.exact else f"{member.similarity:.0%} the same"


def _resolve(
    kept: Article,
    copies: list[tuple[Article, str]],
    before: list[tuple[Article, str]],
    *,
    is_earlier: bool,
) -> Iterator[Article]:
    """Give the present articles of a cluster: copies point to the kept one, which names them.

    `before` are the cluster's other articles of earlier runs; each article comes with how alike.
    """
    page = kept.name if is_earlier else ""
    for copy, how in copies:
        note = f"{how} as {kept.source}" + " of an earlier run" * is_earlier
        yield replace(
            _noted(copy, note), status="duplicate", duplicate_of=kept.source, duplicate_page=page
        )
    if not is_earlier:
        for one, how in before:
            kept = _noted(kept, f"{how} as {one.source}{_STAYS}")
        yield replace(kept, copies=tuple(sorted(copy.source for copy, _ in copies)))


def _noted(article: Article, note: str) -> Article:
    return replace(article, notes=(*article.notes, note))


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
