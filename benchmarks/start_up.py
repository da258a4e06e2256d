"""CPU seconds of `import reviewkit` and of the command's `--help` above bare Python, beside the limit of 0.3 s.

Each is the median of many fresh interpreters, the three taken in turn, so that a busy machine slows them alike.
Run: python benchmarks/start_up.py
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

LIMIT = 0.3  # seconds of CPU above bare Python
ROUNDS = 21
ROOT = Path(__file__).parents[1]
PROGRAMS = {
    "bare Python": "pass",
    "import reviewkit": "import reviewkit",
    "reviewkit --help": "from reviewkit.cli import main; main(['--help'])",
}


def cpu_seconds(code: str) -> float:
    """User and system time of one fresh interpreter that runs `code`."""
    before = os.times()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL, env=environment)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def main() -> None:
    """Print a line for each program."""
    cpu_seconds(PROGRAMS["reviewkit --help"])  # once, so that compiled files and the disk's cache are there
    taken: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(ROUNDS):
        for name, code in PROGRAMS.items():
            taken[name].append(cpu_seconds(code))
    bare = median(taken["bare Python"])
    print(f"bare Python        {bare:.3f} s (median of {ROUNDS})")
    for name in list(PROGRAMS)[1:]:
        above = median(taken[name]) - bare
        print(f"{name:<18} {above:.3f} s above it, limit {LIMIT} s: {'within' if above <= LIMIT else 'OVER'}")


if __name__ == "__main__":
    main()
