"""Characters by their bytes in GBK and by their sound: what a lost byte leaves to choose from."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

from pipeline.detect.han import convert

if TYPE_CHECKING:
    from collections.abc import Iterable


class Lost(NamedTuple):
    """A character of which one byte is known; of a swallowed ASCII character, neither is."""

    lead: int = 0
    trail: int = 0


@cache
def sound(reading: str) -> tuple[str, int]:
    """Split a reading into its letters and its tone, 0 where it has none."""
    letters = unicodedata.normalize("NFD", reading)
    tones = [tone for letter in letters if (tone := "\u0304\u0301\u030c\u0300".find(letter)) >= 0]
    bare = re.sub("[\u0304\u0301\u030c\u0300]", "", letters)
    return unicodedata.normalize("NFC", bare), tones[0] + 1 if tones else 0


@cache
def encoded(character: str) -> bytes:
    """Encode to one byte or two; what GBK has no place for, to none."""
    code = character.encode("gb18030", "ignore")  # as GBK, and with its private-use areas
    return code if len(code) <= 2 else b""


@cache
def decoded(lead: int, trail: int) -> str:
    """Decode two bytes, to nothing unless they are one character."""
    character = bytes((lead, trail)).decode("gb18030", "ignore") if lead > 0x80 else ""
    return "" if character.isascii() else character


@cache
def any_of(lost: Lost) -> str:
    """Give the pattern of all characters that a lost one may have been."""
    if lost == Lost():
        return ""
    leads = [lost.lead] if lost.lead else range(0x81, 0xFF)
    trails = [lost.trail] if lost.trail else range(0x40, 0xFF)
    row = [decoded(lead, trail) for lead in leads for trail in trails]
    return "[" + re.escape("".join(c for c in row if len(c) == 1)) + "]"


class Knowledge:
    """What the document itself tells: how often its characters occur, and how they are read."""

    def __init__(self, text: str, readings: Iterable[re.Match[str]]) -> None:
        self._counts = Counter(text)
        self._read = defaultdict(set)  # the characters seen with a reading
        for match in readings:
            if not match[1].isascii():
                self._read[match[2]].add(match[1])
        self._answers: dict[tuple[int, str], str] = {}

    def character(self, lead: int, reading: str) -> str:
        """Find the character with this lead byte and reading, `""` unless exactly one fits."""
        if (lead, reading) not in self._answers:
            fits = [c for c in self._read.get(reading, ()) if encoded(c)[0] == lead]
            if len(fits) != 1:
                fits = self._by_order(lead, sound(reading))
            self._answers[lead, reading] = fits[0] if len(fits) == 1 else ""
        return self._answers[lead, reading]

    def _by_order(self, lead: int, sound: tuple[str, int]) -> list[str]:
        """Find characters by the order of GB 2312, whose first level is sorted by sound.

        The readings of the document are the landmarks between which an unread character lies.
        """
        row = [c for trail in range(0x40, 0xFF) if len(c := decoded(lead, trail)) == 1]
        return [
            c
            for c in row
            if (place := place_by_sound(c))
            and all(
                (at <= place) if s < sound else (at >= place)
                for at, s in self._landmarks
                if s != sound
            )
        ]

    @cached_property
    def _landmarks(self) -> list[tuple[bytes, tuple[str, int]]]:
        """Give places in GB 2312 with their sounds, without characters of several sounds."""
        marks = [
            (p, sound(r)) for r, cs in self._read.items() for c in cs if (p := place_by_sound(c))
        ]
        return [
            (p, s)
            for p, s in marks
            if sum((p < q and s > z) or (p > q and s < z) for q, z in marks) < 0.2 * len(marks)
        ]

    def likelihood(self, atoms: Iterable[str | Lost], own: Counter[str]) -> float:
        """Rate characters by how frequent they are, in the rest of the document and at large."""
        rates = [
            math.log(max(self._counts[a] - own[a], 0) + 0.1) + (3 if place_by_sound(a) else 0)
            for a in atoms
            if isinstance(a, str) and not a.isascii()
        ]
        return sum(rates) / len(rates) if rates else 0.0


@cache
def place_by_sound(character: str) -> bytes:
    """Give a character's code in the first level of GB 2312: frequent, and sorted by sound."""
    code = encoded(convert(character, "Hans"))
    return code if b"\xb0\xa1" <= code <= b"\xd7\xf9" and code[1] > 0xA0 else b""
