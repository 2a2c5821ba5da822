"""Translate to English, offline, sentence by sentence, with nothing lost unseen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from sentencex import get_sentence_boundaries  # type: ignore[attr-defined]  # no stub for it

from pipeline.article import Article, Language, Segment
from pipeline.engines import Translation, Translator
from pipeline.engines.argos import Argos
from pipeline.engines.lm import Lm
from pipeline.memory import Memory
from pipeline.paths import memory_file
from pipeline.stage import Batch, Run
from pipeline.text.degenerate import signs
from pipeline.text.facts import compare, compare_names
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


class Job(NamedTuple):
    """The sentences of one language that go to one engine."""

    engine: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Translate:
    """Translate to English, sentence by sentence, with the first engine that has the language.

    English passes through, and so do bylines: a model asked to translate a bare name invents the
    rest. An article whose language no engine has becomes `unsupported` and stays
    in its own words. Each translation is checked without a reference (numbers, names, repetition,
    length, left-over script), and what looks wrong is flagged.
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
            chosen = self._choose(language, engines)
            for name, engine in engines.items():
                if language in engine.languages():
                    used = "used" if name == chosen else ""
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
        jobs: dict[Job, dict[str, None]] = {}
        for article in split:
            for segment in article.segments:
                if job := self._job(article, segment, engines):
                    jobs.setdefault(job, {})[segment.source] = None
        results = _translate(jobs, engines, run)
        return tuple(self._finish(a, engines, results) for a in split)

    def _open(self, root: Path) -> dict[str, Translator]:
        return {options.engine: _translator(options, root) for options in self.engines}

    def _job(
        self, article: Article, segment: Segment, engines: dict[str, Translator]
    ) -> Job | None:
        """Say who translates a segment; nobody where it is English, wordless or unsupported."""
        language = segment.language or article.language
        if language is None or _stays(segment, language):
            return None
        name = self._choose(language.tag, engines)
        return Job(name, language.tag) if name else None

    def _choose(self, language: str, engines: dict[str, Translator]) -> str | None:
        """Choose the engine for a language: the preferred one, else the first that has it."""
        preferred = (self.prefer or {}).get(language)
        names = [preferred] if preferred else list(engines)
        return next((n for n in names if language in engines[n].languages()), None)

    def _finish(
        self,
        article: Article,
        engines: dict[str, Translator],
        results: dict[Job, dict[str, Translation]],
    ) -> Article:
        """Give each segment its translation, or say why it has none."""
        segments = []
        for segment in article.segments:
            language = segment.language or article.language
            job = self._job(article, segment, engines)
            if job and language:
                translation = results[job][segment.source]
                segments.append(
                    replace(
                        segment,
                        translation=translation.text,
                        score=round(translation.score, 4),
                        engine=engines[job.engine].name,
                        quality=engines[job.engine].quality(job.language),
                        flags=(*segment.flags, *flags(segment.source, language, translation)),
                    )
                )
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
        if block.kind in {"title", "heading", "code"} or article.language is None:
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
    """Tell what is kept as it is: English, bylines, code, and what has no letters."""
    whole = segment.kind in {"byline", "code"}
    return language.code == "en" or whole or not count_scripts(segment.source)


def flags(source: str, language: Language, translation: Translation) -> tuple[str, ...]:
    """Check a translation without a reference: what looks wrong, in words."""
    wrong = signs(source, translation.text, language.script)
    return (
        *dict.fromkeys((*translation.flags, *wrong)),
        *(f"number: {m}" for m in compare(source, language.code, translation.text)),
        *(f"name: {m}" for m in compare_names(source, translation.text)),
    )


def _translate(
    jobs: dict[Job, dict[str, None]], engines: dict[str, Translator], run: Run
) -> dict[Job, dict[str, Translation]]:
    """Recall what is known, translate the rest, and remember each batch as it comes."""
    results: dict[Job, dict[str, Translation]] = {}
    total = sum(len(sentences) for sentences in jobs.values())
    done = 0
    with Memory(memory_file(run.root)) as memory:
        for job, sentences in jobs.items():
            engine = engines[job.engine]
            fingerprint = engine.fingerprint(job.language)
            known: dict[str, Translation] = {}
            if not run.fresh:
                known = memory.recall(fingerprint, job.language, list(sentences))
            new = [s for s in sentences if s not in known]
            done += len(known)
            run.progress(done, total)
            for part in engine.translate(new, job.language):
                translated = [(new[index], translation) for index, translation in part]
                memory.store(fingerprint, job.language, translated)
                known.update(translated)
                done += len(part)
                run.progress(done, total)
            results[job] = known
    return results


@cache
def _translator(options: LmOptions | ArgosOptions, root: Path) -> Translator:
    """Open each engine once, so that its model is loaded once."""
    return options.open(root)
