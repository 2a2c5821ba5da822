"""One run from folder to folder: what a plan says and a run does is decided here, once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import offline, paths, registry
from pipeline.config import Config, read
from pipeline.evidence import Evidence, Ledger, ledger
from pipeline.read import files as reading
from pipeline.report import Changes, Ingredients, compare, ingredients, report
from pipeline.stage import Collection, Run, silent

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.article import Article
    from pipeline.executors import Executor, Outcome

Counted = tuple[str, str, int, int]
"""A language, its engine, and how many of its sentences are remembered and how many are new."""


class ProjectError(Exception):
    """A project that cannot be run: a folder or a model is missing; says what to do."""


@dataclass(frozen=True)
class Watch:
    """Whom to tell how a run goes: `on_stage(name, articles)`, `progress(done, total)`."""

    on_stage: Callable[[str, int], None] = silent
    progress: Callable[[int, int], None] = silent


@dataclass(frozen=True)
class Result:
    """What a run made. Where nothing had changed it has no articles, but `unchanged` digests."""

    output: Path
    articles: tuple[Article, ...] = ()
    ledgers: dict[str, Ledger] = field(default_factory=dict)  # by source
    errors: tuple[str, ...] = ()
    seconds: float = 0.0
    unchanged: int = 0

    @property
    def failed(self) -> bool:
        """Tell whether something failed; the rest is written."""
        return bool(self.errors) or any(a.status == "failed" for a in self.articles)


@dataclass(frozen=True)
class Plan:
    """What a run would do: why, the state of each input, and the sentences to translate."""

    changes: Changes
    sentences: tuple[Counted, ...]


@dataclass(frozen=True)
class _Work:
    """All that is known before the first article is read."""

    config: Config
    source: Path
    target: Path
    files: list[Path]
    run: Run
    made_from: Ingredients

    def read(self) -> Collection:
        """Read the files, and give each article the name of its digest."""
        self.run.on_stage("read", len(self.files))
        articles = []
        for done, file in enumerate(self.files, 1):
            articles.append(reading.read(file, self.source))
            self.run.progress(done, len(self.files))
        names = paths.output_names([a.source for a in articles])
        return Collection(tuple(replace(a, name=names[a.source]) for a in articles))


def run(  # noqa: PLR0913 - as many parameters as the command has options
    config: Config | Path | str = paths.CONFIG,
    *,
    input_folder: Path | str | None = None,
    output_folder: Path | str | None = None,
    only: str = "",
    force: bool = False,
    fail_fast: bool = False,
    watch: Watch | None = None,
) -> Result:
    """Read the articles of a folder and write their digests, as `pipeline run` does.

    `only` is a glob: just these files, with the index and the report left alone. `force` does it
    all again, remembered translations too.

    Raises:
        ConfigError: if pipeline.yaml is wrong; nothing is written.
        ProjectError: if a folder or a model is missing; nothing is written.
        StageError: at the first failure, if `fail_fast`; nothing is written.
    """
    with offline.enforced():
        work = _prepare(config, input_folder, output_folder, only, watch or Watch(), fresh=force)
        if not force and not only and not compare(work.target, work.made_from).reasons:
            return Result(work.target, unchanged=len(work.files))
        execute: Executor = registry.load(registry.EXECUTORS, work.config.executor)
        outcome = execute(work.read(), work.config.stages, work.run, fail_fast=fail_fast)
    articles = outcome.collection.articles
    ledgers = {a.source: ledger(a) for a in articles}
    _write(work, outcome, ledgers, only=bool(only))
    seconds = sum(outcome.stage_seconds.values())
    return Result(work.target, articles, ledgers, outcome.errors, seconds)


def plan(
    config: Config | Path | str = paths.CONFIG,
    *,
    input_folder: Path | str | None = None,
    output_folder: Path | str | None = None,
    watch: Watch | None = None,
) -> Plan:
    """Tell what a run would do, without doing it or loading a model.

    Copies of earlier digests are not told from new articles.

    Raises:
        ConfigError, ProjectError: as `run` does.
    """
    with offline.enforced():
        work = _prepare(config, input_folder, output_folder, "", watch or Watch())
        changes = compare(work.target, work.made_from)
        return Plan(changes, tuple(_sentences(work)) if changes.reasons else ())


def ready(config: Config, run: Run) -> None:
    """Ask every stage what it lacks.

    Raises:
        ProjectError: if one lacks something.
    """
    if problems := [p for stage in config.stages for p in stage.problems(run)]:
        raise ProjectError("\n  ".join((*problems, "nothing was written")))


def _prepare(  # noqa: PLR0913 - what its callers were asked
    config: Config | Path | str,
    input_folder: Path | str | None,
    output_folder: Path | str | None,
    only: str,
    watch: Watch,
    *,
    fresh: bool = False,
) -> _Work:
    """Find the files of a run, and all that its result depends on."""
    if not isinstance(config, Config):
        config = read(Path(config))
    source = Path(input_folder) if input_folder else config.root / config.input
    target = Path(output_folder) if output_folder else config.root / config.output
    if not source.is_dir():
        raise ProjectError(
            f"no input folder '{source}'; name one with --input or in {paths.CONFIG}"
        )
    if target.resolve().is_relative_to(source.resolve()):
        raise ProjectError(
            f"the output '{target}' lies inside the input '{source}'; name another with --output"
        )
    compared = None if only else target.resolve()
    run = Run(config.root.resolve(), watch.progress, watch.on_stage, fresh, output=compared)
    ready(config, run)
    files = reading.find(source, only)
    return _Work(config, source, target, files, run, ingredients(config, source, files, run))


def _sentences(work: _Work) -> list[Counted]:
    """Send articles through what stands before `translate`, and ask it what it remembers."""
    stages = work.config.stages
    for index, stage in enumerate(stages):
        if remembered := getattr(stage.target, "remembered", None):
            execute: Executor = registry.load(registry.EXECUTORS, work.config.executor)
            run = replace(work.run, output=None)
            articles = execute(work.read(), stages[:index], run).collection.articles
            counted: list[Counted] = remembered(tuple(a for a in articles if a.status == "ok"), run)
            return counted
    return []


def _write(work: _Work, outcome: Outcome, ledgers: dict[str, Ledger], *, only: bool) -> None:
    """Write digests, evidence, index and report, each whole or not at all."""
    paths.sweep(work.target)
    written = {d.name: d.text for d in outcome.collection.documents}
    for article in outcome.collection.articles:
        written[f"{article.name}.json"] = Evidence.model_validate(article).to_json()
    for name, text in written.items():
        if not (only and name == paths.INDEX):
            paths.write_atomic(work.target / name, text)
    if not only:
        text = report(outcome, work.made_from, ledgers, written, work.target)
        paths.write_atomic(work.target / paths.REPORT, text)
