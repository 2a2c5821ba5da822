"""The evidence of an article, beside its digest: what every word of it comes from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from pipeline.article import Flag, Gloss, Kind, Language, Metadatum, Removed, Repair, Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.article import Article, Segment


class Record(BaseModel):
    """What is written as JSON and read again by the same model."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    def to_json(self) -> str:
        """Write it as `model_validate_json` reads it.

        Raises:
            ValueError: if a text has lone surrogates, or a value is of another type.
        """
        return self.model_dump_json(by_alias=True, indent=1, warnings="error") + "\n"


class Title(Record):
    """The article's title in its own language and in English."""

    source: str
    translation: str


class Sentence(Record):
    """A segment: a sentence, or a heading, title, caption, byline or piece of code as a whole."""

    id: int
    kind: Kind
    block: int = Field(description="number of the paragraph that it stands in")
    start: int = Field(description="first character of the decoded input that it comes from")
    end: int = Field(description="first character after it")
    source: str
    language: Language | None = Field(description="where it differs from the article's")
    translation: str
    engine: str = Field(description="what translated it; `original` for what needs no translation")
    quality: Literal["good", "check", "poor", ""]
    estimate: float | None = Field(description="sentence chrF to expect, 0 to 100")
    rung: str = Field(description="which attempt at translating it was kept")
    restored: tuple[str, ...] = Field(description="names put back into it: `was -> is`")
    terms: tuple[str, ...] = Field(description="the glossary's English that must be in it")
    score: float | None = Field(description="mean log-probability per output token, in nats")
    flags: tuple[Flag, ...] = Field(description="what looks wrong")
    gloss: tuple[Gloss, ...] = Field((), description="word by word, where it may be wrong")


class Evidence(Record):
    """All that a digest was made from; offsets count characters of the decoded input."""

    version: Literal[2] = Field(2, alias="schema")
    source: str = Field(description="path of the input file, relative to the input folder")
    sha256: str
    encoding: str
    status: Status
    error: str
    notes: tuple[str, ...]
    metadata: tuple[Metadatum, ...]
    title: Title | None
    language: Language | None
    segments: tuple[Sentence, ...]
    summary: tuple[int, ...] = Field(description="ids of segments, in reading order")
    removed: tuple[Removed, ...]
    repairs: tuple[Repair, ...]
    duplicate_of: str
    copies: tuple[str, ...]

    @classmethod
    def last_good(cls, folder: Path, article: Article) -> Self | None:
        """Read what an earlier run wrote of an article, if that went well."""
        try:
            known = cls.model_validate_json((folder / f"{article.name}.json").read_bytes())
        except (OSError, ValueError):
            return None
        return known if (known.source, known.status) == (article.source, "ok") else None


@dataclass(frozen=True)
class Ledger:
    """Where the letters of what was to be read are: each should be in exactly one place.

    `repaired` letters were changed or dropped by a repair, `lost` ones are in no segment, removal
    or repair, those counted `twice` in several.
    """

    letters: int = 0
    in_segments: int = 0
    removed: int = 0
    repaired: int = 0
    lost: int = 0
    twice: int = 0


def ledger(article: Article) -> Ledger:
    """Count where the letters of an article ended, from the places that its evidence tells."""
    body = article.body
    letters = np.fromiter(map(str.isalpha, body.text if body else article.text), bool)
    places = body.starts[letters] if body else np.flatnonzero(letters)

    def cover(spans: Iterable[Segment | Removed | Repair]) -> np.ndarray:
        times = np.zeros(len(article.text) + 1, np.int32)
        for start, end in {(span.start, span.end) for span in spans}:
            times[start:end] += 1
        return times[places]

    repaired, removed, segments = (
        cover(article.repairs),
        cover(article.removed),
        cover(article.segments),
    )
    tests = [repaired > 0, segments + removed > 1, segments > 0, removed > 0]
    kinds = np.select(tests, ["repaired", "twice", "in_segments", "removed"], "lost")
    return Ledger(letters=len(places), **Counter(kinds.tolist()))
