"""What all commands share: where they print, how they stop, which files they are about."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline import paths

if TYPE_CHECKING:
    from collections.abc import Iterable

# What is printed may come from an article: nothing in it is markup.
out = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)

config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path(paths.CONFIG),
    show_default=True,
    help="The pipeline's stages and options.",
)


class Commands(click.Group):
    """Commands that leave with a message where what a user can mend is at fault."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(context)
        except Exception as error:
            from pipeline.engines import ModelError
            from pipeline.project import BusyError, ProjectError
            from pipeline.yamlpos import ConfigError

            if isinstance(error, (ConfigError, ModelError, ProjectError)):
                stop(str(error), 3 if isinstance(error, BusyError) else 2)
            raise


def complain(message: object) -> None:
    """Say what is wrong."""
    err.print(Text.assemble(("error: ", "bold red"), str(message)))


def stop(message: str, code: int = 2) -> NoReturn:
    """Say what is wrong and leave: 1 if something failed on the way, from 2 if it did not begin."""
    complain(message)
    sys.exit(code)


def print_table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a table of plain values."""
    table = Table(*heads)
    for row in rows:
        table.add_row(*map(str, row))
    out.print(table)
