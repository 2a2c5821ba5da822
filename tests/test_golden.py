"""The whole pipeline on small inputs in every language: the bytes of Markdown and evidence."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import lm_folder
import pytest
from click.testing import CliRunner

from pipeline.cli import main

GOLDEN = Path(__file__).parent / "golden"
SAYS = {
    "kk": "The government allocated 13.5 billion tenge in 2024.",
    "ru": "The minister said that the water rose by 2 meters on Monday.",
    "he": "Nobody was hurt, said the mayor.",
    "id": "Residents were warned on Friday and prepared early.",
    "zh": "The mayor said that no one was injured and the bridge had reopened.",
}


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """Run the pipeline on a copy of the golden inputs; give the output folder."""
    root = tmp_path_factory.mktemp("golden")
    shutil.copytree(GOLDEN, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("output"))
    lm_folder.build(
        root / "model",
        says=SAYS,
        languages={
            **{tag: {"piece": f"<{tag}>"} for tag in SAYS if tag != "zh"},
            "zh-Hant": {"piece": "<zh>"},
            "zh-Hans": {"piece": "<zh>", "script": "Hant"},
        },
        decoding={"input": 200, "floor": 8},
        prompt=["<bos>", "{source}", "{language}"],
        lexicon={
            "kk": "үкімет\tgovernment:90\nбөлді\tallocated:60|divided:20\nжоқ\t",
            "zh": "部长\tminister:80\n河水\triver water:50",
        },
    )
    result = CliRunner().invoke(main, ["run", "--config", str(root / "pipeline.yaml")])
    assert result.exit_code == 1, result.output  # empty.txt fails, the others do not
    if os.environ.get("UPDATE_GOLDEN"):  # after a wanted change: look at the diff, then commit it
        shutil.rmtree(GOLDEN / "output", ignore_errors=True)
        shutil.copytree(root / "output", GOLDEN / "output")
        (GOLDEN / "output" / "report.json").unlink()
    return root / "output"


def test_the_same_files(output):
    """A run writes the files that it wrote before, and the report."""
    there = {p.name for p in output.iterdir()} - {"report.json"}
    assert there == {p.name for p in (GOLDEN / "output").iterdir()}


@pytest.mark.parametrize("name", sorted(p.name for p in (GOLDEN / "output").glob("*")))
def test_the_same_bytes(output, name):
    """Every digest and every evidence file is what it was before, to the byte."""
    assert (output / name).read_text("utf-8") == (GOLDEN / "output" / name).read_text("utf-8")
