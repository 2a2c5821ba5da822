"""Argos packages: install, list, verify, remove; `models.lock` records what was installed.

A package is a zip with one folder: `metadata.json`, `sentencepiece.model`, and the CTranslate2
files in `model/`. A models folder holds `packages/` (one folder each) and `models.lock`.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from pipeline.engines import ModelError
from pipeline.paths import TEMPORARY, sha256, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODES = {"zh-Hant": "zt", "zh-Hans": "zh"}  # BCP 47 tag to Argos code, where they differ


@dataclass(frozen=True)
class Package:
    """An installed package that translates `language` (BCP 47) into English.

    `sha256` and `size` (bytes) are those of the package file, `files` maps the installed files to
    their SHA-256, relative to `packages/<folder>`.
    """

    language: str
    name: str
    version: str
    folder: str
    sha256: str
    size: int
    files: dict[str, str]
    target_prefix: str = ""


_LOCK = TypeAdapter(list[Package])


def folder_of(root: Path, package: Package) -> Path:
    """Give the folder of an installed package."""
    return root / "packages" / package.folder


def installed(root: Path) -> list[Package]:
    """List the packages that `models.lock` records, by language.

    Raises:
        ModelError: if the lock file is not readable.
    """
    path = root / "models.lock"
    try:
        return _LOCK.validate_json(path.read_bytes()) if path.exists() else []
    except (OSError, ValidationError) as error:
        raise ModelError(
            f"{path} is damaged ({error}): delete it and install the packages again"
        ) from error


def install(
    root: Path, language: str, *, source: Path | None = None, index: str | None = None
) -> Package:
    """Install the newest package of a language, in place of an older one, and record it.

    It comes from `source`, a package file or a folder of them, or else from the public index
    (`index` is the URL of another one).

    Raises:
        ModelError: if there is no such package, or it cannot be fetched, read or used.
    """
    code = _CODES.get(language, language)
    (root / "packages").mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=TEMPORARY, dir=root / "packages") as temporary:
        file = _choose(source, code) if source else _download(code, index, Path(temporary))
        metadata = _metadata(file)
        top = _unpacked(file, Path(temporary, "unpacked"))
        row = Package(
            language=language,
            name=f"{metadata.get('from_name') or language} → English",
            version=str(metadata.get("package_version", "")),
            folder=top.name,
            sha256=sha256(file),
            size=file.stat().st_size,
            files={
                path.relative_to(top).as_posix(): sha256(path)
                for path in sorted(top.rglob("*"))
                if path.is_file()
            },
            target_prefix=metadata.get("target_prefix", ""),
        )
        for old in installed(root):
            if old.language == language or old.folder == row.folder:
                remove(root, old.language)
        shutil.rmtree(folder_of(root, row), ignore_errors=True)  # of an interrupted installation
        top.rename(folder_of(root, row))
    _record(root, [*installed(root), row])
    return row


def remove(root: Path, language: str) -> None:
    """Remove the package of a language and its record.

    Raises:
        ModelError: if none is installed.
    """
    rows = installed(root)
    gone = [row for row in rows if row.language == language]
    if not gone:
        have = ", ".join(row.language for row in rows) or "none"
        raise ModelError(f"No package for {language!r} is installed in {root} (installed: {have})")
    _record(root, [row for row in rows if row.language != language])
    for row in gone:
        shutil.rmtree(folder_of(root, row), ignore_errors=True)


def _record(root: Path, rows: list[Package]) -> None:
    rows = sorted(rows, key=lambda row: row.language)
    write_atomic(root / "models.lock", _LOCK.dump_json(rows, indent=1).decode() + "\n")


def _newest(offered: list[dict[str, Any]], code: str, where: object) -> dict[str, Any]:
    """Pick, by metadata, the newest of the packages on offer from a language into English."""
    into_english = [each for each in offered if each.get("to_code") == "en"]
    matching = [each for each in into_english if each.get("from_code") == code]
    if not matching:
        have = ", ".join(sorted({str(each.get("from_code")) for each in into_english})) or "none"
        raise ModelError(
            f"{where} has no package from {code!r} to English (it has: {have}): give another "
            "(`--from`); the engine `lm` needs none for the languages of its model"
        )
    return max(matching, key=_version)


def _version(metadata: dict[str, Any]) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(metadata.get("package_version")))]


def _choose(source: Path, code: str) -> Path:
    """Pick the newest package for a language from a file or a folder of files."""
    files = sorted(source.glob("*.argosmodel")) if source.is_dir() else [source]
    return Path(_newest([_metadata(file) | {"file": file} for file in files], code, source)["file"])


def _download(code: str, index: str | None, folder: Path) -> Path:
    """Fetch the newest package for a language; argostranslate logs errors and gives nothing."""
    networking = _argostranslate(folder)
    url = index or networking.settings.remote_package_index
    offline = "connect to the internet for this step, or give package files (`--from`)"
    try:
        offered = json.loads(networking.get(url) or "")
    except ValueError:
        raise ModelError(f"{url} cannot be fetched: {offline}") from None
    links = _newest(offered, code, url)["links"]
    if (data := networking.get_from(links)) is None:
        raise ModelError(f"{links} cannot be downloaded: {offline}")
    file = folder / f"{code}.argosmodel"
    file.write_bytes(data)
    return file


def _argostranslate(folder: Path) -> Any:
    """Give what argostranslate downloads with.

    Its first import makes folders where the environment says: let that be inside `folder`.
    """
    before = dict(os.environ)
    places = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "ARGOS_PACKAGES_DIR")
    os.environ.update(dict.fromkeys(places, str(folder / "argostranslate")))
    try:
        return importlib.import_module("argostranslate.networking")
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open a package file; whatever is found to be wrong with it becomes a `ModelError`."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(
            f"{file} cannot be read as an Argos package ({error}): download it again"
        ) from error


def _metadata(file: Path) -> dict[str, Any]:
    """Read the metadata of a package file."""
    with _opened(file) as archive:
        (name,) = (n for n in archive.namelist() if re.fullmatch(r"[^/]+/metadata\.json", n))
        return dict(json.loads(archive.read(name)))


def _unpacked(file: Path, folder: Path) -> Path:
    """Unpack a package file into a new folder; give the one folder that it holds."""
    with _opened(file) as archive:
        archive.extractall(folder)  # which checks every file, and stays inside
        (top,) = folder.iterdir()
    for needed in ("model/model.bin", "sentencepiece.model"):
        if not (top / needed).is_file():
            raise ModelError(
                f"{file} has no {needed} (older packages use BPE instead, which is not supported): "
                "choose a newer version"
            )
    return top
