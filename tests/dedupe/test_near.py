"""Near-duplicate articles: what clusters, what does not, and that order is nothing to it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from pipeline.dedupe.near import cluster, find_near_duplicates, shingles, signature

SEEDS = [
    path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[2] / "seeds").iterdir())
]
SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]


def article(seed, words=300):
    """Write an article of random words."""
    rng = random.Random(seed)
    return " ".join("".join(rng.choices(SYLLABLES, k=rng.randint(1, 3))) for _ in range(words))


def edited(text, share, seed=0):
    """Substitute a share of the words by others."""
    rng = random.Random(seed)
    words = text.split()
    for at in rng.sample(range(len(words)), round(len(words) * share)):
        words[at] = "".join(rng.choices(SYLLABLES, k=4))
    return " ".join(words)


def families(texts, **options):
    """Give the clusters as sets of texts, the one kept first."""
    return {
        (texts[found.keep], tuple(sorted(texts[member.index] for member in found.members)))
        for found in find_near_duplicates(texts, **options)
    }


@pytest.mark.parametrize("text", SEEDS, ids=["kk", "ru", "he", "id", "zh"])
def test_a_syndicated_copy_in_any_language_is_found(text):
    """Another headline, another case and a changed sentence do not hide a copy."""
    lines = text.splitlines()
    [found] = find_near_duplicates(
        [*SEEDS, "\n".join(["Exclusive!", *lines[:2], *lines[3:]]).upper()]
    )
    assert {found.keep, *(member.index for member in found.members)} == {SEEDS.index(text), 5}
    assert 0.8 <= found.members[0].similarity < 1


def test_the_simplified_copy_of_a_traditional_article_is_exact():
    """Script variants are one article."""
    text = SEEDS[4]
    [found] = find_near_duplicates([text, article(1), OpenCC("t2s").convert(text)])
    assert [(member.similarity, member.exact) for member in found.members] == [(1.0, True)]


@pytest.mark.parametrize("share", [0.0, 0.02, 0.05, 0.1])
def test_edits_of_a_tenth_of_the_words_are_found(share):
    """Of a hundred articles with edited copies, 99 or more meet their copies, none a stranger."""
    originals = [article(seed) for seed in range(100)]
    texts = originals + [edited(text, share) for text in originals]
    pairs = {
        tuple(sorted((found.keep, member.index)))
        for found in find_near_duplicates(texts)
        for member in found.members
    }
    assert pairs <= {(at, at + 100) for at in range(100)}
    assert len(pairs) >= 99


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(article(1), article(2), id="unrelated"),
        pytest.param(article(1), edited(article(1), 0.35), id="rewritten"),
        pytest.param(article(1, 60), article(1, 300), id="a brief and the long article"),
        pytest.param(article(1, 15), article(1, 15) + " pako", id="very short"),
        pytest.param(
            " ".join(f"{article(1, 12)} 1{n}5" for n in range(9)) + article(3),
            " ".join(f"{article(1, 12)} 2{n}4" for n in range(9)) + article(3),
            id="one mould, other numbers",
        ),
        pytest.param("***", "—", id="punctuation alone"),
    ],
)
def test_other_articles_stay_apart(one, other):
    """What is not a copy of the whole article is no duplicate."""
    assert find_near_duplicates([one, other]) == []


def test_the_best_copy_is_kept():
    """Least damaged, then longest."""
    text = article(1)
    texts = [f"{text} pako\ufffd kadi", text, f"{text} pako"]
    assert find_near_duplicates(texts)[0].keep == 2


def test_no_chain_joins_what_is_not_alike():
    """Every member is similar to the article kept, however many steps lie between two of them."""
    chain = [article(1, 400)]
    for step in range(12):
        chain.append(edited(chain[-1], 0.06, seed=step))
    found = find_near_duplicates(chain)
    assert len(found) > 1
    for one in found:
        for member in one.members:
            words = zip(chain[one.keep].split(), chain[member.index].split(), strict=True)
            assert sum(a == b for a, b in words) > 0.75 * 400


def test_texts_without_candidates_are_not_fetched():
    """With stored signatures, only articles that look alike are read again."""
    texts = [article(seed) for seed in range(50)]
    texts.append(edited(texts[7], 0.05))
    fetched = set()

    def fetch(index):
        fetched.add(index)
        return texts[index]

    [found] = cluster([signature(text) for text in texts], fetch)
    assert fetched == {7, 50} == {found.keep, found.members[0].index}


def test_a_signature_is_small_and_stays_the_same():
    """What a later version compares with must not depend on the process or the machine."""
    known = signature("The quick brown fox jumps over the lazy dog. " * 2 + article(1))
    assert (len(known.digest), len(known.sketch)) == (16, 512)
    assert known.digest.hex() == "a94567e61ed14a92b779accf95b15772"
    assert known.sketch[:8].hex() == "a319ed01f6dd8802"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("one two three", {"one two", "two three"}),
        ("one two one two", {"one two", "two one"}),
        ("", set()),
        ("离开台湾", {"离 开 台", "开 台 湾"}),
        ("ai发展ai", {"ai 发", "发 展 ai"}),
    ],
)
def test_shingles_follow_the_script(text, found):
    """Two words or three Han characters make a shingle; the same one counts once."""
    assert shingles(text) == found


small = st.lists(
    st.one_of(
        st.builds(article, st.integers(0, 3), st.just(60)),
        st.builds(edited, st.builds(article, st.integers(0, 1), st.just(60)), st.just(0.05)),
        st.text(max_size=20),
    ),
    max_size=8,
)


@given(small, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_the_order_of_the_articles_does_not_matter(texts, rng):
    """The clusters, as sets of texts with the one kept, are the same in any order."""
    shuffled = rng.sample(texts, len(texts))
    assert families(texts) == families(shuffled)


@given(small)
@settings(deadline=None, max_examples=60)
def test_the_same_text_always_clusters(texts):
    """Twice the same collection leaves no article alone, and none in two clusters."""
    found = find_near_duplicates([*texts, *texts])
    placed = [index for one in found for index in (one.keep, *(m.index for m in one.members))]
    assert sorted(placed) == list(range(2 * len(texts)))


@given(st.lists(st.integers(0, 10_000), unique=True, max_size=8))
@settings(deadline=None, max_examples=40)
def test_disjoint_texts_never_cluster(numbers):
    """Articles that share no word are no copies, whatever their length."""
    texts = [" ".join(f"w{number}x{at}" for at in range(number % 90 + 1)) for number in numbers]
    assert find_near_duplicates(texts) == []
