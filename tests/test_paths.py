"""Names and files: nothing is overwritten, nothing is seen half-written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.paths import TEMPORARY, output_names, sweep, write_atomic

CLASHES = [  # inputs, and the outputs of each
    ("a.txt b.txt", "a b"),
    ("a.txt a.md", "a.txt a.md"),
    ("x/a.txt y/a.txt", "x-a.txt y-a.txt"),
    ("A.txt a.txt", "A.txt a.txt-2"),
    ("index.txt report.html", "index.txt report.html"),
    ("a.txt a.md a.txt.txt", "a.txt-2 a.md a.txt"),
]


@pytest.mark.parametrize(("sources", "names"), CLASHES)
def test_output_names(sources, names):
    """Outputs are named after their input, and never after the same one twice."""
    made = output_names(sources.split())
    assert [made[source] for source in sources.split()] == names.split()


@given(
    st.lists(
        st.from_regex(r"([aAb]/)?(a|A|index|report|é)(\.txt|\.md)?", fullmatch=True), unique=True
    )
)
def test_output_names_are_distinct_whatever_the_order(sources):
    """Names are distinct even where case does not count, and do not depend on the order."""
    names = output_names(sources)
    assert len({n.casefold() for n in names.values()} | {"index", "report"}) == len(sources) + 2
    assert output_names(sources[::-1]) == names


def test_a_failed_write_leaves_the_old_file(tmp_path):
    """A write that breaks half-way leaves what was there, and no litter."""
    path = tmp_path / "a.md"
    write_atomic(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomic(path, "new \ud800")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.md"]


def test_sweep_removes_what_an_interrupted_run_left(tmp_path):
    """Half-written files of a killed run go, all else stays."""
    (tmp_path / f"{TEMPORARY}abc").write_text("half")
    (tmp_path / "a.md").write_text("whole")
    sweep(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["a.md"]
