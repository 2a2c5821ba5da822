"""Conversion between the two Chinese scripts, with OpenCC."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import opencc


@cache
def _converter(config: str) -> Any:
    return opencc.OpenCC(config)


def convert(text: str, config: Literal["s2t", "t2s"]) -> str:
    """Turn Simplified into Traditional characters (`s2t`) or the other way round (`t2s`)."""
    return str(_converter(config).convert(text))
