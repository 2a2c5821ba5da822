"""The README is true: its tutorial runs as printed, its commands exist."""

from __future__ import annotations

import json
import re

import pytest
from conftest import REPOSITORY, call

from pipeline.cli import main

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
TUTORIAL = README.partition("## Add a stage of your own")[2].partition("\n## ")[0]


def fenced(text, language):
    """Give the contents of the fenced code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_tutorial_runs_as_printed(project):
    """The tutorial's own code and YAML make a pipeline that does what the text says."""
    codes, yamls = fenced(TUTORIAL, "python"), fenced(TUTORIAL, "yaml")
    article = "The river town\nThe river rose by 2 metres on Monday. Nobody was hurt, he said.\n"
    for code, yaml in zip(codes, yamls, strict=True):
        root = project({"my_stages.py": code, "pipeline.yaml": yaml, "articles/river.txt": article})
        call(root, "run")
    evidence = json.loads((root / "output" / "river.json").read_text("utf-8"))
    assert evidence["notes"] == ["1 sentence with a number"]


LINES = [line for block in fenced(README, "sh") for line in block.splitlines()]


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("pipeline ")])
def test_every_command_in_the_readme_exists(line):
    """Each `pipeline` command that the README shows is one, with the options it shows."""
    words = line.partition("#")[0].split()[1:]
    command, name = main, []
    while words and hasattr(command, "commands") and words[0] in command.commands:
        name.append(words.pop(0))
        command = command.commands[name[-1]]
    known = {option for parameter in command.params for option in parameter.opts}
    known |= {"--help", "--version", "-v"}
    assert name or words[0] in known, line
    assert {w for w in words if w.startswith("--")} <= known, line
