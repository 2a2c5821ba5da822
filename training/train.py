"""Train a decoder to translate into English, on a CPU or a CUDA device.

    python training/train.py --data DIR --start DIR --state DIR --minutes 110

`--start` is a CTranslate2 folder with its `tokenizer.json`. The run stops after `--minutes`, all
calls together; called again it resumes from `--state`.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from adapter import adapt
from data import Batches, Example, Selection, collate, load, load_all
from export import import_folder
from model import IGNORED
from tokenizers import Tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model import Decoder
    from torch import Tensor, nn

FLOOR = 0.05  # of the peak learning rate, reached at the end
SAVE_EVERY = 600.0  # seconds
MEASURE_EVERY = 100  # steps


@dataclass(frozen=True)
class Settings:
    """How to train."""

    minutes: float = 110.0
    rate: float = 5e-4  # peak learning rate
    rank: int = 32  # of the adapters
    warmup: int = 20  # steps
    tokens: int = 4096  # of a batch, padding included
    hold: bool = False  # keep the learning rate up: another run goes on
    steps: int = 10**9


def trained(decoder: Decoder) -> dict[str, nn.Parameter]:
    """Give the parameters that training changes, by name."""
    return {name: weight for name, weight in decoder.named_parameters() if weight.requires_grad}


def learning_rate(settings: Settings, step: int, progress: float) -> float:
    """Rise linearly over the first steps, then fall as half a cosine (arXiv:1608.03983)."""
    fall = 1.0 if settings.hold else 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
    return settings.rate * min(1.0, (step + 1) / settings.warmup) * (FLOOR + (1 - FLOOR) * fall)


def multiplies_bfloat16() -> bool:
    """Tell whether this machine multiplies matrices in bfloat16 faster than in float32.

    A processor without AVX-512 took half an hour for what takes seconds in float32.
    """
    return torch.cuda.is_available() or "AVX512" in torch.backends.cpu.get_cpu_capability()


@dataclass
class Trainer:
    """A decoder in training: AdamW on its adapters, in bfloat16 where that is faster."""

    model: Decoder
    settings: Settings
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        adapt(self.model, self.settings.rank)
        self.trained = trained(self.model)
        self.halved = multiplies_bfloat16()
        for weight in self.model.parameters():
            if self.halved and not weight.requires_grad:  # else each step would convert them anew
                weight.data = weight.data.bfloat16()
        for layer in self.model.layers:
            layer.compile(dynamic=True)  # three times as fast on a CPU with matrix units
        matrices = [weight for weight in self.trained.values() if weight.ndim > 1]
        norms = [weight for weight in self.trained.values() if weight.ndim == 1]
        groups = [{"params": matrices}, {"params": norms, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(
            groups, betas=(0.9, 0.999), weight_decay=0.01, fused=True
        )
        self.device = self.model.embed_tokens.weight.device

    def loss(self, batch: list[Example]) -> tuple[Tensor, int]:
        """Give the mean loss per target token, in nats, and the number of target tokens."""
        ids, labels = (tensor.to(self.device) for tensor in collate(batch))
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.halved):
            return self.model.loss(ids, labels), int((labels != IGNORED).sum())

    def learn(self, batch: list[Example]) -> float:
        """Take one step and give its loss."""
        started = time.monotonic()
        progress = max(
            self.seconds / 60 / self.settings.minutes, self.step / max(1, self.settings.steps)
        )
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.settings, self.step, progress)
        loss, _ = self.loss(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.trained.values(), 1.0, foreach=True)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self.tokens += sum(example.length for example in batch)
        self.seconds += time.monotonic() - started
        return loss.item()

    @torch.no_grad()
    def measure(self, examples: list[Example]) -> float:
        """Give the mean loss per target token over held-out examples, in nats."""
        total = count = 0.0
        ordered = sorted(examples, key=lambda example: example.length)
        for first in range(0, len(ordered), 20):
            loss, targets = self.loss(ordered[first : first + 20])
            total, count = total + loss.item() * targets, count + targets
        return total / max(1.0, count)

    def state(self, batches: Batches) -> dict[str, Any]:
        """Give all that resuming needs."""
        return {
            "trained": {name: weight.detach() for name, weight in self.trained.items()},
            "optimizer": self.optimizer.state_dict(),
            "rank": self.settings.rank, "step": self.step, "tokens": self.tokens,
            "seconds": self.seconds, "drawn": batches.drawn,
        }  # fmt: skip

    def take(self, adapters: dict[str, Tensor]) -> None:
        """Go on from packed adapters of the same rank; raises a KeyError if some are missing."""
        self.model.load_state_dict(
            {name: adapters[name].float() for name in self.trained}, strict=False
        )

    def resume(self, state: dict[str, Any], batches: Batches) -> None:
        """Go on from a saved state."""
        self.model.load_state_dict(state["trained"], strict=False)
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.tokens, self.seconds = state["step"], state["tokens"], state["seconds"]
        batches.drawn.update(state["drawn"])


def save(state: dict[str, Any], path: Path) -> None:
    """Write a checkpoint so that an interrupted run leaves the last one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def train(trainer: Trainer, batches: Batches, checkpoint: Path) -> Iterator[tuple[int, float]]:
    """Train to the end of the settings, resuming; give every step and its loss."""
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location="cpu", weights_only=True)
        trainer.resume(state, batches)
    settings, saved = trainer.settings, time.monotonic()
    for batch in batches:
        if trainer.seconds >= 60 * settings.minutes or trainer.step >= settings.steps:
            break
        yield trainer.step + 1, trainer.learn(batch)
        if time.monotonic() - saved > SAVE_EVERY:
            save(trainer.state(batches), checkpoint)
            saved = time.monotonic()
    save(trainer.state(batches), checkpoint)


def main() -> None:
    """Read the command line, train, and print the loss as it goes."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of LANGUAGE-en.tsv[.xz]")
    parser.add_argument("--start", type=Path, required=True, help="CTranslate2 folder to start at")
    parser.add_argument("--state", type=Path, required=True, help="folder of the checkpoint")
    parser.add_argument(
        "--selection", type=Path, default=Path(__file__).with_name("selection.toml")
    )
    parser.add_argument("--minutes", type=float, default=Settings.minutes)
    parser.add_argument("--rate", type=float, default=Settings.rate)
    parser.add_argument("--rank", type=int, default=Settings.rank)
    parser.add_argument("--tokens", type=int, default=Settings.tokens)
    parser.add_argument(
        "--seen", type=float, default=0.0, help="share of the pairs that START was trained on"
    )
    parser.add_argument(
        "--watch", type=Path, help="folder of pairs to measure the loss on, none of them in --data"
    )
    parser.add_argument("--adapter", type=Path, help="adapters to go on from, as packed before")
    parser.add_argument("--pack", type=Path, help="where to write the adapters at the end")
    parser.add_argument("--hold", action="store_true", help="keep the learning rate up")
    options = parser.parse_args()
    settings = Settings(
        options.minutes, options.rate, options.rank, tokens=options.tokens, hold=options.hold
    )
    selection = Selection.load(options.selection)
    tokenizer = Tokenizer.from_file(str(options.start / "tokenizer.json"))
    examples, held_out = load(options.data, selection, tokenizer)
    if options.watch:
        held_out = load_all(options.watch, examples, tokenizer)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    trainer = Trainer(import_folder(options.start).to(device), settings)
    if options.adapter:
        trainer.take(torch.load(options.adapter, map_location="cpu", weights_only=True))
    seen = {language: int(options.seen * len(rows)) for language, rows in examples.items()}
    batches = Batches(examples, selection.shares, settings.tokens, drawn=seen)
    losses: list[float] = []

    def report(step: int) -> None:
        measured = {language: trainer.measure(rows) for language, rows in held_out.items()}
        figures = " ".join(f"{language} {loss:.3f}" for language, loss in measured.items())
        print(f"step {step} held out {figures}", flush=True)

    report(0)
    for step, loss in train(trainer, batches, options.state / "checkpoint.pt"):
        losses.append(loss)
        if step % 10 == 0:
            mean = sum(losses) / len(losses)
            print(f"step {step} tokens {trainer.tokens} loss {mean:.3f}", flush=True)
            losses.clear()
        if step % MEASURE_EVERY == 0:
            report(step)
    report(trainer.step)
    if options.pack:
        torch.save(
            {name: w.detach().bfloat16() for name, w in trainer.trained.items()}, options.pack
        )


if __name__ == "__main__":
    main()
