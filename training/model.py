"""The decoder that is trained: the text model of Gemma 3, in plain PyTorch.

Gemma Team, "Gemma 3 Technical Report" (2025), arXiv:2503.19786. Parameter names follow the
published checkpoints. B is the number of pairs in a batch, T their tokens, W the width.
"""

from __future__ import annotations

from dataclasses import dataclass

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

GLOBAL_EVERY = 6  # every sixth layer attends to everything, the others to `WINDOW` tokens
WINDOW = 512  # longer than any training pair, so training needs no window of its own
LOCAL_BASE, GLOBAL_BASE = 10_000.0, 1_000_000.0  # rotary bases of the two kinds of layer
IGNORED = -100  # label of a position without loss
JUDGED_AT_ONCE = 256  # positions: their logits over the vocabulary are the largest thing in memory


def is_global(layer: int) -> bool:
    """Tell whether layer number `layer`, from 0, attends globally."""
    return (layer + 1) % GLOBAL_EVERY == 0


@dataclass(frozen=True)
class Shape:
    """The sizes of a decoder; the defaults are those of Gemma 3 270M, but for the vocabulary."""

    vocabulary: int
    layers: int = 18
    width: int = 640
    heads: int = 4
    key_heads: int = 1
    head_width: int = 256
    inner: int = 2048  # width of the feed-forward layer


class RMSNorm(nn.Module):
    """Root mean square norm, computed in float32; its weight is stored less one, as in Gemma."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor) -> Tensor:
        """Scale the last axis of `x` to a root mean square of one, times the weight."""
        y = x.float()
        y = y * torch.rsqrt(y.square().mean(-1, keepdim=True) + 1e-6)
        return (y * (1.0 + self.weight.float())).to(x.dtype)


def rotary(length: int, width: int, base: float, device: torch.device) -> tuple[Tensor, Tensor]:
    """Give the cosines and sines [T, width / 2] of rotary position embedding.

    Su et al., "RoFormer" (2021), arXiv:2104.09864.
    """
    rates = base ** (-torch.arange(0, width, 2, device=device).float() / width)
    angles = torch.outer(torch.arange(length, device=device).float(), rates)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn the two halves of the last axis of `x` [B, heads, T, width] by their positions."""
    first, second = x.chunk(2, -1)
    return torch.cat((first * cos - second * sin, second * cos + first * sin), -1)


class Attention(nn.Module):
    """Causal attention in which query heads share keys and values (arXiv:2305.13245)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads, self.key_heads = shape.heads, shape.key_heads
        keys = shape.key_heads * shape.head_width
        queries = shape.heads * shape.head_width
        self.q_proj = nn.Linear(shape.width, queries, bias=False)
        self.k_proj = nn.Linear(shape.width, keys, bias=False)
        self.v_proj = nn.Linear(shape.width, keys, bias=False)
        self.o_proj = nn.Linear(queries, shape.width, bias=False)
        self.q_norm, self.k_norm = RMSNorm(shape.head_width), RMSNorm(shape.head_width)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Mix the positions of `x` [B, T, W]."""

        def split(y: Tensor, heads: int) -> Tensor:
            return y.unflatten(-1, (heads, -1))

        q = rotate(self.q_norm(split(self.q_proj(x), self.heads)).transpose(1, 2), cos, sin)
        k = rotate(self.k_norm(split(self.k_proj(x), self.key_heads)).transpose(1, 2), cos, sin)
        v = split(self.v_proj(x), self.key_heads).transpose(1, 2)
        # Written out, for texts this short, attention compiles to faster code than the library's:
        # the query heads that share a key head are rows of one matrix.
        rows = q.unflatten(1, (self.key_heads, -1)).flatten(2, 3).to(v.dtype)
        scores = (rows @ k.to(v.dtype).mT).float().view(*q.shape[:3], -1) * q.shape[-1] ** -0.5
        later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device).triu(1)
        weights = scores.masked_fill(later, float("-inf")).softmax(-1).to(v.dtype)
        mixed = (weights.view(*rows.shape[:3], -1) @ v).view(q.shape)
        return self.o_proj(mixed.transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    """Gated feed-forward layer, GeGLU (arXiv:2002.05202)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(shape.width, shape.inner, bias=False)
        self.up_proj = nn.Linear(shape.width, shape.inner, bias=False)
        self.down_proj = nn.Linear(shape.inner, shape.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Transform every position of `x` [B, T, W] by itself."""
        return self.down_proj(F.gelu(self.gate_proj(x), approximate="tanh") * self.up_proj(x))


class Layer(nn.Module):
    """One layer: attention, then feed-forward, each normed before and after."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.self_attn, self.mlp = Attention(shape), FeedForward(shape)
        self.input_layernorm = RMSNorm(shape.width)
        self.post_attention_layernorm = RMSNorm(shape.width)
        self.pre_feedforward_layernorm = RMSNorm(shape.width)
        self.post_feedforward_layernorm = RMSNorm(shape.width)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Map `x` [B, T, W] to the same shape."""
        attended = self.self_attn(self.input_layernorm(x), cos, sin)
        x = x + self.post_attention_layernorm(attended)
        return x + self.post_feedforward_layernorm(self.mlp(self.pre_feedforward_layernorm(x)))


@torch.compile(dynamic=True)
def judge(hidden: Tensor, table: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Give the summed cross-entropy of some positions, and its gradient by their logits."""
    logits = (hidden @ table.T).float()
    total = logits.logsumexp(-1, keepdim=True)
    wanted = logits.gather(1, targets[:, None])
    at = torch.arange(len(table), device=hidden.device) == targets[:, None]
    return (total - wanted).sum(), ((logits - total).exp() - at.float()).to(hidden.dtype)


class CrossEntropy(torch.autograd.Function):
    """Mean cross-entropy against a frozen table of embeddings, some positions at a time.

    The gradient is made on the way forward, so that the logits of a batch, gigabytes of them, are
    never in memory together (Hsu et al., "Liger Kernel", 2024, arXiv:2410.10989).
    """

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, table: Tensor, targets: Tensor) -> Tensor:
        """Take `hidden` [N, W], `table` [vocabulary, W] and `targets` [N]."""
        loss, gradient = hidden.new_zeros((), dtype=torch.float32), torch.empty_like(hidden)
        for first in range(0, len(hidden), JUDGED_AT_ONCE):
            rows = slice(first, first + JUDGED_AT_ONCE)
            part, by_logits = judge(hidden[rows], table, targets[rows])
            loss, gradient[rows] = loss + part, by_logits @ table
        ctx.save_for_backward(gradient / max(1, len(hidden)))
        return loss / max(1, len(hidden))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        """Scale the gradient that was made on the way forward."""
        return ctx.saved_tensors[0] * gradients[0], None, None


class Decoder(nn.Module):
    """The whole decoder; the table of embeddings is its output layer as well."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embed_tokens = nn.Embedding(shape.vocabulary, shape.width)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = RMSNorm(shape.width)

    def forward(self, ids: Tensor) -> Tensor:
        """Give the last hidden states [B, T, W] of token ids [B, T]."""
        x = self.embed_tokens(ids).float() * self.shape.width**0.5
        width = self.shape.head_width
        near = rotary(ids.shape[1], width, LOCAL_BASE, ids.device)
        far = rotary(ids.shape[1], width, GLOBAL_BASE, ids.device)
        for number, layer in enumerate(self.layers):
            x = layer(x, *(far if is_global(number) else near))
        return self.norm(x)

    def loss(self, ids: Tensor, labels: Tensor) -> Tensor:
        """Give the mean cross-entropy per target token, in nats.

        `labels` [B, T] holds the next token of every position, `IGNORED` where it is not judged.
        Logits are computed for judged positions only: the vocabulary is most of the cost. The table
        of embeddings gets no gradient.
        """
        judged, table = labels != IGNORED, self.embed_tokens.weight.detach()
        hidden = self(ids)[judged].to(table.dtype)
        loss: Tensor = CrossEntropy.apply(hidden, table, labels[judged])
        return loss
