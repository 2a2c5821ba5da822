"""Between PyTorch and CTranslate2: write a trained decoder as int8, read a folder back.

    python training/export.py --state DIR --start DIR --out DIR

The layout of `model.bin` is that of `ctranslate2.specs.model_spec.ModelSpec.save`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from adapter import adapt, merge
from ctranslate2.specs import common_spec, transformer_spec
from data import END, START
from model import GLOBAL_BASE, LOCAL_BASE, WINDOW, Decoder, Shape, is_global

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNKNOWN = 3
TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)  # by their number in the file
NORMS = {  # ours: CTranslate2's
    "input_layernorm": "input_layer_norm",
    "post_attention_layernorm": "post_attention_layer_norm",
    "pre_feedforward_layernorm": "pre_feedforward_layer_norm",
    "post_feedforward_layernorm": "post_feedforward_layer_norm",
    "self_attn.q_norm": "self_attention.q_norm",
    "self_attn.k_norm": "self_attention.k_norm",
}
MATRICES = {
    "self_attn.o_proj": "self_attention.linear_1",
    "mlp.gate_proj": "ffn.linear_0",
    "mlp.up_proj": "ffn.linear_0_noact",
    "mlp.down_proj": "ffn.linear_1",
}
FUSED = "self_attention.linear_0"  # queries, keys and values, one above the other
PROJECTIONS = [f"self_attn.{name}_proj" for name in "qkv"]


class Reader:
    """Reads the little-endian fields of `model.bin` one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.offset = data, 0

    def number(self, kind: str) -> int:
        """Read an unsigned number: B, H or I of `struct`."""
        value = struct.unpack_from(f"<{kind}", self.data, self.offset)[0]
        self.offset += struct.calcsize(kind)
        return int(value)

    def text(self) -> str:
        """Read a string that ends with a NUL, preceded by its length."""
        return self.blob(self.number("H"))[:-1].decode()

    def blob(self, size: int) -> bytes:
        """Read `size` bytes."""
        self.offset += size
        return self.data[self.offset - size : self.offset]


def read_variables(path: Path) -> dict[str, NDArray[Any]]:
    """Read every variable of a `model.bin`; equal ones are stored once, and the others name it."""
    reader = Reader(path.read_bytes())
    reader.number("I")  # version of the layout
    reader.text()  # name of the specification
    reader.number("I")  # its revision

    def name() -> str:
        return reader.text().removeprefix("decoder/").replace("/", ".")

    variables = {}
    for _ in range(reader.number("I")):
        variable = name()
        axes = [reader.number("I") for _ in range(reader.number("B"))]
        kind = TYPES[reader.number("B")]
        variables[variable] = np.frombuffer(reader.blob(reader.number("I")), kind).reshape(axes)
    for _ in range(reader.number("I")):
        alias = name()
        variables[alias] = variables[name()]
    return variables


def import_folder(folder: Path) -> Decoder:
    """Rebuild the decoder of a CTranslate2 folder; int8 rows are divided by their scales."""
    variables = read_variables(folder / "model.bin")

    def weight(name: str) -> torch.Tensor:
        values = variables[name].astype(np.float32)
        scales = variables.get(f"{name}_scale")
        return torch.from_numpy(values if scales is None else values / scales[:, None])

    embeddings = weight("embeddings.weight")
    first = weight("layer_0.self_attention.linear_0.weight")
    heads, head_width = (
        int(variables[name]) for name in ("num_heads", "layer_0.self_attention.head_dim")
    )
    key_heads = (first.shape[0] // head_width - heads) // 2
    count = sum(name.endswith("ffn.linear_1.weight") for name in variables)
    inner = weight("layer_0.ffn.linear_0.weight").shape[0]
    shape = Shape(*embeddings.shape[:1], count, embeddings.shape[1], heads, key_heads, head_width,
                  inner)  # fmt: skip
    state = {"embed_tokens.weight": embeddings, "norm.weight": weight("layer_norm.gamma")}
    for number in range(count):
        ours, theirs = f"layers.{number}.", f"layer_{number}."
        state |= {f"{ours}{a}.weight": weight(f"{theirs}{b}.gamma") for a, b in NORMS.items()}
        state |= {f"{ours}{a}.weight": weight(f"{theirs}{b}.weight") for a, b in MATRICES.items()}
        rows = [count * head_width for count in (heads, key_heads, key_heads)]
        parts = weight(f"{theirs}{FUSED}.weight").split(rows)
        state |= {f"{ours}{a}.weight": b for a, b in zip(PROJECTIONS, parts, strict=True)}
    decoder = Decoder(shape)
    decoder.load_state_dict(state)
    return decoder


def specification(decoder: Decoder) -> transformer_spec.TransformerDecoderModelSpec:
    """Lay the weights of a decoder out as CTranslate2 wants them."""
    shape = decoder.shape
    spec = transformer_spec.TransformerDecoderModelSpec.from_config(
        shape.layers, shape.heads, activation=common_spec.Activation.GELUTanh, pre_norm=True,
        ffn_glu=True, rms_norm=True, rotary_dim=shape.head_width, rotary_interleave=False,
        rotary_base=LOCAL_BASE, num_heads_kv=shape.key_heads, head_dim=shape.head_width,
        sliding_window=WINDOW, pre_post_layer_norm=True, qk_norm=True,
    )  # fmt: skip
    state = {  # copies: quantization works in place
        name: tensor.float().cpu().numpy().copy() for name, tensor in decoder.state_dict().items()
    }

    def put_norm(target: Any, name: str) -> None:
        target.gamma, target.layer_norm_use_residual = state[f"{name}.weight"], True

    spec.decoder.scale_embeddings, spec.decoder.start_from_zero_embedding = True, False
    spec.decoder.embeddings.weight = state["embed_tokens.weight"]
    spec.decoder.projection.weight = state["embed_tokens.weight"]
    put_norm(spec.decoder.layer_norm, "norm")
    for number, layer in enumerate(spec.decoder.layer):
        ours, attention = f"layers.{number}.", layer.self_attention
        attention.rotary_base = np.float32(GLOBAL_BASE if is_global(number) else LOCAL_BASE)
        attention.sliding_window = np.int32(0 if is_global(number) else WINDOW)
        for a, b in NORMS.items():
            put_norm(attribute(layer, b), ours + a)
        fused = np.concatenate([state[f"{ours}{name}.weight"] for name in PROJECTIONS])
        attention.linear[0].weight = fused
        attention.linear[1].weight = state[f"{ours}self_attn.o_proj.weight"]
        for a, b in list(MATRICES.items())[1:]:
            attribute(layer, b).weight = state[f"{ours}{a}.weight"]
    return spec


def attribute(layer: Any, path: str) -> Any:
    """Follow a dotted path of attributes."""
    for name in path.split("."):
        layer = getattr(layer, name)
    return layer


def pieces(tokenizer: Path) -> list[str]:
    """Give the vocabulary of a `tokenizer.json`, in the order of its ids."""
    raw = json.loads(tokenizer.read_text(encoding="utf-8"))
    names = {number: piece for piece, number in raw["model"]["vocab"].items()}
    names |= {token["id"]: token["content"] for token in raw.get("added_tokens", [])}
    return [names.get(number, f"<missing {number}>") for number in range(max(names) + 1)]


def export_folder(
    decoder: Decoder, tokenizer: Path, folder: Path, quantization: str | None = "int8"
) -> None:
    """Write a CTranslate2 folder: the weights, the vocabulary and the tokenizer."""
    spec, vocabulary = specification(decoder), pieces(tokenizer)
    spec.register_vocabulary(vocabulary)
    spec.config.bos_token, spec.config.eos_token = vocabulary[START], vocabulary[END]
    spec.config.unk_token = vocabulary[UNKNOWN]
    spec.config.layer_norm_epsilon = 1e-6
    spec.validate()
    spec.optimize(quantization=quantization)
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    shutil.copyfile(tokenizer, folder / "tokenizer.json")


def main() -> None:
    """Export the averaged weights of a checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--state", type=Path, required=True, help="folder of the checkpoint")
    parser.add_argument("--start", type=Path, required=True, help="folder the training started at")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--last", action="store_true", help="not the average but the last weights")
    options = parser.parse_args()
    state = torch.load(options.state / "checkpoint.pt", map_location="cpu", weights_only=True)
    weights = state["trained"] if options.last else state["averaged"]
    decoder = adapt(import_folder(options.start), state["rank"])
    decoder.load_state_dict(weights, strict=False)
    export_folder(merge(decoder), options.start / "tokenizer.json", options.out)


if __name__ == "__main__":
    main()
