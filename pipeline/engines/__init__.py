"""Translation engines: what every one of them offers, and the error they all raise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.translate.estimate import Calibration


class ModelError(Exception):
    """A model that is missing, broken or unknown: says what, where, and what to do next."""


class Translation(NamedTuple):
    """The English for one sentence.

    `score` is the mean log-probability per output token (0.0 for an empty sentence); it counts
    tokens that were then cut off, as `flags` says: `split` (over-long, translated in parts),
    `repeated` (an endless repetition was stopped; one round of it is left) or `truncated` (stopped
    at the length limit before the sentence ended).
    """

    text: str
    score: float = 0.0
    flags: tuple[str, ...] = ()


class Translator(Protocol):
    """An engine. Making one loads nothing; the first `translate` loads each model once."""

    name: str

    def languages(self) -> frozenset[str]:
        """Give the BCP 47 tags that can be translated into English."""

    def quality(self, language: str) -> str:
        """Give the quality class shown to readers, such as `draft` or `standard`."""

    def calibration(self, language: str) -> Calibration | None:
        """Give what its translations are estimated by; None if they never were compared."""

    def fingerprint(self, language: str, *, careful: bool = False) -> str:
        """Identify model and decoding options for cache keys; reads no model weights."""

    def files(self) -> dict[str, str]:
        """Map the model files or packages in use to their SHA-256."""

    def problems(self, *, verify: bool = False) -> list[str]:
        """List what is missing or broken, each with what to do next; `verify` hashes all files."""

    def translate(
        self, sentences: Sequence[str], language: str, *, careful: bool = False
    ) -> Iterator[list[tuple[int, Translation]]]:
        """Yield one list of (index into `sentences`, result) per decoded batch, in any order.

        Every index comes exactly once. `careful` searches wider, for sentences that went wrong.

        Raises:
            ModelError: if the language is not served or a model file is missing or broken.
        """
