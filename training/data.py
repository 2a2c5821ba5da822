"""From files of sentence pairs to batches of token ids.

A data folder holds `LANGUAGE-en.tsv`, plain or compressed as `.xz`: source, English and origin of
one pair a line, in document order, and the hints of a lexicon if `lexicon.py` has put them there.
`selection.toml` says how many pairs of which origin to use.

A pair becomes `<bos> TAG source... EN... translation... <eos>`; TAG and EN are reserved pieces of
the vocabulary, so that one model reads every language. Hints stand behind the source and a line
break.
"""

from __future__ import annotations

import lzma
import random
import re
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from model import IGNORED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tokenizers import Tokenizer
    from torch import Tensor

END, START = 1, 2
TAGS = {"kk": 6, "ru": 7, "he": 8, "id": 9, "zh": 10, "en": 11}  # <unused0> to <unused5>
RESERVED = 12  # ids below it are never text
LONGEST = 320  # tokens of a pair, hints included
ALIGN = 8  # prompts are filled up with EN to a multiple, as `align` in model.yaml says
JOINED_CHARACTERS = 260  # of the English of two joined sentences
MARKUP = re.compile(r"https?://|[{}<>`]|%s")
WORD = re.compile(r"[^\W\d_]{2}")
SPACELESS = {"zh"}  # sentences follow each other without a space
POOL = 12  # batches sorted by length at once


class Pair(NamedTuple):
    """A sentence and its translation; `line` is its place in the file, `hints` a lexicon's."""

    source: str
    english: str
    origin: str
    line: int
    hints: str | None = None


class Example(NamedTuple):
    """A pair as token ids: the prompt up to EN, and the target up to `<eos>`."""

    prompt: list[int]
    target: list[int]

    @property
    def length(self) -> int:
        """Give the number of tokens."""
        return len(self.prompt) + len(self.target)


Examples = dict[str, list[Example]]  # by language


@dataclass(frozen=True)
class Selection:
    """What to train on: per language its share of the tokens and the most pairs per origin."""

    shares: dict[str, float]
    origins: dict[str, dict[str, int]]
    documents: frozenset[str]  # origins whose neighbouring lines belong together
    join: float  # share of the neighbours that become one example
    held_out: int  # examples per language kept for measuring the loss

    @classmethod
    def load(cls, path: Path) -> Selection:
        """Read a selection from a TOML file."""
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(raw["shares"], raw["origins"], frozenset(raw["documents"]), raw["join"],
                   raw["held_out"])  # fmt: skip


def prompt(tokenizer: Tokenizer, language: str, source: str, hints: str | None = None) -> list[int]:
    """Give the token ids that ask for the translation of `source`."""
    lines = source if hints is None else f"{source}\n{hints}"
    text = tokenizer.encode(lines, add_special_tokens=False).ids
    asked = [START, TAGS[language], *text, TAGS["en"]]
    return asked + asked[-1:] * (-len(asked) % ALIGN)


def read(path: Path) -> Iterator[Pair]:
    """Read the pairs of one file; what follows a colon in an origin is a note."""
    opened = lzma.open if path.suffix == ".xz" else Path.open
    with opened(path, "rt", encoding="utf-8") as file:
        for line, row in enumerate(file):
            source, english, origin, *hints = row.rstrip("\n").split("\t")[:4]
            yield Pair(source.strip(), english.strip(), origin.split(":")[0], line, *hints)


def is_prose(pair: Pair) -> bool:
    """Tell whether a pair is text of a few to 70 words, without markup or placeholders."""
    plain = not MARKUP.search(pair.english) and WORD.search(pair.english)
    return bool(plain) and 2 <= len(pair.english.split()) <= 70


def join_neighbours(pairs: list[Pair], share: float, glue: str, rng: random.Random) -> list[Pair]:
    """Join a share of the neighbouring lines of one document: real texts are not one sentence."""
    joined: list[Pair] = []
    for pair in pairs:
        before = joined[-1] if joined else None
        if (
            before
            and pair.line == before.line + 1
            and before.english[-1] in ".!?"
            and len(before.english) + len(pair.english) <= JOINED_CHARACTERS
            and rng.random() < share
        ):
            source, english = before.source + glue + pair.source, f"{before.english} {pair.english}"
            hints = " ".join(h for h in (before.hints, pair.hints) if h) if pair.hints else None
            # joined once, never again
            joined[-1] = Pair(source, english, pair.origin, -1, hints)
        else:
            joined.append(pair)
    return joined


def pick(path: Path, language: str, selection: Selection, rng: random.Random) -> list[Pair]:
    """Draw the wanted number of pairs of every origin, shuffled."""
    wanted = selection.origins[language]
    found: dict[str, list[Pair]] = defaultdict(list)
    for pair in read(path):
        if pair.origin in wanted and is_prose(pair):
            found[pair.origin].append(pair)
    picked: list[Pair] = []
    for origin, pairs in found.items():
        drawn = sorted(rng.sample(pairs, min(wanted[origin], len(pairs))), key=lambda p: p.line)
        if origin in selection.documents:
            glue = "" if language in SPACELESS else " "
            drawn = join_neighbours(drawn, selection.join, glue, rng)
        picked += drawn
    rng.shuffle(picked)
    print(language, dict(Counter(pair.origin for pair in picked)), flush=True)
    return picked


def encode(pairs: list[Pair], language: str, tokenizer: Tokenizer) -> list[Example]:
    """Give the pairs as token ids, without those that are too long."""
    targets = tokenizer.encode_batch([pair.english for pair in pairs], add_special_tokens=False)
    examples = [
        Example(prompt(tokenizer, language, pair.source, pair.hints), [*target.ids, END])
        for pair, target in zip(pairs, targets, strict=True)
    ]
    return [example for example in examples if example.length <= LONGEST]


def load_all(folder: Path, languages: Iterable[str], tokenizer: Tokenizer) -> Examples:
    """Give every pair of a data folder, by language: text to measure the loss on."""
    return {
        language: encode(list(read(_file(folder, language))), language, tokenizer)
        for language in languages
    }


def load(
    folder: Path, selection: Selection, tokenizer: Tokenizer, seed: int = 0
) -> tuple[Examples, Examples]:
    """Give the examples to train on and those held out, by language."""
    training, held_out = {}, {}
    for language in selection.shares:
        pairs = pick(_file(folder, language), language, selection, random.Random(seed))
        examples = encode(pairs, language, tokenizer)
        held_out[language] = examples[: selection.held_out]
        training[language] = examples[selection.held_out :]
    return training, held_out


def _file(folder: Path, language: str) -> Path:
    """Find the pairs of a language."""
    return next(folder.glob(f"{language}-en.tsv*"))


def collate(batch: list[Example]) -> tuple[Tensor, Tensor]:
    """Give token ids and labels, both [B, T] int64; only target tokens are judged."""
    width = max(example.length for example in batch)
    ids = np.zeros((len(batch), width), np.int64)
    labels = np.full((len(batch), width), IGNORED, np.int64)
    for row, (asked, target) in enumerate(batch):
        middle, end = len(asked), len(asked) + len(target)
        ids[row, :end] = [*asked, *target]
        labels[row, middle - 1 : end - 1] = target
    return torch.from_numpy(ids), torch.from_numpy(labels)


@dataclass
class Batches:
    """Endless batches of examples of like length, so that little is padding.

    Languages are drawn by their share of the tokens, examples of a language in turn. `drawn` counts
    them, and is all that a checkpoint keeps: on resuming, at most one pool is left out.
    """

    examples: Examples
    shares: dict[str, float]
    tokens: int  # padded tokens of a batch, at most
    seed: int = 0
    drawn: dict[str, int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[list[Example]]:
        """Draw pool after pool; its batches come in random order."""
        rng = random.Random(self.seed + sum(self.drawn.values()))
        rates = [
            self.shares[language] / np.mean([example.length for example in examples])
            for language, examples in self.examples.items()
        ]
        while True:
            batches = list(self._cut(self._pool(rates, rng)))
            rng.shuffle(batches)
            yield from batches

    def _pool(self, rates: list[float], rng: random.Random) -> list[Example]:
        """Draw examples for `POOL` batches, sorted by length."""
        pool: list[Example] = []
        size = 0
        while size < POOL * self.tokens:
            language = rng.choices(list(self.examples), rates)[0]
            number = self.drawn.get(language, 0)
            self.drawn[language] = number + 1
            pool.append(self.examples[language][number % len(self.examples[language])])
            size += pool[-1].length
        return sorted(pool, key=lambda example: example.length)

    def _cut(self, pool: list[Example]) -> Iterator[list[Example]]:
        """Cut a sorted pool into batches of at most `tokens` padded tokens."""
        batch: list[Example] = []
        for example in pool:
            if batch and (len(batch) + 1) * example.length > self.tokens:
                yield batch
                batch = []
            batch.append(example)
        yield batch
