"""Translation memory: every sentence translated once, remembered for all later runs."""

from __future__ import annotations

import hashlib
import json
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from pipeline.engines import Translation
from pipeline.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

VERSION = 1  # of the table
_CHUNK = 500  # below SQLite's limit on parameters


class Memory(AbstractContextManager["Memory"]):
    """A store of translations, keyed by engine fingerprint, language and sentence.

    Each `store` is one transaction, so a killed run loses at most the batch it was writing. A
    `fresh` memory recalls only what it stored itself.
    """

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        self._stored: set[bytes] | None = set() if fresh else None
        self._db = open_store(path, VERSION)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS translation (key BLOB PRIMARY KEY, "
            "fingerprint TEXT NOT NULL, language TEXT NOT NULL, "
            "text TEXT NOT NULL, score REAL NOT NULL, flags TEXT NOT NULL) WITHOUT ROWID"
        )

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def recall(
        self, fingerprint: str, language: str, sentences: Iterable[str]
    ) -> dict[str, Translation]:
        """Find the sentences that are known."""
        keys = {_key(fingerprint, language, s): s for s in sentences}
        if self._stored is not None:
            keys = {key: s for key, s in keys.items() if key in self._stored}
        known: dict[str, Translation] = {}
        wanted = list(keys)
        for first in range(0, len(wanted), _CHUNK):
            chunk = wanted[first : first + _CHUNK]
            marks = ",".join("?" * len(chunk))
            rows = self._db.execute(
                f"SELECT key, text, score, flags FROM translation WHERE key IN ({marks})",  # noqa: S608 - only question marks are inserted
                chunk,
            )
            for key, text, score, flags in rows:
                known[keys[key]] = Translation(text, score, tuple(json.loads(flags)))
        return known

    def store(
        self, fingerprint: str, language: str, translations: Iterable[tuple[str, Translation]]
    ) -> None:
        """Remember translations, all of them or none."""
        engine = fingerprint, language
        rows = [
            (_key(*engine, s), *engine, t.text, t.score, json.dumps(t.flags))
            for s, t in translations
        ]
        with self._db:
            self._db.executemany(
                "INSERT OR REPLACE INTO translation VALUES (?, ?, ?, ?, ?, ?)", rows
            )
        if self._stored is not None:
            self._stored.update(row[0] for row in rows)

    def counts(self) -> list[tuple[str, str, int]]:
        """Count what is remembered, by language and engine fingerprint."""
        return self._db.execute(
            "SELECT language, fingerprint, count(*) FROM translation GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()

    def prune(self, keep: Sequence[str]) -> int:
        """Forget all but the translations with these fingerprints; give how many went."""
        marks = ",".join("?" * len(keep))
        with self._db:
            gone = self._db.execute(
                f"DELETE FROM translation WHERE fingerprint NOT IN ({marks})",  # noqa: S608 - only question marks are inserted
                keep,
            ).rowcount
        self._db.execute("VACUUM")
        return gone


def _key(fingerprint: str, language: str, sentence: str) -> bytes:
    return hashlib.sha256(f"{fingerprint}\x00{language}\x00{sentence}".encode()).digest()
