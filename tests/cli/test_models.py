"""`pipeline models`: install from a file, list, use, verify, remove, as a user would."""

from __future__ import annotations

from pathlib import Path

import argos_package
import lm_folder
import pytest
from conftest import call, rows

from pipeline.paths import ARGOS, EMBEDDED_MODEL

ENGINE = f"lm ({Path(EMBEDDED_MODEL).name})"


@pytest.fixture
def root(project):
    """Give a project with a tiny embedded model."""
    folder = project({"pipeline.yaml": "stages: [detect, translate, render]"})
    lm_folder.build(folder / EMBEDDED_MODEL)
    return folder


def test_install_list_verify_remove(root):
    """A package from a file is installed, listed first, verified, found to be damaged, removed."""
    package = argos_package.build(root, "zt")
    call(root, "models", "install", "zh-Hant", "--from", str(package))
    assert [row for row in rows(call(root, "models", "list")) if row[0] == "zh-Hant"] == [
        ("zh-Hant", "argos", "standard", "used"),
        ("zh-Hant", ENGINE, "draft", "where the first fails"),
    ]
    call(root, "models", "verify")
    (model,) = (root / ARGOS / "packages").glob("*/model/model.bin")
    model.write_bytes(model.read_bytes()[:-1] + b"x")
    assert "model.bin" in call(root, "models", "verify", code=1)
    call(root, "models", "remove", "zh-Hant")
    assert {row[1] for row in rows(call(root, "models", "list"))} == {ENGINE}


def test_what_is_not_there_is_told(root):
    """Of several languages those that can be installed are; errors name what there is instead."""
    argos_package.build(root, "ru")
    output = call(root, "models", "install", "kk", "ru", "--from", str(root), code=1)
    assert "no package from 'kk' to English" in output
    assert "ru" in {row[0] for row in rows(call(root, "models", "list")) if row[1] == "argos"}
    assert "installed: ru" in call(root, "models", "remove", "he", code=2)


def test_check_and_stages_without_models(root):
    """`check` is content with the tiny model; where no stage translates there is none to list."""
    assert "Ready" in call(root, "check")
    (root / "pipeline.yaml").write_text("stages: [detect, render]")
    assert rows(call(root, "models", "list")) == []
