"""Large model files kept as parts, below the size at which code hosts complain: joined, checked.

`split -b 40M -d model.bin model.part` makes such parts.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from pipeline.engines import ModelError
from pipeline.paths import sha256

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


_LARGE = 16 << 20  # bytes; smaller files are hashed every time
_POINTER = b"version https://git-lfs"


def check(folder: Path, digests: Mapping[str, str], *, verify: bool = False) -> list[str]:
    """List the files that are missing or differ from their SHA-256, each with what to do.

    A large file is hashed when it is new, or size or time have changed since the last good check,
    of which a stamp beside it tells; with `verify` always.
    """
    problems = []
    for name, digest in digests.items():
        path = folder / name
        stamp = path.with_name(f"{path.name}.checked")
        if not path.is_file():
            problems.append(f"{path} is missing: restore it from where the model came from")
        elif not verify and stamp.is_file() and stamp.read_text() == _state(path, digest):
            continue
        elif sha256(path) != digest:
            with path.open("rb") as file:
                pointer = file.read(len(_POINTER)) == _POINTER
            what = "is a Git LFS pointer, not the file" if pointer else "differs from its SHA-256"
            problems.append(f"{path} {what}: {'run `git lfs pull`' if pointer else 'restore it'}")
        elif path.stat().st_size >= _LARGE:
            with suppress(OSError):  # where nothing can be written, the next start checks again
                stamp.write_text(_state(path, digest))
    return problems


def provide(path: Path, digest: str, folder: Path, parts: Mapping[str, str]) -> None:
    """Make sure that `path` is the file with this SHA-256, joining it from `parts` if it is not.

    It appears whole and checked or not at all.

    Raises:
        ModelError: if it is missing or wrong and the parts cannot make it good.
    """
    problems = check(path.parent, {path.name: digest})
    if problems and parts and not (problems := check(folder, parts)):
        _join(path, digest, [folder / name for name in parts])
    if problems:
        raise ModelError("; ".join(problems))


def _join(path: Path, digest: str, parts: Sequence[Path]) -> None:
    temporary = path.with_name(f".tmp-{path.name}-{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            for part in parts:
                file.write(part.read_bytes())
            file.flush()
            os.fsync(file.fileno())
        if sha256(temporary) != digest:
            raise ModelError(f"The parts in {parts[0].parent} do not make {path.name}: restore it")
        temporary.replace(path)
    except OSError as error:
        raise ModelError(f"{path} cannot be written ({error.strerror}): free the way") from error
    finally:
        temporary.unlink(missing_ok=True)


def _state(path: Path, digest: str) -> str:
    stat = path.stat()
    return f"{digest} {stat.st_size} {stat.st_mtime_ns}"
