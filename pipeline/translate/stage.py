"""Translate to English, offline, sentence by sentence, with nothing lost unseen."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import Field, TypeAdapter, ValidationError
from sentencex import get_sentence_boundaries  # type: ignore[attr-defined]  # no stub for it

from pipeline import registry
from pipeline.article import PASSED_THROUGH, Article, Flag, Language, Segment
from pipeline.checks import USUAL, check
from pipeline.checks.spans import without_addresses
from pipeline.detect.scripts import count_scripts
from pipeline.engines import Translator
from pipeline.engines.argos import ArgosOptions
from pipeline.engines.choice import EngineChoice
from pipeline.engines.lm import LmOptions
from pipeline.engines.options import EngineOptions
from pipeline.paths import memory_file, sha256
from pipeline.stage import Batch, Run
from pipeline.translate.attempts import FATAL, NOTED, Attempt, climb, recall, rungs
from pipeline.translate.estimate import classify
from pipeline.translate.glossary import came_out, put
from pipeline.translate.memory import Memory
from pipeline.yamlpos import ConfigError, load

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


Term = Annotated[str, Field(min_length=1)]


class Job(NamedTuple):
    """What an engine is asked for a segment: the sentence, with the English of the terms put in."""

    language: Language
    sentence: str
    terms: tuple[str, ...]


class Remembered(NamedTuple):
    """How many sentences of a language its engine has translated before, and how many not."""

    language: str
    engine: str
    known: int
    new: int


@dataclass(frozen=True, kw_only=True)
class Translate:
    """Translate to English, sentence by sentence, with the first engine that has the language.

    English passes through, and so do bylines: a model asked to translate a bare name invents the
    rest. An article whose language no engine has becomes `unsupported` and stays
    in its own words. Each translation is checked without a reference (numbers, names, repetition,
    length, left-over script); what looks wrong is tried again in other ways, and flagged if none
    was better. A sentence that only came out as endless repetition stays in its own words.
    """

    engines: Annotated[
        tuple[EngineChoice, ...],
        Field(min_length=1, description="tried in this order for each language"),
    ] = (ArgosOptions(), LmOptions())
    prefer: Annotated[
        dict[str, str] | None,
        Field(description="the engine for a language, as in {ru: lm}"),
    ] = None
    glossary: Annotated[
        str | None, Field(description="a file of terms with their English, beside pipeline.yaml")
    ] = None

    checks: Annotated[
        tuple[registry.Check, ...],
        Field(description="what is checked of each translation, in this order"),
    ] = USUAL

    def problems(self, run: Run) -> Iterable[str]:
        """Say which models are missing or broken, each with what to do."""
        engines = self._open(run.root)
        problems = [p for e in engines.values() for p in e.problems(verify=run.verify)]
        if not problems and not any(engine.languages() for engine in engines.values()):
            problems.append("no engine has any language; see 'pipeline models list'")
        for language, name in (self.prefer or {}).items():
            if name not in engines:
                problems.append(f"'{language}' prefers '{name}', which is not among its engines")
        try:
            self._terms(run.root)
        except ConfigError as error:
            problems.append(str(error))
        return [f"translate: {problem}" for problem in problems]

    def served(self, run: Run) -> list[tuple[str, str, str, str]]:
        """List language, engine, quality and, for the engine that would be used, `used`."""
        engines = self._open(run.root)
        rows = []
        for language in sorted({tag for e in engines.values() for tag in e.languages()}):
            for rank, engine in enumerate(self._serving(language, engines)):
                used = "used" if rank == 0 else "where the first fails"
                rows.append((language, engine.name, engine.quality(language), used))
        return rows

    def depends_on(self, run: Run) -> dict[str, str]:
        """Name the model files and the glossary with their SHA-256."""
        files = {
            f"{name}/{file}": digest
            for name, engine in self._open(run.root).items()
            for file, digest in engine.files().items()
        }
        if self.glossary:
            files[self.glossary] = sha256(run.root / self.glossary)
        return files

    def __call__(self, batch: Batch, run: Run) -> Batch:
        """Split every article into sentences and translate those of all articles together."""
        engines = self._open(run.root)
        split, jobs = self._jobs(batch, run.root)
        results = {}
        total = Counter[str]()

        def count(done: int, planned: int) -> None:
            total.update(done=done, planned=planned)
            run.progress(total["done"], total["planned"])

        tell = partial(check, names=self.checks)
        with Memory(memory_file(run.root), fresh=run.fresh) as memory:
            for language, sentences in _by_language(jobs.values()).items():
                serving = self._serving(language.tag, engines)
                results[language] = climb(sentences, language, serving, memory, count, tell)
        done = {place: (job, results[job.language][job.sentence]) for place, job in jobs.items()}
        return tuple(_finish(a, done) for a in split)

    def remembered(self, batch: Batch, run: Run) -> list[Remembered]:
        """Count by language and engine the sentences that are remembered and those that are new.

        No model is loaded. What looks wrong is tried again in a run; that is not counted here.
        """
        engines, rows = self._open(run.root), []
        _, jobs = self._jobs(batch, run.root)
        with Memory(memory_file(run.root)) as memory:
            for language, sentences in _by_language(jobs.values()).items():
                first = rungs(language, self._serving(language.tag, engines))[0]
                _, known, new = recall(first, sentences, language, memory)
                rows.append(Remembered(language.tag, first.engine.name, len(known), len(new)))
        return sorted(rows)

    def fingerprints(self, run: Run) -> dict[str, str]:
        """Name the engine of each fingerprint that translations are remembered by."""
        return {
            engine.fingerprint(language, careful=careful): engine.name
            for engine in self._open(run.root).values()
            for language in engine.languages()
            for careful in (False, True)
        }

    def _jobs(self, batch: Batch, root: Path) -> tuple[Batch, dict[tuple[str, int], Job]]:
        """Split every article into sentences; give the job of each that is to be translated."""
        served = {tag for e in self._open(root).values() for tag in e.languages()}
        glossary = self._terms(root)
        split = tuple(replace(a, segments=split_sentences(a)) for a in batch)
        jobs: dict[tuple[str, int], Job] = {}
        for article in split:
            for segment in article.segments:
                if language := _translated_from(article, segment, served):
                    terms = glossary.get(language.tag, {})
                    sentence, put_in = put(segment.source, language.code, terms)
                    jobs[article.source, segment.id] = Job(language, sentence, put_in)
        return split, jobs

    def _open(self, root: Path) -> dict[str, Translator]:
        return {options.engine: _translator(options, root) for options in self.engines}

    def _serving(self, language: str, engines: dict[str, Translator]) -> list[Translator]:
        """List the engines that have a language, the preferred one first."""
        preferred = (self.prefer or {}).get(language)
        names = sorted(engines, key=lambda name: name != preferred)
        return [engines[name] for name in names if language in engines[name].languages()]

    def _terms(self, root: Path) -> dict[str, dict[str, str]]:
        """Read the glossary: BCP 47 tag -> term -> English.

        Raises:
            ConfigError: if it is missing or not such a file.
        """
        if not self.glossary:
            return {}
        source = load(root / self.glossary)
        try:
            return TypeAdapter(dict[str, dict[str, Term]]).validate_python(source.data or {})
        except ValidationError as error:
            first = error.errors()[0]
            message = f"expected 'language:' with 'term: English' lines: {first['msg'].lower()}"
            at = tuple(str(part) for part in first["loc"] if part != "[key]")
            raise source.error(message, at) from error


def _translated_from(article: Article, segment: Segment, served: set[str]) -> Language | None:
    """Say which language a segment is translated from: none where it stays or cannot be."""
    language = segment.language or article.language
    if language is None or _stays(segment, language) or language.tag not in served:
        return None
    return Language(language.code, language.script)


def _by_language(jobs: Iterable[Job]) -> dict[Language, list[str]]:
    waiting: dict[Language, list[str]] = {}
    for job in jobs:
        waiting.setdefault(job.language, []).append(job.sentence)
    return waiting


def split_sentences(article: Article) -> tuple[Segment, ...]:
    """Split paragraphs, list items and captions into sentences; a heading stays whole.

    The sentences of a block share its number. Each keeps its own input span.
    """
    found: list[Segment] = []
    for block in article.segments:
        if block.kind in {"title", "heading", "code"} or article.language is None:
            found.append(replace(block, id=len(found)))
            continue
        language = (block.language or article.language).code
        kind = "sentence" if block.kind == "paragraph" else block.kind
        for start, end in _sentences(block.source, language):
            part = block.part(start, end)
            if part.source:
                found.append(replace(part, id=len(found), kind=kind))
    return tuple(found)


def _sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Give the sentences of a text; a point inside a name (`Character.AI`) ends none."""
    spans: list[tuple[int, int]] = []
    for boundary in get_sentence_boundaries(language, text):
        start, end = boundary["start_index"], boundary["end_index"]
        if spans and re.match(r"[.\uff0e][A-Za-z0-9\uff10-\uff19]", text[start - 1 : start + 1]):
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return spans


def _stays(segment: Segment, language: Language) -> bool:
    """Tell what is kept as it is: English, bylines, code, addresses, and what has no letters."""
    whole = segment.kind in {"byline", "code"}
    words = without_addresses(segment.source)
    return language.code == "en" or whole or not count_scripts(words)


def _finish(article: Article, done: dict[tuple[str, int], tuple[Job, Attempt]]) -> Article:
    """Give each segment its translation, or say why it has none."""
    segments = []
    for segment in article.segments:
        language = segment.language or article.language
        if (article.source, segment.id) in done:
            segments.append(_apply(segment, *done[article.source, segment.id]))
        elif language and not _stays(segment, language):
            note = Flag("untranslated", f"no engine has {language.tag}")
            segments.append(replace(segment, flags=(*segment.flags, note)))
        else:
            segments.append(replace(segment, translation=segment.source, engine=PASSED_THROUGH))
    finished = replace(article, segments=tuple(segments))
    if any(s.translation for s in segments if count_scripts(s.source)):
        return finished
    why = f"no engine has {article.language.tag}" if article.language else "no language"
    return replace(finished, status="unsupported", notes=(*article.notes, why))


def _apply(segment: Segment, job: Job, attempt: Attempt) -> Segment:
    """Give a segment the best attempt at it; a useless one leaves it in its own words, marked."""
    engine = attempt.rung.engine
    translation = attempt.translation
    flags = (*attempt.flags, *_missed(job.terms, attempt))
    made = replace(
        segment,
        score=round(translation.score, 4),
        rung=attempt.rung.name,
        restored=attempt.restored,
        terms=job.terms,
        flags=(*segment.flags, *flags),
    )
    if FATAL.intersection(f.kind for f in attempt.flags):
        note = Flag("untranslated", "every attempt failed, so it stays in its own words")
        return replace(made, rung="source", flags=(note, *made.flags))
    expected = None
    if calibration := engine.calibration(job.language.tag):
        expected = calibration.expected(segment.source, translation.text, translation.score)
    return replace(
        made,
        translation=translation.text,
        engine=engine.name,
        quality=classify(expected, wrong=not NOTED.issuperset(f.kind for f in flags)),
        estimate=expected if expected is None else round(expected, 1),
    )


def _missed(terms: tuple[str, ...], attempt: Attempt) -> list[Flag]:
    """Name the glossary's terms that did not come out."""
    text = attempt.translation.text
    return [
        Flag("glossary", f"{t} is missing") for t in dict.fromkeys(terms) if not came_out(t, text)
    ]


@cache
def _translator(options: EngineOptions, root: Path) -> Translator:
    """Open each engine once, so that its model is loaded once."""
    return options.open(root)
