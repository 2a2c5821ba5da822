"""Traditional and Simplified Chinese: telling them apart, and turning one into the other."""

from __future__ import annotations

from functools import cache
from typing import Literal

from opencc import OpenCC


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)


def convert(text: str, to: Literal["Hans", "Hant"]) -> str:
    """Convert Chinese text to the other script; what is in the right one already stays."""
    return str(_converter("t2s" if to == "Hans" else "s2t").convert(text))


def han_script(text: str) -> Literal["Hans", "Hant"]:
    """Tell the script from the characters: which of them would a conversion change?

    A text of shared characters alone, equally right in both, counts as Traditional: converting it
    loses nothing.
    """
    traditional = sum(a != b for a, b in zip(text, convert(text, "Hans"), strict=False))
    simplified = sum(a != b for a, b in zip(text, convert(text, "Hant"), strict=False))
    return "Hans" if simplified > traditional else "Hant"
