"""Articles of earlier runs: found by their signatures, believed by their evidence alone."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from pipeline.article import Article, Segment
from pipeline.dedupe.near import Signature, meeting
from pipeline.evidence import Evidence
from pipeline.paths import HISTORY
from pipeline.store import open_store

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from pathlib import Path

VERSION = 1  # of the table, and of the signatures in it


def recall(
    root: Path,
    output: Path,
    present: Sequence[Article],
    signatures: Sequence[Signature],
) -> list[tuple[Article, Signature]]:
    """Find the earlier articles that may be copies of present ones; only their evidence is read.

    Each has its signature, and the `text` of its evidence. Left out are sources and output names
    that the present run has itself, and all whose digest is not in `output` as it was recorded.
    """
    with closing(_open(root)) as db:
        rows = db.execute(
            "SELECT source, name, sha256, digest, sketch FROM article WHERE output = ? "
            "ORDER BY source",
            (_key(root, output),),
        ).fetchall()
    if not rows:
        return []
    sources, names = {a.source for a in present}, {a.name.casefold() for a in present}
    rows = [r for r in rows if r[0] not in sources and r[1].casefold() not in names]
    known = [Signature(*row[3:]) for row in rows]
    found = []
    for index in meeting(signatures, known):
        source, name, sha256 = rows[index][:3]
        if text := _text(output, source, name, sha256):
            whole = Segment(0, "paragraph", 0, len(text), text)
            found.append((Article(source, text, name, sha256, segments=(whole,)), known[index]))
    return found


def remember(root: Path, output: Path, articles: Iterable[tuple[Article, Signature]]) -> None:
    """Keep the signatures of articles that get a digest, all of them or none."""
    with closing(_open(root)) as db, db:
        db.executemany(
            "INSERT OR REPLACE INTO article VALUES (?, ?, ?, ?, ?, ?)",
            [(_key(root, output), a.source, a.name, a.sha256, *known) for a, known in articles],
        )


def _open(root: Path) -> sqlite3.Connection:
    db = open_store(root / HISTORY, VERSION)
    db.execute(
        "CREATE TABLE IF NOT EXISTS article (output TEXT, source TEXT, name TEXT, sha256 TEXT, "
        "digest BLOB, sketch BLOB, PRIMARY KEY (output, source)) WITHOUT ROWID"
    )
    return db


def _key(root: Path, output: Path) -> str:
    """Name the output folder so that a project that is moved as a whole knows it again."""
    return (output.relative_to(root) if output.is_relative_to(root) else output).as_posix()


def _text(output: Path, source: str, name: str, sha256: str) -> str | None:
    """Read a digested article's text; nothing where page or evidence are not as recorded."""
    known = Evidence.last_good(output, Article(source, "", name))
    if not known or known.sha256 != sha256 or not (output / f"{name}.md").is_file():
        return None
    text, end, block = "", 0, 0
    for segment in known.segments:  # sentences, put together as they stood
        gap = "\n" if segment.block != block else " " if segment.start > end else ""
        text += gap + segment.source
        end, block = segment.end, segment.block
    return text.strip()
