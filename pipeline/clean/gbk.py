"""Characters by their bytes in GBK and by their sound: what a lost byte leaves to choose from."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.detect.han import convert

if TYPE_CHECKING:
    from collections.abc import Iterable


class Lost(NamedTuple):
    """A character of which one byte is known; of a swallowed ASCII character, neither is."""

    lead: int = 0
    trail: int = 0


@cache
def encoded(character: str) -> bytes:
    """Encode to one byte or two; what GBK has no place for, to none."""
    code = character.encode("gb18030", "ignore")  # as GBK, and with its private-use areas
    return code if len(code) <= 2 else b""


@cache
def decoded(lead: int, trail: int) -> str:
    """Decode two bytes, to nothing unless they are one character."""
    character = bytes((lead, trail)).decode("gb18030", "ignore") if lead > 0x80 else ""
    return "" if character.isascii() or len(character) > 1 else character


@cache
def any_of(lost: Lost) -> str:
    """Give the pattern of all characters that a lost one may have been."""
    if lost == Lost():
        return ""
    leads = [lost.lead] if lost.lead else range(0x81, 0xFF)
    trails = [lost.trail] if lost.trail else range(0x40, 0xFF)
    return f"[{re.escape(''.join(decoded(lead, trail) for lead in leads for trail in trails))}]"


@cache
def is_frequent(character: str) -> bool:
    """Tell whether a character's Simplified form is in the first level of GB 2312."""
    code = encoded(convert(character, "Hans"))
    return b"\xb0\xa1" <= code <= b"\xd7\xf9" and code[1] > 0xA0


class Knowledge:
    """What the document tells of characters: how often they occur, and how they are read."""

    def __init__(self, text: str, readings: Iterable[re.Match[str]]) -> None:
        self._counts = Counter(text)
        self._read = defaultdict(set)  # the characters seen with a reading
        for match in readings:
            if not match[1].isascii():
                self._read[match[2]].add(match[1])

    def character(self, lead: int, reading: str) -> str:
        """Find the character with this lead byte and reading, `""` unless exactly one fits."""
        fits = [c for c in self._read.get(reading, ()) if encoded(c)[0] == lead]
        if len(fits) != 1:
            fits = [c for c in _row(lead) if reading in _readings(c)]
        return fits[0] if len(fits) == 1 else ""

    def likelihood(self, atoms: Iterable[str | Lost]) -> float:
        """Rate characters by how frequent they are, in the document and at large."""
        rates = [
            math.log(self._counts[atom] + 0.1) + 3 * is_frequent(atom)
            for atom in atoms
            if isinstance(atom, str) and not atom.isascii()
        ]
        return sum(rates) / len(rates) if rates else 0.0


@cache
def _row(lead: int) -> list[str]:
    return [c for trail in range(0x40, 0xFF) if (c := decoded(lead, trail)) and is_frequent(c)]


@cache
def _readings(character: str) -> list[str]:
    from pypinyin import pinyin  # noqa: PLC0415 - half a second, for damaged pages alone

    return pinyin(character, heteronym=True)[0]
