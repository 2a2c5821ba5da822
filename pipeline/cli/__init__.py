"""The command line: all clicking, printing and exit codes are here."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from pipeline import __version__, offline, paths
from pipeline.cli.console import Commands, complain, config_option, err, out, print_table, stop
from pipeline.cli.models import cache, models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import TaskID

    from pipeline.project import Result
    from pipeline.report import Row

input_option = click.option(
    "--input", "input_folder", type=click.Path(path_type=Path), help="Folder of articles."
)
output_option = click.option(
    "--output", "output_folder", type=click.Path(path_type=Path), help="Folder for the digests."
)


@click.group(
    cls=Commands,
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
def run(config_path: Path, **options: Any) -> None:
    """Read the articles and write the digests.

    Exit code 0: all done. 1: some article failed, the rest are written. 2: bad configuration, a
    missing model or files of yours in the way, nothing written. 3: another run is writing into the
    same folder.
    """
    from pipeline import project

    try:
        with _watch() as watch:
            result = project.run(config_path, **options, watch=watch)
    except KeyboardInterrupt:
        err.print("Stopped. What was translated is remembered; run again to go on.")
        os._exit(130)  # or the interpreter would wait for running batches
    _print_result(result)
    if result.failed:
        sys.exit(1)


@main.command(epilog="Example: pipeline plan --input articles/")
@config_option
@input_option
@output_option
def plan(config_path: Path, **options: Any) -> None:
    """Show what a run would do and why, without doing it or loading a model.

    Sentences that were translated before are remembered. Of the new ones, those that come out wrong
    will be tried more than once.
    """
    from pipeline import project

    with _watch() as watch:
        made = project.plan(config_path, **options, watch=watch)
    if made.sentences:
        print_table(("language", "engine", "remembered", "to translate"), made.sentences)
    if not made.reasons:
        out.print("Nothing has changed: a run would do nothing.")
    for reason in made.reasons:
        out.print(f"due: {reason}")


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
    out.print(f"Wrote {target}. Put articles into {folder / 'articles'}/,\nthen: pipeline check")


@main.command(epilog="Example: pipeline check --config my-project/pipeline.yaml")
@config_option
def check(config_path: Path) -> None:
    """Check configuration, stages, models and offline readiness, without touching an article."""
    from pipeline import config, project

    with offline.enforced():
        found = config.read(config_path)
        project.ready(found, found.run())
    print_table(("stage", "works on"), ((s.name, s.shape) for s in found.stages))
    missing = "" if (found.root / found.input).is_dir() else " (not there yet)"
    out.print(f"input: {found.input}{missing}; output: {found.output}")
    out.print("Ready: 'pipeline run' needs no network.", style="green")


@main.command(epilog="Example: pipeline stages")
@config_option
def stages(config_path: Path) -> None:
    """List every stage, built in or your own, with its options."""
    from pipeline.config import read, stage_names, stage_type

    own = read(config_path).stages if config_path.exists() else ()
    for name in dict.fromkeys((*stage_names(), *(stage.name for stage in own))):
        _, options = stage_type(name, config_path.parent)
        out.print(name, style="bold", end="  ")
        out.print(options.__doc__ or "")
        for option, info in options.model_fields.items():
            default = "required" if info.is_required() else f"default {info.default!r}"
            out.print(f"    {option}: {info.description or ''} ({default[:90]})")


@main.command(epilog="Example: pipeline schema > pipeline.schema.json")
@click.option("--evidence", is_flag=True, help="That of the evidence files instead.")
def schema(*, evidence: bool) -> None:
    """Print the JSON Schema of pipeline.yaml, for editors that complete and check as you type."""
    from pipeline.config import Config
    from pipeline.evidence import Evidence

    made = Evidence.model_json_schema() if evidence else Config.model_json_schema()
    click.echo(json.dumps(made, indent=2, ensure_ascii=False))


@contextmanager
def _watch() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar per stage, and none where nobody watches."""
    columns = (*Progress.get_default_columns(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def watch(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                for task in bars.tasks:
                    bars.update(task.id, completed=task.total)
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield watch


def _print_result(result: Result) -> None:
    """Print a row per article and what it all came to."""
    if result.report is None:
        current = f"{result.unchanged} digests in {result.output} are current"
        out.print(f"Nothing has changed: {current}.")
        return
    rows = result.report.articles
    heads = ("article", "language", "segments", "to check", "outcome")
    print_table(heads, ((r.source, r.language, r.segments, r.to_check, _told(r)) for r in rows))
    for error in result.report.errors:
        complain(error)
    counts = Counter(map(_ended, rows))
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    seconds = sum(result.report.seconds.values())
    for why, count in result.report.skipped.items():
        out.print(f"skipped: {count} {why}")
    index = result.output / paths.INDEX
    read = index if index.exists() else result.output  # not every project renders
    out.print(f"{told or 'no articles'} in {seconds:.1f} s; read {read}")


def _told(row: Row) -> str:
    """Say how an article ended, and whether any of it is in no place of its evidence."""
    notes = [row.error] if row.status == "failed" else [*row.notes]
    if row.stale:
        notes.append("its digest of an earlier run stays")
    if row.letters.lost:
        notes.append(f"{row.letters.lost} letters are in no segment, removal or repair")
    return ": ".join(filter(None, (_ended(row), "; ".join(notes))))


def _ended(row: Row) -> str:
    """Give an article's status; one that is mostly poor is not called `ok`."""
    return row.quality if (row.status, row.quality) == ("ok", "mostly poor") else row.status


main.add_command(models)
main.add_command(cache)
