"""Runs that compare with earlier runs: what becomes a copy of an earlier article, and what not."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import REPOSITORY

from pipeline.cli import main

STAGES = "stages: [clean, detect, dedupe, summarize, render]\n"
rng = random.Random(1)
WORDS = ["river", "town", "bridge", "mayor", "water", "house", "north", "school", "winter", "road"]
SENTENCES = [
    " ".join(rng.choices(WORDS, k=4)).capitalize()
    + " ".join(
        f" {word}{letter}" for letter, word in zip("aeiou", rng.choices(WORDS, k=5), strict=True)
    )
    + "."
    for _ in range(30)
]
OLD = "The river town today\n" + "\n".join(
    " ".join(SENTENCES[at : at + 3]) for at in range(0, 30, 3)
)
COPY = OLD.replace("The river", "That river").replace(SENTENCES[4], "It was cold there.")
BETTER = COPY.replace("It was cold there.", f"{SENTENCES[4]} It was cold in the morning too.")


def run(root, articles, *arguments):
    """Run the project over just these articles; give the evidence of each source."""
    folder = root / "seeds"
    for path in folder.iterdir() if folder.exists() else ():
        path.unlink()
    folder.mkdir(exist_ok=True)
    for name, text in articles.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = ["run", "--config", str(root / "pipeline.yaml"), *arguments]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    stems = {name: Path(name).stem for name in articles}
    return {
        name: json.loads((output(root) / f"{stem}.json").read_text("utf-8"))
        for name, stem in stems.items()
        if (output(root) / f"{stem}.json").exists()
    }


def output(root):
    """Give the folder of digests."""
    return root / "output"


def digests(root):
    """Give the bytes of every output file but the report, which has times in it."""
    return {p.name: p.read_bytes() for p in output(root).iterdir() if p.name != "report.json"}


@pytest.fixture
def root(project):
    """Make a project that has digested one article."""
    made = project({"pipeline.yaml": STAGES})
    run(made, {"old.txt": OLD})
    return made


def test_a_copy_of_an_earlier_article_points_to_its_page(root):
    """A new near-duplicate gets a page and an index entry that link to the earlier page."""
    page = (output(root) / "old.md").read_bytes()
    new = run(root, {"new.txt": COPY})["new.txt"]
    assert (new["status"], new["duplicate_of"]) == ("duplicate", "old.txt")
    assert new["notes"][0].endswith("% the same as old.txt of an earlier run")
    assert b"(old.md)" in digests(root)["new.md"]
    assert b"(old.md)" in digests(root)["index.md"]
    assert digests(root)["old.md"] == page


def test_the_same_input_and_state_give_the_same_bytes(root):
    """Doing it again, unforced or forced, changes nothing."""
    run(root, {"new.txt": COPY})
    first = digests(root)
    run(root, {"new.txt": COPY})
    assert digests(root) == first
    run(root, {"new.txt": COPY}, "--force")
    assert digests(root) == first


def test_no_article_is_a_copy_of_itself(root):
    """The same input again, forced or edited, is digested as before."""
    before = digests(root)
    assert run(root, {"old.txt": OLD}, "--force")["old.txt"]["status"] == "ok"
    assert digests(root) == before
    assert run(root, {"old.txt": COPY})["old.txt"]["status"] == "ok"


def test_a_renamed_file_is_digested_and_the_old_page_noted(root):
    """The same bytes under another name are no copy of what is gone."""
    new = run(root, {"new.txt": OLD})["new.txt"]
    assert new["status"] == "ok"
    assert new["notes"] == ["the same file as old.txt of an earlier run, whose page stays"]
    assert (output(root) / "old.md").exists()


def test_both_in_the_input_are_compared_in_the_run(root):
    """While the earlier source is in the input, what the run finds itself is all."""
    found = run(root, {"old.txt": OLD, "new.txt": COPY})
    assert {e["status"] for e in found.values()} == {"ok", "duplicate"}
    assert not [note for e in found.values() for note in e["notes"] if "earlier" in note]


def test_a_better_copy_is_digested(root):
    """A copy that says more than the earlier one is not set aside for it."""
    new = run(root, {"new.txt": BETTER})["new.txt"]
    assert new["status"] == "ok"
    assert new["notes"][0].endswith("% the same as old.txt of an earlier run, whose page stays")


@pytest.mark.parametrize(
    ("gone", "instead"),
    [
        ("output/old.md", None),
        ("output/old.json", None),
        ("output/old.json", "{"),
        ("output/old.json", '"sha256": "0'),
        (".pipeline/history.sqlite", None),
    ],
)
def test_what_is_not_there_as_recorded_is_not_compared_with(root, gone, instead):
    """Without the earlier digest as it was written, the new article is digested."""
    text = (root / gone).read_bytes()
    (root / gone).unlink()
    if instead:  # another project's, or no JSON
        (root / gone).write_bytes(text.replace(b'"sha256": "', instead.encode()))
    assert run(root, {"new.txt": COPY})["new.txt"]["status"] == "ok"


def test_a_page_that_goes_later_brings_its_copy_back(root):
    """A run over unchanged input notices that the page it linked to is gone."""
    run(root, {"new.txt": COPY})
    (output(root) / "old.md").unlink()
    assert run(root, {"new.txt": COPY})["new.txt"]["status"] == "ok"


def test_a_page_about_to_be_overwritten_is_no_page_to_link_to(root):
    """A new article whose page takes the earlier one's name is digested."""
    assert run(root, {"old.md": COPY})["old.md"]["status"] == "ok"


@pytest.mark.parametrize("arguments", [["--only", "new.*"], ["--output", "elsewhere"]])
def test_only_and_another_output_do_not_compare(root, arguments, tmp_path, monkeypatch):
    """A run over some files, or into another folder, knows of no earlier digests."""
    monkeypatch.chdir(tmp_path)
    run(root, {"new.txt": COPY}, *arguments)
    folder = root / "elsewhere" if "--output" in arguments else output(root)
    assert json.loads((folder / "new.json").read_text("utf-8"))["status"] == "ok"


SPLIT = """
from dataclasses import replace
from pipeline.article import Article
from pipeline.translate.sentences import split_sentences

def split(article: Article) -> Article:
    return replace(article, segments=split_sentences(article))
"""


@pytest.mark.parametrize("seed", sorted((REPOSITORY / "seeds").iterdir()), ids=lambda p: p.stem[:3])
def test_evidence_in_sentences_is_compared_as_text(project, seed):
    """The text of an article that was split into sentences is put together as it stood."""
    stages = STAGES.replace("summarize", "split_stage.split")
    root = project({"pipeline.yaml": stages, "split_stage.py": SPLIT})
    text = seed.read_text("utf-8")
    run(root, {"old.txt": text})
    new = run(root, {"new.txt": f"{text}\n\n"})["new.txt"]
    assert new["notes"] == ["the same text as old.txt of an earlier run"]


def test_copies_never_point_to_one_another(root):
    """Whichever of two copies comes last, one of the two pages has the text."""
    for articles in ({"new.txt": BETTER}, {"old.txt": OLD}, {"new.txt": BETTER}, {"old.txt": OLD}):
        run(root, articles)
    status = [
        json.loads((output(root) / f"{n}.json").read_text())["status"] for n in ("old", "new")
    ]
    assert sorted(status) == ["duplicate", "ok"]
