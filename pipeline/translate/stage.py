"""Translate to English, offline, sentence by sentence, with nothing lost unseen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import Field

from pipeline import registry
from pipeline.checks import USUAL, check
from pipeline.engines import EngineChoice, Translator, names_of
from pipeline.engines.argos import ArgosOptions
from pipeline.engines.lm import LmOptions
from pipeline.paths import MEMORY, sha256
from pipeline.stage import Batch, Run
from pipeline.translate import glossary
from pipeline.translate.attempts import climb, known
from pipeline.translate.lexicon import read_own
from pipeline.translate.memory import Memory
from pipeline.translate.outcome import Job, finish, language_of
from pipeline.translate.sentences import split_sentences
from pipeline.yamlpos import ConfigError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.article import Language
    from pipeline.translate.lexicon import Lexicon

Jobs = list[dict[int, Job]]  # of each article, by segment


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
    lexicon: Annotated[
        str | None,
        Field(description="a file of words with the English that models are advised to use"),
    ] = None
    checks: Annotated[
        tuple[registry.Check, ...],
        Field(description="what is checked of each translation, in this order"),
    ] = USUAL

    def problems(self, run: Run) -> Iterable[str]:
        """Say which models are missing or broken, each with what to do."""
        try:
            engines = self._open(run.root)
            self._terms(run.root)
        except ConfigError as error:
            return [f"translate: {error}"]
        problems = [p for e in engines.values() for p in e.problems(verify=run.verify)]
        if not problems and not any(engine.languages() for engine in engines.values()):
            problems.append("no engine has any language; see 'pipeline models list'")
        if len(engines) < len(self.engines):
            problems.append("two engines have the same name; give each its own `name:`")
        for language, name in (self.prefer or {}).items():
            if name not in engines:
                what = f"'{language}' prefers '{name}', which is not among its engines"
                problems.append(f"{what}; {did_you_mean(name, engines)}")
        return [f"translate: {problem}" for problem in problems]

    def served(self, run: Run) -> list[tuple[str, str, str, str]]:
        """List language, engine, quality and, for the engine that would be used, `used`."""
        tags = {tag for engine in self._open(run.root).values() for tag in engine.languages()}
        return [
            (tag, e.name, e.quality(tag), "where the first fails" if rank else "used")
            for tag in sorted(tags)
            for rank, e in enumerate(self._serving(tag, run.root))
        ]

    def depends_on(self, run: Run) -> dict[str, str]:
        """Name the model files, the glossary and the user's lexicon with their SHA-256."""
        files = {
            f"{name}/{file}": digest
            for name, engine in self._open(run.root).items()
            for file, digest in engine.files().items()
        }
        own = (name for name in (self.glossary, self.lexicon) if name)
        return files | {name: sha256(run.root / name) for name in own}

    def __call__(self, batch: Batch, run: Run) -> Batch:
        """Split every article into sentences and translate those of all articles together."""
        batch, jobs = self._jobs(batch, run.root)
        total = Counter[str]()

        def count(done: int, planned: int) -> None:
            total.update(done=done, planned=planned)
            run.progress(total["done"], total["planned"])

        tell, best = partial(check, names=self.checks), {}
        lexicon = partial(self._lexicon, root=run.root)
        with Memory(run.root / MEMORY, fresh=run.fresh) as memory:
            for language, sentences in _by_language(jobs).items():
                serving = self._serving(language.tag, run.root)
                told = tell, lexicon(language.tag)
                best[language] = climb(sentences, language, serving, memory, count, *told)
        return tuple(
            finish(a, {i: (j, best[j.language][j.sentence]) for i, j in own.items()}, lexicon)
            for a, own in zip(batch, jobs, strict=True)
        )

    def remembered(self, batch: Batch, run: Run) -> list[Remembered]:
        """Count by language and engine the sentences that are remembered and those that are new.

        No model is loaded. What looks wrong is tried again in a run; that is not counted here.
        """
        _, jobs = self._jobs(batch, run.root)
        rows = []
        with Memory(run.root / MEMORY) as memory:
            for language, sentences in _by_language(jobs).items():
                engine, *_ = self._serving(language.tag, run.root)
                there = known(sentences, language, engine, memory)
                rows.append(Remembered(language.tag, engine.name, there, len(sentences) - there))
        return sorted(rows)

    def fingerprints(self, run: Run) -> dict[str, str]:
        """Name the engine of each fingerprint that translations are remembered by."""
        return {
            engine.fingerprint(language, careful=careful): engine.name
            for engine in self._open(run.root).values()
            for language in engine.languages()
            for careful in (False, True)
        }

    def _jobs(self, batch: Batch, root: Path) -> tuple[Batch, Jobs]:
        """Split every article into sentences; give the jobs of each."""
        served = {tag for engine in self._open(root).values() for tag in engine.languages()}
        terms = self._terms(root)
        batch = tuple(replace(article, segments=split_sentences(article)) for article in batch)
        return batch, [
            {
                segment.id: Job(language, *glossary.put(segment.source, language.code, own))
                for segment in article.segments
                if (language := language_of(article, segment)) and language.tag in served
                for own in [terms.get(language.tag, {})]
            }
            for article in batch
        ]

    @cached_property
    def _opened(self) -> dict[Path, dict[str, Translator]]:
        """Keep the engines, so that each model is loaded once."""
        return {}

    def _open(self, root: Path) -> dict[str, Translator]:
        """Give the engines by the names that `prefer` calls them."""
        if root not in self._opened:
            opened = [options.open(root) for options in self.engines]
            own = read_own(root / self.lexicon) if self.lexicon else {}
            for engine in opened:
                engine.advise(own)
            self._opened[root] = dict(zip(names_of(self.engines), opened, strict=True))
        return self._opened[root]

    def _serving(self, language: str, root: Path) -> list[Translator]:
        """List the engines that have a language, the preferred one first."""
        engines, preferred = self._open(root), (self.prefer or {}).get(language)
        names = sorted(engines, key=lambda name: name != preferred)
        return [engines[name] for name in names if language in engines[name].languages()]

    def _lexicon(self, language: str, root: Path) -> Lexicon | None:
        """Give the first lexicon that came with an engine; it speaks of all their translations."""
        lexicons = (engine.lexicon(language) for engine in self._open(root).values())
        return next(filter(None, lexicons), None)

    def _terms(self, root: Path) -> dict[str, dict[str, str]]:
        return glossary.read(root / self.glossary) if self.glossary else {}


def _by_language(jobs: Jobs) -> dict[Language, dict[str, None]]:
    """Give the distinct sentences of each language, in their order."""
    found: dict[Language, dict[str, None]] = {}
    for job in (job for own in jobs for job in own.values()):
        found.setdefault(job.language, {})[job.sentence] = None
    return found
