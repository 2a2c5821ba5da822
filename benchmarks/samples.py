"""Print sample translations as a Markdown table, chosen from a run's evidence by a fixed seed.

python benchmarks/samples.py --output output -n 4      # sentences per article
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Print one row per sentence: language, quality class, source, translation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "output", help="folder of a run")
    parser.add_argument("-n", type=int, default=4, help="sentences per article")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)  # noqa: S311 - repeatable, no secret
    print("| language | class | source | translation |\n| --- | --- | --- | --- |")
    for path in sorted(arguments.output.glob("*.json")):
        evidence = json.loads(path.read_text("utf-8"))
        sentences = [s for s in evidence.get("segments", ()) if s["kind"] == "sentence"]
        for segment in rng.sample(sentences, min(arguments.n, len(sentences))):
            cells = (
                evidence["language"]["code"],
                segment["quality"],
                segment["source"],
                segment["translation"] or "(kept in its own words)",
            )
            print("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")


if __name__ == "__main__":
    main()
