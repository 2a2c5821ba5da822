"""What all commands share: where they print, how they stop, how they start."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from rich.console import Console
from rich.table import Table

from pipeline import paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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


def print_table(heads: Iterable[str], rows: Iterable[Iterable[object]], title: str = "") -> None:
    """Print a table of plain values."""
    table = Table(*heads, title=title or None)
    for row in rows:
        table.add_row(*(plain(str(cell)) for cell in row))
    out.print(table)


@contextmanager
def expected() -> Iterator[None]:
    """Leave with a message where configuration, project, models or a stage are at fault."""
    from pipeline.engines import ModelError
    from pipeline.executors import StageError
    from pipeline.project import ProjectError
    from pipeline.yamlpos import ConfigError

    try:
        yield
    except StageError as error:
        stop(f"{error}\n  stopped at the first failure; nothing written", FAILED)
    except (ConfigError, ModelError, ProjectError) as error:
        stop(str(error))


def opened(config_path: Path) -> tuple[Config, Run]:
    """Read the configuration and make its run, or leave with the error."""
    from pipeline.config import read
    from pipeline.stage import Run

    with expected():
        config = read(config_path)
    return config, Run(config.root.resolve())
