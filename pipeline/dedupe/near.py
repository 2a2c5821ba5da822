"""Near-duplicate articles across a collection: syndicated copies, light edits, another script."""

from __future__ import annotations

import functools
import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.dedupe.canonical import canonical, damage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

# 32 bands of 4 rows: copies with one word in ten edited (Jaccard above 0.65) meet in some band with
# a probability of 0.998, unrelated articles (below 0.1) with less than 0.004.
_BANDS, _ROWS = 32, 4
_PERMUTATIONS = _BANDS * _ROWS
_MIN_SHINGLES = 20  # a shorter article shares half of its shingles with another one by chance
_BASE = 0x9E3779B97F4A7C15  # of the polynomial hash: any odd number with well-mixed bits
_UNBASE = pow(_BASE, -1, 1 << 64)
# Tokens in a shingle, by the script it starts in: about two words in each. A token is a word or,
# in these scripts, which put no space between words, a character.
_UNSPACED = (
    (0x0E00, 0x0EFF, 6),  # Thai, Lao
    (0x1000, 0x109F, 6),  # Burmese
    (0x1780, 0x17FF, 6),  # Khmer
    (0x3040, 0x30FF, 4),  # kana
    (0x3400, 0x9FFF, 3),  # Han
    (0xF900, 0xFAFF, 3),
    (0x20000, 0x3FFFF, 3),
)
_WORD_SHINGLE = 2
_DIGITS = re.compile(r"\d+")


class Signature(NamedTuple):
    """What is kept of an article to find its copies without reading it again.

    `digest` is 16 bytes and the same for texts that are the same in canonical form. `sketch` is
    the MinHash of the shingles, 128 little-endian uint32, or empty for a very short article, which
    has only exact copies.
    """

    digest: bytes
    sketch: bytes


@dataclass(frozen=True, order=True)
class Member:
    """A copy: its index, its similarity to the article kept (0 to 1), and whether it is exact."""

    index: int
    similarity: float
    exact: bool


class Cluster(NamedTuple):
    """Copies of one article: the index of the one to keep, and the others by index."""

    keep: int
    members: tuple[Member, ...]


@functools.cache
def _widths() -> NDArray[np.uint8]:
    """Tokens per shingle for every code point; 0 where words are put apart by spaces."""
    widths = np.zeros(0x110000, np.uint8)
    for first, last, width in _UNSPACED:
        widths[first : last + 1] = width
    return widths


@functools.lru_cache(maxsize=4)
def _powers(base: int, size: int) -> NDArray[np.uint64]:
    powers = np.full(size, base, np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)


def shingles(canon: str) -> NDArray[np.uint64]:
    """Hash the shingles of a canonical text: overlapping runs of about two words, in any script.

    Returns the distinct hashes, uint64, ascending. They are the same on every machine: a
    polynomial in the code points modulo 2**64 by prefix sums (Karp and Rabin 1987), then mixed.
    """
    codes = np.frombuffer(canon.encode("utf-32-le", "surrogatepass"), np.uint32)
    if not codes.size:
        return np.empty(0, np.uint64)
    width = _widths()[codes]
    solid = codes != ord(" ")
    cut = np.ones(codes.size + 1, bool)  # a token may start or end before this character
    cut[1:-1] = ~solid[1:] | ~solid[:-1] | (width[1:] > 0) | (width[:-1] > 0)
    starts = np.flatnonzero(cut[:-1] & solid)
    ends = np.flatnonzero(cut[1:] & solid) + 1
    per_shingle = np.where(width[starts] > 0, width[starts], _WORD_SHINGLE)
    last = np.arange(starts.size) + per_shingle - 1
    whole = last < starts.size
    starts, ends = starts[whole], ends[last[whole]]
    size = 1 << codes.size.bit_length()
    sums = np.zeros(codes.size + 1, np.uint64)
    np.cumsum(codes * _powers(_BASE, size)[: codes.size], out=sums[1:])
    hashes = (sums[ends] - sums[starts]) * _powers(_UNBASE, size)[starts]
    hashes ^= hashes >> np.uint64(29)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes.sort()
    new = np.ones(hashes.size, bool)
    new[1:] = hashes[1:] != hashes[:-1]
    return hashes[new]


@functools.cache
def _empty_sketch() -> Any:
    from datasketch import MinHash  # noqa: PLC0415 - brings SciPy; most runs compare nothing

    return MinHash(num_perm=_PERMUTATIONS, scheme="affine32", hashfunc=int)


def signature(text: str) -> Signature:
    """Sketch an article; the same text has the same signature in every run and on every machine."""
    canon = canonical(text)
    # A text of punctuation alone has an empty canonical form, but is not the same as any other.
    digest = hashlib.blake2b(
        (canon or text.strip()).encode("utf-8", "surrogatepass"), digest_size=16
    )
    hashes = shingles(canon) >> np.uint64(32)
    if hashes.size < _MIN_SHINGLES:
        return Signature(digest.digest(), b"")
    sketch = _empty_sketch().copy()
    for start in range(0, hashes.size, 1 << 14):  # bounds the table of all permutations
        sketch.update_batch(hashes[start : start + (1 << 14)].tolist())
    return Signature(digest.digest(), sketch.hashvalues.astype("<u4").tobytes())


class _Text(NamedTuple):
    shingles: NDArray[np.uint64]
    numbers: frozenset[str]


def _read(text: str) -> _Text:
    canon = canonical(text)
    return _Text(shingles(canon), frozenset(_DIGITS.findall(canon)))


def _similarity(a: _Text, b: _Text) -> float:
    """Estimate the share of words that two texts have in common, from their shingles.

    The Dice coefficient of sets of shingles of k words falls as the k-th power of the share of
    words that were left alone (Ondov et al. 2016, Mash: Fast genome and metagenome distance
    estimation); k is 2 here. It is symmetric, unlike containment, by which every long article
    would swallow a brief on the same event. Articles from one mould (market reports, weather)
    differ in their numbers: 0 unless more than half of the numbers of one stand in the other.
    """
    fewer = min(len(a.numbers), len(b.numbers))
    if fewer and 2 * len(a.numbers & b.numbers) <= fewer:
        return 0.0
    shared = np.intersect1d(a.shingles, b.shingles, assume_unique=True).size
    return float(np.sqrt(2 * shared / max(a.shingles.size + b.shingles.size, 1)))


def _candidates(sketches: NDArray[np.uint32], threshold: float) -> list[NDArray[np.intp]]:
    """Give for every row the other rows that may be as similar to it as `threshold`, ascending.

    Rows meet where all minima of a band are equal (locality-sensitive hashing, Leskovec et al.,
    Mining of Massive Datasets, 3.4), and stay where their sketches do not rule it out.
    """
    met: list[list[NDArray[np.intp]]] = [[] for _ in sketches]
    for band in range(0, _PERMUTATIONS, _ROWS):
        keys = np.ascontiguousarray(sketches[:, band : band + _ROWS]).view(np.uint64)
        order = np.lexsort(keys.T)
        same = (keys[order[1:]] == keys[order[:-1]]).all(axis=1)
        edges = np.flatnonzero(np.diff(same, prepend=False, append=False))
        for first, last in edges.reshape(-1, 2).tolist():  # runs of equal keys
            rows = order[first : last + 1]
            for row in rows:
                met[row].append(rows)
    jaccard = threshold**2 / (2 - threshold**2)
    slack = 3 * np.sqrt(jaccard * (1 - jaccard) / _PERMUTATIONS)  # three standard errors
    found = []
    for row, groups in enumerate(met):
        rows = np.unique(np.concatenate([np.empty(0, np.intp), *groups]))
        likely = (sketches[rows] == sketches[row]).mean(axis=1) >= jaccard - slack
        found.append(rows[likely & (rows != row)])
    return found


def meeting(new: Sequence[Signature], earlier: Sequence[Signature], threshold: float) -> list[int]:
    """Give the indexes in `earlier`, ascending, of what may be a copy of something in `new`."""
    digests = {known.digest for known in new}
    found = {index for index, known in enumerate(earlier) if known.digest in digests}
    mine = [known.sketch for known in new if known.sketch]
    places = [index for index, known in enumerate(earlier) if known.sketch]
    joined = b"".join(mine + [earlier[index].sketch for index in places])
    near = _candidates(np.frombuffer(joined, "<u4").reshape(-1, _PERMUTATIONS), threshold)
    met = {int(row) - len(mine) for rows in near[: len(mine)] for row in rows}
    return sorted(found | {places[row] for row in met if row >= 0})


def _near_copies(
    row: int,
    near: Sequence[NDArray[np.intp]],
    taken: set[int],
    read: Callable[[int], _Text],
    threshold: float,
) -> dict[int, float]:
    """Find the rows not yet taken that are copies of a row, with their similarity to it.

    The candidates of a copy are candidates too, as hashing may have missed one of them.
    """
    asked = {row}
    found: dict[int, float] = {}
    queue = near[row].tolist()
    for other in queue:
        if other not in taken and other not in asked:
            asked.add(other)
            similarity = _similarity(read(row), read(other))
            if similarity >= threshold:
                found[other] = similarity
                queue += near[other].tolist()
    return found


def cluster(
    signatures: Sequence[Signature],
    fetch: Callable[[int], str],
    *,
    threshold: float = 0.8,
) -> list[Cluster]:
    """Cluster the articles of a collection that are copies of one another.

    The least damaged article is kept, or the longest, and every member is itself a copy of the one
    kept: no chain of small edits joins articles that differ. The clusters are the same in whatever
    order the articles come.

    Args:
        signatures: One per article.
        fetch: Gives the text of an article by index; called only where there may be copies.
        threshold: The least share of words, 0 to 1, which a near copy has in common with the
            article kept. The sketch finds nearly all of them from 0.85 upwards.

    Returns:
        The clusters of two or more, by the index kept.
    """
    copies: dict[bytes, list[int]] = defaultdict(list)
    for index, known in enumerate(signatures):
        copies[known.digest].append(index)
    groups = sorted(copies.values(), key=lambda same: not signatures[same[0]].sketch)
    joined = b"".join(signatures[same[0]].sketch for same in groups)
    near = _candidates(np.frombuffer(joined, "<u4").reshape(-1, _PERMUTATIONS), threshold)
    near += [np.empty(0, np.intp)] * (len(groups) - len(near))  # the very short ones, sorted last

    @functools.cache
    def rank(index: int) -> tuple[Any, ...]:
        text = fetch(index)
        # The digest breaks ties by content, so that the order of the articles does not matter.
        return damage(text), -len(text), signatures[index].digest, index

    involved = (row for row, same in enumerate(groups) if len(same) > 1 or near[row].size)
    best = {row: min(groups[row], key=rank) for row in involved}
    read = functools.lru_cache(maxsize=1024)(lambda row: _read(fetch(best[row])))
    taken: set[int] = set()
    clusters = []
    for row in sorted(best, key=lambda row: rank(best[row])):
        if row in taken:
            continue
        found = _near_copies(row, near, taken, read, threshold)
        taken.update((row, *found))
        members = [Member(index, 1.0, exact=True) for index in groups[row] if index != best[row]]
        for other, similarity in found.items():
            members += (Member(index, similarity, exact=False) for index in groups[other])
        if members:
            clusters.append(Cluster(best[row], tuple(sorted(members))))
    return sorted(clusters)


def find_near_duplicates(texts: Sequence[str], *, threshold: float = 0.8) -> list[Cluster]:
    """Cluster the copies in a collection; see `cluster`."""
    signatures = [signature(text) for text in texts]
    return cluster(signatures, texts.__getitem__, threshold=threshold)
