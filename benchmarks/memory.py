"""Peak memory of `reviewkit read --json` and `check --json` over few and many constructed ClinicalTrials.gov records.

The records differ in number and dates only. Memory should not grow with their number: documents go through one by one.
Run: python benchmarks/memory.py [FEW MANY]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "data/exosomes/documents/NCT09900413.json"
COMMANDS = ("read", "check")


def write_records(folder: Path, number: int) -> None:
    """`number` files, each a study of its own."""
    folder.mkdir()
    text = EXAMPLE.read_text(encoding="utf-8")
    assert json.loads(text)["protocolSection"]["identificationModule"]["nctId"] == EXAMPLE.stem
    for index in range(number):
        name = f"NCT098{index:05}"
        (folder / f"{name}.json").write_text(text.replace(EXAMPLE.stem, name), encoding="utf-8")


def peak_megabytes(command: str, folder: Path) -> float:
    """The most memory that one command held, in MB."""
    code = (
        "import resource, sys\nfrom reviewkit.cli import main\ntry:\n    main()\nfinally:\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    arguments = [sys.executable, "-c", code, command, "--json", str(folder)]
    done = subprocess.run(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, check=True)
    kilobytes = int(done.stderr.split()[-1])
    return kilobytes / 1024


def main() -> None:
    """Print a line a command: its peak with few and with many records."""
    few, many = map(int, sys.argv[1:]) if sys.argv[1:] else (200, 5000)
    with TemporaryDirectory() as temporary:
        for number in (few, many):
            write_records(Path(temporary, str(number)), number)
        for command in COMMANDS:
            peaks = [peak_megabytes(command, Path(temporary, str(number))) for number in (few, many)]
            print(f"{command:<6} {few:>6} records {peaks[0]:6.1f} MB   {many:>6} records {peaks[1]:6.1f} MB")


if __name__ == "__main__":
    main()
