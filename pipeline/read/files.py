"""From files to articles: finding, decoding, and a clear word about what cannot be read."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import stat
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from charset_normalizer import from_bytes

from pipeline import registry
from pipeline.article import Article
from pipeline.evidence import Evidence
from pipeline.registry import READERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.read import Reader

# Control characters that no text file has; a few strays are damage, many mean binary data.
_BINARY = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27})
_CHARSET = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
# what browsers read under these names
_SUPERSETS = {"gb2312": "gb18030", "iso-8859-1": "cp1252", "shift_jis": "cp932", "euc-kr": "cp949"}
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"
}  # fmt: skip


def find(folder: Path, skip: Iterable[str] = ()) -> tuple[dict[str, Path], Counter[str]]:
    """Find the files below `folder`, by source in a fixed order; count those left out, by why.

    Left out are those that match a glob of `skip`, links to folders, which could be a loop, and
    links out of `folder`; and, without a word, what is hidden.
    """
    found, skipped = {}, Counter[str]()
    real = os.path.realpath(folder)
    for path in folder.rglob("*"):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        why = next((glob for glob in skip if fnmatch(path.name.lower(), glob)), "")
        if path.is_symlink() and (
            path.is_dir() or not Path(os.path.realpath(path)).is_relative_to(real)
        ):
            why = "links to folders or out of the input"
        if why:
            skipped[why] += 1
        elif not path.is_dir():
            found[source_of(path, folder)] = path
    return dict(sorted(found.items())), skipped


def source_of(path: Path, folder: Path) -> str:
    r"""Give a file's name relative to `folder`, with `/`; bytes that are not UTF-8 as `\xe9`."""
    name = path.relative_to(folder).as_posix().replace("\\", r"\\")
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def read(path: Path, folder: Path) -> Article:
    """Read one file; whatever is wrong with it is said in the article, never raised."""
    source = source_of(path, folder)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(0, "not a regular file")  # noqa: TRY301 - a pipe would be waited for
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        return Article(source, "", status="failed", error=f"read: {reason}; check the file")
    article = Article(source, "", sha256=hashlib.sha256(data).hexdigest())
    try:
        text, encoding = decode(data)
    except ValueError as error:
        return replace(article, status="failed", error=f"read: {error}")
    if not text.strip():
        return replace(
            article, text=text, encoding=encoding, status="failed", error="read: the file is empty"
        )
    try:
        made = _reader(text, path.suffix.lower()).read(
            replace(article, text=text, encoding=encoding)
        )
        Evidence.model_validate(made).to_json()
    except Exception as error:  # noqa: BLE001 - a format may be anyone's
        return replace(article, status="failed", error=f"read: {error!r:.200}; check the file")
    if made.segments:
        return made
    return replace(made, status="failed", error="read: there is no text in it, only markup")


def _reader(text: str, suffix: str) -> Reader:
    """Choose the format with the highest claim on a file; of equals, the first by its name."""
    readers: list[Reader] = [registry.load(READERS, name) for name in registry.named(READERS)]
    return max(readers, key=lambda reader: reader.claims(text, suffix))


def decode(data: bytes) -> tuple[str, str]:
    """Decode a file's bytes: by its byte order mark, as UTF-8, as a page says, else by guess.

    charset-normalizer guesses.

    Raises:
        ValueError: if the bytes are no text, or in no encoding that can be told.
    """
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            try:  # never a guess: it could only be wrong
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                reason = f"marked as {encoding}, but broken at byte {error.start}"
                raise ValueError(reason) from None
    encodings = ["utf-8"]
    if len(data) - len(data.translate(None, _BINARY)) > len(data) // 200:
        raise ValueError("this looks like binary data, not text; convert it to text first")
    if declared := _CHARSET.search(data[:4096]):
        name = declared[1].decode("ascii").lower()
        encodings.append(_SUPERSETS.get(name, name))
    for encoding in encodings:
        with suppress(LookupError, UnicodeDecodeError):
            return data.decode(encoding), codecs.lookup(encoding).name
    match = from_bytes(data).best()
    if match is None:
        raise ValueError("no encoding fits; convert the file to UTF-8")
    return str(match), match.encoding
