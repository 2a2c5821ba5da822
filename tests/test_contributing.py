"""The recipes of CONTRIBUTING.md, run as printed: one file and one entry point each."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import NamedTuple

import lm_folder
import pytest
from conftest import REPOSITORY

TEXT = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"^### An? ([\w ]+)\n(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL))
ENGLISH = "The town is safe"  # what the tiny model always answers
STORY = "A headline\nShort one. This sentence is by far the longest of all that stand here today.\n"


class Case(NamedTuple):
    """Stages to run over an article with a recipe installed, and what its output must show."""

    stages: str
    article: tuple[str, str]
    output: str
    shows: str


TRANSLATE = "[{detect: {language: LANG}}, {translate: {engines: [{engine: lm, folder: model}]}}]"
CASES = {
    "language": Case(
        TRANSLATE.replace("LANG", "uk"),
        ("a.txt", "Мер сказав, що ніхто не постраждав.\n"),
        "a.json",
        '"kind": "negation"',
    ),
    "check": Case(
        TRANSLATE.replace("LANG", "uk").replace("model}]", "model}], checks: [loud]"),
        ("a.txt", "Мер сказав це.\n"),
        "a.json",
        '"detail": "! is added"',
    ),
    "engine": Case(
        "[{detect: {language: uk}}, "
        "{translate: {engines: [{engine: phrases, phrases: {Так.: Indeed so.}}]}}]",
        ("a.txt", "Так.\n"),
        "a.json",
        '"translation": "Indeed so."',
    ),
    "input format": Case(
        "[clean]",
        ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nGood evening to you.\n"),
        "a.json",
        '"source": "Good evening to you."',
    ),
    "summary method": Case(
        TRANSLATE.replace("LANG", "en")[:-1] + ", {summarize: {method: longest, sentences: 1}}]",
        ("a.txt", STORY),
        "a.json",
        '"summary": [\n  2\n ]',
    ),
}


def install(recipe, folder):
    """Install a recipe's file into a folder as a package does, with its entry point."""
    (name,) = re.findall(r"`([\w/]+\.(?:py|toml))`:\n", recipe)
    blocks = re.findall(r"^```(\w+)\n(.*?)^```", recipe, re.MULTILINE | re.DOTALL)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(blocks[0][1], encoding="utf-8")
    (entry,) = (text for kind, text in blocks[1:] if kind == "toml")
    entry = re.sub(r'\[project.entry-points."(.+)"\]', r"[\1]", entry).replace('"', "")
    information = folder / "recipe-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: recipe\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(entry)


def test_every_recipe_has_a_case():
    """No recipe is printed that is not run."""
    assert set(RECIPES) == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_recipe_works_as_printed(name, project, tmp_path):
    """With the recipe's one file and its entry point, a run shows what it brings."""
    case = CASES[name]
    root = project(
        {
            "project/pipeline.yaml": f"stages: {case.stages}\n",
            f"project/seeds/{case.article[0]}": case.article[1],
        }
    )
    install(RECIPES[name], root / "site")
    lm_folder.build(
        root / "project" / "model",
        says={"uk": ENGLISH + "!"},
        languages={"uk": {"piece": "<uk>"}},
        prompt=["<bos>", "{source}", "{language}"],
        decoding={"input": 200, "floor": 8},
    )
    path = os.pathsep.join((str(root / "site"), str(REPOSITORY)))
    subprocess.run(
        [sys.executable, "-m", "pipeline", "run"],
        cwd=root / "project",
        env=os.environ | {"PYTHONPATH": path},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    assert case.shows in (root / "project" / "output" / case.output).read_text("utf-8")
    report = json.loads((root / "project" / "output" / "report.json").read_text("utf-8"))
    assert report["versions"]["recipe"] == "1.0"
