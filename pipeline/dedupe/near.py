"""Near-duplicate articles across a collection: syndicated copies, light edits, another script."""

from __future__ import annotations

import functools
import hashlib
import math
import re
import zlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.dedupe.canonical import canonical, damage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# 32 bands of 4 rows: copies with one word in ten edited (Jaccard above 0.65) meet in some band with
# a probability of 0.998, unrelated articles (below 0.1) with less than 0.004.
_BANDS, _ROWS = 32, 4
_ROW_BYTES = 4
_MIN_SHINGLES = 20  # a shorter article shares half of its shingles with another one by chance
_CHUNK = 1 << 14  # shingles hashed at once, which bounds the table of all permutations
# Scripts that put no space between words; there a token is a character, elsewhere a word.
_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # and kana
_THAI = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Lao, Burmese, Khmer
_TOKEN = re.compile(rf"[{_HAN}{_THAI}]|[^\s{_HAN}{_THAI}]+")
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
def _width(first: str) -> int:
    """Say how many tokens make about two words, by the first character of the first one."""
    if re.match(f"[{_HAN}]", first):
        return 3
    return 6 if re.match(f"[{_THAI}]", first) else 2


def shingles(canon: str) -> set[str]:
    """Give the shingles of a canonical text: overlapping runs of about two words, in any script."""
    tokens = _TOKEN.findall(canon)
    ends = [at + _width(token[0]) for at, token in enumerate(tokens)]
    return {" ".join(tokens[at:end]) for at, end in enumerate(ends) if end <= len(tokens)}


@functools.cache
def _empty_sketch() -> Any:
    from datasketch import MinHash  # noqa: PLC0415 - brings SciPy; most runs compare nothing

    return MinHash(num_perm=_BANDS * _ROWS, scheme="affine32", hashfunc=zlib.crc32)


def signature(text: str) -> Signature:
    """Sketch an article; the same text has the same signature in every run and on every machine."""
    canon = canonical(text)
    # A text of punctuation alone has an empty canonical form, but is not the same as any other.
    digest = hashlib.blake2b(
        (canon or text.strip()).encode("utf-8", "surrogatepass"), digest_size=16
    ).digest()
    found = [shingle.encode("utf-8", "surrogatepass") for shingle in shingles(canon)]
    if len(found) < _MIN_SHINGLES:
        return Signature(digest, b"")
    sketch = _empty_sketch().copy()
    for start in range(0, len(found), _CHUNK):
        sketch.update_batch(found[start : start + _CHUNK])
    return Signature(digest, sketch.hashvalues.astype("<u4").tobytes())


def _similarity(a: tuple[set[str], set[str]], b: tuple[set[str], set[str]]) -> float:
    """Estimate the share of words that two texts have in common; of each, shingles and numbers.

    The Dice coefficient of sets of shingles of k words falls as the k-th power of the share of
    words that were left alone (Ondov et al. 2016, Mash: Fast genome and metagenome distance
    estimation); k is 2 here. It is symmetric, unlike containment, by which every long article
    would swallow a brief on the same event. Articles from one mould (market reports, weather)
    differ in their numbers: 0 unless more than half of the numbers of one stand in the other.
    """
    (ours, our_numbers), (theirs, their_numbers) = a, b
    fewer = min(len(our_numbers), len(their_numbers))
    if fewer and 2 * len(our_numbers & their_numbers) <= fewer:
        return 0.0
    return math.sqrt(2 * len(ours & theirs) / max(len(ours) + len(theirs), 1))


def _met(sketches: Sequence[bytes]) -> Callable[[int], set[int]]:
    """Tell, by row, which sketches have all minima of some band in common with one, itself too.

    They may be of copies: locality-sensitive hashing (Leskovec et al., Mining of Massive Datasets,
    3.4). A row that meets nobody has an empty set.
    """
    groups: list[list[list[int]]] = [[] for _ in sketches]
    size = _ROWS * _ROW_BYTES
    for start in range(0, _BANDS * size, size):
        rows: dict[bytes, list[int]] = defaultdict(list)
        for row, sketch in enumerate(sketches):
            rows[sketch[start : start + size]].append(row)
        for minima, group in rows.items():
            for row in group if minima and len(group) > 1 else ():
                groups[row].append(group)
    return lambda row: set().union(*groups[row])


def meeting(new: Sequence[Signature], earlier: Sequence[Signature]) -> list[int]:
    """Give the indexes in `earlier`, ascending, of what may be a copy of something in `new`."""
    digests = {known.digest for known in new}
    found = {index for index, known in enumerate(earlier) if known.digest in digests}
    meets = _met([known.sketch for known in (*new, *earlier)])
    met = set().union(*map(meets, range(len(new))))
    return sorted(found | {row - len(new) for row in met if row >= len(new)})


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
    groups = list(copies.values())
    meets = _met([signatures[same[0]].sketch for same in groups])

    @functools.cache
    def rank(index: int) -> tuple[Any, ...]:
        text = fetch(index)
        # The digest breaks ties by content, so that the order of the articles does not matter.
        return damage(text), -len(text), signatures[index].digest, index

    involved = (row for row, same in enumerate(groups) if len(same) > 1 or meets(row))
    best = {row: min(groups[row], key=rank) for row in involved}

    @functools.lru_cache(maxsize=1024)
    def read(row: int) -> tuple[set[str], set[str]]:
        canon = canonical(fetch(best[row]))
        return shingles(canon), set(_DIGITS.findall(canon))

    left = set(best)
    clusters = []
    for row in sorted(best, key=lambda row: rank(best[row])):
        if row not in left:
            continue
        members = [Member(index, 1.0, exact=True) for index in groups[row] if index != best[row]]
        left.remove(row)
        asked, queue = {row}, [row]
        for copy in queue:  # whom a copy meets is asked too, as hashing may have missed it
            for other in (meets(copy) & left) - asked:
                asked.add(other)
                similarity = _similarity(read(row), read(other))
                if similarity >= threshold:
                    left.remove(other)
                    queue.append(other)
                    members += (Member(index, similarity, exact=False) for index in groups[other])
        if members:
            clusters.append(Cluster(best[row], tuple(sorted(members))))
    return sorted(clusters)


def find_near_duplicates(texts: Sequence[str], *, threshold: float = 0.8) -> list[Cluster]:
    """Cluster the copies in a collection; see `cluster`."""
    signatures = [signature(text) for text in texts]
    return cluster(signatures, texts.__getitem__, threshold=threshold)
