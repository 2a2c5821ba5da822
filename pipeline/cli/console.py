"""What all commands share: where they print, how they stop, how they start."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from rich.console import Console
from rich.table import Table

from pipeline import paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pipeline.config import Config
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
    err.print(f"[bold red]error:[/] {plain(message)}")
    sys.exit(code)


def plain(text: str) -> str:
    """Keep rich from reading brackets in a message as its own markup."""
    return text.replace("[", "\\[")


def print_table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a table of plain values."""
    table = Table(*heads)
    for row in rows:
        table.add_row(*(plain(str(cell)) for cell in row))
    out.print(table)


def read_config(config_path: Path) -> Config:
    """Read the configuration or leave with its error."""
    from pipeline.config import read
    from pipeline.yamlpos import ConfigError

    try:
        return read(config_path)
    except ConfigError as error:
        stop(str(error))


def run_of(
    config: Config, progress: Callable[[int, int], None] | None = None, *, fresh: bool = False
) -> Run:
    """Make the run of a configuration."""
    from pipeline.stage import Run

    root = config.root.resolve()
    return Run(root, progress, fresh) if progress else Run(root, fresh=fresh)


def check_ready(config: Config, this_run: Run) -> None:
    """Leave where a stage lacks something."""
    problems = [p for stage in config.stages for p in stage.problems(this_run)]
    if problems:
        stop("\n  ".join(problems) + "\n  nothing was written")
