"""Passages that stand in one article twice, and sentences that say again what was said."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.dedupe.canonical import canonical, damage
from pipeline.dedupe.near import shingles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NUMBER = re.compile(r"−?\d+")
# Copies run apart only where one is damaged: for at most so many characters, until so many in a
# row are equal again.
_WINDOW, _ANCHOR = 48, 6
_CONTEXT = 2  # characters beside a difference that may carry the mark of its damage
_LONG = 40  # characters of a canonical form; a shorter passage repeats only beside its neighbours
_NEAR = 0.85  # similarity asked of long passages
_IN_RUN = 0.5  # and of a short line between two repeated neighbours
_SKETCH, _BUCKET, _TRIES = 8, 4, 8  # hashes per passage, passages per hash, comparisons: bounds
_TAG = re.compile(r"<?/?\w+/?>")
_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]{2,}")


@dataclass(frozen=True, order=True)
class Repeat:
    """A passage to drop: its index, the index of the copy kept, and how similar they are.

    `exact` means equal in canonical form; otherwise the copies differ by damage.
    """

    index: int
    of: int
    similarity: float
    exact: bool


def _differences(a: str, b: str) -> Iterator[tuple[slice, slice]]:
    """Walk along two copies and give the stretches where they differ, in linear time."""
    i = j = 0
    while True:
        while i < len(a) and j < len(b) and a[i] == b[j]:
            i, j = i + 1, j + 1
        if i == len(a) and j == len(b):
            return
        window = b[j : j + _WINDOW + _ANCHOR]
        for skip in range(min(_WINDOW, len(a) - i - _ANCHOR) + 1):
            met = window.find(a[i + skip : i + skip + _ANCHOR])
            if met >= 0:
                break
        else:
            skip, met = len(a) - i, len(b) - j
        yield slice(i, i + skip), slice(j, j + met)
        i, j = i + skip, j + met


def _around(text: str, part: slice) -> str:
    return text[max(part.start - _CONTEXT, 0) : part.stop + _CONTEXT]


def _similarity(a: str, b: str) -> float:
    """Give the share of characters that two copies have in common, 0 if they are no copies.

    Copies have the same numbers. Each stretch where they differ is typography, or is damaged in
    one of them; and then the damaged stretch has no sound word that the other one lacks.
    """
    if _NUMBER.findall(canonical(a)) != _NUMBER.findall(canonical(b)):
        return 0.0
    different = 0
    for left, right in _differences(a, b):
        worse, better = a[left], b[right]
        if canonical(worse) != canonical(better):
            marks = damage(_around(a, left)), damage(_around(b, right))
            if marks[0] == marks[1]:
                return 0.0
            if marks[0] < marks[1]:
                worse, better = better, worse
            if not set(_WORD.findall(_TAG.sub(" ", worse))) <= set(_WORD.findall(better)):
                return 0.0
        different += max(len(worse), len(better))
    return 1 - different / max(len(a), len(b), 1)


class _Passages:
    """The passages of an article with what is asked of them more than once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = [" ".join(text.split()) for text in texts]
        # Punctuation alone has an empty canonical form, but "***" is not "…".
        self._forms = [canonical(text) or text for text in self._texts]
        self._long = [len(form) >= _LONG for form in self._forms]
        self.rank = [(damage(text), index) for index, text in enumerate(self._texts)]
        self._names = self._name()

    def exact(self, i: int, j: int) -> bool:
        return self._forms[i] == self._forms[j]

    def similarity(self, i: int, j: int) -> float:
        """Compare two passages: 1 if equal in canonical form, 0 if they are no copies."""
        if self.exact(i, j):
            return 1.0
        found = _similarity(self._texts[i], self._texts[j])
        return found if found >= (_NEAR if self._long[i] and self._long[j] else _IN_RUN) else 0.0

    def _name(self) -> list[int]:
        """Give copies the same name: the index of the least damaged one.

        A long passage is compared with those that share its numbers and one of the least hashes
        of its shingles; all counts are bounded, so that time is linear.
        """
        names: dict[str, int] = {}
        buckets: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for _, index in sorted(self.rank):
            form = self._forms[index]
            if form in names:
                continue
            names[form] = index
            if not self._long[index]:
                continue
            numbers = tuple(_NUMBER.findall(form))
            mine = [buckets[numbers, value] for value in shingles(form)[:_SKETCH].tolist()]
            others = list(dict.fromkeys(other for bucket in mine for other in bucket))[:_TRIES]
            names[form] = next((o for o in others if self.similarity(o, index)), index)
            for bucket in mine:
                if names[form] == index and len(bucket) < _BUCKET:
                    bucket.append(index)
        return [names[form] for form in self._forms]

    def _alike(self, i: int, j: int) -> bool:
        return self._names[i] == self._names[j] or self.similarity(i, j) > 0

    def twins(self) -> dict[int, int]:
        """Pair every repeated passage with its first copy, short ones only beside a long one."""
        copies: list[set[int]] = [set() for _ in self._names]  # earlier ones of each passage
        seen: dict[int, list[int]] = defaultdict(list)
        for j, name in enumerate(self._names):
            if self._long[j]:
                copies[j].update(seen[name][:_TRIES])
                seen[name].append(j)
            if j:  # a run of neighbours goes on
                before = sorted(copies[j - 1])[:_TRIES]
                copies[j].update(i + 1 for i in before if self._alike(i + 1, j))
        for j in range(len(copies) - 1, 0, -1):  # and has begun before
            behind = sorted(copies[j])[:_TRIES]
            copies[j - 1].update(i - 1 for i in behind if i and self._alike(i - 1, j - 1))
        return {j: min(earlier) for j, earlier in enumerate(copies) if earlier}


def find_repeats(passages: Sequence[str]) -> list[Repeat]:
    """Find the paragraphs of one article that are copies of another one.

    Of every passage one copy stays, the least damaged one, or the first. A near copy differs by
    damage alone: never in a number, never in a sound word. Gives the passages to drop, by index.
    """
    article = _Passages(passages)
    roots: dict[int, int] = {}
    groups: dict[int, list[int]] = defaultdict(list)
    for j, i in sorted(article.twins().items()):
        roots[j] = roots.get(i, i)
        groups[roots[j]].append(j)
    repeats: list[Repeat] = []
    for root, copies in groups.items():
        kept = min((root, *copies), key=article.rank.__getitem__)
        repeats += (
            Repeat(index, kept, similarity, exact=article.exact(kept, index))
            for index in {root, *copies} - {kept}
            if (similarity := article.similarity(kept, index))
        )
    return sorted(repeats)


def reading_order(count: int, repeats: Sequence[Repeat]) -> list[int]:
    """Give the indexes of the passages that stay, each in the place of its first copy.

    A body pasted twice is damaged here in the one copy, there in the other: the kept passages
    come from both, and read in the order of the first.
    """
    place = list(range(count))
    for repeat in repeats:
        place[repeat.of] = min(place[repeat.of], repeat.index)
    dropped = {repeat.index for repeat in repeats}
    return sorted(set(range(count)) - dropped, key=place.__getitem__)


_WEAK = {"a", "an", "the", "that", "also", "too", "however", "meanwhile", "moreover", "indeed"}
# Words that turn or weaken a statement: both sentences must have the same ones.
_TURNING = re.compile(
    r"\b(?:not?|never|nor|neither|none|nobody|nothing|without|t|cannot|against|unless|if|only|hardly"
    r"|barely|false(?:ly)?|untrue|wrong(?:ly)?|den(?:y|ie[sd])|reject(?:s|ed)?|refuse[sd]?"
    r"|fail(?:s|ed)?|doubt(?:s|ed)?|may|might|could|would|should|will|shall|must|can|(?:un)?likely"
    r"|possibly|perhaps|maybe|allegedly|reportedly|almost|nearly|about)\b"
)
_MIN_WORDS = 5  # below this, one sentence restates another only when it is the same
_GAPS = 1.25  # words of the earlier sentence per word of the later one, where they meet
_EARLIER = 50  # earlier sentences that a sentence is compared with, at most


def _within(later: Sequence[str], earlier: Sequence[str]) -> bool:
    """Tell whether words stand in a sentence in their order with few, harmless words between."""
    reach = int(len(later) * _GAPS)
    return any(
        first == later[0] and _follow(later, iter(earlier[start : start + reach]))
        for start, first in enumerate(earlier)
    )


def _follow(words: Sequence[str], window: Iterator[str]) -> bool:
    """Tell whether all words are met in a window, one after the other, with no number between."""
    for word in words:
        met = next((m for m in window if m == word or any(map(str.isdigit, m))), None)
        if met != word:
            return False
    return True


def _restates(later: list[str], earlier: list[str]) -> bool:
    """Tell whether one sentence, by its words, is in another: as it is, or its halves swapped."""
    turns = [sorted(_TURNING.findall(" ".join(words))) for words in (later, earlier)]
    return turns[0] == turns[1] and any(
        _within(later[at:] + later[:at], earlier) for at in range(len(later))
    )


def restated(sentences: Sequence[str]) -> set[int]:
    """Find the English sentences that say nothing which one earlier sentence has not said.

    Such a sentence is the same in canonical form, or its words stand in the earlier one, in their
    order or with its halves swapped ("In 2024 it grew" and "It grew in 2024"), with the same
    negations and hedges. Paraphrases are not found: this is for precision.
    """
    seen: set[str] = set()
    found: set[int] = set()
    known: dict[str, list[list[str]]] = defaultdict(list)
    for index, sentence in enumerate(sentences):
        form = canonical(sentence)
        # 3.5 stays one word, so that it is not 3, nor 5.
        words = [word for word in re.sub(r"(?<=\d) (?=\d)", ".", form).split() if word not in _WEAK]
        if form in seen:
            found.add(index)
        elif len(words) >= _MIN_WORDS:
            rarest = min(words, key=lambda word: len(known[word]))
            if any(_restates(words, earlier) for earlier in known[rarest][:_EARLIER]):
                found.add(index)
        if form:
            seen.add(form)
        for word in set(words):
            known[word].append(words)
    return found
