"""Detect what each article is written in, and each paragraph that differs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from pipeline.article import Article, Language, Segment
from pipeline.detect.identify import alike, identify, script_of_language
from pipeline.detect.scripts import count_scripts

_TAG = re.compile(r"([A-Za-z]{2})(?![A-Za-z])(?:-([A-Z][a-z]{3})\b)?")  # of a BCP 47 tag
# Names in Latin letters abound in every script: a paragraph is Latin only if nearly all of it is.
_MOSTLY = 0.8
_LEAST_LETTERS = 60  # of a paragraph that may differ from its article
# A text of this many characters has more than a few different ones in any language.
_LONG, _FEW = 1000, 8


@dataclass(frozen=True, kw_only=True)
class Detect:
    """Detect language and script (BCP 47) of each article, and of paragraphs that differ.

    The language comes from py3langid (a naive Bayes model of byte n-grams, after langid.py by Lui
    and Baldwin, 2012), the script from the characters themselves. An article whose language stays
    below `min_confidence`, or that has no letters, is kept and marked, never guessed.
    """

    min_confidence: Annotated[
        float, Field(ge=0, le=1, description="below this an article's language is left open")
    ] = 0.5
    language: Annotated[
        str | None,
        Field(
            pattern="^[a-z]{2}(-[A-Z][a-z]{3})?$",
            description="skip detection: all is in this one, as in `kk` or `zh-Hant`",
        ),
    ] = None

    def __call__(self, article: Article) -> Article:
        """Set the article's language; mark it `unsupported` where that stays open."""
        text = "\n".join(s.source for s in article.segments if s.kind != "code")
        if not count_scripts(text):
            return _open(article, "no letters in it, so no language")
        if len(text) > _LONG and len(set(text)) < _FEW:
            return _open(article, "the same few characters over and over")
        language = self._given(text) or identify(text)
        if language.confidence < self.min_confidence:
            note = f"language unclear: best guess {language.tag} at {language.confidence:.0%}"
            hint = next((m.value for m in article.metadata if m.name == "lang"), "")
            if not (said := _TAG.match(hint)):
                return _open(article, note)
            code, script = said[1].lower(), said[2]
            language = replace(language, code=code, script=script or script_of_language(text, code))
            note += f"; {language.tag} by its front matter"
            article = replace(article, notes=(*article.notes, note))
        segments = tuple(self._segment(s, language) for s in article.segments)
        return replace(article, language=language, segments=segments)

    def _given(self, text: str) -> Language | None:
        if self.language is None:
            return None
        code, _, script = self.language.partition("-")
        return Language(code, script or script_of_language(text, code))

    def _segment(self, segment: Segment, language: Language) -> Segment:
        """Set a segment's own language where it clearly differs from the article's."""
        counts = count_scripts(segment.source)
        if counts.total() < _LEAST_LETTERS or self.language or segment.kind == "code":
            return segment
        script, letters = counts.most_common(1)[0]
        if letters < _MOSTLY * counts.total():
            return segment
        own = identify(segment.source)
        other_script = script not in {language.script, "Hani"} or (
            script == "Hani" and not language.script.startswith("Han")
        )
        same = own.code == language.code or alike(own.code, language.code) or own.confidence < 0.99
        if same or not (other_script or counts.total() >= 2 * _LEAST_LETTERS):
            return segment
        return replace(segment, language=own)


def _open(article: Article, note: str) -> Article:
    return replace(article, status="unsupported", notes=(*article.notes, note))
