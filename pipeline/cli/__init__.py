"""The command line: all clicking, printing and exit codes are here."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipeline import __version__, offline, paths
from pipeline.cli.console import (
    FAILED,
    INTERRUPTED,
    config_option,
    err,
    expected,
    out,
    plain,
    print_table,
    stop,
)
from pipeline.cli.models import cache, models

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.article import Article
    from pipeline.project import Result, Watch

input_option = click.option(
    "--input", "input_folder", type=click.Path(path_type=Path), help="Folder of articles."
)
output_option = click.option(
    "--output", "output_folder", type=click.Path(path_type=Path), help="Folder for the digests."
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
    input_folder: Path | None,
    output_folder: Path | None,
    only: str,
    *,
    force: bool,
    fail_fast: bool,
) -> None:
    """Read the articles and write the digests.

    Exit code 0: all done. 1: some article failed, the rest are written. 2: bad configuration or a
    missing model, nothing written.
    """
    from pipeline import project

    with expected(), _watch() as watch:
        try:
            result = project.run(
                config_path,
                input_folder=input_folder,
                output_folder=output_folder,
                only=only,
                force=force,
                fail_fast=fail_fast,
                watch=watch,
            )
        except KeyboardInterrupt:
            err.print("Stopped. What was translated is remembered; run again to go on.")
            os._exit(INTERRUPTED)  # or the interpreter would wait for running batches
    _print_result(result)
    if result.failed:
        sys.exit(FAILED)


@main.command(epilog="Example: pipeline plan --input articles/")
@config_option
@input_option
@output_option
def plan(config_path: Path, input_folder: Path | None, output_folder: Path | None) -> None:
    """Show what a run would do and why, without doing it or loading a model.

    Sentences that were translated before are remembered. Of the new ones, those that come out wrong
    will be tried more than once.
    """
    from pipeline import project

    with expected(), _watch() as watch:
        made = project.plan(
            config_path, input_folder=input_folder, output_folder=output_folder, watch=watch
        )
    print_table(("article", "input"), made.changes.inputs.items())
    if made.sentences:
        print_table(("language", "engine", "remembered", "to translate"), made.sentences)
    if not made.changes.reasons:
        out.print("Nothing has changed: a run would do nothing.")
    for reason in made.changes.reasons:
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
    from pipeline import config, project, stage

    with expected(), offline.enforced():
        found = config.read(config_path)
        project.ready(found, stage.Run(found.root.resolve()))
    title = f"{paths.CONFIG}: {len(found.stages)} stages"
    print_table(("stage", "works on"), [(s.name, s.shape) for s in found.stages], title=title)
    missing = "" if (found.root / found.input).is_dir() else " (not there yet)"
    out.print(f"input: {plain(found.input)}{missing}; output: {plain(found.output)}")
    out.print("[green]Ready:[/] 'pipeline run' needs no network.")


@main.command(epilog="Example: pipeline stages")
@config_option
def stages(config_path: Path) -> None:
    """List every stage, built in or your own, with its options."""
    from pipeline.config import read, stage_names, stage_type

    names = stage_names()
    if config_path.exists():
        with expected():
            names += [s.name for s in read(config_path).stages if s.name not in names]
    for name in names:
        kind = stage_type(name, config_path.parent)
        out.print(f"[bold]{plain(name)}[/]  {plain(kind.purpose)}")
        for option, info in kind.options.model_fields.items():
            default = "required" if info.is_required() else f"default {info.default!r}"
            meaning = info.description or ""
            out.print(f"    {option}: {plain(meaning)} [dim]({plain(default[:90])})[/]")


@main.command(epilog="Example: pipeline schema > pipeline.schema.json")
@click.option("--evidence", is_flag=True, help="That of the evidence files instead.")
def schema(*, evidence: bool) -> None:
    """Print the JSON Schema of pipeline.yaml, for editors that complete and check as you type."""
    from pipeline.config import Config
    from pipeline.evidence import Evidence

    made = Evidence.model_json_schema() if evidence else Config.model_json_schema()
    click.echo(json.dumps(made, indent=2, ensure_ascii=False))


@contextmanager
def _watch() -> Iterator[Watch]:
    """Show a bar per stage, and none where nobody watches."""
    from pipeline.project import Watch

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

        yield Watch(on_stage, on_progress)


def _print_result(result: Result) -> None:
    """Print a row per article and what it all came to."""
    where = plain(str(result.output))
    if result.unchanged:
        out.print(f"Nothing has changed: {result.unchanged} digests in {where} are current.")
        return
    heads = ("article", "language", "segments", "to check", "outcome")
    print_table(heads, (_row(a, result.ledgers[a.source].lost) for a in result.articles))
    for error in result.errors:
        err.print(f"[bold red]error:[/] {plain(error)}")
    counts = Counter(a.status for a in result.articles)
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    index = plain(str(result.output / paths.INDEX))
    out.print(f"{told or 'no articles'} in {result.seconds:.1f} s; read {index}")


def _row(article: Article, lost: int) -> tuple[str, str, int, int, str]:
    """Say in a row how an article ended, and whether any of it is in no place of its evidence."""
    notes = (article.error,) if article.status == "failed" else article.notes
    if lost:
        notes = (*notes, f"{lost} letters are in no segment, removal or repair")
    told = ": ".join(filter(None, (article.status, "; ".join(notes))))
    tag = article.language.tag if article.language else ""
    flagged = sum(bool(s.flags) for s in article.segments)
    return article.source, tag, len(article.segments), flagged, told


main.add_command(models)
main.add_command(cache)
