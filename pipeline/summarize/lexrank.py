"""LexRank by sparse matrices: what sumy computes pair by pair in Python.

Erkan and Radev: LexRank: Graph-based Lexical Centrality as Salience in Text Summarization (2004).
"""

# mypy: allow-untyped-calls
# (SciPy carries no types)

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from pipeline.summarize.methods import STOP_WORDS, stem, words

if TYPE_CHECKING:
    from collections.abc import Sequence

ALIKE = 0.1  # the cosine above which two sentences are linked
SETTLED = 0.1  # the change of the vector of ratings below which the iteration ends; both as in sumy


def lexrank(sentences: Sequence[str]) -> list[float]:
    """Rate each sentence by how many it resembles, and how central those are (0 to 1)."""
    columns: dict[str, int] = {}
    cells = [
        (row, columns.setdefault(stem(word), len(columns)))
        for row, sentence in enumerate(sentences)
        for word in words(sentence)
        if word not in STOP_WORDS
    ]
    if not cells:
        return [0.0] * len(sentences)
    shape = (len(sentences), len(columns))
    counts = csr_array((np.ones(len(cells)), np.transpose(cells)), shape=shape)
    weights = counts * np.log(len(sentences) / (1 + np.bincount(counts.indices)))
    lengths = np.sqrt(np.asarray((weights * weights).sum(axis=1)))
    unit = weights / np.where(lengths > 0, lengths, 1.0)[:, None]
    links = ((unit @ unit.T) > ALIKE).astype(np.float64)
    degrees = np.maximum(links.sum(axis=1), 1.0)
    ratings = np.full(len(sentences), 1 / len(sentences))
    change = math.inf
    while change > SETTLED:
        before, ratings = ratings, links.T @ (ratings / degrees)
        ratings /= np.linalg.norm(ratings) or 1.0
        change = float(np.linalg.norm(ratings - before))
    return [float(rating) for rating in ratings]
