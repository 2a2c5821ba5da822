"""Measure CTranslate2 folders side by side on held-out sentences: BLEU and chrF.

    python training/evaluate.py --test DIR --lines 100 MODEL_DIR...

`--test` holds `LANGUAGE.txt` for each language and the English `en.txt`, a sentence a line.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import ctranslate2
from data import RESERVED, TAGS, prompt
from sacrebleu import corpus_bleu, corpus_chrf
from tokenizers import Tokenizer


def translate(folder: Path, language: str, sources: list[str], limit: int = 120) -> list[str]:
    """Translate greedily, sentence by sentence; `limit` ends endless repetitions."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    generator = ctranslate2.Generator(str(folder), compute_type="int8")
    prompts = [
        [tokenizer.id_to_token(number) for number in prompt(tokenizer, language, source)]
        for source in sources
    ]
    results = generator.generate_batch(
        prompts, max_batch_size=16, max_length=limit, include_prompt_in_result=False
    )
    ids = [[number for number in r.sequences_ids[0] if number >= RESERVED] for r in results]
    return [text.strip() for text in tokenizer.decode_batch(ids)]


def main() -> None:
    """Print a line of a Markdown table per model and language, and the first translations."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=100)
    parser.add_argument("--samples", type=int, default=0, help="translations to print as well")
    options = parser.parse_args()

    def lines(language: str) -> list[str]:
        text = (options.test / f"{language}.txt").read_text(encoding="utf-8")
        return text.splitlines()[: options.lines]

    references = lines("en")
    print("| language | model | BLEU | chrF | seconds |\n| --- | --- | --- | --- | --- |")
    for language in TAGS:
        if language == "en" or not (options.test / f"{language}.txt").exists():
            continue
        for model in options.models:
            started = time.monotonic()
            found = translate(model, language, lines(language))
            seconds = time.monotonic() - started
            bleu, chrf = corpus_bleu(found, [references]), corpus_chrf(found, [references])
            row = f"| {language} | {model.name} | {bleu.score:.1f} | {chrf.score:.1f} |"
            print(f"{row} {seconds:.0f} |", *found[: options.samples], sep="\n    ", flush=True)


if __name__ == "__main__":
    main()
