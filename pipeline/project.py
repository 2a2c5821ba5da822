"""One run from folder to folder: what a plan says and a run does is decided here, once."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from pipeline import offline, paths, registry
from pipeline.config import Config, read
from pipeline.evidence import Evidence
from pipeline.read import files as reading
from pipeline.report import Ingredients, Report, compare, foreign, ingredients, report
from pipeline.stage import Collection, silent
from pipeline.yamlpos import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.article import Article
    from pipeline.stage import Outcome, Run


class ProjectError(Exception):
    """A project that cannot be run: something is missing or in the way; says what to do."""


class BusyError(ProjectError):
    """Another run is writing into the same output folder."""


@dataclass(frozen=True)
class Result:
    """What a run made. Where nothing had changed it has no articles, but `unchanged` digests."""

    output: Path
    articles: tuple[Article, ...] = ()
    report: Report | None = None
    unchanged: int = 0

    @property
    def failed(self) -> bool:
        """Tell whether something failed; the rest is written."""
        broken = bool(self.report and self.report.errors)
        return broken or any(a.status == "failed" for a in self.articles)


@dataclass(frozen=True)
class Plan:
    """Why a run is due; for no reason it is not.

    `sentences` count for each language and its engine those remembered and those that are new.
    """

    reasons: tuple[str, ...]
    sentences: tuple[tuple[str, str, int, int], ...] = ()


@dataclass(frozen=True)
class _Work:
    """All that is known before the first article is read."""

    config: Config
    source: Path
    target: Path
    files: dict[str, Path]  # by source
    names: dict[str, str]  # of their digests
    run: Run
    made_from: Ingredients

    def execute(self, upto: int | None = None) -> Outcome:
        """Read the files, and send them through the first stages."""
        articles = []
        for source, file in self.files.items():
            article = reading.read(file, self.source)
            articles.append(replace(article, name=self.names[source]))
            self.run.watch("read", len(articles), len(self.files))
        executor = registry.load(registry.EXECUTORS, self.config.executor, self.run.root)
        read = Collection(tuple(articles))
        with offline.enforced(programs=self.config.programs):
            outcome: Outcome = executor(read, self.config.stages[:upto], self.run)
        return outcome


def run(  # noqa: PLR0913 - as many parameters as the command has options
    config: Config | Path | str = paths.CONFIG,
    *,
    input_folder: Path | str | None = None,
    output_folder: Path | str | None = None,
    only: str = "",
    force: bool = False,
    watch: Callable[[str, int, int], None] = silent,
) -> Result:
    """Read the articles of a folder and write their digests, as `pipeline run` does.

    `only` is a glob: just these files, with the index and the report left alone. `force` does it
    all again, remembered translations too. The digest of an article that fails stays as an earlier
    run left it. `watch(stage, done, total)` is told how it goes.

    Raises:
        ConfigError: if pipeline.yaml is wrong; nothing is written.
        ProjectError: if a folder or a model is missing, `only` matches nothing, or a file that no
            run wrote is in the way; nothing is written.
        BusyError: if another run is writing into the same folder.
    """
    with offline.enforced():
        work = _prepare(config, input_folder, output_folder, only, watch)
        with _alone(work.run.root, work.target.resolve()):
            if not force and not only and not compare(work.target, work.made_from):
                return Result(work.target, unchanged=len(work.files))
            work = replace(work, run=replace(work.run, fresh=force))
            return _write(work, work.execute(), only=bool(only))


@contextmanager
def _alone(root: Path, output: Path) -> Iterator[None]:
    """Hold the lock of an output folder, which the end of the process frees, however it ends."""
    name = hashlib.sha256(str(output).encode()).hexdigest()[:12]
    file = root / paths.LOCK.format(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(file).acquire(timeout=0)
    except Timeout:
        raise BusyError(f"another run is writing into '{output}'; wait until it ends") from None
    with lock:
        yield


def _write(work: _Work, outcome: Outcome, *, only: bool) -> Result:
    """Write pages and evidence; what an article that failed had before stays."""
    paths.sweep(work.target)
    articles, documents = outcome.collection.articles, outcome.collection.documents
    failed = [a for a in articles if a.status == "failed"]
    stale = {a.name for a in failed if Evidence.last_good(work.target, a)}
    left = stale | ({Path(paths.INDEX).stem} if only else set())  # in whatever format
    written = {  # evidence first: a page beside it is known to be a run's
        f"{a.name}.json": Evidence.model_validate(a).to_json()
        for a in articles
        if a.name not in stale
    }
    written |= {d.name: d.text for d in documents if Path(d.name).stem not in left}
    made = report(outcome, work.made_from, written, work.target, stale)
    if not only:
        written[paths.REPORT] = made.to_json()
    for name, text in written.items():
        paths.write_atomic(work.target / name, text)
    return Result(work.target, articles, made)


def plan(config: Config | Path | str = paths.CONFIG, **where: Any) -> Plan:
    """Tell what a run would do, without doing it or loading a model.

    `where` are folders and `watch`, as `run` takes them. Copies of earlier digests are not told
    from new articles.
    """
    with offline.enforced():
        work = _prepare(config, **where)
        reasons = compare(work.target, work.made_from)
        for place, stage in enumerate(work.config.stages if reasons else ()):
            if count := getattr(stage.target, "remembered", None):
                work = replace(work, run=replace(work.run, output=None))
                articles = work.execute(upto=place).collection.articles
                waiting = tuple(a for a in articles if a.status == "ok")
                return Plan(reasons, tuple(count(waiting, work.run)))
        return Plan(reasons)


def ready(config: Config, run: Run) -> None:
    """Ask every stage what it lacks.

    Raises:
        ProjectError: if one lacks something.
    """
    if problems := [*chain(*config.ask("problems", run))]:
        raise ProjectError("\n  ".join((*problems, "nothing was written")))


def _prepare(
    config: Config | Path | str,
    input_folder: Path | str | None = None,
    output_folder: Path | str | None = None,
    only: str = "",
    watch: Callable[[str, int, int], None] = silent,
) -> _Work:
    """Find the files of a run, and all that its result depends on."""
    config = config if isinstance(config, Config) else read(Path(config))
    source = Path(input_folder or config.root / config.input)
    target = Path(output_folder or config.root / config.output)
    if not source.is_dir():
        raise ProjectError(
            f"no input folder '{source}'; name one with --input or in {paths.CONFIG}"
        )
    if target.resolve().is_relative_to(source.resolve()):
        raise ProjectError(
            f"the output '{target}' lies inside the input '{source}'; name another with --output"
        )
    compared = None if only else target.resolve()
    run = config.run(output=compared, watch=watch)
    ready(config, run)
    found, skipped = reading.find(source, config.skip)
    files = {
        n: p for n, p in found.items() if not only or fnmatch(n, only) or fnmatch(p.name, only)
    }
    if only and not files:
        raise ProjectError(f"no article matches --only '{only}'; {did_you_mean(only, found)}")
    names = paths.output_names(found)
    shared = () if only else (Path(paths.INDEX).stem,)
    suffixes = [*chain(*config.ask("suffixes", run))]
    if there := foreign(target, (*(names[source] for source in files), *shared), suffixes):
        raise ProjectError(
            f"'{target}' has files that no run wrote: {', '.join(there[:5])}; move them, or name "
            "another folder with --output; nothing was written"
        )
    made_from = ingredients(config, files, skipped, run)
    return _Work(config, source, target, files, names, run, made_from)
