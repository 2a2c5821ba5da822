"""Text that remembers where in the input each of its characters came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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

    @classmethod
    def join(cls, parts: Sequence[Aligned]) -> Aligned:
        """Put texts one behind the other."""
        return cls(
            "".join(part.text for part in parts),
            np.concatenate([part.starts for part in parts]),
            np.concatenate([part.ends for part in parts]),
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
        parts: list[Aligned] = []
        done = 0
        for edit in edits:
            if not done <= edit.start <= edit.end <= len(self.text):
                raise ValueError(f"{edit} overlaps the edit before it or leaves the text")
            spans = (np.full(len(edit.after), at, np.int32) for at in self.span(*edit[:2]))
            parts += (self[done : edit.start], Aligned(edit.after, *spans))
            done = edit.end
        return Aligned.join((*parts, self[done:]))
