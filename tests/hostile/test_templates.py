"""A template that is wrong is told with its line, before the first article where it can be."""

from __future__ import annotations

import pytest
from conftest import call

FILES = {
    "pipeline.yaml": "stages: [clean, {render: {template: own.j2}}]\n",
    "seeds/a.txt": "A harbour\nThe water rose.\n",
}
BROKEN = {
    "an open block": ("# {{ page.title }}\n\n{% if page %}\n", "own.j2:3: Unexpected end"),
    "an unknown filter": ("one\n{{ page.title|shuot }}\n", "own.j2:2: No filter named 'shuot'"),
    "no expression": ("{{ page. }}\n", "own.j2:1: expected name or number"),
    "another encoding": (b"\xe9\n", "template 'own.j2' is unreadable"),
}


@pytest.mark.parametrize(("template", "told"), BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("command", ["check", "run"])
def test_a_broken_template_is_told_before_the_first_article(project, command, template, told):
    """By `check` and by `run`, with its line; nothing is written."""
    root = project(FILES | {"own.j2": template})
    assert told in call(root, command, code=2)
    assert not (root / "output").exists()


def test_what_fails_while_rendering_is_told_with_its_line(project):
    """An article that a template cannot show fails with the template's line."""
    root = project(FILES | {"own.j2": "{{ page.title }}\n{{ article.nothing }}\n"})
    assert "failed: render: own.j2:2: " in call(root, "run", code=1)


def test_nobody_is_sent_to_an_index_that_is_not_there(project):
    """Without `render` there is no index to read."""
    told = call(project(FILES | {"pipeline.yaml": "stages: [clean]\n"}), "run")
    assert "index.md" not in told
