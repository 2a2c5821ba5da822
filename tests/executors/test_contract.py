"""What every executor promises: stages run in order, a broken article costs no other."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import registry
from pipeline.article import Article
from pipeline.executors.local import BATCH
from pipeline.stage import Batch, Collection, Run, Stage, shape_of

HERE = r"test_contract\.py:\d+"


def note(article, text):
    """Append a note."""
    return replace(article, notes=(*article.notes, text))


def articles(*names):
    """Make a collection of empty articles."""
    return Collection(tuple(Article(n, "text") for n in names))


def one(article: Article) -> Article:
    """Note, and break on the article called bad."""
    if article.source == "bad":
        raise ValueError("no luck")
    return note(article, "one")


def many(batch: Batch) -> Batch:
    """Note, and break on a batch with the article called bad."""
    return tuple(one(a) for a in batch)


def everything(collection: Collection) -> Collection:
    """Note how many there are."""
    size = len(collection.articles)
    return replace(collection, articles=tuple(note(a, f"of {size}") for a in collection.articles))


def losing(batch: Batch) -> Batch:
    """Lose the last article."""
    return batch[:-1]


def forgetful(article: Article) -> Article:
    """Forget to return."""


def broken(collection: Collection) -> Collection:
    """Break on everything."""
    raise RuntimeError("all gone")


@pytest.fixture(params=registry.named(registry.EXECUTORS))
def run_through(request):
    """Execute functions as stages, with each registered executor."""
    execute = registry.load(registry.EXECUTORS, request.param)

    def through(collection, *functions, **options):
        stages = tuple(Stage(f.__name__, *shape_of(f), f) for f in functions)
        return execute(collection, stages, Run(**{"root": Path(__file__).parent, **options}))

    return through


@pytest.mark.parametrize("function", [one, many])
def test_a_broken_article_costs_no_other(run_through, function):
    """An article that breaks a stage is failed with the reason; the others go on."""
    outcome = run_through(articles("a", "bad", "z"), function, everything, one)
    a, bad, z = outcome.collection.articles
    assert (a.status, z.status) == ("ok", "ok")
    assert a.notes == z.notes == ("one", "of 3", "one")
    assert bad.status == "failed"
    assert re.fullmatch(rf"{function.__name__}: {HERE}: ValueError: no luck", bad.error)


@pytest.mark.parametrize("function", [losing, forgetful])
def test_a_stage_cannot_lose_an_article(run_through, function):
    """A stage that does not return what it was given fails instead of losing text."""
    outcome = run_through(articles("a", "b"), function)
    assert [a.source for a in outcome.collection.articles] == ["a", "b"]
    assert {a.status for a in outcome.collection.articles} == {"failed"}


def test_a_broken_collection_stage_is_skipped_and_reported(run_through):
    """A stage that fails on everything is reported, and the articles go on without it."""
    outcome = run_through(articles("a"), broken, one)
    (error,) = outcome.errors
    assert re.fullmatch(rf"broken: {HERE}: RuntimeError: all gone", error)
    assert outcome.collection.articles[0].notes == ("one",)


def test_large_collections_come_in_batches_and_in_order(run_through, tmp_path):
    """More articles than a batch holds keep their order, and a stage that asks gets the run."""
    names = [f"{n:04}" for n in range(BATCH * 2 + 3)]
    sizes = []

    def watch(batch: Batch, run: Run) -> Batch:
        sizes.append(len(batch))
        assert run.root == tmp_path
        return batch

    outcome = run_through(articles(*names), watch, root=tmp_path)
    assert [a.source for a in outcome.collection.articles] == names
    assert {a.status for a in outcome.collection.articles} == {"ok"}
    assert sum(sizes) == len(names)
    assert max(sizes) <= BATCH


def test_seconds_are_told_per_stage(run_through):
    """The outcome has the seconds of every stage."""
    assert set(run_through(articles("a", "b"), one, everything).seconds) == {"one", "everything"}
