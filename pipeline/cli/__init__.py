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
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipeline import __version__, offline, paths
from pipeline.cli.console import (
    FAILED,
    INTERRUPTED,
    check_ready,
    config_option,
    err,
    out,
    plain,
    print_table,
    read_config,
    run_of,
    stop,
)
from pipeline.cli.models import cache, models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.article import Article
    from pipeline.config import Config
    from pipeline.executors.local import Outcome
    from pipeline.stage import Collection

input_option = click.option(
    "--input", "input_", type=click.Path(path_type=Path), help="Folder of articles."
)
output_option = click.option(
    "--output", type=click.Path(path_type=Path), help="Folder for the digests."
)


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
@input_option
@output_option
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
    from pipeline.evidence import ingredients, outputs, report
    from pipeline.executors.local import StageError, execute
    from pipeline.project import compare
    from pipeline.read.files import find

    config = read_config(config_path)
    source, target = _folders(config, input_, output)
    with _progress() as (on_stage, progress):
        this_run = run_of(config, progress, fresh=force)
        this_run = replace(this_run, output=None if only else target.resolve())
        check_ready(config, this_run)
        files = find(source, only)
        made_from = ingredients(config.hash, source, files, config.stages, this_run)
        if not force and not only and not compare(target, made_from).reasons:
            out.print(
                f"Nothing has changed: {len(files)} digests in {plain(str(target))} are current."
            )
            return
        with offline.enforced():
            on_stage("read", len(files))
            collection = _read_articles(files, source, progress)
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
    written = outputs(outcome)
    for name, text in written.items():
        if not (only and name == paths.INDEX):
            paths.write_atomic(target / name, text)
    if not only:
        paths.write_atomic(target / paths.REPORT, report(outcome, made_from, written, target))
    _print_outcome(outcome, target)
    if outcome.errors or any(a.status == "failed" for a in outcome.collection.articles):
        sys.exit(FAILED)


@main.command(epilog="Example: pipeline plan --input articles/")
@config_option
@input_option
@output_option
def plan(config_path: Path, input_: Path | None, output: Path | None) -> None:
    """Show what a run would do and why, without doing it or loading a model.

    Sentences that were translated before are remembered. Of the new ones, those that come out wrong
    will be tried more than once.
    """
    from pipeline.evidence import ingredients
    from pipeline.project import compare, sentences
    from pipeline.read.files import find

    config = read_config(config_path)
    source, target = _folders(config, input_, output)
    with _progress() as (on_stage, progress), offline.enforced():
        this_run = run_of(config, progress)
        check_ready(config, this_run)
        files = find(source)
        made_from = ingredients(config.hash, source, files, config.stages, this_run)
        reasons, inputs = compare(target, made_from)
        counted = []
        if reasons:
            on_stage("read", len(files))
            collection = _read_articles(files, source, progress)
            counted = sentences(collection, config.stages, this_run, on_stage)
    print_table(("article", "input"), inputs.items())
    if counted:
        print_table(("language", "engine", "remembered", "to translate"), counted)
    if not reasons:
        out.print("Nothing has changed: a run would do nothing.")
    for reason in reasons:
        out.print(f"due: {plain(reason)}")


@main.command(epilog="Example: pipeline init my-project")
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
def init(folder: Path) -> None:
    """Write a commented pipeline.yaml, and a folder for the articles."""
    target = folder / paths.CONFIG
    if target.exists():
        stop(f"{target} is there already; edit it, or name another folder")
    text = paths.COMMENTED_CONFIG.read_text(encoding="utf-8")
    paths.write_atomic(target, text.replace("input: seeds", "input: articles"))
    (folder / "articles").mkdir(exist_ok=True)
    out.print(f"Wrote {plain(str(target))}. Put articles into {plain(str(folder / 'articles'))}/,")
    out.print("then: pipeline check")


@main.command(epilog="Example: pipeline check --config my-project/pipeline.yaml")
@config_option
def check(config_path: Path) -> None:
    """Check configuration, stages, models and offline readiness, without touching an article."""
    config = read_config(config_path)
    this_run = run_of(config)
    with offline.enforced():
        check_ready(config, this_run)
    table = Table("stage", "works on", title=f"{paths.CONFIG}: {len(config.stages)} stages")
    for stage in config.stages:
        table.add_row(plain(stage.name), stage.shape)
    out.print(table)
    folder = config.root / config.input
    found = "" if folder.is_dir() else " (not there yet)"
    out.print(f"input: {plain(config.input)}{found}; output: {plain(config.output)}")
    out.print("[green]Ready:[/] 'pipeline run' needs no network.")


@main.command(epilog="Example: pipeline stages")
@config_option
def stages(config_path: Path) -> None:
    """List every stage, built in or your own, with its options."""
    from pipeline.config import stage_names, stage_type

    names = list(stage_names())
    if config_path.exists():
        names += [s.name for s in read_config(config_path).stages if s.name not in names]
    for name in names:
        kind = stage_type(name, config_path.parent)
        out.print(f"[bold]{plain(name)}[/]  {plain(kind.purpose)}")
        for option, info in kind.options.model_fields.items():
            default = "required" if info.is_required() else f"default {info.default!r}"
            meaning = info.description or ""
            out.print(f"    {option}: {plain(meaning)} [dim]({plain(default[:90])})[/]")


@main.command(epilog="Example: pipeline schema > pipeline.schema.json")
@config_option
def schema(config_path: Path) -> None:
    """Print the JSON Schema of pipeline.yaml, for editors that complete and check as you type."""
    from pipeline.config import schema as make

    click.echo(json.dumps(make(config_path.parent), indent=2, ensure_ascii=False))


def _folders(config: Config, input_: Path | None, output: Path | None) -> tuple[Path, Path]:
    """Give the folders to read and to write; leave where the one is missing or holds the other."""
    source, target = input_ or config.root / config.input, output or config.root / config.output
    if not source.is_dir():
        stop(f"no input folder '{source}'; name one with --input or in {paths.CONFIG}")
    if target.resolve().is_relative_to(source.resolve()):
        stop(f"the output '{target}' lies inside the input '{source}'; name another with --output")
    return source, target


def _read_articles(
    files: list[Path], source: Path, progress: Callable[[int, int], None]
) -> Collection:
    """Read the files, and give each article the name of its digest."""
    from pipeline.read.files import read
    from pipeline.stage import Collection

    articles = []
    for done, file in enumerate(files, 1):
        articles.append(read(file, source))
        progress(done, len(files))
    names = paths.output_names([a.source for a in articles])
    return Collection(tuple(replace(a, name=names[a.source]) for a in articles))


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
            bars.add_task(plain(name), total=total)

        def on_progress(done: int, total: int) -> None:
            if bars.tasks:
                bars.update(bars.tasks[-1].id, completed=done, total=total)

        yield on_stage, on_progress


def _print_outcome(outcome: Outcome, target: Path) -> None:
    """Print a row per article and what it all came to."""
    table = Table("article", "language", "segments", "to check", "outcome")
    for article in outcome.collection.articles:
        table.add_row(
            plain(article.source),
            article.language.tag if article.language else "",
            str(len(article.segments)),
            str(sum(bool(s.flags) for s in article.segments)),
            plain(_told(article)),
        )
    out.print(table)
    for error in outcome.errors:
        err.print(f"[bold red]error:[/] {plain(error)}")
    counts = Counter(a.status for a in outcome.collection.articles)
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    seconds = sum(outcome.stage_seconds.values())
    out.print(
        f"{told or 'no articles'} in {seconds:.1f} s; read {plain(str(target / paths.INDEX))}"
    )


def _told(article: Article) -> str:
    """Say in a few words how an article ended."""
    notes = "; ".join(article.notes)
    if article.status == "failed":
        return f"failed: {article.error}"
    return f"{article.status}: {notes}" if notes else article.status


main.add_command(models)
main.add_command(cache)
