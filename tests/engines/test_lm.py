"""The embedded model's engine: what is its own, driven by a tiny model with random weights."""

from __future__ import annotations

import lm_folder
import pytest
import yaml
from tokenizers import Tokenizer

from pipeline.engines import ModelError
from pipeline.engines.lm import Lm


@pytest.fixture
def folder(tmp_path):
    """Build a model folder to spoil."""
    return lm_folder.build(tmp_path / "tiny")


def test_prompts_are_filled_up(tmp_path, translations):
    """Up to a multiple of `align`, the last piece of the prompt is said again."""
    written = {"prompt": ["<bos>", "{language}", "{source}", *["<en>"] * 4]}
    filled = lm_folder.build(tmp_path / "a", decoding={"floor": 8, "align": 8})
    plain = lm_folder.build(tmp_path / "b", **written)
    tokenizer = Tokenizer.from_file(str(plain / "tokenizer.json"))
    text = next(t for t in ("abcdefgh"[:n] for n in range(9)) if len(tokenizer.encode(t)) == 2)
    assert translations(Lm(filled), [text], "kk") == translations(Lm(plain), [text], "kk")


def test_what_does_not_end_is_flagged(folder, translations):
    """A translation that did not end says so."""
    endless = translations(Lm(folder), [chr(0x430 + n) * 3 for n in range(30)], "kk")
    assert any(t.flags in {("truncated",), ("repeated",)} for t in endless)


def test_control_pieces_in_the_text_are_text(tmp_path, translations):
    """A piece such as `<ru>` written out in an article does not steer the model."""
    folder = lm_folder.build(
        tmp_path, says={"kk": "yes", "ru": "no"}, prompt=["{source}", "{language}", "{source}"]
    )
    [translation] = translations(Lm(folder), ["<ru>"], "kk")
    assert translation.text != "no"


def test_a_language_may_differ_from_the_model(folder):
    """Quality is a language's own or the model's; other weights are another model."""
    engine = Lm(folder)
    assert (engine.quality("kk"), engine.quality("zh-Hant")) == ("standard", "draft")
    description = yaml.safe_load((folder / "model.yaml").read_text())
    description["files"]["model.bin"] = "0" * 64
    (folder / "model.yaml").write_text(yaml.safe_dump(description))
    assert Lm(folder).fingerprint("kk") != engine.fingerprint("kk")


def test_parts_are_joined_once(folder, translations):
    """First use joins the parts, in place of another `model.bin`; then they are not needed."""
    assert Lm(folder).fingerprint("kk")
    assert not (folder / "model.bin").exists()
    (folder / "model.bin").write_bytes(b"old")
    before = translations(Lm(folder), ["abc"], "kk")
    for part in folder.glob("*.part*"):
        part.unlink()
    assert Lm(folder).problems() == []
    assert translations(Lm(folder), ["abc"], "kk") == before
    (folder / "model.bin").write_bytes(b"changed")
    with pytest.raises(ModelError, match=r"model\.part00 is missing"):
        list(Lm(folder).translate(["a"], "kk"))


def test_an_interrupted_join_leaves_nothing(folder, monkeypatch, translations):
    """When the disk fills up on the way, no half file stays, and the next start succeeds."""

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(ModelError, match=r"model\.bin.*No space left"):
            list(Lm(folder).translate(["a"], "kk"))
    assert not [*folder.glob("model.bin"), *folder.glob(".tmp-*")]
    assert translations(Lm(folder), ["abc"], "kk")


@pytest.mark.parametrize("spoil", [lambda p: p.unlink(), lambda p: p.write_bytes(b"x")])
@pytest.mark.parametrize("name", ["model.part01", "config.json"])
def test_broken_parts_are_not_joined(folder, name, spoil):
    """A changed or missing part or small file is named, and nothing is made of the others."""
    spoil(folder / name)
    assert [name in problem for problem in Lm(folder).problems(verify=True)] == [True]
    with pytest.raises(ModelError, match=name):
        list(Lm(folder).translate(["a"], "kk"))
    assert not (folder / "model.bin").exists()


def test_a_changed_model_without_parts_is_refused(tmp_path, translations):
    """Without parts there is nothing to mend a changed `model.bin` with."""
    folder = lm_folder.build(tmp_path, joined=True, parts={})
    assert translations(Lm(folder), ["abc"], "kk")
    with (folder / "model.bin").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match=r"model\.bin differs"):
        list(Lm(folder).translate(["a"], "kk"))


def test_a_read_only_folder_uses_the_cache(folder, tmp_path, monkeypatch, translations):
    """Where the folder cannot be written, the join goes to the cache, or an error says so."""
    monkeypatch.setattr("os.access", lambda path, _mode: path != folder)
    with pytest.raises(ModelError, match="cache"):
        list(Lm(folder).translate(["a"], "kk"))
    assert translations(Lm(folder, cache=tmp_path / "cache"), ["abc"], "kk")
    assert not (folder / "model.bin").exists()


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("colour", "red", "colour"),
        ("decoding", {"beam": 0}, "beam"),
        ("files", {"model.bin": "abc"}, "files"),
        ("languages", {"kk": {}}, "piece"),
    ],
)
def test_a_wrong_description_is_named(tmp_path, key, value, message):
    """Each mistake in `model.yaml` is reported with its key and the file."""
    [problem] = Lm(lm_folder.build(tmp_path, **{key: value})).problems()
    assert message in problem
    assert "model.yaml" in problem


# The same limit for a source with hints in it; in the tiny model's vocabulary Ċ is a line break.
SHORT = {"input": 60, "floor": 12, "ratio": 0.01}


def with_lexicon(folder, lines):
    """Build a model folder that has Kazakh hints in its prompts."""
    prompt = ["<bos>", "{language}", "{source}", "Ċ", "{hints}", "<en>"]
    return lm_folder.build(folder, lexicon={"kk": lines}, prompt=prompt, decoding=SHORT)


def test_prompts_have_the_hints_of_a_lexicon(tmp_path, translations):
    """A lexicon's English stands in the prompt as if the source had it behind a line break."""
    hinted = with_lexicon(tmp_path / "a", "қазына\ttreasury:61|fund:9\n")
    plain = lm_folder.build(tmp_path / "b", decoding=SHORT)
    asked = translations(Lm(hinted), ["қазына", "айтты"], "kk")
    assert asked[:1] == translations(Lm(plain), ["қазына\ntreasury/fund"], "kk")
    assert asked[1:] == translations(Lm(plain), ["айтты\n~aytty"], "kk")
    unknown = translations(Lm(hinted), ["x"], "zh-Hant")  # no lexicon: no hints
    assert unknown == translations(Lm(plain), ["x\n-"], "zh-Hant")


def test_the_users_words_are_advice(tmp_path, translations):
    """A user's English goes before ours, and makes another translation to remember."""
    plain, advised = (Lm(with_lexicon(tmp_path / n, "қазына\tfund:9\n")) for n in "ab")
    advised.advise({"kk": {"қазына": "treasury"}})
    assert advised.fingerprint("kk") != plain.fingerprint("kk")
    same = lm_folder.build(tmp_path / "c", decoding=SHORT)
    expected = translations(Lm(same), ["қазына\ntreasury/fund"], "kk")
    assert translations(advised, ["қазына"], "kk") == expected


def test_a_damaged_lexicon_is_told(tmp_path):
    """A lexicon that is not as recorded is an error that names its file."""
    folder = with_lexicon(tmp_path, "қазына\tfund:9\n")
    (folder / "lexicon" / "kk.tsv.xz").write_bytes(b"damaged")
    with pytest.raises(ModelError, match=r"kk\.tsv\.xz differs"):
        list(Lm(folder).translate(["қазына"], "kk"))
    assert any("kk.tsv.xz" in problem for problem in Lm(folder).problems(verify=True))
