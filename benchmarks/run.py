"""Time `pipeline run` as users see it: from nothing, again unchanged, and after one edit.

Copies the project's articles and configuration (this repository's without `--project`), so that
nothing there is touched.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent


def run(project: Path, *options: str) -> tuple[float, float]:
    """Run the pipeline in a process of its own: wall seconds, and peak MiB of all runs so far."""
    command = [sys.executable, "-m", "pipeline", "run", *options]
    start = time.perf_counter()
    subprocess.run(command, cwd=project, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    seconds = time.perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, default=REPOSITORY)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        shutil.copytree(arguments.project / "seeds", project / "seeds")
        for file in arguments.project.glob("*.yaml"):
            shutil.copy(file, project)
        (project / "models").symlink_to(arguments.project.resolve() / "models")
        rows = [("from nothing", *run(project))]
        report = json.loads((project / "output" / "report.json").read_text("utf-8"))
        rows.append(("nothing changed", *run(project)))
        first = min(p for p in (project / "seeds").iterdir())
        with first.open("a", encoding="utf-8") as file:
            file.write("\n2024.\n")
        rows.append(("one line added", *run(project)))
    counts = report["counts"]
    print(
        f"{sum(counts['articles'].values())} articles, {sum(counts['segments'].values())} segments"
    )
    print("| run | seconds | peak MiB |\n| --- | ---: | ---: |")
    for name, seconds, peak in rows:
        print(f"| {name} | {seconds:.1f} | {peak:.0f} |")
    print("\nseconds by stage, from nothing:", json.dumps(report["seconds"]))


if __name__ == "__main__":
    main()
