"""From files to articles: a module for each input format, found by its entry point.

A format is anything with the two functions of `Reader`, a module as well, under an entry point in
the group `pipeline.readers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pipeline.article import Article


class Reader(Protocol):
    """An input format."""

    def claims(self, text: str, suffix: str) -> int:
        """Say how surely a decoded file is of this format; the highest claim reads it.

        0: it is not; 1: it may be; 2: its name says so (`suffix` is lower case, with its dot);
        3: its text says so.
        """

    def read(self, article: Article) -> Article:
        """Add the blocks of `article.text` as `segments`, what is to be read of it as `body`."""
