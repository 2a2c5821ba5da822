"""Where everything lies: one place for folder and file names."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from itertools import chain, count
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

CONFIG = "pipeline.yaml"
INDEX = "index.md"
REPORT = "report.json"
ARGOS = Path("models", "argos")
EMBEDDED_MODEL = "models/many-en-4"
TEMPORARY = ".tmp-"
# in the folder of a project: remembered translations, signatures of the articles it has digested,
# models joined from their parts where their own folder cannot be written
MEMORY, HISTORY = ".pipeline/memory.sqlite", ".pipeline/history.sqlite"
JOINED_MODELS = ".pipeline/models"
LOCK = ".pipeline/{}.lock"  # of a run, by a hash of the path of its output
PACKAGE = Path(__file__).parent
COMMENTED_CONFIG = PACKAGE / "cli" / CONFIG


def is_own(path: Path, root: Path) -> bool:
    """Tell whether a file of code is the project's own: not ours, not an installed package's."""
    inside = path.is_relative_to(root) and not path.is_relative_to(PACKAGE)
    return inside and "site-packages" not in path.parts


def place(file: str, line: int | None, root: Path) -> str:
    """Name a place in the project's own code, as `my_stages.py:7: `; nothing where it is not."""
    own = is_own(Path(file).resolve(), root.resolve())
    return f"{Path(file).name}:{line}: " if own else ""


def sha256(path: Path) -> str:
    """Hash a file; one that cannot be read hashes to the reason."""
    try:
        if path.exists() and not path.is_file():
            return "unreadable: not a regular file"  # a pipe would be waited for
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"unreadable: {error.strerror}"


def write_atomic(path: Path, text: str) -> None:
    """Write a file so that it is seen either whole or not at all."""
    data = text.encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def sweep(folder: Path) -> None:
    """Remove what an interrupted run left half-written."""
    for leftover in folder.glob(f"{TEMPORARY}*"):
        leftover.unlink(missing_ok=True)


def output_names(sources: Iterable[str]) -> dict[str, str]:
    """Give each source path the stem of its output files; distinct, whatever the file system.

    Usually the stem of the input file. Where that would clash (also with the index and the report,
    and also where only case differs) the whole relative path is used, and a number at last.
    """
    stems = {source: PurePosixPath(source).stem for source in sorted(sources)}
    counts = Counter(stem.casefold() for stem in stems.values())
    taken = {PurePosixPath(name).stem for name in (INDEX, REPORT)}
    names: dict[str, str] = {}
    for source in sorted(stems, key=lambda source: counts[stems[source].casefold()] > 1):
        whole = source.replace("/", "-")
        first = stems[source] if counts[stems[source].casefold()] == 1 else whole
        wishes = chain((first, whole), (f"{whole}-{number}" for number in count(2)))
        names[source] = next(name for name in wishes if name.casefold() not in taken)
        taken.add(names[source].casefold())
    return names
