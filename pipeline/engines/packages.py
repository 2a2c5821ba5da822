"""Argos packages: install, list, verify, remove; `models.lock` records what was installed.

A package is a zip with one folder: `metadata.json`, `sentencepiece.model`, and the CTranslate2
files in `model/`. A models folder holds `packages/` (one folder each), `state/` (the index and
downloads of argostranslate) and `models.lock`.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from pipeline.engines import ModelError, model_files
from pipeline.paths import sha256, write_atomic

if TYPE_CHECKING:
    from pathlib import Path

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


def verify(root: Path, *, hashes: bool = True) -> list[str]:
    """List missing, unrecorded and, with `hashes`, changed files, each with what to do next."""
    try:
        rows = installed(root)
    except ModelError as error:
        return [str(error)]
    found = [
        f"{problem} (`remove` and `install` {row.language} again)"
        for row in rows
        for problem in model_files.check(root / "packages" / row.folder, row.files, verify=hashes)
    ]
    known = {row.folder for row in rows}
    return found + [
        f"{folder} was not installed completely and is not used: delete it, install it again"
        for folder in sorted((root / "packages").glob("*"))
        if folder.name not in known
    ]


def install(
    root: Path, language: str, *, source: Path | None = None, index: str | None = None
) -> Package:
    """Install the package for a language, in place of an older one, and record it.

    It comes from `source`, a package file or a folder of them, or else from the public index
    (`index` is the URL of another one).

    Raises:
        ModelError: if there is no such package, or it cannot be fetched, read or used.
    """
    api = _argostranslate(root)
    code = _CODES.get(language, language)
    file = _choose(source, code) if source else _download(api, code, index)
    metadata, folder = _read(file)
    _usable(file, folder)
    for row in installed(root):
        if row.language == language or row.folder == folder:
            remove(root, row.language)
    api.install_from_path(file)
    top = root / "packages" / folder
    row = Package(
        language=language,
        name=f"{metadata.get('from_name') or language} → English",
        version=str(metadata.get("package_version", "")),
        folder=folder,
        sha256=sha256(file),
        size=file.stat().st_size,
        files={
            path.relative_to(top).as_posix(): sha256(path)
            for path in sorted(top.rglob("*"))
            if path.is_file()
        },
        target_prefix=metadata.get("target_prefix", ""),
    )
    _record(root, [*installed(root), row])
    if source is None:
        file.unlink()
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
    api = _argostranslate(root)
    for row in gone:
        if (root / "packages" / row.folder / "metadata.json").exists():
            api.uninstall(api.Package(root / "packages" / row.folder))


def _record(root: Path, rows: list[Package]) -> None:
    rows = sorted(rows, key=lambda row: row.language)
    write_atomic(root / "models.lock", _LOCK.dump_json(rows, indent=1).decode() + "\n")


def _argostranslate(root: Path) -> Any:
    """Give `argostranslate.package`, set to keep everything below `root`.

    Its settings create folders and freeze when they are first imported, so the environment must
    already point below `root` then; later calls, maybe for another folder, set them directly.
    """
    state = root / "state"
    before = dict(os.environ)
    os.environ["ARGOS_PACKAGES_DIR"] = str(root / "packages")
    for kind in ("DATA", "CONFIG", "CACHE"):
        os.environ[f"XDG_{kind}_HOME"] = str(state / kind.lower())
    try:
        package = importlib.import_module("argostranslate.package")
        importlib.import_module("argostranslate.translate")  # or `install_from_path` does so later
    finally:
        os.environ.clear()
        os.environ.update(before)
    settings = package.settings
    settings.package_data_dir = root / "packages"
    settings.package_dirs = [settings.package_data_dir]
    settings.local_package_index = state / "index.json"
    settings.downloads_dir = state / "downloads"
    for folder in (settings.package_data_dir, settings.downloads_dir):
        folder.mkdir(parents=True, exist_ok=True)
    return package


def _download(api: Any, code: str, index: str | None) -> Path:
    """Fetch the newest package for a language; argostranslate logs errors instead of raising."""
    settings = api.settings
    settings.remote_package_index = index or f"{settings.package_index}index.json"
    settings.local_package_index.unlink(missing_ok=True)
    api.update_package_index()
    offline = "connect to the internet for this step, or give package files (`--from`)"
    if not settings.local_package_index.exists():
        raise ModelError(f"{settings.remote_package_index} cannot be fetched: {offline}")
    into_english = [item for item in api.get_available_packages() if item.to_code == "en"]
    matching = [item for item in into_english if item.from_code == code]
    if not matching:
        raise ModelError(
            f"The Argos index has no package from {code!r} to English: the embedded model "
            "(engine `lm`) serves where it knows the language, or give a package file (`--from`)"
        )
    newest = max(matching, key=lambda item: _version(item.package_version))
    (settings.downloads_dir / f"{api.argospm_package_name(newest)}.argosmodel").unlink(
        missing_ok=True  # an interrupted download would be taken for a whole one
    )
    try:
        path: Path = newest.download()
    except Exception as error:  # argostranslate raises nothing more precise
        raise ModelError(f"{newest.links} cannot be downloaded: {offline}") from error
    return path


def _choose(source: Path, code: str) -> Path:
    """Pick the newest package for a language from a file or a folder of files."""
    files = sorted(source.glob("*.argosmodel")) if source.is_dir() else [source]
    have = {file: _read(file)[0] for file in files}
    have = {file: metadata for file, metadata in have.items() if metadata.get("to_code") == "en"}
    matching = [file for file in have if have[file].get("from_code") == code]
    if not matching:
        codes = ", ".join(sorted({str(each.get("from_code")) for each in have.values()})) or "none"
        raise ModelError(f"{source} has no package from {code!r} to English (it has: {codes})")
    return max(matching, key=lambda file: _version(have[file].get("package_version", "")))


def _version(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def _read(file: Path) -> tuple[dict[str, Any], str]:
    """Give the metadata of a package file and the name of its one folder.

    Raises:
        ModelError: if it is damaged or not a package.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            (folder,) = {PurePosixPath(name).parts[0] for name in archive.namelist()}
            return dict(json.loads(archive.read(f"{folder}/metadata.json"))), folder
    except (OSError, LookupError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"{file} cannot be read as an Argos package ({error}): download it again"
        ) from error


def _usable(file: Path, folder: str) -> None:
    """Raise `ModelError` if a package file is damaged or not of a kind that works here."""
    with zipfile.ZipFile(file) as archive:
        try:
            damaged = archive.testzip()
        except zlib.error as error:
            damaged = str(error)
        missing = {"model/model.bin", "sentencepiece.model"} - {
            name.removeprefix(f"{folder}/") for name in archive.namelist()
        }
    if damaged or folder in {"/", ".."}:
        raise ModelError(f"{file} is damaged at {damaged or folder}: download it again")
    if missing:
        raise ModelError(
            f"{file} has no {min(missing)} (older packages use BPE instead, which is not "
            "supported): choose a newer version"
        )
