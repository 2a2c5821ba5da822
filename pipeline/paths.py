"""Where everything lies: one place for folder and file names."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFIG = "pipeline.yaml"
INDEX = "index.md"
REPORT = "report.json"
ARGOS = Path("models", "argos")
EMBEDDED_MODEL = "models/many-en-3"
TEMPORARY = ".tmp-"
PACKAGE = Path(__file__).parent
COMMENTED_CONFIG = PACKAGE / "cli" / CONFIG


def memory_file(root: Path) -> Path:
    """Give the file of remembered translations of the project in `root`."""
    return root / ".pipeline" / "memory.sqlite"


def history_file(root: Path) -> Path:
    """Give the file of signatures of the articles that the project in `root` has digested."""
    return root / ".pipeline" / "history.sqlite"


def joined_models(root: Path) -> Path:
    """Give the folder for models joined from their parts where their own cannot be written."""
    return root / ".pipeline" / "models"


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
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=TEMPORARY, delete=False
    ) as file:
        temporary = Path(file.name)
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    temporary.chmod(0o644)
    temporary.replace(path)


def sweep(folder: Path) -> None:
    """Remove what an interrupted run left half-written."""
    for leftover in folder.glob(f"{TEMPORARY}*"):
        with suppress(OSError):
            leftover.unlink()


def output_names(sources: Sequence[str]) -> dict[str, str]:
    """Give each source path the stem of its output files; distinct, whatever the file system.

    Usually the stem of the input file. Where that would clash (also with the index and the report,
    and also where only case differs) the whole relative path is used, and a number at last.
    """
    stems = {source: PurePosixPath(source).stem for source in sources}
    counts = Counter(stem.casefold() for stem in stems.values())
    reserved = {PurePosixPath(name).stem for name in (INDEX, REPORT)}
    names: dict[str, str] = {}
    taken = set(reserved)
    plain = [s for s in sorted(sources) if counts[stems[s].casefold()] == 1]
    for source in (*plain, *(s for s in sorted(sources) if counts[stems[s].casefold()] > 1)):
        stem = stems[source]
        if counts[stem.casefold()] > 1 or stem.casefold() in taken:
            stem = source.replace("/", "-")
        number, name = 1, stem
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.casefold())
        names[source] = name
    return names
