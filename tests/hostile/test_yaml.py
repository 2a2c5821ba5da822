"""A hostile pipeline.yaml is told what is wrong with it, in its place, and soon."""

from __future__ import annotations

import time

import pytest
from conftest import call

BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
ENGINE = "stages: [detect, translate: {engines: [{engine: lm, %s}]}]"
SEVERAL = """ouput: x
stages:
- detcet
- summarize: {sentences: six, methd: lsa}
- render
- clean
input: 3
input: a
"""
# what pipeline.yaml says, and what is told of it
FILES = {
    "a NUL": ("stages: [detect]\ninput: a\0b", ("2:9: not UTF-8 text: \\x00",)),
    "another encoding": (
        "input: é\n".encode("latin-1"),
        ("1:8: not UTF-8 text: \\udce9\n  input: ?\n",),
    ),
    "3,000 brackets": ("stages: " + "[" * 3000, ("1:1008: not valid YAML", "nest")),
    "3,000 brackets, closed": ("a: " + "[" * 3000 + "]" * 3000, ("1:1003: not valid YAML", "nest")),
    "25 brackets": ("stages: " + "[" * 25, ("1:28: not valid YAML: nested more than 20",)),
    "a number": (f"stages: [summarize: {{sentences: {'9' * 5000}}}]", ("1:33: ", "99 digits")),
    "a number in sixties": (f"input: {'1:' * 5000}1", ("1:8: ", "99 digits")),
    "no date": ("input: 2024-13-45", ("1:8: not valid YAML", "put quotes around text")),
    "a tag": ("input: !!bool maybe", ("1:8: not valid YAML", "another kind of value")),
    "Python": ("input: !!python/object:os.system x", ("1:8: not valid YAML",)),
    "a list as a key": ("? [a]\n: b", ("1:3: not valid YAML: a key must be a word",)),
    "a date as a key": ("2024-01-01: x\nstages: [clean]", ("1:1: pipeline.yaml has no option",)),
    "an alias bomb": (f"{BOMB}stages: [clean]", ("2:8: not valid YAML: '*a' is an alias",)),
    "20,000 stages": (
        "stages:\n" + "- detect\n" * 20_000,
        ("2:1: not valid YAML: a list of more",),
    ),
    "a large file": ("# " * 600_000, ("1:1: larger than 1,000,000 characters",)),
    "an open quote": ("input: 'a\nstages: [clean]\n", ("1:8: not valid YAML", "quoted scalar")),
    "an open quote before another": (
        "input: 'a\nstages:\n- summarize: {method: 'lsa'}\n",
        ("1:8: not valid YAML: this quote closes on line 3 only",),
    ),
    "an open bracket": ("stages:\n  [clean,\n  detect\n", ("2:3: not valid YAML", "brackets")),
    "a tab": ("stages:\n  - clean\n\t- detect", ("3:1: not valid YAML", "use spaces, not tabs")),
    "several mistakes": (
        SEVERAL,
        (
            "1:1: pipeline.yaml has no option 'ouput'",
            "3:3: unknown stage 'detcet'",
            "4:26: option 'sentences' of 'summarize': expected auto or a number from 1 to 100",
            "4:31: 'summarize' has no option 'methd'",
            "6:3: 'clean' must come before 'summarize'",
            "8:1: 'input' is set twice",
        ),
    ),
    "very many mistakes": ("".join(f"a{n}: 1\n" for n in range(9999)), ("1:1: ", "... and more")),
    "an engine's typo": (ENGINE % "foldr: x", ("1:53: engine 'lm' has no option", "'folder'?")),
    "an engine's value": (
        ENGINE % "beam: 99",
        ("1:59: option 'beam' of engine 'lm' must be less",),
    ),
    "an engine alone": (
        "stages: [detect, translate: {engines: [lm]}]",
        ("1:40: engine 1 must be options, each as 'name: value', got \"lm\"",),
    ),
    "an unknown engine": (
        "stages: [detect, translate: {engines: [{engine: mt, folder: x}]}]",
        ("1:49: option 'engine' of engine 'mt': unknown engine 'mt'; known: argos, lm",),
    ),
    "no language": (
        "stages: [detect: {language: klingon}]",
        (
            "1:29: option 'language' of 'detect' must be of another form, got",
            "hint: language: skip detection: all is in this one, as in `kk`",
        ),
    ),
    "no engine": (
        "stages: [detect, translate: {engines: [{beam: 1}]}]",
        ("needs the option 'engine'",),
    ),
}


@pytest.mark.parametrize(("text", "told"), FILES.values(), ids=FILES)
def test_a_hostile_file_is_told_its_mistakes(project, text, told):
    """Every mistake is told with file, line and column, within seconds, and exit code 2."""
    root = project({"pipeline.yaml": text, "seeds/a.txt": "A title\nA text.\n"})
    start = time.perf_counter()
    output = call(root, "run", code=2)
    assert time.perf_counter() - start < 5
    assert output.startswith("error: pipeline.yaml:")
    for message in told:
        assert message in output
    assert not (root / "output").exists()


def test_one_mistake_is_told_once(project):
    """A list is not called empty because the only thing in it is wrong."""
    assert "must not be empty" not in call(
        project({"pipeline.yaml": "stages: [a]"}), "check", code=2
    )
