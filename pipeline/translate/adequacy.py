"""How far a translation says what its source says, by a lexicon: a witness beside the model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.article import Flag
from pipeline.translate.lexicon import is_heard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.translate.lexicon import Lexicon

_ENGLISH = re.compile(r"[^\W\d_][^\W\d_'’]+")
_LEAST_WORDS = 4  # of the source; fewer say little
# In 99 of 100 sentences of news right translations have more, those of other sentences in one of 5.
_LEAST = 0.28


class Adequacy(NamedTuple):
    """What the words tell of a translation; where none is known, nothing is amiss.

    `covered` is the share of the source's `words` that come out in English, `accounted` the share
    of the English words that some source word means, both 0 to 1.
    """

    covered: float
    accounted: float
    words: int

    @property
    def total(self) -> float:
        """Add both shares, 0 to 2."""
        return self.covered + self.accounted


def doubts(adequacy: Adequacy | None) -> Iterator[Flag]:
    """Flag what hardly has a word in common with its source."""
    if adequacy and adequacy.words >= _LEAST_WORDS and adequacy.total <= _LEAST:
        came = round(adequacy.covered * adequacy.words)
        yield Flag("meaning", f"{came} of {adequacy.words} words come out")


def compare(lexicon: Lexicon, source: str, translation: str) -> Adequacy:
    """Compare a sentence and its English word by word."""
    from pipeline.summarize.methods import STOP_WORDS, stem  # noqa: PLC0415 - brings sumy and NLTK

    known = list(lexicon.words(source))
    english = {w for w in _ENGLISH.findall(translation) if w.lower() not in STOP_WORDS}
    stems = {stem(word.lower()) for word in english}
    names = [word.lower() for word in english if word[0].isupper()]
    meant = [{stem(part) for word, _ in each.entry for part in word.split()} for each in known]
    came = [
        not stems.isdisjoint(meanings) or any(is_heard(word.sound, name) for name in names)
        for word, meanings in zip(known, meant, strict=True)
    ]
    meanings, sounds = set().union(*meant), [word.sound for word in known]
    kept = source.casefold()  # names in Latin letters
    told = [
        stem(word.lower()) in meanings
        or word.casefold() in kept
        or (word[0].isupper() and any(is_heard(sound, word.lower()) for sound in sounds))
        for word in english
    ]
    return Adequacy(_share(came), _share(told), len(known))


def _share(found: list[bool]) -> float:
    return sum(found) / len(found) if found else 1.0
