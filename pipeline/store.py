"""SQLite files in which runs remember: several may share one, and a kill costs little."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def open_store(path: Path, version: int) -> sqlite3.Connection:
    """Open a file, made where it is missing; one of another version (`user_version`) is emptied.

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
        if db.execute("PRAGMA user_version").fetchone() != (version,):
            tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            for (table,) in tables:
                db.execute(f'DROP TABLE "{table}"')
            db.execute(f"PRAGMA user_version = {version}")
    return db
