"""Hard sentences, as data, through the embedded model: what must hold whatever it makes of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise

import pytest
import yaml
from conftest import REPOSITORY

from pipeline.aligned import Aligned
from pipeline.article import Article, Language
from pipeline.checks import check
from pipeline.engines.lm import Lm
from pipeline.paths import EMBEDDED_MODEL
from pipeline.read.layout import lines, segments
from pipeline.report import outcome_of
from pipeline.stage import Run
from pipeline.translate.attempts import FATAL
from pipeline.translate.stage import LmOptions, Translate

pytestmark = pytest.mark.slow  # a real model translates

LANGUAGES = {
    "kk": Language("kk", "Cyrl"),
    "ru": Language("ru", "Cyrl"),
    "he": Language("he", "Hebr"),
    "id": Language("id", "Latn"),
    "zh-Hant": Language("zh", "Hant"),
    "zh-Hans": Language("zh", "Hans"),
}
STAGE = Translate(engines=(LmOptions(engine="lm"),), glossary="glossary.yaml")
GLOSSARY = "kk: {Маск*: Musk}\nzh-Hant: {馬斯克: Musk}\n"


@dataclass(frozen=True)
class Case:
    """A hard text and what must hold of its English, as `hard_cases.yaml` explains."""

    text: str
    english: str = ""
    wrong: str = ""
    verbatim: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    terms: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    stays: bool = False
    parts: bool = False

    @property
    def patterns(self):
        """Map what must come out, as written in the text, to a pattern of its English."""
        return {
            **{written: re.escape(written) for written in self.verbatim},
            **{name: _loosely(name) for name in self.names},
            **{number: rf"(?<!\d)(?<!\d,)(?:{p})(?!\d)" for number, p in self.numbers.items()},
        }


def _loosely(name):
    """Match a name whatever its case and hyphens."""
    return "(?i:" + r"[-\s]*".join(map(re.escape, re.findall(r"[^\s-]+", name))) + ")"


ALL = {
    f"{tag}: {name}": (tag, Case(**case))
    for tag, cases in yaml.safe_load(
        (REPOSITORY / "tests" / "translate" / "hard_cases.yaml").read_text("utf-8")
    ).items()
    for name, case in cases.items()
}
CASES = {name: (tag, case) for name, (tag, case) in ALL.items() if not case.parts}
LONG = {name: (tag, case) for name, (tag, case) in ALL.items() if case.parts}
every_case = pytest.mark.parametrize("name", CASES)


def cases_but(known, cases=CASES):
    """Parametrize a test with cases; some are known to fail, each with its reason."""
    assert known.keys() <= cases.keys()
    marks = {name: [pytest.mark.xfail(reason=reason)] for name, reason in known.items()}
    return pytest.mark.parametrize("name", [pytest.param(n, marks=marks.get(n, ())) for n in cases])


def article(name):
    """Make the article of a case, as the reader and `detect` would."""
    tag, case = CASES[name]
    blocks = segments(lines(Aligned.identity(case.text)))
    return Article(name, case.text, language=LANGUAGES[tag], segments=blocks)


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """Give a run in a project of its own that has the embedded model."""
    if problems := Lm(REPOSITORY / EMBEDDED_MODEL).problems():
        pytest.skip(f"the embedded model is not there: {problems[0]}")
    root = tmp_path_factory.mktemp("hard")
    (root / "models").symlink_to(REPOSITORY / "models")
    (root / "glossary.yaml").write_text(GLOSSARY, encoding="utf-8")
    return Run(root)


@pytest.fixture(scope="session")
def results(run):
    """Translate all cases in one run of the stage."""
    return dict(zip(CASES, STAGE(tuple(map(article, CASES)), run), strict=True))


@every_case
def test_nothing_is_lost(name, results):
    """Every sentence ends translated, kept or marked; all letters of the text are in sentences."""
    _, case = CASES[name]
    found = results[name].segments
    assert all(outcome_of(s) for s in found)
    for segment in found:
        assert segment.translation.strip() or segment.flags[0].kind == "untranslated", segment
    told = "".join(s.source for s in found)
    assert list(filter(str.isalnum, told)) == list(filter(str.isalnum, _unmarked(case.text)))
    if case.kinds:
        assert [s.kind for s in found] == case.kinds


def _unmarked(text):
    """Take the markers of numbered list items off, which are no part of a sentence."""
    return re.sub(r"(?m)^\d\. ", "", text)


@every_case
def test_what_does_not_come_out_is_flagged(name, results):
    """An address, a name or a number without a flag that names it has come out."""
    _, case = CASES[name]
    for written, pattern in case.patterns.items():
        (segment,) = [s for s in results[name].segments if re.search(_alone(written), s.source)]
        flagged = _names(segment.flags, written)
        came_out = re.search(pattern, segment.translation)
        assert came_out or flagged or outcome_of(segment) == "untranslated", segment
    for segment in results[name].segments:
        for term in segment.terms:
            flagged = f"glossary: {term} is missing" in map(str, segment.flags)
            assert flagged or term in segment.translation, segment
    assert list(chain.from_iterable(s.terms for s in results[name].segments)) == case.terms


def _names(flags, written):
    """Tell whether a flag calls something missing; digits of full width may be plain there."""
    plain = unicodedata.normalize("NFKC", written)
    lost = [f.detail for f in flags if f.detail.endswith("is missing")]
    return any(plain in unicodedata.normalize("NFKC", detail) for detail in lost)


def _alone(written):
    """Match what is written, but not inside a longer number."""
    return rf"(?<!\d){re.escape(written)}(?!\d)"


@every_case
def test_output_is_clean(name, results):
    """No replacement, control, private or unassigned character comes out; no loop unflagged."""
    for segment in results[name].segments:
        kinds = {c: unicodedata.category(c) for c in segment.translation}
        odd = {c for c, kind in kinds.items() if kind in {"Cc", "Co", "Cn", "Cs"} or c == "\ufffd"}
        assert not odd, segment
        if all(f.kind != "repeated" for f in segment.flags) and segment.engine != "original":
            assert not re.search(r"(.{2,40}?)\1{7,}", segment.translation), segment


@every_case
def test_offsets_reproduce_the_input(name, results):
    """Each sentence is what stands at its offsets, and sentences follow each other."""
    _, case = CASES[name]
    found = results[name].segments
    assert [case.text[s.start : s.end] for s in found] == [s.source for s in found]
    assert all(one.end <= other.start for one, other in pairwise(found))


@every_case
def test_kept_or_given_to_the_engine(name, results):
    """What has no letters is kept, as it is, without an engine."""
    _, case = CASES[name]
    found = results[name].segments
    assert all(s.engine == "original" for s in found) == case.stays
    if case.stays:
        assert "".join(s.translation for s in found) == "".join(s.source for s in found)


@pytest.mark.parametrize("name", LONG)
def test_too_long(name, run):
    """A sentence that is too long for the model goes in parts, and says so."""
    tag, case = LONG[name]
    assert len(case.text) >= 2_000
    engine = Lm(run.root / EMBEDDED_MODEL)
    ((_, found),) = next(iter(engine.translate([case.text], tag)))
    assert found.flags[0] == "split"
    assert len(found.text) > len(case.text) / 3


def test_the_same_from_memory(run, results):
    """A second run recalls the same."""
    again = STAGE(tuple(map(article, CASES)), run)
    assert dict(zip(CASES, again, strict=True)) == results


def test_the_same_when_fresh(run, results):
    """Translated anew, without what is remembered, the cases come out the same."""
    some = [name for name, (tag, _) in CASES.items() if tag == "he"]
    again = STAGE(tuple(map(article, some)), replace(run, fresh=True))
    assert dict(zip(some, again, strict=True)) == {name: results[name] for name in some}


RIGHT = {name: case for name, (_, case) in CASES.items() if case.english}
WRONG = {name: case for name, case in RIGHT.items() if case.wrong}


@cases_but(
    {"id: another script in the middle": "words of two other scripts make `Kata` look like a name"},
    RIGHT,
)
def test_a_right_translation_raises_no_alarm(name):
    """The checks find nothing wrong with a right translation."""
    assert check(RIGHT[name].text, article(name).language, RIGHT[name].english) == ()


@cases_but(
    {
        "he: negation": "a fluent sentence that says the opposite is not found",
        "ru: code": "2.3.1 is read like a date, as three numbers in any order",
    },
    WRONG,
)
def test_a_wrong_translation_raises_alarm(name):
    """The checks find what is wrong with a translation that is nearly right."""
    assert check(WRONG[name].text, article(name).language, WRONG[name].wrong)


LOST = [(name, written) for name, case in RIGHT.items() for written in case.patterns]


@pytest.mark.parametrize(("name", "written"), LOST)
def test_a_lost_detail_is_named(name, written):
    """A right translation without one of its addresses, names or numbers is flagged for that."""
    case = RIGHT[name]
    without, times = re.subn(case.patterns[written], "it", case.english)
    assert times
    flags = check(case.text, article(name).language, without)
    assert _names(flags, written), (without, flags)


@pytest.mark.parametrize("name", RIGHT)
def test_useless_output_is_told(name):
    """An endless repetition of the right words is fatal, and so is nothing at all."""
    case, language = RIGHT[name], article(name).language
    for useless in ("", " ".join([case.english] * 12)):
        assert FATAL.intersection(f.kind for f in check(case.text, language, useless)), useless
