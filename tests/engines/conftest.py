"""What the tests of engines share."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def translations():
    """Give a function that collects all batches and checks that every index comes once."""

    def collect(engine, sentences, language, *, careful=False):
        batches = engine.translate(sentences, language, careful=careful)
        items = [item for batch in batches for item in batch]
        assert sorted(index for index, _ in items) == list(range(len(sentences)))
        return [translation for _, translation in sorted(items)]

    return collect
