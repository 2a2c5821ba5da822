"""SQLite files in which runs remember: several may share one, and a kill costs little."""

from __future__ import annotations

import logging
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def open_store(path: Path, version: int) -> sqlite3.Connection:
    """Open a file, made where it is missing; one of another version (`user_version`) is emptied.

    A damaged one is set aside (`NAME.damaged`), with a warning, and begun anew. Write-ahead logging
    lets several runs share it; they wait for each other for up to a minute.

    Raises:
        sqlite3.Error: if the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _open(path, version)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in _DAMAGED:
            raise
    for end in ("", "-wal", "-shm"):
        if (part := path.with_name(path.name + end)).exists():
            part.replace(path.with_name(f"{path.name}.damaged{end}"))
    log.warning("%s is damaged: it is now %s.damaged, and a new one is begun", path, path.name)
    return _open(path, version)


def _open(path: Path, version: int) -> sqlite3.Connection:
    """Open a sound file, or raise a `DatabaseError` that says it is damaged."""
    db = sqlite3.connect(path, timeout=60)
    try:
        _prepare(db, version)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection, version: int) -> None:
    if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        damaged = sqlite3.DatabaseError("the database is malformed")
        damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damaged
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    with db:
        db.execute("BEGIN IMMEDIATE")  # or two runs would drop each other's tables
        if db.execute("PRAGMA user_version").fetchone() != (version,):
            tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            for (table,) in tables:
                db.execute(f'DROP TABLE "{table}"')
            db.execute(f"PRAGMA user_version = {version}")
