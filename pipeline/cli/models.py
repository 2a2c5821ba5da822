"""The commands about what is kept: translation models and remembered translations."""

from __future__ import annotations

import sys
from collections import ChainMap
from itertools import chain
from pathlib import Path

import click

from pipeline.cli.console import complain, config_option, err, out, print_table, stop
from pipeline.paths import ARGOS, MEMORY


@click.group(epilog="Example: pipeline models install ru he")
def models() -> None:
    """List, install, verify and remove translation models; `install` alone uses the network."""


@models.command("list", epilog="Example: pipeline models list")
@config_option
def list_models(config_path: Path) -> None:
    """List who translates each language, how well, and which engine the pipeline would use."""
    from pipeline.config import read

    config = read(config_path)
    rows = chain(*config.ask("served", config.run()))
    print_table(("language", "engine", "quality", ""), rows)


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

    failed = 0
    for language in languages:
        try:
            with err.status(f"installing {language} ..."):
                package = install(config_path.parent / ARGOS, language, source=source)
        except ModelError as error:
            complain(error)
            failed = 1
        else:
            size = package.size / 1e6
            out.print(f"{language}: {package.name} {package.version}, {size:.0f} MB, installed")
    sys.exit(failed)


@models.command("verify", epilog="Example: pipeline models verify")
@config_option
def verify_models(config_path: Path) -> None:
    """Hash every model file and compare with what is recorded."""
    from pipeline.config import read

    config = read(config_path)
    if problems := [*chain(*config.ask("problems", config.run(verify=True)))]:
        stop("\n  ".join(problems), code=1)
    out.print("Every model file is as recorded.")


@models.command("remove", epilog="Example: pipeline models remove ru")
@click.argument("language")
@config_option
def remove_model(language: str, config_path: Path) -> None:
    """Remove the Argos package of a language."""
    from pipeline.engines.packages import remove

    remove(config_path.parent / ARGOS, language)
    out.print(f"{language}: removed")


@click.group(epilog="Example: pipeline cache stats")
def cache() -> None:
    """Look at the remembered translations, or forget what is of no use any more."""


@cache.command("stats", epilog="Example: pipeline cache stats")
@config_option
def cache_stats(config_path: Path) -> None:
    """Count the remembered translations by language and engine."""
    from pipeline.translate.memory import Memory

    engines, file = _remembering(config_path)
    with Memory(file) as memory:
        counts = memory.counts()
    unknown = "not configured any more"
    rows = [(tag, engines.get(key, unknown), key, count) for tag, key, count in counts]
    print_table(("language", "engine", "fingerprint", "remembered"), rows)
    out.print(f"{sum(row[-1] for row in rows)} remembered, {file.stat().st_size / 1e6:.2f} MB")


@cache.command("prune", epilog="Example: pipeline cache prune")
@click.option("--all", "everything", is_flag=True, help="Forget every translation.")
@config_option
def cache_prune(config_path: Path, *, everything: bool) -> None:
    """Forget translations by engines that are not configured any more."""
    from pipeline.translate.memory import Memory

    engines, file = _remembering(config_path)
    with Memory(file) as memory:
        gone = memory.prune(() if everything else tuple(engines))
    out.print(f"{gone} forgotten, {file.stat().st_size / 1e6:.2f} MB left")


def _remembering(config_path: Path) -> tuple[dict[str, str], Path]:
    """Give the configured engines by fingerprint, and the file of what they translated."""
    from pipeline.config import read
    from pipeline.project import ready

    config = read(config_path)
    run = config.run()
    ready(config, run)  # or what a damaged model translated would be forgotten
    return dict(ChainMap(*config.ask("fingerprints", run))), run.root / MEMORY
