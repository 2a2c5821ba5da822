"""Compares the summary methods: noted facts and words of headlines that they carry, and seconds.

python benchmarks/summary.py --output output --facts FOLDER --news ru-en.tsv.xz

FOLDER has a JSON file an article: its name (`article`) and `facts`, each with the source
`sentences` that state it. News is lines of source, English and origin between tabs, where a line
without a full stop is the headline of those below it; its words stand for its facts.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline import registry
from pipeline.article import Article, Language, Segment
from pipeline.evidence import Evidence
from pipeline.stage import Run
from pipeline.summarize.methods import content
from pipeline.summarize.stage import Summarize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DRAWS = 200  # of sentences by chance
STORIES, SHORTEST, LONGEST = 250, 10, 40  # how many pieces of news, of how many sentences
TIMED = 300  # sentences


class Case(NamedTuple):
    """An article, and of each fact the ids of the sentences that state it."""

    article: Article
    facts: list[set[int]]

    def carried(self, chosen: list[int]) -> int:
        """Count the facts that some chosen sentence states."""
        return sum(not fact.isdisjoint(chosen) for fact in self.facts)


def noted(facts: Path, output: Path) -> Iterator[Case]:
    """Read noted facts, and the articles that they are of from the evidence of a run."""
    for path in sorted(facts.glob("*.json")):
        note = json.loads(path.read_bytes())
        made = Evidence.model_validate_json((output / f"{note['article']}.json").read_bytes())
        segments = tuple(Segment(**dict(sentence)) for sentence in made.segments)
        sources = {s.id: plain(s.source) for s in segments}
        stated = [[plain(text) for text in fact["sentences"]] for fact in note["facts"]]
        yield Case(
            Article(made.source, "", segments=segments, language=made.language),
            [
                {
                    i
                    for i, s in sources.items()
                    if any(s and t and (t in s or s in t) for t in texts)
                }
                for texts in stated
            ],
        )


def plain(text: str) -> str:
    """Leave letters and digits, in one spelling."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def news(path: Path) -> Iterator[Case]:
    """Cut lines at their headlines."""
    language = Language(path.name[:2], "")
    with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    story: list[Segment] = []
    headline: set[str] = set()
    for source, english, origin in rows:
        if not origin.startswith("wmt-newstest"):
            continue
        if re.search(r"[\w)]$", english):
            if SHORTEST <= len(story) <= LONGEST and headline:
                facts = [{s.id for s in story if word in content(s.text)} for word in headline]
                yield Case(Article("news", "", segments=tuple(story), language=language), facts)
            story, headline = [], set(content(english))
        else:
            story.append(Segment(len(story), "sentence", 0, 0, source, translation=english))


def first(case: Case, count: int) -> float:
    """Count the facts of the first sentences."""
    return case.carried(body(case)[:count])


def chance(case: Case, count: int) -> float:
    """Give the mean of random choices."""
    ids = body(case)
    drawn = (random.Random(k).sample(ids, min(count, len(ids))) for k in range(DRAWS))  # noqa: S311 - a benchmark, no secret
    return sum(map(case.carried, drawn)) / DRAWS


def oracle(case: Case, count: int) -> float:
    """Count the facts of sentences chosen greedily by them."""
    chosen: list[int] = []
    for _ in range(count):
        chosen.append(max(body(case), key=lambda i: case.carried([*chosen, i])))
    return case.carried(chosen)


def body(case: Case) -> list[int]:
    """Give the ids of all that a reader might choose from."""
    outside = {"title", "heading", "caption", "byline"}
    return [s.id for s in case.article.segments if s.kind not in outside]


def by(method: str) -> Callable[[Case, int], float]:
    """Give what counts the facts that the stage carries by a method."""

    def count_facts(case: Case, count: int) -> float:
        made = Summarize(method=method, sentences=count)(case.article, Run(Path()))
        return case.carried(list(made.summary))

    return count_facts


def made_up(size: int) -> Article:
    """Make an article of sentences of 5 to 40 words, as frequent as Zipf's law says."""
    rng = random.Random(size)  # noqa: S311 - a benchmark, no secret
    weights = [1 / rank for rank in range(1, 5001)]
    lines = (rng.choices(range(5000), weights, k=rng.randint(5, 40)) for _ in range(size))
    texts = (" ".join(f"word{word}" for word in line) for line in lines)
    return Article(
        "a", "", segments=tuple(Segment(i, "sentence", 0, 0, t) for i, t in enumerate(texts))
    )


def main() -> None:
    """Print one row a method."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("output"), help="of a run (output)")
    parser.add_argument("--facts", type=Path, help="folder of noted facts")
    parser.add_argument("--news", type=Path, help="lines of news")
    arguments = parser.parse_args()
    cases = list(noted(arguments.facts, arguments.output)) if arguments.facts else []
    stories = list(news(arguments.news)) if arguments.news else []
    stories = stories[:: max(1, len(stories) // STORIES)][:STORIES]
    auto = [len(Summarize()(case.article, Run(Path())).summary) for case in cases]
    columns = {
        f"facts of {sum(len(c.facts) for c in cases)} by 6": [(case, 6) for case in cases],
        f"by auto, {sum(auto)}": list(zip(cases, auto, strict=True)),
        f"headlines of {len(stories)} by 4, %": [(story, 4) for story in stories],
    }
    columns = {title: column for title, column in columns.items() if column}
    print(f"{'':10}", *columns, f"{TIMED} sentences", sep="  ")
    methods = {name: by(name) for name in registry.named(registry.SUMMARIES)}
    for name, count in {"first": first, "chance": chance, **methods, "oracle": oracle}.items():
        row = [f"{name:10}"]
        for title, column in columns.items():
            total = sum(count(case, size) for case, size in column)
            if title.endswith("%"):
                total *= 100 / sum(len(story.facts) for story in stories)
            row.append(f"{total:{len(title)}.1f}")
        if name in methods:
            start = time.perf_counter()
            count(Case(made_up(TIMED), []), 6)
            row.append(f"{time.perf_counter() - start:12.2f}s")
        print(*row, sep="  ", flush=True)


if __name__ == "__main__":
    main()
