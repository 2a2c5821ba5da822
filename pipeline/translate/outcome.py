"""What becomes of each segment: translated, passed through, or kept in its own words and marked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pipeline.article import PASSED_THROUGH, Article, Flag, Gloss, Language, Segment
from pipeline.checks.spans import without_addresses
from pipeline.detect.scripts import count_scripts
from pipeline.translate.attempts import FATAL, NOTED, Attempt
from pipeline.translate.estimate import classify
from pipeline.translate.glossary import came_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pipeline.translate.lexicon import Lexicon


class Job(NamedTuple):
    """What an engine is asked for a segment: the sentence, with the English of the terms put in."""

    language: Language
    sentence: str
    terms: tuple[str, ...]


def language_of(article: Article, segment: Segment) -> Language | None:
    """Give what a segment is to be translated from; none where it stays, or is in no language.

    What stays: English, bylines (a model asked for a bare name invents the rest), code, addresses,
    and what has no letters.
    """
    language = segment.language or article.language
    if language is None or language.code == "en" or segment.kind in {"byline", "code"}:
        return None
    words = count_scripts(without_addresses(segment.source))
    return Language(language.code, language.script) if words else None


def finish(
    article: Article,
    done: Mapping[int, tuple[Job, Attempt]],
    lexicon: Callable[[str], Lexicon | None],
) -> Article:
    """Give each segment its translation, or say why it has none; `done` has what was tried.

    What a reader cannot rely on gets the words of the `lexicon` of its language (BCP 47).
    """
    segments = []
    for segment in article.segments:
        if segment.id in done:
            job, attempt = done[segment.id]
            made = _apply(segment, job, attempt)
            doubtful = made.quality in {"check", "poor"} or not made.translation
            words = lexicon(job.language.tag) if doubtful else None
            segments.append(replace(made, gloss=_gloss(words, segment.source)))
        elif language := language_of(article, segment):
            note = Flag("untranslated", f"no engine has {language.tag}")
            segments.append(replace(segment, flags=(*segment.flags, note)))
        else:
            segments.append(replace(segment, translation=segment.source, engine=PASSED_THROUGH))
    finished = replace(article, segments=tuple(segments))
    if any(s.translation for s in segments if count_scripts(s.source)):
        return finished
    why = f"no engine has {article.language.tag}" if article.language else "no language"
    if done:
        why = "every attempt failed"
    return replace(finished, status="unsupported", notes=(*article.notes, why))


def _gloss(lexicon: Lexicon | None, text: str) -> tuple[Gloss, ...]:
    """Look the words of a text up."""
    words = lexicon.words(text) if lexicon else ()
    return tuple(Gloss(text[word.start : word.end], tuple(word.hint.split("/"))) for word in words)


def _apply(segment: Segment, job: Job, attempt: Attempt) -> Segment:
    """Give a segment the best attempt at it; a useless one leaves it in its own words, marked."""
    engine, (text, score, _) = attempt.rung.engine, attempt.translation
    missed = (term for term in dict.fromkeys(job.terms) if not came_out(term, text))
    flags = (*attempt.flags, *(Flag("glossary", f"{term} is missing") for term in missed))
    made = replace(
        segment,
        score=round(score, 4),
        rung=attempt.rung.name,
        restored=attempt.restored,
        terms=job.terms,
        flags=(*segment.flags, *flags),
    )
    if FATAL.intersection(f.kind for f in attempt.flags):
        note = Flag("untranslated", "every attempt failed, so it stays in its own words")
        return replace(made, rung="source", flags=(note, *made.flags))
    calibration = engine.calibration(job.language.tag)
    told = (segment.source, text, score, attempt.adequacy)
    expected = calibration.expected(*told) if calibration else None
    return replace(
        made,
        translation=text,
        engine=engine.name,
        quality=classify(expected, wrong=not NOTED.issuperset(f.kind for f in flags)),
        estimate=expected if expected is None else round(expected, 1),
    )
