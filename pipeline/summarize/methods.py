"""Which sentences of an English text say most: the extractive methods of sumy, at our speed.

sumy compares every pair of sentences in Python, which takes minutes for a long article. The
subclasses here compute the same ratings with sparse matrices.
"""

# mypy: allow-untyped-calls
# (sumy and SciPy carry no types)

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from sumy.models.dom import (  # type: ignore[attr-defined]  # sumy names no exports
    ObjectDocumentModel,
    Paragraph,
    Sentence,
)
from sumy.nlp.stemmers import Stemmer
from sumy.summarizers.kl import KLSummarizer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.lsa import LsaSummarizer
from sumy.summarizers.luhn import LuhnSummarizer
from sumy.summarizers.reduction import ReductionSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer
from sumy.utils import get_stop_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

# Letters and digits, joined inside by a hyphen, an apostrophe, a point or a comma: GPT-4o, 8.5.
_WORD = re.compile(r"[^\W_]+(?:[-'.,][^\W_]+)*")


class _Tokenizer:
    """What sumy asks of a tokenizer; its own wants NLTK data, which would have to be downloaded."""

    @staticmethod
    def to_sentences(paragraph: str) -> tuple[str, ...]:
        return (paragraph,)

    @staticmethod
    def to_words(sentence: str) -> tuple[str, ...]:
        return tuple(_WORD.findall(sentence.lower().replace("’", "'")))


class _Unit(Sentence):
    """A sentence equal to itself alone; sumy adds the ratings of sentences of equal text up."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__


class _Ratings:
    """Makes a summarizer give the rating of every sentence in place of the best sentences."""

    @staticmethod
    def _get_best_sentences(
        sentences: Sequence[Sentence],
        _count: int,
        rating: Mapping[Sentence, float] | Callable[..., float],
        *arguments: object,
    ) -> list[float]:
        rate = rating if callable(rating) else rating.__getitem__
        return [float(rate(sentence, *arguments)) for sentence in sentences]


def _word_counts(sentences: Sequence[Sequence[str]]) -> tuple[csr_array, dict[str, int]]:
    """Count the words of each sentence: (sentences, words) float64, and the column of each word."""
    columns: dict[str, int] = {}
    cells = [columns.setdefault(word, len(columns)) for word in chain.from_iterable(sentences)]
    rows = np.cumsum([0, *map(len, sentences)])
    shape = (len(sentences), len(columns))
    counts = csr_array((np.ones(len(cells)), np.array(cells, np.intp), rows), shape=shape)
    counts.sum_duplicates()
    return counts, columns


def _overlaps(sentences: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    """Rate each pair by the words in common over the sum of the logarithms of their lengths.

    This is the edge weight of TextRank and of Reduction: (sentences, sentences). Where both are
    one word long the divisor is 0, and the weight stays the number of words in common.
    """
    counts, _ = _word_counts(sentences)
    common = (counts @ counts.T).toarray()
    logs = np.log(np.maximum([len(words) for words in sentences], 1))
    norms = logs[:, None] + logs[None, :]
    np.divide(common, norms, out=common, where=norms > 0)
    return np.asarray(common)


class _LexRank(_Ratings, LexRankSummarizer):
    @staticmethod
    def _compute_idf(sentences: Sequence[Sequence[str]]) -> dict[str, float]:
        found_in = Counter(chain.from_iterable(map(dict.fromkeys, sentences)))
        idf = np.log(len(sentences) / (1 + np.array(list(found_in.values()))))
        return dict(zip(found_in, idf.tolist(), strict=True))

    def _create_matrix(
        self,
        sentences: Sequence[Sequence[str]],
        threshold: float,
        _tf: object,
        idf_metrics: Mapping[str, float],
    ) -> NDArray[np.float64]:
        """Link the sentences whose idf-weighted cosine is above the threshold; rows sum to 1."""
        counts, columns = _word_counts(sentences)
        idf = np.array([idf_metrics[word] for word in columns])
        # sumy divides term counts by the highest of the sentence; the cosine cancels that out.
        weights = counts * idf
        lengths = np.sqrt(np.asarray((weights * weights).sum(axis=1)))
        unit = weights / np.where(lengths > 0, lengths, 1.0)[:, None]
        links: NDArray[np.float64] = ((unit @ unit.T) > threshold).toarray().astype(np.float64)
        links /= np.maximum(links.sum(axis=1, keepdims=True), 1.0)
        return links


class _TextRank(_Ratings, TextRankSummarizer):
    def _create_matrix(self, document: ObjectDocumentModel) -> NDArray[np.float64]:
        weights = _overlaps([self._to_words_set(sentence) for sentence in document.sentences])
        weights /= weights.sum(axis=1)[:, None] + self._ZERO_DIVISION_PREVENTION
        return np.asarray((1 - self.damping) / len(weights) + self.damping * weights)


class _Reduction(_Ratings, ReductionSummarizer):
    def rate_sentences(self, document: ObjectDocumentModel) -> dict[Sentence, float]:
        sentences = [self._to_words_set(sentence) for sentence in document.sentences]
        weights = _overlaps(sentences)
        short = np.array([len(words) <= 1 for words in sentences])
        weights[np.ix_(short, short)] = 0  # here sumy rates a pair of single words 0
        np.fill_diagonal(weights, 0)
        return dict(zip(document.sentences, weights.sum(axis=1), strict=True))


class _Lsa(_Ratings, LsaSummarizer):
    """Ranks by the length of a sentence's vector.

    sumy keeps every dimension of the decomposition (REDUCTION_RATIO is 1), and the root of
    sum(sigma^2 * v^2) over all of them is the length of the column that was decomposed.
    """

    def __call__(self, document: ObjectDocumentModel, _count: int) -> list[float]:
        stems = [[self.stem_word(word) for word in s.words] for s in document.sentences]
        known = self._create_dictionary(document)
        if not known:
            return []
        counts, _ = _word_counts([[stem for stem in s if stem in known] for s in stems])
        highest = counts.max(axis=1).toarray().ravel()
        terms = counts / np.maximum(highest, 1)[:, None]
        # Each cell is 0.4 + 0.6 tf: the squares of the cells without the word are 0.16 each.
        squares = 0.16 * len(known) + 0.48 * terms.sum(axis=1) + 0.36 * (terms**2).sum(axis=1)
        return list(np.sqrt(np.where(highest > 0, squares, 0)))


class _Luhn(_Ratings, LuhnSummarizer):
    def _get_significant_words(self, words: Sequence[str]) -> frozenset[str]:
        return frozenset(super()._get_significant_words(words))


class _Kl(_Ratings, KLSummarizer):
    def _compute_ratings(self, sentences: Sequence[Sentence]) -> dict[Sentence, float]:
        """Add, again and again, the sentence that brings the summary closest to the text.

        The divergence of a candidate differs from the summary's in the words of the candidate
        alone, so one pass over the filled cells of the matrix rates all candidates.
        """
        counts, _ = _word_counts([self._get_content_words_in_sentence(s) for s in sentences])
        text = counts.sum(axis=0) / max(counts.sum(), 1)  # p(word) in the text
        sizes = counts.sum(axis=1)
        cells = text[counts.indices]
        rows = np.repeat(np.arange(len(sentences)), np.diff(counts.indptr))
        summary = np.zeros_like(text)
        size = 0  # of the summary, in words; sumy counts its stop words too
        ratings: dict[Sentence, float] = {}
        left = np.ones(len(sentences), bool)
        for order in range(len(sentences)):
            # sum p log(p / q), q = count / total, over the words of summary and candidate:
            # first those of the summary, then what the candidate's words change.
            old = summary[counts.indices]
            known = summary > 0
            base = float((text[known] * np.log(text[known] / summary[known])).sum())
            change = cells * np.log(cells / (old + counts.data))
            change -= np.where(old > 0, cells * np.log(cells / np.where(old > 0, old, 1)), 0)
            mass = text[known].sum() + np.bincount(rows, cells * (old == 0), len(sentences))
            total = np.maximum(sizes + size, 1)
            divergence = base + np.bincount(rows, change, len(sentences)) + mass * np.log(total)
            best = int(np.argmin(np.where(left, np.round(divergence, 12), np.inf)))
            left[best] = False
            summary += counts[[best]].sum(axis=0)
            size += len(sentences[best].words)
            ratings[sentences[best]] = -float(order)
        return ratings


_SUMMARIZERS: dict[str, Any] = {
    "lexrank": _LexRank,
    "textrank": _TextRank,
    "lsa": _Lsa,
    "luhn": _Luhn,
    "kl": _Kl,
    "reduction": _Reduction,
}
METHODS = tuple(_SUMMARIZERS)


@cache
def _summarizer(method: str) -> Any:
    summarizer = _SUMMARIZERS[method](lru_cache(maxsize=100_000)(Stemmer("english")))
    summarizer.stop_words = get_stop_words("english")
    return summarizer


def rank(sentences: Sequence[str], method: str = "lexrank") -> list[float]:
    """Rate English sentences, each as one unit, by how much of the whole text they say.

    Gives one finite number per sentence, higher for more important; the scale is the method's own.

    Raises:
        ValueError: if the method is not one of METHODS.
    """
    if method not in METHODS:
        raise ValueError(f"no summary method {method!r}; there are {', '.join(METHODS)}")
    units = [_Unit(sentence, _Tokenizer()) for sentence in sentences]
    document = ObjectDocumentModel([Paragraph(units)])
    if not document.words:
        return [0.0] * len(units)
    with np.errstate(invalid="ignore"):  # LexRank divides by 0 where no two sentences are alike
        ratings = _summarizer(method)(document, len(units)) or [0.0] * len(units)
    return list(np.nan_to_num(np.array(ratings, np.float64)).tolist())


def choose(sentences: Sequence[str], *, method: str = "lexrank", count: int) -> list[int]:
    """Choose the `count` most important sentences, as indexes in reading order.

    Of equal ratings the earlier sentence wins, and a text is never chosen twice, so that there may
    be fewer than `count`. Empty sentences are not chosen.

    Raises:
        ValueError: if the method is not one of METHODS.
    """
    ratings = rank(sentences, method)
    # Rounded, because sums in another order differ in the last digits.
    best = sorted(range(len(sentences)), key=lambda index: (-round(ratings[index], 9), index))
    first: dict[str, int] = {}
    for index in best:
        if text := sentences[index].strip():
            first.setdefault(text, index)
    return sorted(list(first.values())[: max(count, 0)])
