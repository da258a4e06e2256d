"""How long reading ClinicalTrials.gov studies takes, beside merely parsing their JSON.

    python benchmarks/ctgov_read.py FOLDER

CPU time, medians of 15 rounds in which the ways take turns; FOLDER holds studies as JSON, one a file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

ROUNDS = 15


def main(folder: Path) -> None:
    """Print the medians, and each as a multiple of `json.loads`."""
    import pandas as pd

    import reviewkit as rk

    paths = sorted(folder.glob("*.json"))
    raws = [path.read_bytes() for path in paths]
    ways: dict[str, Callable[[], object]] = {
        "reviewkit.read, full records": lambda: [record.reported for record in rk.read(*paths)],
        "json.loads, bytes from disk": lambda: [json.loads(path.read_bytes()) for path in paths],
        "json.loads, bytes in memory": lambda: [json.loads(raw) for raw in raws],
        "pandas.json_normalize": lambda: pd.json_normalize([json.loads(path.read_bytes()) for path in paths]),
    }
    print(f"{len(paths)} files, {sum(map(len, raws)) / 1e6:.2f} MB")
    seconds = {name: median(rounds) for name, rounds in taken(ways).items()}
    disk, memory = (seconds[f"json.loads, bytes {where}"] for where in ("from disk", "in memory"))
    for name, one in seconds.items():
        print(f"{name:30} {one * 1000:8.1f} ms  {one / disk:6.2f} × from disk  {one / memory:6.2f} × in memory")


def taken(ways: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """CPU seconds of each round of each way; the first round of all, which fills caches, is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS + 1):
        for name, way in ways.items():
            start = process_time()
            kept = way()
            seconds[name].append(process_time() - start)
            del kept
    return {name: rounds[1:] for name, rounds in seconds.items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
