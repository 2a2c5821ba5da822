"""Text that remembers where in the input each of its characters came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


class Edit(NamedTuple):
    """Replace `text[start:end]` by `after`; an empty `after` deletes."""

    start: int
    end: int
    after: str


@dataclass(frozen=True, eq=False)
class Aligned:
    """A text with the input span of every character.

    `starts` and `ends` have one int32 per character of `text`: the character at `i` came from
    `input[starts[i]:ends[i]]`. All characters of a replacement share the
    span of what they replaced.
    """

    text: str
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    @classmethod
    def identity(cls, text: str, offset: int = 0) -> Aligned:
        """Align a text with itself, its first character at `offset` of the input."""
        starts = np.arange(offset, offset + len(text), dtype=np.int32)
        return cls(text, starts, starts + np.int32(1))

    def __getitem__(self, part: slice) -> Aligned:
        return Aligned(self.text[part], self.starts[part], self.ends[part])

    def __add__(self, other: Aligned) -> Aligned:
        return Aligned(
            self.text + other.text,
            np.concatenate((self.starts, other.starts)),
            np.concatenate((self.ends, other.ends)),
        )

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the input span of `text[start:end]`; an empty range gives an empty span."""
        if start >= end:
            if start < len(self.text):
                at = int(self.starts[start])
            else:
                at = int(self.ends[-1]) if len(self.ends) else 0
            return at, at
        return int(self.starts[start:end].min()), int(self.ends[start:end].max())

    def strip(self) -> Aligned:
        """Drop white space at both ends."""
        left = len(self.text) - len(self.text.lstrip())
        return self[left : left + len(self.text.strip())]

    def apply(self, edits: Iterable[Edit]) -> Aligned:
        """Apply edits, given in ascending order without overlap.

        Raises:
            ValueError: if an edit overlaps the one before it or leaves the text.
        """
        texts: list[str] = []
        starts: list[NDArray[np.int32]] = []
        ends: list[NDArray[np.int32]] = []
        done = 0
        for edit in edits:
            if not done <= edit.start <= edit.end <= len(self.text):
                raise ValueError(f"{edit} overlaps the edit before it or leaves the text")
            texts += (self.text[done : edit.start], edit.after)
            span = self.span(edit.start, edit.end)
            size = len(edit.after)
            starts += (self.starts[done : edit.start], np.full(size, span[0], np.int32))
            ends += (self.ends[done : edit.start], np.full(size, span[1], np.int32))
            done = edit.end
        if not texts:
            return self
        return Aligned(
            "".join((*texts, self.text[done:])),
            np.concatenate((*starts, self.starts[done:])),
            np.concatenate((*ends, self.ends[done:])),
        )
