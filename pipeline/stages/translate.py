"""Translate to English, offline, sentence by sentence, with nothing lost unseen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from sentencex import get_sentence_boundaries  # type: ignore[attr-defined]  # no stub for it

from pipeline.article import Article, Language, Segment
from pipeline.engines import Translator
from pipeline.engines.argos import Argos
from pipeline.engines.lm import Lm
from pipeline.ladder import FATAL, Attempt, climb
from pipeline.memory import Memory
from pipeline.paths import memory_file
from pipeline.stage import Batch, Run
from pipeline.text.scripts import count_scripts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class _Engine(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    beam: Annotated[
        int | None, Field(ge=1, le=8, description="beam size; 1 is greedy and fastest")
    ] = None


class LmOptions(_Engine):
    """The embedded model, or another folder like it."""

    engine: Literal["lm"]
    folder: Annotated[str, Field(description="folder with model.yaml")] = "models/many-en"

    def open(self, root: Path) -> Translator:
        """Make the translator; nothing is loaded yet."""
        return Lm(root / self.folder, beam=self.beam)


class ArgosOptions(_Engine):
    """Argos packages, as installed by `pipeline models install`."""

    engine: Literal["argos"]
    folder: Annotated[str, Field(description="folder of installed packages")] = "models/argos"

    def open(self, root: Path) -> Translator:
        """Make the translator; nothing is loaded yet."""
        return Argos(root / self.folder, beam=self.beam or 2)


EngineOptions = Annotated[LmOptions | ArgosOptions, Field(discriminator="engine")]


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
        tuple[EngineOptions, ...],
        Field(min_length=1, description="tried in this order for each language"),
    ] = (ArgosOptions(engine="argos"), LmOptions(engine="lm"))
    prefer: Annotated[
        dict[str, Literal["argos", "lm"]] | None,
        Field(description="the engine for a language, as in {ru: lm}"),
    ] = None

    def problems(self, run: Run) -> Iterable[str]:
        """Say which models are missing or broken, each with what to do."""
        engines = self._open(run.root)
        problems = [p for e in engines.values() for p in e.problems(verify=run.verify)]
        if not problems and not any(engine.languages() for engine in engines.values()):
            problems.append("no engine has any language; see 'pipeline models list'")
        for language, name in (self.prefer or {}).items():
            if name not in engines:
                problems.append(f"'{language}' prefers '{name}', which is not among its engines")
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
        """Name the model files with their SHA-256."""
        return {
            f"{name}/{file}": digest
            for name, engine in self._open(run.root).items()
            for file, digest in engine.files().items()
        }

    def __call__(self, batch: Batch, run: Run) -> Batch:
        """Split every article into sentences and translate those of all articles together."""
        engines = self._open(run.root)
        split = tuple(replace(a, segments=split_sentences(a)) for a in batch)
        waiting: dict[Language, list[str]] = {}
        for article in split:
            for segment in article.segments:
                if language := self._from(article, segment, engines):
                    waiting.setdefault(language, []).append(segment.source)
        results = {}
        total = Counter[str]()

        def count(done: int, planned: int) -> None:
            total.update(done=done, planned=planned)
            run.progress(total["done"], total["planned"])

        with Memory(memory_file(run.root), fresh=run.fresh) as memory:
            for language, sentences in waiting.items():
                serving = self._serving(language.tag, engines)
                results[language] = climb(sentences, language, serving, memory, count)
        return tuple(self._finish(a, engines, results) for a in split)

    def _open(self, root: Path) -> dict[str, Translator]:
        return {options.engine: _translator(options, root) for options in self.engines}

    def _serving(self, language: str, engines: dict[str, Translator]) -> list[Translator]:
        """List the engines that have a language, the preferred one first."""
        preferred = (self.prefer or {}).get(language)
        names = sorted(engines, key=lambda name: name != preferred)
        return [engines[name] for name in names if language in engines[name].languages()]

    def _from(
        self, article: Article, segment: Segment, engines: dict[str, Translator]
    ) -> Language | None:
        """Say which language a segment is translated from: none where it stays or cannot be."""
        language = segment.language or article.language
        if language is None or _stays(segment, language):
            return None
        plain = Language(language.code, language.script)
        return plain if self._serving(plain.tag, engines) else None

    def _finish(
        self,
        article: Article,
        engines: dict[str, Translator],
        results: dict[Language, dict[str, Attempt]],
    ) -> Article:
        """Give each segment its translation, or say why it has none."""
        segments = []
        for segment in article.segments:
            language = segment.language or article.language
            if source := self._from(article, segment, engines):
                segments.append(_apply(segment, results[source][segment.source], source.tag))
            elif language and not _stays(segment, language):
                note = f"untranslated: no engine has {language.tag}"
                segments.append(replace(segment, flags=(*segment.flags, note)))
            else:
                segments.append(replace(segment, translation=segment.source, engine="original"))
        done = replace(article, segments=tuple(segments))
        if any(s.translation for s in segments if count_scripts(s.source)):
            return done
        note = f"no engine has {article.language.tag}" if article.language else "no language"
        return replace(done, status="unsupported", notes=(*article.notes, note))


def split_sentences(article: Article) -> tuple[Segment, ...]:
    """Split paragraphs, list items and captions into sentences; a heading stays whole.

    The sentences of a block share its number. Each keeps its own input span.
    """
    found: list[Segment] = []
    for block in article.segments:
        if block.kind in {"title", "heading"} or article.language is None:
            found.append(replace(block, id=len(found)))
            continue
        language = (block.language or article.language).code
        kind = "sentence" if block.kind == "paragraph" else block.kind
        for boundary in get_sentence_boundaries(language, block.source):
            part = block.part(boundary["start_index"], boundary["end_index"])
            if part.source:
                found.append(replace(part, id=len(found), kind=kind))
    return tuple(found)


def _stays(segment: Segment, language: Language) -> bool:
    """Tell what is kept as it is: English, bylines, and what has no letters."""
    return language.code == "en" or segment.kind == "byline" or not count_scripts(segment.source)


def _apply(segment: Segment, attempt: Attempt, language: str) -> Segment:
    """Give a segment the best attempt at it; a useless one leaves it in its own words, marked."""
    engine = attempt.rung.engine
    made = replace(
        segment,
        score=round(attempt.translation.score, 4),
        rung=attempt.rung.name,
        flags=(*segment.flags, *attempt.flags),
    )
    if FATAL.intersection(attempt.flags):
        note = "untranslated: every attempt failed, so it stays in its own words"
        return replace(made, rung="source", flags=(note, *made.flags))
    return replace(
        made,
        translation=attempt.translation.text,
        engine=engine.name,
        quality=engine.quality(language),
    )


@cache
def _translator(options: LmOptions | ArgosOptions, root: Path) -> Translator:
    """Open each engine once, so that its model is loaded once."""
    return options.open(root)
