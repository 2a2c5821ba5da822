"""The data that flows through the stages: frozen, plain, and traceable to the input."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pipeline.aligned import Aligned
    from pipeline.translate.estimate import Quality

Kind = Literal["title", "heading", "paragraph", "item", "sentence", "caption", "byline", "code"]
PASSED_THROUGH = "original"  # the engine of a segment that needs no translation
Status = Literal["ok", "duplicate", "unsupported", "failed"]


@dataclass(frozen=True)
class Language:
    """What a text is written in: ISO 639-1 code, ISO 15924 script, and how sure that is."""

    code: str
    script: str
    confidence: float = 1.0
    runner_up: str = ""

    @property
    def tag(self) -> str:
        """Give the BCP 47 tag; the script stands in it only where the language has several."""
        return f"{self.code}-{self.script}" if self.code in {"zh", "sr", "uz", "az"} else self.code


@dataclass(frozen=True)
class Flag:
    """Something about a segment that a reader should check: its kind, and what of it."""

    kind: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}" if self.detail else self.kind


@dataclass(frozen=True)
class Gloss:
    """A word of a text and what a lexicon says it may mean; `~` before how a name sounds."""

    word: str
    english: tuple[str, ...]


@dataclass(frozen=True)
class Segment:
    """A heading, a paragraph (before `translate`) or a sentence (after it).

    `start` and `end` are character offsets into the decoded input. `block` numbers the paragraph
    that a sentence belongs to. `aligned` gives the input span of every character of `source`.
    """

    id: int
    kind: Kind
    start: int
    end: int
    source: str
    block: int = 0
    language: Language | None = None  # only where it differs from the article's
    translation: str = ""
    engine: str = ""
    quality: Quality = ""  # how good the translation probably is
    estimate: float | None = None  # sentence chrF to expect, 0 to 100
    terms: tuple[str, ...] = ()  # the glossary's English that must be in the translation
    rung: str = ""  # which attempt at translating it was kept
    restored: tuple[str, ...] = ()  # names and addresses put back into it: `was -> is`
    score: float | None = None  # mean log-probability per output token
    flags: tuple[Flag, ...] = ()
    gloss: tuple[Gloss, ...] = ()  # word by word, where the translation is not to be relied on
    aligned: Aligned | None = field(default=None, repr=False, compare=False)

    @property
    def text(self) -> str:
        """Give what a reader sees: the English, or the source where there is none."""
        return self.translation or self.source

    def part(self, start: int, end: int) -> Segment:
        """Cut `source[start:end]` out as a segment of its own, with its own input span.

        Where a stage has rewritten `source` without keeping the alignment, the part keeps the span
        of the whole.
        """
        if self.aligned is None or self.aligned.text != self.source:
            return replace(self, source=self.source[start:end], aligned=None)
        aligned = self.aligned[start:end].strip()
        first, last = aligned.span(0, len(aligned.text))
        return replace(self, source=aligned.text, start=first, end=last, aligned=aligned)


@dataclass(frozen=True)
class Removed:
    """A passage that was dropped: its input span, its text as it stood there, and why."""

    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True)
class Repair:
    """A change to the text: the input span, what stood there, what stands now, and which rule."""

    start: int
    end: int
    before: str
    after: str
    rule: str


@dataclass(frozen=True)
class Metadatum:
    """What a file says about itself, in front matter or a page's head, and where."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Markup:
    """A line of the input whose kind its markup tells."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class Article:
    """One input file on its way to a digest.

    `source` is the path relative to the input folder, with `/`. `text` is the decoded input that
    all offsets point into, `body` what of it is to be read, where that is not all. `error` says why
    an article has the status `failed`.
    """

    source: str
    text: str = field(repr=False)
    name: str = ""  # stem of the output files
    sha256: str = ""
    encoding: str = "utf-8"
    body: Aligned | None = field(default=None, repr=False, compare=False)
    markup: tuple[Markup, ...] = field(default=(), repr=False)  # in ascending order
    metadata: tuple[Metadatum, ...] = ()
    status: Status = "ok"
    error: str = ""
    language: Language | None = None
    segments: tuple[Segment, ...] = ()
    removed: tuple[Removed, ...] = ()
    repairs: tuple[Repair, ...] = ()
    summary: tuple[int, ...] = ()  # segment ids, in reading order
    notes: tuple[str, ...] = ()
    duplicate_of: str = ""
    duplicate_page: str = ""  # the stem of its page, where that is of an earlier run
    copies: tuple[str, ...] = ()  # sources of the near-duplicates that this article stands for

    @property
    def title(self) -> Segment | None:
        """Give the segment that is the title, if the article has one."""
        return next((s for s in self.segments if s.kind == "title"), None)


@dataclass(frozen=True)
class Document:
    """A file of the run's output: its name inside the output folder and its text."""

    name: str
    text: str = field(repr=False)
