"""What every registered input format promises, whatever the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import registry
from pipeline.article import Article
from pipeline.evidence import ledger
from pipeline.read.files import read

READERS = {name: registry.load(registry.READERS, name) for name in registry.named(registry.READERS)}
PARTS = st.lists(
    st.text(max_size=30)
    | st.sampled_from(
        [
            "# A heading\n",
            "<p>A &amp; paragraph</p>",
            "- item\n",
            "```\ncode\n```\n",
            "\n\n",
            "---\n",
        ]
    ),
    max_size=8,
)


@given(PARTS.map("".join), st.sampled_from(sorted(READERS)))
def test_any_text_is_read_with_its_places(text, name):
    """Whatever the text, segments point into it in order, and no letter is in two of them."""
    article = READERS[name].read(Article("a", text))
    spans = [(s.start, s.end) for s in article.segments]
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    assert ledger(article).twice == 0


@given(st.text(max_size=60), st.sampled_from(["", ".txt", ".md", ".html", ".pdf"]))
def test_somebody_claims_every_file(text, suffix):
    """Claims are whole numbers from 0 to 3, and plain text is always there."""
    claims = {name: reader.claims(text, suffix) for name, reader in READERS.items()}
    assert set(claims.values()) <= {0, 1, 2, 3}
    assert claims["text"] == 1


@pytest.mark.parametrize(
    ("name", "text", "reader"),
    [
        ("a.txt", "Words.", "text"),
        ("a.md", "Words.", "markdown"),
        ("a.html", "<p>Words.", "page"),
        ("a.md", "<!doctype html><p>Words.", "page"),
        ("a.html", "Words without a tag.", "text"),
    ],
)
def test_the_surest_claim_reads(name, text, reader):
    """A file is read by the format that claims it most surely."""
    suffix = name.removeprefix("a")
    claims = {n: r.claims(text, suffix) for n, r in READERS.items()}
    assert max(claims, key=claims.__getitem__) == reader


BROKEN = """
def claims(text, suffix):
    return 3 * (suffix == ".odd")

def read(article):
    raise RuntimeError("no luck")
"""


def test_a_format_that_breaks_costs_its_file_alone(project, monkeypatch):
    """A reader that raises fails its article, with the reason."""
    root = project({"odd_format.py": BROKEN, "in/a.odd": "Words.", "in/b.txt": "Words."})
    monkeypatch.syspath_prepend(root)
    entry = type("Entry", (), {"load": staticmethod(lambda: __import__("odd_format"))})()
    known = registry.named(registry.READERS)
    monkeypatch.setattr(registry, "named", lambda _group: known | {"odd": entry})
    a, b = (read(root / "in" / name, root / "in") for name in ("a.odd", "b.txt"))
    assert (a.status, b.status) == ("failed", "ok")
    assert "no luck" in a.error
