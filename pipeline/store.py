"""The SQLite file in which runs remember: several of them may share it, and a kill costs little."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

VERSION: Final = 1  # of all tables; in the file as `user_version`


def open_store(path: Path) -> sqlite3.Connection:
    """Open the file, made where it is missing; one of another `VERSION` is emptied.

    Write-ahead logging lets several runs share it; they wait for each other for up to a minute.

    Raises:
        sqlite3.Error: if the file cannot be written, or is no database.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=60)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    with db:
        db.execute("BEGIN IMMEDIATE")  # or two runs would drop each other's tables
        if db.execute("PRAGMA user_version").fetchone() != (VERSION,):
            tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            for (table,) in tables:
                db.execute(f'DROP TABLE "{table}"')
            db.execute(f"PRAGMA user_version = {VERSION}")
    return db
