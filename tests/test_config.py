"""pipeline.yaml: what is right is understood, what is wrong is shown in its place."""

from __future__ import annotations

import json

import pytest

from pipeline.config import read, schema, stage_names, stage_type
from pipeline.paths import COMMENTED_CONFIG
from pipeline.yamlpos import ConfigError

STAGES = """
from pipeline.article import Article
from pipeline.stage import Batch, Collection, Run

def shout(article: Article, *, mark: str = "!", times: int = 1) -> Article:
    "Shout it."
    return article

class Sort:
    "Sort them."
    def __init__(self, *, descending: bool = False) -> None:
        self.descending = descending
    def __call__(self, collection: Collection, run: Run) -> Collection:
        return collection

def together(batch: Batch) -> Batch:
    return batch

def shapeless(article):
    return article

def untyped(article: Article, *, mark="!") -> Article:
    return article

def needy(article: Article, *, word: str) -> Article:
    return article

class Fragile:
    def __init__(self, *, size: int = 0) -> None:
        if size < 0:
            raise ValueError("size must not be negative")
    def __call__(self, article: Article) -> Article:
        return article

number = 3
"""

MISTAKES = {
    "unknown stage": (
        "stages:\n  - detect\n  - transalte\n",
        "pipeline.yaml:3:5: unknown stage 'transalte'",
        "did you mean 'translate'?",
    ),
    "unknown option": (
        "stages:\n  - detect:\n      min_confidense: 0.5\n",
        "pipeline.yaml:3:7: 'detect' has no option 'min_confidense'",
        "did you mean 'min_confidence'?",
    ),
    "wrong type": (
        "stages:\n  - summarize:\n      sentences: six\n",
        "pipeline.yaml:3:18: option 'sentences' of 'summarize': input should be a valid integer",
        'got "six"',
    ),
    "a number in quotes is a text": (
        "stages:\n  - summarize:\n      sentences: '6'\n",
        "pipeline.yaml:3:18: option 'sentences' of 'summarize'",
        'got "6"',
    ),
    "out of range": (
        "stages:\n  - detect: {min_confidence: 2}\n",
        "pipeline.yaml:2:30: option 'min_confidence' of 'detect'",
        "less than or equal to 1",
    ),
    "not one of": (
        "stages:\n  - summarize:\n      method: lexrnak\n",
        "pipeline.yaml:3:15: option 'method' of 'summarize'",
        "lexrank",
    ),
    "unknown repair": (
        "stages:\n  - clean:\n      repairs: [mojibaek]\n",
        "pipeline.yaml:3:16: option 'repairs' of 'clean'",
        "no repair 'mojibaek'",
    ),
    "inside a nested option": (
        "stages:\n  - detect\n  - translate:\n      engines:\n        - {engine: lm, baem: 2}\n",
        "pipeline.yaml:5:24: 'translate' has no option 'engines.0.baem'",
        "",
    ),
    "wrong order": (
        "stages:\n  - detect\n  - summarize\n  - translate\n",
        "pipeline.yaml:4:5: 'translate' must come before 'summarize'",
        "clean, detect, dedupe, translate, summarize, render",
    ),
    "missing companion": (
        "stages:\n  - clean\n  - translate\n",
        "pipeline.yaml:3:5: 'translate' needs 'detect' before it",
        "add '- detect'",
    ),
    "stage twice": (
        "stages:\n  - detect\n  - detect\n",
        "pipeline.yaml:3:5: 'detect' stands twice",
        "remove one",
    ),
    "duplicate key": (
        "input: a\nstages:\n  - detect\ninput: b\n",
        "pipeline.yaml:4:1: 'input' is set twice",
        "first on line 1",
    ),
    "duplicate option": (
        "stages:\n  - summarize:\n      sentences: 3\n      sentences: 4\n",
        "pipeline.yaml:4:7: 'sentences' is set twice",
        "line 3",
    ),
    "unknown setting": (
        "stages: [detect]\nouput: x\n",
        "pipeline.yaml:2:1: unknown setting 'ouput'",
        "did you mean 'output'?",
    ),
    "two stages under one dash": (
        "stages:\n  - detect:\n    dedupe:\n",
        "pipeline.yaml:2:5: expected a stage",
        "one stage for each dash",
    ),
    "options that are a list": (
        "stages:\n  - detect: [1]\n",
        "pipeline.yaml:2:13: the options of 'detect' must be",
        "",
    ),
    "unknown executor": (
        "executor: locla\nstages: [detect]\n",
        "pipeline.yaml:1:11: unknown executor 'locla'",
        "did you mean 'local'?",
    ),
    "no stages": ("input: a\n", "pipeline.yaml:1:1: 'stages' must be a list", ""),
    "empty": ("", "pipeline.yaml:1:1: expected a mapping", ""),
    "not YAML": ("stages: [detect\n", "pipeline.yaml:2:1: not valid YAML", "indentation"),
    "a tab": ("stages:\n\t- detect\n", "pipeline.yaml:2:1: not valid YAML", ""),
    "an alias in itself": ("stages: &a\n  - *a\n", "alias", ""),
    "no such module": (
        "stages:\n  - nowhere.stage\n",
        "pipeline.yaml:2:5: cannot import",
        "nowhere.py",
    ),
    "no such function": (
        "stages:\n  - own_stages.shuot\n",
        "pipeline.yaml:2:5: 'own_stages' has no stage 'shuot'",
        "did you mean 'shout'?",
    ),
    "no shape": ("stages:\n  - own_stages.shapeless\n", "pipeline.yaml:2:5:", "Article, Batch or"),
    "no option type": ("stages:\n  - own_stages.untyped\n", "pipeline.yaml:2:5:", "annotate it"),
    "not callable": (
        "stages:\n  - own_stages.number\n",
        "pipeline.yaml:2:5:",
        "neither a function",
    ),
    "own option": (
        "stages:\n  - own_stages.shout: {tims: 2}\n",
        "pipeline.yaml:2:24: 'own_stages.shout' has no option 'tims'",
        "did you mean 'times'?",
    ),
    "missing option": (
        "stages:\n  - own_stages.needy\n",
        "pipeline.yaml:2:5: 'own_stages.needy' needs the option 'word'",
        "",
    ),
    "refused by the stage itself": (
        "stages:\n  - own_stages.Fragile: {size: -1}\n",
        "pipeline.yaml:2:5: 'own_stages.Fragile' cannot be used",
        "size must not be negative",
    ),
}


@pytest.mark.parametrize(("text", "place", "hint"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_shown_in_their_place(project, text, place, hint):
    """Every mistake names line and column, shows the line with a caret, and says what to do."""
    root = project({"pipeline.yaml": text, "own_stages.py": STAGES})
    with pytest.raises(ConfigError) as caught:
        read(root / "pipeline.yaml")
    message = str(caught.value)
    assert place in message
    assert hint in message
    _, line, caret, *_ = message.splitlines()
    assert caret.strip() == "^"
    assert len(caret) <= len(line) + 1


def test_the_commented_default_is_valid(project):
    """The file that `init` writes has every built-in stage, in the order of the built-ins."""
    root = project({"pipeline.yaml": COMMENTED_CONFIG.read_text(encoding="utf-8")})
    config = read(root / "pipeline.yaml")
    assert [s.name for s in config.stages] == list(stage_names())[-6:]
    assert [s.shape for s in config.stages] == [
        "article",
        "article",
        "collection",
        "batch",
        "article",
        "collection",
    ]


SUBSETS = [
    "[detect, translate, render]",
    "[clean, render]",
    "[render]",
    "[detect, summarize, render]",
    "[clean, own_stages.shout, detect, own_stages.Sort, own_stages.together]",
    "[own_stages.shout, {own_stages.shout: {times: 2}}]",
]


@pytest.mark.parametrize("stages", SUBSETS)
def test_subsets_in_a_sensible_order_are_valid(project, stages):
    """Stages can be left out and mixed with a user's own."""
    root = project({"pipeline.yaml": f"stages: {stages}\n", "own_stages.py": STAGES})
    assert read(root / "pipeline.yaml").stages


def test_the_hash_follows_everything_that_matters(project):
    """Options change the hash; comments and spelling of defaults do not."""
    hashes = {}
    for name, text in [
        ("plain", "stages: [own_stages.shout, summarize]"),
        ("comment", "# hello\nstages: [own_stages.shout, summarize]"),
        ("default", "stages: [own_stages.shout, {summarize: {sentences: 6}}]"),
        ("option", "stages: [own_stages.shout, {summarize: {sentences: 5}}]"),
    ]:
        root = project({"pipeline.yaml": text, "own_stages.py": STAGES})
        hashes[name] = read(root / "pipeline.yaml").hash
    assert hashes["plain"] == hashes["comment"] == hashes["default"] != hashes["option"]


@pytest.mark.parametrize("name", list(stage_names()))
def test_every_option_is_described(project, name):
    """Every stage has a purpose and every option of it a description, for `stages` and editors."""
    kind = stage_type(name, project({}))
    assert kind.purpose.endswith(".")
    assert all(field.description for field in kind.options.model_fields.values())


def test_the_schema_is_json_and_knows_every_stage(project):
    """The JSON Schema names every built-in stage and its options."""
    text = json.dumps(schema(project({})))
    for name in stage_names():
        for option in stage_type(name, project({})).options.model_fields:
            assert f'"{option}"' in text
