"""pipeline.yaml: what is right is understood, what is wrong is shown in its place."""

from __future__ import annotations

import jsonschema
import pytest
import yaml

from pipeline.config import ORDER, Config, read, stage_names, stage_type
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

def choosy(article: Article, *, engines: dict[str, int]) -> Article:
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

# what pipeline.yaml says, the place and the beginning of the message, and what else is in it
MISTAKES = [
    ("stages:\n  - detect\n  - transalte", "3:5: unknown stage 'transalte'", "mean 'translate'?"),
    (
        "stages:\n  - detect:\n      min_confidense: 0.5",
        "3:7: 'detect' has no option 'min_confidense'",
        "did you mean 'min_confidence'?",
    ),
    (
        "stages:\n  - summarize:\n      sentences: six",
        "3:18: option 'sentences' of 'summarize': expected auto or a number from 1 to 100",
        'got "six"',
    ),
    ("stages: [summarize: {sentences: '6'}]", "1:33: option 'sentences' of 'summarize'", 'got "6"'),
    ("stages: [detect: {min_confidence: 2}]", "1:35: option 'min_confidence'", "or equal to 1"),
    ("stages: [summarize: {method: lexrnak}]", "1:30: option 'method'", "unknown summary 'lexr"),
    ("stages: [clean: {repairs: [mojibaek]}]", "1:27: option 'repairs'", "no repair 'mojibaek'"),
    ("stages: [clean: {chrome: }]", "1:26: option 'chrome' of", "got null"),
    (
        "stages:\n  - detect\n  - translate:\n      engines:\n        - {engine: lm, baem: 2}",
        "5:24: engine 'lm' has no option 'baem'",
        "did you mean 'beam'?",
    ),
    (
        "stages: [detect, translate: {engines: [{engine: lm}, {engine: lm, beam: x}]}]",
        "1:73: option 'beam' of engine 'lm' must be a whole number",
        'got "x"',
    ),
    (
        "stages: [translate: {engines: [{engine: argso}]}]",
        "1:41: option 'engine' of engine 'argso': unknown",
        "argos",
    ),
    (
        "stages: [detect, summarize, translate]",
        "1:29: 'translate' must come before 'summ",
        ", ".join(ORDER),
    ),
    ("stages: [clean, translate]", "1:17: 'translate' needs 'detect' before it", "clean, detect"),
    ("stages: [detect, {detect: }]", "1:18: 'detect' stands twice", "each once"),
    ("input: a\nstages: [detect]\ninput: b", "3:1: 'input' is set twice", "first on line 1"),
    ("stages:\n  - clean:\n      a: 3\n      a: 4", "4:7: 'a' is set twice", "line 3"),
    ("stages: [detect]\nouput: x", "2:1: pipeline.yaml has no option 'ouput'", "mean 'output'?"),
    ("stages: [detect]\ninput: 3", "2:8: option 'input' of pipeline.yaml", "must be text, got 3"),
    ("stages:\n  - detect:\n    dedupe:", "2:5: expected a stage", "one stage for each dash"),
    ("stages:\n  - detect: [1]", "2:13: 'detect' must be options", "got [1]"),
    ("executor: locla\nstages: [detect]", "1:11: option 'executor'", "did you mean 'local'?"),
    ("input: a", "1:1: pipeline.yaml needs the option 'stages'", ""),
    ("stages: []", "1:9: option 'stages'", "must not be empty"),
    ("", "1:1: pipeline.yaml must be options", ""),
    ("stages: [detect", "1:9: not valid YAML", "brackets"),
    ("stages:\n\t- detect", "2:1: not valid YAML", "use spaces, not tabs"),
    ("stages: &a\n  - *a", "2:5: not valid YAML: '*a' is an alias", "write out"),
    ("stages: [nowhere.stage]", "1:10: cannot import 'nowhere'", "nowhere.py"),
    ("stages: [own_stages.shuot]", "1:10: 'own_stages' has no stage 'shuot'", "mean 'shout'?"),
    ("stages: [own_stages.shapeless]", "1:10:", "Article, Batch or"),
    ("stages: [own_stages.untyped]", "1:10:", "annotate it"),
    ("stages: [own_stages.number]", "1:10:", "neither a function"),
    ("stages: [own_stages.shout: {tims: 2}]", "1:29: 'own_stages.shout' has no", "mean 'times'?"),
    ("stages: [own_stages.needy]", "1:10: 'own_stages.needy' needs the option 'word'", ""),
    ("stages: [own_stages.choosy: {engines: {a: b}}]", "1:43: option 'engines.a' of 'own_st", "b"),
    ("stages: [own_stages.Fragile: {size: -1}]", "1:10: 'own_stages.Fragile' cannot", "negative"),
]


@pytest.mark.parametrize(("text", "place", "hint"), MISTAKES, ids=[m[0] for m in MISTAKES])
def test_mistakes_are_shown_in_their_place(project, text, place, hint):
    """Every mistake names line and column, shows the line with a caret, and says what to do."""
    root = project({"pipeline.yaml": text, "own_stages.py": STAGES})
    with pytest.raises(ConfigError) as caught:
        read(root / "pipeline.yaml")
    message = str(caught.value)
    assert message.startswith(f"pipeline.yaml:{place}")
    assert hint in message
    _, line, caret, *_ = message.splitlines()
    assert caret.strip() == "^"
    assert len(caret) <= len(line) + 1


def test_the_commented_default_is_valid(project):
    """The file that `init` writes has every built-in stage in order, and fits the JSON Schema."""
    text = COMMENTED_CONFIG.read_text(encoding="utf-8")
    stages = read(project({"pipeline.yaml": text}) / "pipeline.yaml").stages
    assert tuple(stage.name for stage in stages) == ORDER
    shapes = "article article collection batch article collection"
    assert [stage.shape for stage in stages] == shapes.split()
    data, schema = yaml.safe_load(text), Config.model_json_schema()
    jsonschema.validate(data, schema)
    data["stages"][0]["clean"]["chorme"] = True
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema)


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

    def hashed(summarize, comment=""):
        text = f"{comment}\nstages: [own_stages.shout, {summarize}]"
        root = project({"pipeline.yaml": text, "own_stages.py": STAGES})
        return read(root / "pipeline.yaml").hash

    assert hashed("summarize") == hashed("summarize", "# hello")
    assert hashed("summarize") == hashed("{summarize: {sentences: auto}}")
    assert hashed("summarize") != hashed("{summarize: {sentences: 5}}")


@pytest.mark.parametrize("name", stage_names())
def test_every_option_is_described(name):
    """Every stage has a purpose and every option of it a description, for `stages` and editors."""
    _, options = stage_type(name)
    assert options.__doc__.endswith(".")
    assert all(field.description for field in options.model_fields.values())
