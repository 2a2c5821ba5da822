"""What stands by a number in the words of any language: `%`, o'clock, `to`, century."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from pipeline.languages import codes, facts

_BLANK: Final = "[ \u00a0\u202f\u2009]"
_HOUR, _MINUTE = r"\s?(?:<hour>)\s?", r"\s?(?:<minute>)"
# In a shape `<hour>` stands for what all languages have under that name.
_SHAPES: Final = {
    "time": rf"([01]?\d|2[0-4])(?:[:.]\s?|{_HOUR})([0-5]\d|\d(?={_MINUTE})|<half_hour>)"
    rf"(?:{_MINUTE})?",
    "number": rf"(?<!\d)(?:\d{{1,2}}(?:{_HOUR}(?:<half_hour>|\d{{1,2}}{_MINUTE})"
    rf"|:\s[0-5]\d(?![.,]?\d))"
    rf"|\d{{1,3}}(?:(?:{_BLANK}|['’])\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,:]\d+)*)",
    "percent": r"\s*-?\s*(?i:[%％٪﹪]|<percent>)",
    "percent_of": r"(?:<percent_of>)\Z",
    "tenths": "<tenths>",
    "range": r"\s*(?i:[-–—−־~～/、]|<range>){1,2}\s*(?i:[$€£¥₽₸]|<currency>)?\s*",
    "month": r"\s?(?:<month>)",
    "decade": "<decade>",
    # The 20th century is often left out in English: the 1970s.
    "century": r"(?:-?[^\W\d_]{0,2})?\s*(?:<century>)",
    "of_century": r"(?:<of_century>)\Z",
    # Between a number and its scale may stand an ending (10-ти тысяч) or "more than" (20多萬).
    "before_scale": r"(?:-[^\W\d_]{1,4})?[\s-]{0,2}|\s?(?:<more_than>)\s?",
}


@cache
def mark(name: str) -> re.Pattern[str]:
    """Compile the pattern of one kind of mark, over all languages."""
    return re.compile(re.sub(r"<([a-z_]+)>", lambda match: in_any(match[1]), _SHAPES[name]))


@cache
def in_any(name: str) -> str:
    """Give one regular expression for what any language has under a name in `[quantities]`."""
    written = {one for code in codes() for one in getattr(facts(code).quantities, name)}
    return f"(?:{'|'.join(sorted(written))})" if written else "(?!)"
