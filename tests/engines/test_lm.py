"""The embedded model's engine, driven by a tiny model with random weights."""

from __future__ import annotations

import shutil

import lm_folder
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.engines import ModelError, Translation
from pipeline.engines.lm import Lm

SENTENCES = ["Сәлем, әлем.", "", "Бүгін 2024 жыл; " * 20, "  ", "abc", "Сәлем, әлем."]


def translations(engine, sentences, language):
    """Collect all batches; check that every index comes once."""
    items = [item for batch in engine.translate(sentences, language) for item in batch]
    assert sorted(index for index, _ in items) == list(range(len(sentences)))
    return [translation for _, translation in sorted(items)]


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    """Build the folder once."""
    return lm_folder.build(tmp_path_factory.mktemp("lm") / "tiny")


@pytest.fixture
def folder(pristine, tmp_path):
    """Give a copy of the folder to spoil."""
    return shutil.copytree(pristine, tmp_path / "tiny")


@pytest.fixture(scope="module")
def engine(pristine, tmp_path_factory):
    """Give one loaded engine for the tests that only translate."""
    return Lm(shutil.copytree(pristine, tmp_path_factory.mktemp("engine") / "tiny"), threads=2)


@given(st.lists(st.text(max_size=80) | st.just("Бүгін 5 наурыз, " * 12), max_size=8))
@settings(max_examples=25, deadline=None)
def test_every_sentence_comes_back_once(engine, sentences):
    """Whatever the texts, each index comes exactly once, and empty ones stay empty."""
    for text, translation in zip(sentences, translations(engine, sentences, "kk"), strict=True):
        assert text.strip() or translation == Translation("")


@pytest.mark.parametrize("align", [1, 8])
def test_neighbours_do_not_change_a_translation(tmp_path, align):
    """A sentence gives the same result alone and in company, so that caches hold."""
    decoding = {"input": 30, "floor": 8, "beam": 2, "align": align}
    engine = Lm(lm_folder.build(tmp_path / "tiny", decoding=decoding))
    together = translations(engine, SENTENCES, "kk")
    alone = [translations(engine, [text], "kk")[0] for text in SENTENCES]
    assert [t[::2] for t in together] == [t[::2] for t in alone]
    for one, other in zip(together, alone, strict=True):
        assert one.flags or one.score == pytest.approx(other.score)


def test_prompts_are_filled_up(tmp_path):
    """Up to a multiple of `align`, the last piece of the prompt is said again."""
    written = {"prompt": ["<bos>", "{language}", "{source}", *["<en>"] * 4]}
    filled = Lm(lm_folder.build(tmp_path / "a", decoding={"floor": 8, "align": 8}))
    plain = Lm(lm_folder.build(tmp_path / "b", **written))
    _, tokenizer = filled._model
    text = next(t for t in ("abcdefgh"[:n] for n in range(9)) if len(tokenizer.encode(t)) == 2)
    assert translations(filled, [text], "kk") == translations(plain, [text], "kk")


def test_nothing_is_cut_silently(engine):
    """An over-long sentence says that it was split; one that did not end says that too."""
    long, short = translations(engine, [SENTENCES[2], "abc"], "kk")
    assert "split" in long.flags
    assert "split" not in short.flags
    endless = translations(engine, [chr(0x430 + n) * 3 for n in range(30)], "kk")
    assert any(t.flags in {("truncated",), ("repeated",)} for t in endless)
    assert all(t.score < 0 for t in endless)


@pytest.mark.parametrize("beam", [1, 2])
def test_beams(folder, beam):
    """Greedy and beam search both serve all sentences."""
    assert len(translations(Lm(folder, beam=beam), SENTENCES, "kk")) == len(SENTENCES)


def test_simplified_is_converted(engine):
    """Simplified Chinese is translated as its Traditional spelling."""
    simplified = translations(engine, ["中国总理发表讲话。"], "zh-Hans")
    assert simplified == translations(engine, ["中國總理發表講話。"], "zh-Hant")


def test_control_pieces_in_the_text_are_text(engine):
    """A piece such as `<en>` written out in an article does not steer the model."""
    _, tokenizer = engine._model
    control = {tokenizer.token_to_id(piece) for piece in lm_folder.SPECIAL}
    assert not control & set(tokenizer.encode("a <en> b <eos>").ids)
    assert translations(engine, ["a <en> b <eos>"], "kk")


def test_languages_and_quality(engine):
    """Languages and quality classes come from `model.yaml`."""
    assert engine.languages() == {"kk", "zh-Hant", "zh-Hans"}
    assert (engine.quality("kk"), engine.quality("zh-Hant")) == ("standard", "draft")
    with pytest.raises(ModelError, match=r"'tlh'.*serves kk, zh-Hans, zh-Hant"):
        list(engine.translate(["a"], "tlh"))


def test_parts_are_joined_once(folder):
    """First use joins the parts; afterwards the parts are not needed."""
    before = translations(Lm(folder), ["abc"], "kk")
    assert (folder / "model.bin").is_file()
    for part in folder.glob("*.part*"):
        part.unlink()
    assert Lm(folder).problems() == []
    assert translations(Lm(folder), ["abc"], "kk") == before


def test_an_interrupted_join_leaves_nothing(folder, monkeypatch):
    """When the disk fills up on the way, no half file stays, and the next start succeeds."""

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(ModelError, match=r"model\.bin.*No space left"):
            list(Lm(folder).translate(["a"], "kk"))
    assert not (folder / "model.bin").exists()
    assert not list(folder.glob(".tmp-*"))
    assert translations(Lm(folder), ["abc"], "kk")


@pytest.mark.parametrize("name", ["model.part01", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("spoil", ["change", "delete"])
def test_tampering_is_refused(folder, name, spoil):
    """A changed or missing file is named before anything is translated."""
    if spoil == "change":
        data = bytearray((folder / name).read_bytes())
        data[len(data) // 2] ^= 1
        (folder / name).write_bytes(data)
        assert Lm(folder).problems() == []
    else:
        (folder / name).unlink()
        assert name in Lm(folder).problems()[0]
    assert [name in problem for problem in Lm(folder).problems(verify=True)] == [True]
    with pytest.raises(ModelError, match=name):
        list(Lm(folder).translate(["a"], "kk"))
    assert not (folder / "model.bin").exists()


def test_a_stale_model_is_replaced(folder):
    """A `model.bin` of another version gives way to what the parts hold."""
    (folder / "model.bin").write_bytes(b"old")
    assert translations(Lm(folder), ["abc"], "kk")
    assert (folder / "model.bin").stat().st_size > 3


def test_a_changed_model_without_parts_is_refused(tmp_path):
    """Without parts there is nothing to mend a changed `model.bin` with."""
    folder = lm_folder.build(tmp_path / "tiny", joined=True, parts={})
    assert translations(Lm(folder), ["abc"], "kk")
    with (folder / "model.bin").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match=r"model\.bin differs"):
        list(Lm(folder).translate(["a"], "kk"))


def test_a_read_only_folder_uses_the_cache(folder, tmp_path, monkeypatch):
    """Where the folder cannot be written, the join goes to the cache, or an error says so."""
    monkeypatch.setattr("os.access", lambda path, _mode: path != folder)
    with pytest.raises(ModelError, match="cache"):
        list(Lm(folder).translate(["a"], "kk"))
    assert translations(Lm(folder, cache=tmp_path / "cache"), ["abc"], "kk")
    assert not (folder / "model.bin").exists()


def test_fingerprint(folder):
    """The fingerprint follows files, options and language, and needs no weights."""
    base = Lm(folder).fingerprint("kk")
    assert base == Lm(folder).fingerprint("kk")
    assert base != Lm(folder, beam=3).fingerprint("kk")
    assert base != Lm(folder).fingerprint("zh-Hant")
    assert not (folder / "model.bin").exists()
    path = folder / "model.yaml"
    description = yaml.safe_load(path.read_text())
    description["files"]["model.bin"] = "0" * 64
    path.write_text(yaml.safe_dump(description))
    assert base != Lm(folder).fingerprint("kk")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colour": "red"}, "colour"),
        ({"decoding": {"beam": 0}}, "beam"),
        ({"files": {"model.bin": "abc"}}, "files"),
        ({"languages": {"kk": {}}}, "piece"),
    ],
)
def test_a_wrong_description_is_named(tmp_path, change, message):
    """Each mistake in `model.yaml` is reported with its key and the file."""
    problems = Lm(lm_folder.build(tmp_path / "tiny", **change)).problems()
    assert len(problems) == 1
    assert message in problems[0]
    assert "model.yaml" in problems[0]


def test_a_missing_folder_is_named(tmp_path):
    """A folder that is not there is a problem with a path, not a crash."""
    assert str(tmp_path / "no" / "model.yaml") in Lm(tmp_path / "no").problems()[0]
