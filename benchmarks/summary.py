"""Times the summary methods, and LexRank against sumy's own, on made-up articles.

python benchmarks/summary.py            # sumy up to 300 sentences
python benchmarks/summary.py --sumy-up-to 2000
"""

from __future__ import annotations

import argparse
import random
import time

from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.nlp.stemmers import Stemmer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.utils import get_stop_words

from pipeline import registry
from pipeline.summarize import choose
from pipeline.summarize.lexrank import lexrank
from pipeline.summarize.methods import load

SIZES = (100, 300, 1000, 2000)
VOCABULARY = 5000
CHOSEN = 7


class Words:
    """A tokenizer for sumy: the words of these articles stand between blanks."""

    def to_words(self, text: str) -> tuple[str, ...]:
        """Cut at white space."""
        return tuple(text.split())


def article(size: int) -> list[str]:
    """Make sentences of 5 to 40 words, which are as frequent as Zipf's law says."""
    rng = random.Random(size)  # noqa: S311 - a benchmark, no secret
    words = [f"word{i}" for i in range(VOCABULARY)]
    weights = [1 / (i + 1) for i in range(VOCABULARY)]
    return [" ".join(rng.choices(words, weights, k=rng.randint(5, 40))) for _ in range(size)]


def by_sumy(sentences: list[str]) -> list[int]:
    """Choose with sumy's own LexRank."""
    units = [Sentence(text, Words()) for text in sentences]
    summarizer = LexRankSummarizer(Stemmer("english"))
    summarizer.stop_words = get_stop_words("english")
    chosen = {id(s) for s in summarizer(ObjectDocumentModel([Paragraph(units)]), CHOSEN)}
    return [index for index, unit in enumerate(units) if id(unit) in chosen]


def main() -> None:
    """Print one row per article size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sumy-up-to", type=int, default=300, help="sentences (300)")
    slow_from = parser.parse_args().sumy_up_to
    lexrank(article(10))  # load the stemmer and the stop words
    names = list(registry.named(registry.SUMMARIES))
    print("sentences", *(f"{name:>9}" for name in names), "     sumy  same choice", sep="  ")
    for size in SIZES:
        sentences = article(size)
        row = [f"{size:9}"]
        for method in names:
            if method != "lexrank" and size > slow_from:
                row.append("        -")
                continue
            rate = load(method)
            start = time.perf_counter()
            chosen = choose(sentences, rate(sentences), CHOSEN)
            row.append(f"{time.perf_counter() - start:8.2f}s")
            if method == "lexrank":
                ours = chosen
        if size <= slow_from:
            start = time.perf_counter()
            same = by_sumy(sentences) == ours
            row += [f"{time.perf_counter() - start:8.2f}s", "yes" if same else "NO"]
        print(*row, sep="  ", flush=True)


if __name__ == "__main__":
    main()
