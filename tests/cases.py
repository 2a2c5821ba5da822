"""Cases as data: a section of the `cases.yaml` beside a test has a row for each."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml


def cases(test: str, section: str, *names: str) -> pytest.MarkDecorator:
    """Parametrize a test with the rows of a section, which may have names.

    A row is the list of the parameters, the one there is, or a mapping; there `known_failure` says
    why a case must fail.
    """
    rows = yaml.safe_load(Path(test).with_name("cases.yaml").read_text("utf-8"))[section]
    named = rows.items() if isinstance(rows, dict) else ((None, row) for row in rows)
    return pytest.mark.parametrize(names, [_case(name, row, names) for name, row in named])


def _case(name, row, names):
    if not isinstance(row, dict):
        return pytest.param(*(row if len(names) > 1 else [row]), id=name)
    why = row.get("known_failure")
    marks = [pytest.mark.xfail(reason=why)] if why else []
    return pytest.param(*(row[key] for key in names), id=name, marks=marks)
