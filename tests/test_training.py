"""The training code on a tiny random model: it learns, resumes, and exports what it learnt."""

from __future__ import annotations

import json
import lzma
import random
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
ctranslate2 = pytest.importorskip("ctranslate2")
tokenizers = pytest.importorskip("tokenizers")
pytest.importorskip("eflomal")
pytest.importorskip("jieba")
sys.path.insert(0, str(Path(__file__).parents[1] / "training"))

from adapter import adapt, merge  # noqa: E402
from data import (  # noqa: E402
    END,
    START,
    Batches,
    Pair,
    Selection,
    join_neighbours,
    load,
    load_all,
    prompt,
    read,
)
from export import export_folder, import_folder, pieces  # noqa: E402
from lexicon import count, hinted  # noqa: E402
from model import Decoder, Shape  # noqa: E402
from train import Settings, Trainer, learning_rate, train  # noqa: E402

from pipeline.translate.lexicon import load as load_lexicon  # noqa: E402

WORDS = {"bir": "one", "eki": "two", "alma": "apple", "uy": "house", "men": "I", "sen": "you"}
SPECIAL = ["<pad>", "<eos>", "<bos>", "<unk>", "<s>", "<mask>", *(f"<unused{k}>" for k in range(6))]
SELECTION = Selection({"kk": 1.0}, {"kk": {"made-up": 150}}, frozenset({"made-up"}), 0.2, 20)


@pytest.fixture
def tokenizer_file(tmp_path):
    """Give a tokenizer of whole words, with the reserved pieces at their places."""
    words = dict.fromkeys([*SPECIAL, *WORDS, *WORDS.values(), "."])
    vocabulary = {word: number for number, word in enumerate(words)}
    model = tokenizers.models.WordLevel(vocabulary, unk_token="<unk>")
    tokenizer = tokenizers.Tokenizer(model)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    path = tmp_path / "tokenizer.json"
    tokenizer.save(str(path))
    return path


@pytest.fixture
def corpus(tmp_path):
    """Give a folder with 200 made-up pairs, translated word by word."""
    rng = random.Random(0)
    rows = []
    for _ in range(200):
        words = rng.choices(list(WORDS), k=rng.randint(2, 5))
        english = " ".join(WORDS[word] for word in words)
        rows.append(f"{' '.join(words)} .\t{english} .\tmade-up:note\n")
    (tmp_path / "kk-en.tsv").write_text("".join(rows), encoding="utf-8")
    return tmp_path


def tiny(tokenizer_file):
    """Give a small random decoder, always the same."""
    torch.manual_seed(0)
    size = len(pieces(tokenizer_file))
    return Decoder(Shape(size, layers=6, width=32, heads=2, head_width=16, inner=64))


@torch.no_grad()
def greedy(decoder, ids, limit):
    """Continue token ids with the likeliest ones, up to `<eos>` or `limit` tokens."""
    found = []
    while len(found) < limit:
        state = decoder(torch.tensor([ids + found]))[0, -1]
        token = int((decoder.embed_tokens.weight @ state).argmax())
        if token == END:
            break
        found.append(token)
    return found


def test_loss_falls_and_training_resumes(corpus, tokenizer_file, tmp_path):
    """A few steps lower the loss, and a second call goes on where the first ended."""
    tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer_file))
    examples, held_out = load(corpus, SELECTION, tokenizer)
    checkpoint = tmp_path / "state" / "checkpoint.pt"

    def run(steps):
        trainer = Trainer(tiny(tokenizer_file), Settings(rate=2e-2, rank=8, warmup=5, steps=steps))
        batches = Batches(examples, SELECTION.shares, tokens=256)
        before = trainer.measure(held_out["kk"])
        numbers = [number for number, _ in train(trainer, batches, checkpoint)]
        return trainer, before, numbers

    first, before, numbers = run(15)
    assert numbers == list(range(1, 16))
    assert first.measure(held_out["kk"]) < before - 0.2
    second, _, numbers = run(20)
    assert numbers == list(range(16, 21))
    assert second.tokens > first.tokens
    state = torch.load(checkpoint, weights_only=True)["trained"]
    assert all(torch.equal(state[name], weight) for name, weight in second.trained.items())


def test_merged_adapters_compute_the_same(tokenizer_file):
    """Folding the adapters in leaves a plain decoder with the same output."""
    decoder = adapt(tiny(tokenizer_file), rank=4)
    for name, weight in decoder.named_parameters():
        if name.endswith(".up"):
            torch.nn.init.normal_(weight, std=0.1)
    ids = torch.tensor([[2, 6, 12, 13, 14, 11]])
    before = decoder(ids)
    plain = merge(decoder)
    assert torch.allclose(plain(ids), before, atol=1e-4)
    assert plain.state_dict().keys() == tiny(tokenizer_file).state_dict().keys()


def test_export_translates_as_pytorch_does(tokenizer_file, tmp_path):
    """CTranslate2 continues a prompt as the decoder does, and the weights come back equal."""
    decoder = tiny(tokenizer_file)
    tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer_file))
    export_folder(decoder, tokenizer_file, tmp_path / "model", quantization=None)
    back = import_folder(tmp_path / "model")
    for name, tensor in decoder.state_dict().items():
        assert torch.equal(back.state_dict()[name], tensor)
    generator = ctranslate2.Generator(str(tmp_path / "model"))
    ids = prompt(tokenizer, "kk", "men alma uy .")
    tokens = [tokenizer.id_to_token(number) for number in ids]
    result = generator.generate_batch([tokens], max_length=12, include_prompt_in_result=False)[0]
    assert result.sequences_ids[0] == greedy(decoder, ids, 12)


def test_int8_export_loses_little(tokenizer_file, tmp_path):
    """Eight bits a weight keep every weight within half a step of its row's scale."""
    decoder = tiny(tokenizer_file)
    export_folder(decoder, tokenizer_file, tmp_path / "model")
    back = import_folder(tmp_path / "model").state_dict()
    for name, tensor in decoder.state_dict().items():
        step = tensor.abs().amax(-1, keepdim=True) / 127
        assert ((back[name] - tensor).abs() <= step * 0.51).all()
    config = json.loads((tmp_path / "model" / "config.json").read_text(encoding="utf-8"))
    assert (config["bos_token"], config["eos_token"]) == (SPECIAL[START], "<eos>")


def test_watched_pairs_are_all_there(corpus, tokenizer_file):
    """Text to measure the loss on is used whole, in the order of its file."""
    tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer_file))
    examples = load_all(corpus, ["kk"], tokenizer)["kk"]
    rows = (corpus / "kk-en.tsv").read_text(encoding="utf-8").splitlines()
    assert [e.prompt for e in examples] == [
        prompt(tokenizer, "kk", row.split("\t")[0]) for row in rows
    ]


def test_only_real_neighbours_are_joined():
    """Two sentences become one example only where they follow each other in the file."""
    pairs = [Pair("a.", "A.", "o", line) for line in (0, 1, 5, 8)]
    joined = join_neighbours(pairs, 1.0, " ", random.Random(0))
    assert [pair.source for pair in joined] == ["a. a.", "a.", "a."]


def test_learning_rate_rises_then_falls():
    """The rate starts low, peaks after the warm-up, and ends at a twentieth of the peak."""
    settings = Settings(rate=1.0, warmup=10)
    rates = [
        learning_rate(settings, step, progress) for step, progress in ((0, 0), (10, 0), (99, 1))
    ]
    assert rates == pytest.approx([0.1, 1.0, 0.05])


def test_a_lexicon_learns_words_and_leaves_a_pairs_own_links_out(corpus, tmp_path):
    """Words are aligned; a word of one pair alone is no hint to that pair."""
    rows = (corpus / "kk-en.tsv").read_text("utf-8") + "bir qanat .\tone wing .\tmade-up\n"
    (corpus / "kk-en.tsv").write_text(rows, "utf-8")
    pairs = list(read(corpus / "kk-en.tsv"))
    counts, links = count(pairs, "id", tmp_path)  # made up in Latin letters, as Indonesian has
    counts.too_common = counts.function_words = frozenset()
    found = {word: counts.lexicon().hints(word) for word in WORDS}
    assert found == {word: english.lower() for word, english in WORDS.items()}
    assert counts.lexicon().hints("qanat") == "wing"
    *_, row = hinted(pairs, counts, links, random.Random(3))
    assert row == "bir qanat .\tone wing .\tmade-up\tone\n"


def test_a_run_has_the_hints_of_the_training(corpus, tmp_path):
    """What is written to the file gives for any text the hints that the counts give."""
    (tmp_path / "wiktionary.kk.tsv.xz").write_bytes(
        lzma.compress("терезе|терезелер\t<li>window, pane</li><li>(rare) a hatch</li>\n".encode())
    )
    counts, _ = count(list(read(corpus / "kk-en.tsv")), "kk", tmp_path)
    (tmp_path / "kk.tsv.xz").write_bytes(lzma.compress("\n".join(counts.rows()).encode()))
    texts = ["терезені eki alma", "almalar uyler", "men bilmeymin", "терезелерден Абай", "123 !"]
    trained = [counts.lexicon().hints(text) for text in texts]
    assert [load_lexicon(tmp_path / "kk.tsv.xz", "kk").hints(text) for text in texts] == trained
    assert trained[3] == "window/pane/hatch ~abay"


def test_hints_stand_behind_the_source(tokenizer_file):
    """The prompt of a pair with hints is that of its source, a line break and the hints."""
    tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer_file))
    asked = prompt(tokenizer, "kk", "men alma", "I apple")
    assert asked == prompt(tokenizer, "kk", "men alma\nI apple")
    assert asked != prompt(tokenizer, "kk", "men alma")


def test_packed_adapters_go_on(tokenizer_file):
    """Adapters of one run, packed, are taken over by the next."""
    one, other = (Trainer(tiny(tokenizer_file), Settings(rank=4)) for _ in range(2))
    with torch.no_grad():
        for weight in one.trained.values():
            weight.add_(0.5)
    other.take({name: weight.detach().bfloat16() for name, weight in one.trained.items()})
    assert all(torch.allclose(other.trained[n], w, atol=0.02) for n, w in one.trained.items())
