"""`pipeline models`: install from a file, list, use, verify, remove, as a user would."""

from __future__ import annotations

from pathlib import Path

import argos_package
import lm_folder
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.paths import EMBEDDED_MODEL

ENGINE = f"lm ({Path(EMBEDDED_MODEL).name})"

STAGES = "stages: [detect, translate, render]\n"


@pytest.fixture
def models(project):
    """Give a project with a tiny embedded model, and a way to call `pipeline models`."""
    root = project({"pipeline.yaml": STAGES})
    lm_folder.build(root / EMBEDDED_MODEL)

    def call(*arguments):
        config = ["--config", str(root / "pipeline.yaml")]
        return CliRunner().invoke(main, ["models", *arguments, *config])

    call.root = root
    return call


def rows(result):
    """Give the cells of a printed table's rows."""
    lines = [line for line in result.output.splitlines() if line.startswith("│")]
    return [tuple(cell.strip() for cell in line.strip("│").split("│")) for line in lines]


def test_install_list_verify_remove(models):
    """A package from a file is installed, listed first, verified, found to be damaged, removed."""
    package = argos_package.build(models.root, "zt")
    installed = models("install", "zh-Hant", "--from", str(package))
    assert installed.exit_code == 0, installed.output
    listed = [row for row in rows(models("list")) if row[0] == "zh-Hant"]
    assert listed == [
        ("zh-Hant", "argos", "standard", "used"),
        ("zh-Hant", ENGINE, "draft", "where the first fails"),
    ]
    assert models("verify").exit_code == 0
    (model,) = (models.root / "models" / "argos" / "packages").glob("*/model/model.bin")
    model.write_bytes(model.read_bytes()[:-1] + b"x")
    result = models("verify")
    assert result.exit_code == 1
    assert "model.bin" in result.output
    assert models("remove", "zh-Hant").exit_code == 0
    assert {row[1] for row in rows(models("list"))} == {ENGINE}


def test_what_is_not_there_is_told(models):
    """Of several languages those that can be installed are; errors name what there is instead."""
    argos_package.build(models.root, "ru")
    result = models("install", "kk", "ru", "--from", str(models.root))
    assert result.exit_code == 1
    assert "no package from 'kk' to English" in result.output
    assert "ru" in {row[0] for row in rows(models("list")) if row[1] == "argos"}
    result = models("remove", "he")
    assert result.exit_code == 2
    assert "installed: ru" in result.output


def test_check_and_stages_without_models(models):
    """`check` is content with the tiny model; where no stage translates there is none to list."""
    config = str(models.root / "pipeline.yaml")
    result = CliRunner().invoke(main, ["check", "--config", config])
    assert result.exit_code == 0, result.output
    assert "Ready" in result.output
    (models.root / "pipeline.yaml").write_text("stages: [detect, render]\n")
    assert rows(models("list")) == []
