"""The command line: all clicking, printing and exit codes are here."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipeline import __version__, offline, paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.article import Article
    from pipeline.config import Config
    from pipeline.engine import Outcome
    from pipeline.stage import Run

# Exit codes: some article failed; bad configuration or missing model; Ctrl-C.
FAILED, WRONG, INTERRUPTED = 1, 2, 130
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path(paths.CONFIG),
    show_default=True,
    help="The pipeline's stages and options.",
)


def stop(message: str, code: int = WRONG) -> NoReturn:
    """Say what is wrong and leave."""
    err.print(f"[bold red]error:[/] {_plain(message)}")
    sys.exit(code)


def _plain(text: str) -> str:
    """Keep rich from reading brackets in a message as its own markup."""
    return text.replace("[", "\\[")


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: pipeline init my-project && cd my-project && pipeline check",
)
@click.version_option(__version__, prog_name="pipeline")
@click.option("-v", "--verbose", is_flag=True, help="Show the traceback of every failure.")
def main(*, verbose: bool) -> None:
    """Turn a folder of articles in many languages into English Markdown digests, offline."""
    level = logging.DEBUG if verbose else logging.WARNING
    logging.basicConfig(stream=sys.stderr, format="%(message)s")
    logging.getLogger("pipeline").setLevel(level)


@main.command(epilog="Example: pipeline run --input articles/ --output digests/ --only '*.txt'")
@config_option
@click.option("--input", "input_", type=click.Path(path_type=Path), help="Folder of articles.")
@click.option("--output", type=click.Path(path_type=Path), help="Folder for the digests.")
@click.option(
    "--only",
    default="",
    metavar="GLOB",
    help="Only these files; the index and the report stay as they are.",
)
@click.option("--force", is_flag=True, help="Do it all again, remembered translations too.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first failure.")
def run(
    config_path: Path,
    input_: Path | None,
    output: Path | None,
    only: str,
    *,
    force: bool,
    fail_fast: bool,
) -> None:
    """Read the articles and write the digests.

    Exit code 0: all done. 1: some article failed, the rest are written. 2: bad configuration or a
    missing model, nothing written.
    """
    from pipeline.engine import StageError, execute
    from pipeline.evidence import is_current, outputs, report, run_key
    from pipeline.reader import find, read
    from pipeline.stage import Collection

    config = _read(config_path)
    source = input_ or config.root / config.input
    target = output or config.root / config.output
    _check_folders(source, target)
    with _progress() as (on_stage, progress):
        this_run = _run(config, progress, fresh=force)
        this_run = replace(this_run, output=None if only else target.resolve())
        _check_ready(config, this_run)
        files = find(source, only)
        key = run_key(config.hash, source, files, config.stages, this_run)
        if not force and not only and is_current(target, key):
            out.print(
                f"Nothing has changed: {len(files)} digests in {_plain(str(target))} are current."
            )
            return
        with offline.enforced():
            on_stage("read", len(files))
            articles = []
            for done, file in enumerate(files, 1):
                articles.append(read(file, source))
                progress(done, len(files))
            names = paths.output_names([a.source for a in articles])
            collection = Collection(tuple(replace(a, name=names[a.source]) for a in articles))
            try:
                outcome = execute(
                    collection, config.stages, this_run, fail_fast=fail_fast, on_stage=on_stage
                )
            except KeyboardInterrupt:
                err.print("Stopped. What was translated is remembered; run again to go on.")
                os._exit(INTERRUPTED)  # or the interpreter would wait for running batches
            except StageError as error:
                stop(f"{error}\n  stopped at the first failure; nothing written", FAILED)
    paths.sweep(target)
    for name, text in outputs(outcome).items():
        if not (only and name == paths.INDEX):
            paths.write_atomic(target / name, text)
    if not only:
        used = {n: h for stage in config.stages for n, h in stage.depends_on(this_run).items()}
        text = report(outcome, key, config.hash, used, target)
        paths.write_atomic(target / paths.REPORT, text)
    _print_outcome(outcome, target)
    if outcome.errors or any(a.status == "failed" for a in outcome.collection.articles):
        sys.exit(FAILED)


@main.command(epilog="Example: pipeline init my-project")
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
def init(folder: Path) -> None:
    """Write a commented pipeline.yaml, and a folder for the articles."""
    target = folder / paths.CONFIG
    if target.exists():
        stop(f"{target} is there already; edit it, or name another folder")
    text = (paths.TEMPLATES / paths.CONFIG).read_text(encoding="utf-8")
    paths.write_atomic(target, text.replace("input: seeds", "input: articles"))
    (folder / "articles").mkdir(exist_ok=True)
    out.print(
        f"Wrote {_plain(str(target))}. Put articles into {_plain(str(folder / 'articles'))}/,"
    )
    out.print("then: pipeline check")


@main.command(epilog="Example: pipeline check --config my-project/pipeline.yaml")
@config_option
def check(config_path: Path) -> None:
    """Check configuration, stages, models and offline readiness, without touching an article."""
    config = _read(config_path)
    this_run = _run(config)
    with offline.enforced():
        _check_ready(config, this_run)
    table = Table("stage", "works on", title=f"{paths.CONFIG}: {len(config.stages)} stages")
    for stage in config.stages:
        table.add_row(_plain(stage.name), stage.shape)
    out.print(table)
    folder = config.root / config.input
    found = "" if folder.is_dir() else " (not there yet)"
    out.print(f"input: {_plain(config.input)}{found}; output: {_plain(config.output)}")
    out.print("[green]Ready:[/] 'pipeline run' needs no network.")


@main.command(epilog="Example: pipeline stages")
@config_option
def stages(config_path: Path) -> None:
    """List every stage, built in or your own, with its options."""
    from pipeline.config import stage_names, stage_type

    names = list(stage_names())
    if config_path.exists():
        names += [s.name for s in _read(config_path).stages if s.name not in names]
    for name in names:
        kind = stage_type(name, config_path.parent)
        out.print(f"[bold]{_plain(name)}[/]  {_plain(kind.purpose)}")
        for option, info in kind.options.model_fields.items():
            default = "required" if info.is_required() else f"default {info.default!r}"
            meaning = info.description or ""
            out.print(f"    {option}: {_plain(meaning)} [dim]({_plain(default[:90])})[/]")


@main.command(epilog="Example: pipeline schema > pipeline.schema.json")
@config_option
def schema(config_path: Path) -> None:
    """Print the JSON Schema of pipeline.yaml, for editors that complete and check as you type."""
    from pipeline.config import schema as make

    click.echo(json.dumps(make(config_path.parent), indent=2, ensure_ascii=False))


def _read(config_path: Path) -> Config:
    """Read the configuration or leave with its error."""
    from pipeline.config import read
    from pipeline.yamlpos import ConfigError

    try:
        return read(config_path)
    except ConfigError as error:
        stop(str(error))


def _run(
    config: Config, progress: Callable[[int, int], None] | None = None, *, fresh: bool = False
) -> Run:
    from pipeline.stage import Run

    root = config.root.resolve()
    return Run(root, progress, fresh) if progress else Run(root, fresh=fresh)


def _check_folders(source: Path, target: Path) -> None:
    """Leave where the input is missing or the output would be read as input."""
    if not source.is_dir():
        stop(f"no input folder '{source}'; name one with --input or in {paths.CONFIG}")
    if target.resolve().is_relative_to(source.resolve()):
        stop(f"the output '{target}' lies inside the input '{source}'; name another with --output")


def _check_ready(config: Config, this_run: Run) -> None:
    """Leave where a stage lacks something."""
    problems = [p for stage in config.stages for p in stage.problems(this_run)]
    if problems:
        stop("\n  ".join(problems) + "\n  nothing was written")


@contextmanager
def _progress() -> Iterator[tuple[Callable[[str, int], None], Callable[[int, int], None]]]:
    """Show a bar per stage, and none where nobody watches."""
    columns = (
        TextColumn("{task.description:>10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, disable=not err.is_terminal) as bars:

        def on_stage(name: str, total: int) -> None:
            for task in bars.tasks:
                bars.update(task.id, completed=task.total)
                bars.stop_task(task.id)
            bars.add_task(_plain(name), total=total)

        def on_progress(done: int, total: int) -> None:
            if bars.tasks:
                bars.update(bars.tasks[-1].id, completed=done, total=total)

        yield on_stage, on_progress


def _print_outcome(outcome: Outcome, target: Path) -> None:
    """Print a row per article and what it all came to."""
    table = Table("article", "language", "segments", "to check", "outcome")
    for article in outcome.collection.articles:
        table.add_row(
            _plain(article.source),
            article.language.tag if article.language else "",
            str(len(article.segments)),
            str(sum(bool(s.flags) for s in article.segments)),
            _plain(_told(article)),
        )
    out.print(table)
    for error in outcome.errors:
        err.print(f"[bold red]error:[/] {_plain(error)}")
    counts = Counter(a.status for a in outcome.collection.articles)
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    seconds = sum(outcome.stage_seconds.values())
    out.print(
        f"{told or 'no articles'} in {seconds:.1f} s; read {_plain(str(target / paths.INDEX))}"
    )


def _told(article: Article) -> str:
    """Say in a few words how an article ended."""
    notes = "; ".join(article.notes)
    if article.status == "failed":
        return f"failed: {article.error}"
    return f"{article.status}: {notes}" if notes else article.status


@main.group(epilog="Example: pipeline models install ru he")
def models() -> None:
    """List, install, verify and remove translation models; `install` alone uses the network."""


def _packages_folder(config_path: Path) -> Path:
    return config_path.parent / paths.ARGOS


@models.command("list", epilog="Example: pipeline models list")
@config_option
def list_models(config_path: Path) -> None:
    """List who translates each language, how well, and which engine the pipeline would use."""
    from pipeline.stages.translate import Translate

    config = _read(config_path)
    table = Table("language", "engine", "quality", "")
    for stage in config.stages:
        if isinstance(stage.target, Translate):
            for row in stage.target.served(_run(config)):
                table.add_row(*map(_plain, row))
    out.print(table)


@models.command("install", epilog="Example: pipeline models install zh-Hant --from downloads/")
@click.argument("languages", nargs=-1, required=True, metavar="LANG...")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, exists=True),
    help="A package file, or a folder of them, in place of the public index.",
)
@config_option
def install_models(languages: tuple[str, ...], source: Path | None, config_path: Path) -> None:
    """Install Argos packages for languages (BCP 47: ru, he, id, zh-Hant)."""
    from pipeline.engines import ModelError
    from pipeline.engines.packages import install

    failed = False
    for language in languages:
        try:
            with err.status(f"installing {language} ..."):
                package = install(_packages_folder(config_path), language, source=source)
        except ModelError as error:
            err.print(f"[bold red]error:[/] {_plain(str(error))}")
            failed = True
        else:
            size = package.size / 1e6
            out.print(f"{language}: {package.name} {package.version}, {size:.0f} MB, installed")
    if failed:
        sys.exit(FAILED)


@models.command("verify", epilog="Example: pipeline models verify")
@config_option
def verify_models(config_path: Path) -> None:
    """Hash every model file and compare with what is recorded."""
    config = _read(config_path)
    this_run = _run(config)
    problems = [p for s in config.stages for p in s.problems(replace(this_run, verify=True))]
    if problems:
        stop("\n  ".join(problems), FAILED)
    out.print("Every model file is as recorded.")


@models.command("remove", epilog="Example: pipeline models remove ru")
@click.argument("language")
@config_option
def remove_model(language: str, config_path: Path) -> None:
    """Remove the Argos package of a language."""
    from pipeline.engines import ModelError
    from pipeline.engines.packages import remove

    try:
        remove(_packages_folder(config_path), language)
    except ModelError as error:
        stop(str(error), FAILED)
    out.print(f"{language}: removed")
