"""Near-duplicate articles: time, memory, recall and precision on synthetic articles.

    python benchmarks/dedupe.py -n 100000 --edits 0.1

Articles of about 400 words from a Zipf vocabulary; one in five is an edited copy of another one
(words deleted, inserted and substituted, sentences reordered). The same texts then go through
datasketch used plainly, one MinHash per article and its MinHashLSH.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import resource
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from datasketch import MinHash, MinHashLSH

from pipeline.dedupe.near import find_near_duplicates

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Pairs = set[tuple[int, int]]

_WORDS = 50_000
_COPIES = 0.2


def _vocabulary(rng: np.random.Generator) -> NDArray[Any]:
    """Make words of syllables, the frequent ones shorter, and behind them numbers."""
    syllables = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
    words: dict[str, None] = {}
    while len(words) < _WORDS:
        length = 1 + int(np.log10(len(words) + 3)) + rng.integers(0, 2)
        words["".join(rng.choice(syllables, length))] = None
    return np.array([*words, *map(str, range(2, 3000))], dtype=object)


class _Writer:
    """Writes articles as arrays of word ids, by Zipf's law with exponent 1; one in 40 a number."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._words = _vocabulary(self._rng)
        shares = np.cumsum(1 / np.arange(2, _WORDS + 2))
        self._shares = shares / shares[-1]

    def _draw(self, size: int) -> NDArray[np.intp]:
        words = np.searchsorted(self._shares, self._rng.random(size))
        numbers = self._rng.integers(_WORDS, len(self._words), size)
        return np.where(self._rng.random(size) < 0.025, numbers, words)

    def article(self) -> NDArray[np.intp]:
        return self._draw(int(self._rng.integers(250, 551)))

    def edited(self, article: NDArray[np.intp], share: float) -> NDArray[np.intp]:
        """Delete, insert after, or substitute `share` of the words, then swap two passages."""
        slots = np.stack((article, np.full_like(article, -1)), axis=1)  # word, insertion after it
        where = self._rng.permutation(article.size)[: round(article.size * share)]
        deleted, inserted, substituted = np.array_split(where, 3)
        slots[deleted, 0] = -1
        slots[inserted, 1] = self._draw(inserted.size)
        slots[substituted, 0] = self._draw(substituted.size)
        words = slots[slots >= 0]
        head, second, first, tail = np.split(words, np.sort(self._rng.integers(0, words.size, 3)))
        return np.concatenate((head, first, second, tail))

    def text(self, article: NDArray[np.intp]) -> str:
        words = self._words[article].tolist()
        return ". ".join(" ".join(words[at : at + 17]) for at in range(0, len(words), 17))


def collection(count: int, edits: float, seed: int) -> tuple[list[str], Pairs]:
    """Write a shuffled collection; give the texts and the pairs (original, copy) planted in it."""
    writer = _Writer(seed)
    rng = np.random.default_rng(seed + 1)
    originals = [writer.article() for _ in range(count - int(count * _COPIES))]
    sources = rng.integers(0, len(originals), int(count * _COPIES)).tolist()
    texts = [writer.text(article) for article in originals]
    texts += [writer.text(writer.edited(originals[source], edits)) for source in sources]
    order = rng.permutation(count)
    place = np.argsort(order).tolist()
    pairs = {(place[source], place[copy]) for copy, source in enumerate(sources, len(originals))}
    return [texts[at] for at in order], pairs


def ours(texts: list[str]) -> Pairs:
    """Give the pairs (kept, member) of `find_near_duplicates`."""
    clusters = find_near_duplicates(texts)
    return {(cluster.keep, member.index) for cluster in clusters for member in cluster.members}


def plain(texts: list[str]) -> Pairs:
    """Give the pairs that datasketch finds: sets of word pairs, 128 permutations, its own LSH."""
    lsh = MinHashLSH(threshold=0.4, num_perm=128)
    empty = MinHash(num_perm=128)
    found: Pairs = set()
    for index, text in enumerate(texts):
        words = text.split()
        sketch = empty.copy()
        sketch.update_batch({f"{a} {b}".encode() for a, b in itertools.pairwise(words)})
        found.update((other, index) for other in lsh.query(sketch))
        lsh.insert(index, sketch, check_duplication=False)
    return found


def _families(pairs: Pairs) -> Callable[[int], int]:
    """Join pairs to families; give the function from an index to the first of its family."""
    parent: dict[int, int] = {}

    def root(index: int) -> int:
        while (above := parent.get(index, index)) != index:
            index = above
        return index

    for a, b in pairs:
        first, second = sorted((root(a), root(b)))
        parent[second] = first
    return root


def _measure(find: Callable[[list[str]], Pairs], count: int, edits: float, seed: int) -> None:
    """Print a row. Recall: planted pairs that meet; precision: found pairs that were planted."""
    texts, planted = collection(count, edits, seed)
    start = time.perf_counter(), time.process_time()
    found = find(texts)
    seconds, cpu = time.perf_counter() - start[0], time.process_time() - start[1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    truth, joined = _families(planted), _families(found)
    recall = np.mean([joined(a) == joined(b) for a, b in planted])
    precision = np.mean([truth(a) == truth(b) for a, b in found]) if found else 1.0
    print(
        f"{find.__name__:8}{seconds:9.1f}{cpu:9.1f}{peak:9.0f}{recall:9.4f}{precision:11.4f}",
        flush=True,
    )


def main() -> None:
    """Measure each in a process of its own, so that their peaks of memory do not mix."""
    parser = argparse.ArgumentParser(description="Near-duplicate articles on synthetic articles.")
    parser.add_argument("-n", type=int, default=100_000, help="articles")
    parser.add_argument("--edits", type=float, default=0.1, help="share of words edited in copies")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alone", action="store_true", help="without datasketch beside it")
    args = parser.parse_args()
    print(f"{args.n} articles, {_COPIES:.0%} copies with {args.edits:.0%} of the words edited")
    print("          seconds    cpu s  peak MB   recall  precision")
    for find in (ours,) if args.alone else (ours, plain):
        process = multiprocessing.get_context("spawn").Process(
            target=_measure, args=(find, args.n, args.edits, args.seed)
        )
        process.start()
        process.join()


if __name__ == "__main__":
    main()
