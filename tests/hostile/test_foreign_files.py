"""What the tool did not write is not overwritten, with or without a record of what it wrote."""

from __future__ import annotations

import shutil

import pytest
from conftest import REPOSITORY, call

FILES = {
    "pipeline.yaml": "stages: [clean, render]\n",
    "seeds/README.md": "# A harbour\n\nThe water rose.\n",
    "seeds/b.txt": "A town\nThe bridge is open.\n",
}
FOREIGN = {
    "README.md": "# My project\n",
    "index.md": "# My index\n",
    "README.json": '{"name": "my package"}\n',
    "report.json": '{"report": "mine"}\n',
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_file_is_an_error(project, name):
    """Before the first article, with nothing written; after it is moved the run goes on."""
    root = project(FILES | {f"output/{name}": FOREIGN[name]})
    assert f"has files that no run wrote: {name};" in call(root, "run", code=2)
    assert [p.read_text() for p in (root / "output").iterdir()] == [FOREIGN[name]]
    (root / "output" / name).rename(root / name)
    call(root, "run")


def test_a_foreign_index_is_no_matter_to_some_articles(project):
    """With `--only` the index is not written, and may be anyone's; another run sees that it is."""
    root = project(FILES | {"output/index.md": FOREIGN["index.md"]})
    call(root, "run", "--only", "b.*")
    assert "index.md" in call(root, "run", code=2)


LOST = {
    "nothing": (),
    "the report": ("report.json",),
    "the report and the record": ("report.json", "../.pipeline"),
    "the report, an index, a page": ("report.json", "index.md", "b.md"),
    "evidence": ("b.json",),
}


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
def test_what_a_run_wrote_is_written_again(project, lost):
    """The tool knows its own files, edited ones too, also in a clone without the report."""
    root = project(FILES)
    call(root, "run")
    for name in lost:
        shutil.rmtree(root / "output" / name, ignore_errors=True)
        (root / "output" / name).unlink(missing_ok=True)
    with (root / "output" / "README.md").open("a") as file:
        file.write("edited\n")
    call(root, "run")
    assert "edited" not in (root / "output" / "README.md").read_text()


@pytest.mark.parametrize("name", ["index.md", "report.json"])
def test_a_damaged_index_or_report_is_written_again(project, name):
    """It speaks of pages that have their evidence, whatever their names are written in."""
    root = project(FILES | {"seeds/README.md": "", "seeds/қала ішінде.txt": "Қала\nКөпір ашық.\n"})
    (root / "seeds" / "README.md").unlink()
    (root / "seeds" / "b.txt").unlink()
    call(root, "run")
    whole = (root / "output" / name).read_bytes()
    (root / "output" / "report.json").unlink()
    (root / "output" / name).write_bytes(whole[:-20])
    call(root, "run")


def test_a_fresh_clone_runs(project):
    """The digests in this repository are known as the tool's own, without report or record."""
    root = project({"pipeline.yaml": FILES["pipeline.yaml"]})
    for name in ("seeds", "output"):
        shutil.copytree(REPOSITORY / name, root / name)
    (root / "output" / "report.json").unlink(missing_ok=True)
    call(root, "run")
