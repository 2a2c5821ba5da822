"""What every registered engine promises, each driven with a tiny real model."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, NamedTuple

import argos_package
import lm_folder
import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import registry
from pipeline.engines import ModelError, Translation, packages
from pipeline.paths import ARGOS, EMBEDDED_MODEL

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.engines import EngineOptions

LONG = "Съешь же ещё, " * 80
SENTENCES = ["Сәлем, чаю.", "", "Бүгін 2024 жыл; " * 20, "  ", "abc", "Сәлем, чаю."]


class Tried(NamedTuple):
    """An engine to test: its options, a project with its model, a file of that, a language."""

    options: type[EngineOptions]
    root: Path
    file: str
    language: str

    def open(self, **options):
        """Give the translator."""
        return self.options(**options).open(self.root)


def argos(root):
    """Install packages for Traditional Chinese and for Russian; give a file and a language."""
    for code, language in (("zt", "zh-Hant"), ("ru", "ru")):
        row = packages.install(root / ARGOS, language, source=argos_package.build(root, code))
    return f"{ARGOS}/packages/{row.folder}/model/model.bin", "ru"


def lm(root):
    """Build a model folder; give a file of it and a language."""
    lm_folder.build(root / EMBEDDED_MODEL)
    return f"{EMBEDDED_MODEL}/tokenizer.json", "kk"


MAKE = {"argos": argos, "lm": lm}


@pytest.fixture(scope="module", params=registry.named(registry.ENGINES))
def tried(request, tmp_path_factory):
    """Make the model of each registered engine once."""
    root = tmp_path_factory.mktemp(request.param)
    options = registry.load(registry.ENGINES, request.param)
    return Tried(options, root, *MAKE[request.param](root))


@pytest.fixture(scope="module")
def engine(tried):
    """Give one engine for the tests that only translate."""
    return tried.open()


def test_what_an_engine_tells(tried, engine):
    """Languages are BCP 47 tags, each with a quality class; files have their SHA-256."""
    assert engine.languages() >= {tried.language, "zh-Hant", "zh-Hans"}
    for tag in engine.languages():
        assert str(Locale.parse(tag, sep="-")).replace("_", "-") == tag
        assert engine.quality(tag) in {"standard", "draft"}
        assert engine.calibration(tag) is None  # these models are random
    assert {len(bytes.fromhex(digest)) for digest in engine.files().values()} == {32}


@given(st.lists(st.text(max_size=80) | st.just("Бүгін 5 наурыз, " * 12), max_size=8), st.booleans())
@settings(max_examples=10, deadline=None)
def test_every_sentence_comes_back_once(tried, engine, translations, texts, careful):
    """Whatever the texts, each index comes exactly once, and empty ones stay empty."""
    made = translations(engine, texts, tried.language, careful=careful)
    for text, translation in zip(texts, made, strict=True):
        assert text.strip() or translation == Translation("")


def test_nothing_is_cut_silently(tried, engine, translations):
    """An over-long sentence is translated in parts, and says so."""
    long, short = translations(engine, [LONG, "чаю."], tried.language)
    assert "split" in long.flags
    assert "split" not in short.flags
    assert len(long.text) > len(short.text) > 0
    assert long.score < 0
    assert not {"▁", "\ufffd"} & set(long.text)


@pytest.mark.parametrize("beam", [1, 2])
def test_neighbours_do_not_change_a_translation(tried, beam, translations):
    """A sentence gives the same alone and in company, so that it may be remembered."""
    engine = tried.open(beam=beam)
    together = translations(engine, SENTENCES, tried.language)
    alone = [translations(engine, [text], tried.language)[0] for text in SENTENCES]
    assert [t[::2] for t in together] == [t[::2] for t in alone]


def test_the_other_script_is_converted(engine, translations):
    """Where the model reads one script of Chinese only, the other is spelt in it first."""
    simplified = translations(engine, ["中国总理发表讲话。"], "zh-Hans")
    assert simplified == translations(engine, ["中國總理發表講話。"], "zh-Hant")
    assert engine.fingerprint("zh-Hans") != engine.fingerprint("zh-Hant")


def test_fingerprint(tried, engine):
    """The fingerprint follows what decides a translation, and nothing else."""
    tag = tried.language
    first, careful = engine.fingerprint(tag), engine.fingerprint(tag, careful=True)
    others = {tried.open(beam=beam).fingerprint(tag) for beam in (3, 7)}
    assert len({first, careful, engine.fingerprint("zh-Hant"), *others}) == 5
    assert tried.open(name="other").fingerprint(tag) == first


def test_an_unknown_language_is_refused(engine):
    """The error names the language and those that there are."""
    for ask in (engine.quality, engine.fingerprint, lambda tag: list(engine.translate(["a"], tag))):
        with pytest.raises(ModelError, match=r"'tlh'.*zh-Hans, zh-Hant"):
            ask("tlh")


@pytest.mark.parametrize("spoil", ["change", "delete"])
def test_a_broken_model_is_refused(tried, tmp_path, spoil):
    """A changed or missing file is named, with what to do, before anything is translated."""
    broken = tried._replace(root=shutil.copytree(tried.root, tmp_path / "copy"))
    assert broken.open().problems(verify=True) == []
    file = broken.root / broken.file
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.unlink()
    if spoil == "change":
        file.write_bytes(data)
    for verify in (False, True):
        [problem] = broken.open().problems(verify=verify)
        assert str(file) in problem
        assert "restore" in problem
    with pytest.raises(ModelError, match=file.name):
        list(broken.open().translate(["a"], broken.language))


def test_nothing_there(tried, tmp_path):
    """Without a model, either no language is served or a problem says what is missing."""
    engine = tried._replace(root=tmp_path).open()
    assert engine.problems() or not engine.languages()
    with pytest.raises(ModelError, match=r"models install ru|copy the folder"):
        list(engine.translate(["a"], "ru"))
