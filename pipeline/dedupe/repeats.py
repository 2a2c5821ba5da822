"""Passages that stand in one article twice, and sentences that say again what was said."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dedupe.canonical import canonical, sound_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_NUMBER = re.compile(r"−?\d+")
_LONG = 40  # characters; a shorter passage repeats only beside its neighbours
_GAP = 48  # characters that damage may have cost in one place
_SOUND = 0.7  # share of the whole copy that must be left in the damaged one
_MOST = 1000  # passages with the same numbers that a damaged one is compared with
_TRIES = 8  # copies of a passage whose neighbours are compared: a bound


class _Passage(NamedTuple):
    """What is compared of a passage: length, damage, numbers, and its form around the damage."""

    size: int
    damage: int
    numbers: tuple[str, ...]
    pieces: tuple[str, ...]  # canonical, without spaces

    @classmethod
    def of(cls, text: str) -> _Passage:
        text = " ".join(text.split())
        # Punctuation alone has an empty canonical form, but "***" is not "…".
        pieces = [canonical(piece).replace(" ", "") for piece in sound_parts(text)]
        numbers = _NUMBER.findall(canonical(text))
        forms = tuple(pieces) if any(pieces) else (text,)
        return cls(len(text), len(pieces) - 1, tuple(numbers), forms)

    @property
    def key(self) -> tuple[tuple[str, ...], ...]:
        """Give what is the same in two passages that say the same."""
        return self.numbers, self.pieces


def _same(better: _Passage, worse: _Passage) -> bool:
    """Tell whether two passages are equal, or the worse one but for gaps where it is damaged."""
    if better.key == worse.key:
        return True
    if better.numbers != worse.numbers or not worse.damage:
        return False
    whole, at = "".join(better.pieces), 0
    for piece in worse.pieces:
        found = whole.find(piece, at, at + _GAP + len(piece))
        if found < 0:
            return False
        at = found + len(piece)
    return len(whole) - at <= _GAP and sum(map(len, worse.pieces)) >= _SOUND * len(whole)


def _named(passages: Sequence[_Passage]) -> list[int]:
    """Give copies the same name: the index of the least damaged one."""
    names: dict[tuple[tuple[str, ...], ...], int] = {}
    known: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, one in sorted(enumerate(passages), key=lambda item: item[1].damage):
        if one.key not in names:
            others = known[one.numbers] if one.size >= _LONG else []
            same = (other for other in others[:_MOST] if _same(passages[other], one))
            names[one.key] = next(same, index) if one.damage else index
            others.append(index)
    return [names[one.key] for one in passages]


def _twins(passages: Sequence[_Passage]) -> dict[int, int]:
    """Pair every repeated passage with an earlier copy, short ones only beside a long one."""
    names = _named(passages)
    copies: list[set[int]] = [set() for _ in passages]  # earlier ones of each passage
    seen: dict[int, list[int]] = defaultdict(list)

    def pair(j: int, others: Iterable[int]) -> None:
        for i in sorted(others)[:_TRIES]:
            worse, better = sorted((passages[i], passages[j]), key=lambda one: -one.damage)
            if i >= 0 and (names[i] == names[j] or _same(better, worse)):
                copies[j].add(i)

    for j, one in enumerate(passages):
        if one.size >= _LONG:
            pair(j, seen[names[j]])
            seen[names[j]].append(j)
        if j:  # a run of neighbours goes on
            pair(j, [i + 1 for i in copies[j - 1]])
    for j in range(len(passages) - 1, 0, -1):  # and has begun before
        pair(j - 1, [i - 1 for i in copies[j]])
    return {j: min(earlier) for j, earlier in enumerate(copies) if earlier}


def find_repeats(passages: Sequence[str]) -> dict[int, int]:
    """Find the paragraphs of one article that are copies of another one.

    Of every passage one copy stays, the least damaged one, or the first. A copy differs by damage
    alone: never in a number, never in a sound word. Gives the passages to drop, by index, each with
    the index of the copy that stays.
    """
    known = [_Passage.of(passage) for passage in passages]
    groups: dict[int, list[int]] = {}
    roots: dict[int, int] = {}
    for j, i in sorted(_twins(known).items()):
        roots[j] = roots.get(i, i)
        groups.setdefault(roots[j], [roots[j]]).append(j)
    repeats: dict[int, int] = {}
    for copies in groups.values():
        kept = min(copies, key=lambda index: known[index].damage)
        repeats |= {i: kept for i in copies if i != kept and _same(known[kept], known[i])}
    return repeats


def reading_order(count: int, repeats: Mapping[int, int]) -> list[int]:
    """Give the indexes of the passages that stay, each in the place of its first copy.

    A body pasted twice is damaged here in the one copy, there in the other: the kept passages
    come from both, and read in the order of the first.
    """
    place = list(range(count))
    for dropped, kept in repeats.items():
        place[kept] = min(place[kept], dropped)
    return sorted(set(range(count)) - set(repeats), key=place.__getitem__)


_WEAK = {"a", "an", "the", "that", "also", "too", "however", "meanwhile", "moreover", "indeed"}
# Words that turn or weaken a statement: both sentences must have the same ones.
_TURNING = re.compile(
    r"\b(?:not?|never|nor|neither|none|nobody|nothing|without|t|cannot|against|unless|if|only|hardly"
    r"|barely|false(?:ly)?|untrue|wrong(?:ly)?|den(?:y|ie[sd])|reject(?:s|ed)?|refuse[sd]?"
    r"|fail(?:s|ed)?|doubt(?:s|ed)?|may|might|could|would|should|will|shall|must|can|(?:un)?likely"
    r"|possibly|perhaps|maybe|allegedly|reportedly|almost|nearly|about)\b"
)
_MIN_WORDS = 5  # below this, one sentence restates another only when it is the same


def restated(sentences: Sequence[str]) -> set[int]:
    """Find the English sentences that say nothing which one earlier sentence has not said.

    Such a sentence is the same in canonical form, or its words stand in the earlier one as they
    are, or with its halves swapped ("In 2024 it grew" and "It grew in 2024"), with the same
    negations and hedges. Paraphrases are not found: this is for precision.
    """
    found: set[int] = set()
    known: dict[tuple[str, ...], list[str]] = defaultdict(list)  # by negations and hedges
    for index, sentence in enumerate(sentences):
        # 3.5 stays one word, so that it is not 3, nor 5.
        form = re.sub(r"(?<=\d) (?=\d)", ".", canonical(sentence))
        words = [word for word in form.split() if word not in _WEAK]
        said = f" {' '.join(words)} "
        earlier = known[tuple(sorted(_TURNING.findall(form)))]
        if any(
            said in one if len(words) >= _MIN_WORDS else one == said + said[1:] for one in earlier
        ):
            found.add(index)
        elif words:
            earlier.append(said + said[1:])  # twice, as halves may be swapped
    return found
