"""Repair what scraping broke and drop what is not the article."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import AfterValidator, Field

from pipeline.aligned import Aligned
from pipeline.article import Article, Flag, Removed, Segment
from pipeline.clean.chrome import CAPTION_MARKS, find_chrome, line_kind
from pipeline.clean.readings import residue
from pipeline.clean.repairs import REPAIRS, repair
from pipeline.read.layout import lines, numbered, segments
from pipeline.yamlpos import did_you_mean


class NothingLeftError(ValueError):
    """An article is page chrome from end to end."""


def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in REPAIRS:
            raise ValueError(f"no repair '{name}'; {did_you_mean(name, REPAIRS)}")
    return names


@dataclass(frozen=True, kw_only=True)
class Clean:
    """Repair scraping damage and drop page chrome; every change is recorded with its place.

    A line that may be chrome but also text stays, with the flag `chrome?`; what is damaged beyond
    repair stays with the flag `damage`.
    """

    repairs: Annotated[
        tuple[str, ...], AfterValidator(_known), Field(description="which repairs, in this order")
    ] = tuple(REPAIRS)
    chrome: Annotated[bool, Field(description="drop menus, share buttons, footers")] = True

    def __call__(self, article: Article) -> Article:
        """Rebuild the article's segments from its repaired text."""
        text = article.body or Aligned.identity(article.text)
        rules = {name: REPAIRS[name] for name in self.repairs}
        text, repairs = repair(text, article.text, rules)
        found = lines(text)
        verdicts = find_chrome([line.text for line in found]) if self.chrome else []
        chrome = {v.line: v for v in verdicts}
        removed = [
            Removed(start, end, article.text[start:end], f"page chrome: {verdict.reason}")
            for index, verdict in chrome.items()
            if verdict.sure
            for start, end in [found[index].span(0, len(found[index].text))]
        ]
        unsure = {found[i].span(0, 1)[0]: v.reason for i, v in chrome.items() if not v.sure}
        kept = [line for i, line in enumerate(found) if i not in chrome or not chrome[i].sure]
        if not kept:
            raise NothingLeftError("nothing but page chrome in it")
        code = [s for s in article.segments if s.kind == "code"]
        cleaned = [_mark(s, unsure) for s in segments(kept, article.markup)]
        return replace(
            article,
            segments=numbered((*cleaned, *code)),
            removed=(*article.removed, *removed),
            repairs=(*article.repairs, *repairs),
        )


def _mark(segment: Segment, unsure: dict[int, str]) -> Segment:
    """Tell bylines and captions from text; flag what may be chrome and what is still damaged."""
    flags = segment.flags
    if segment.start in unsure:
        flags += (Flag("chrome?", unsure[segment.start]),)
    if damaged := [segment.source[start:end] for start, end in residue(segment.source)]:
        flags += (Flag("damage", f"{' '.join(damaged)} is not restored"),)
    segment = replace(segment, kind=line_kind(segment.source) or segment.kind, flags=flags)
    if segment.source.startswith(tuple(CAPTION_MARKS)) and segment.source[1:].strip():
        return segment.part(1, len(segment.source))
    return segment
