"""How long reading ICTRP's exports takes, beside the readers of Python and lxml alone, and how much memory.

    python benchmarks/ictrp_read.py EXPORT.csv EXPORT.xml     ratios: CPU time, medians over rounds taken in turn
    python benchmarks/ictrp_read.py memory [FEW MANY]         peaks over constructed exports of few and many trials

Full records are kept while they are timed, and so are csv.DictReader's rows. lxml's iterparse goes over every element.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from xml.sax.saxutils import escape

ROUNDS = 25
CELLS = {
    "TrialID": "NCT0{:07}",
    "Public title": "Gel {} for ulcers of the foot",
    "Scientific title": "A randomised trial of gel {}, applied twice a day, against plain gel and a bandage",
    "Primary sponsor": "Fictitious University",
    "Date registration": "03/04/2020",
    "Date registration3": "20200403",
    "Export date": "6/1/2024 5:00:00 PM",
    "Source Register": "ClinicalTrials.gov",
    "web address": "https://example.org/{}",
    "Recruitment Status": "Recruiting",
    "Inclusion agemin": "18 Years",
    "Inclusion agemax": "65 Years",
    "Inclusion gender": "All",
    "Date enrollement": "April 2020",
    "Target size": "Gel:{0};Plain gel:{0};",
    "Study type": "Interventional",
    "Study design": "Allocation: Randomized. Intervention model: Parallel Assignment. Masking: None (Open Label).",
    "Phase": "Phase 2/Phase 3",
    "Countries": "Iran (Islamic Republic of);Germany",
    "Inclusion Criteria": "Inclusion criteria: - an ulcer of the foot<br>" + "- able to apply a gel<br>" * 12,
    "Exclusion Criteria": "Exclusion criteria: " + "- an infected ulcer<br>" * 12,
    "Condition": "Ulcer of the foot;Diabetes",
    "Intervention": "Drug: Gel;Other: Plain gel",
    "Primary outcome": "Healing[12 weeks];Pain[4 weeks]",
    "results yes no": "",
}


def main(arguments: list[str]) -> None:
    """Print one of the two tables."""
    if arguments[:1] == ["memory"]:
        few, many = map(int, arguments[1:]) if arguments[1:] else (1_000, 200_000)
        tell_memory(few, many)
    else:
        tell_ratios(Path(arguments[0]), Path(arguments[1]))


def tell_ratios(table: Path, tree: Path) -> None:
    """The medians of each way, and our own as multiples of the others."""
    import reviewkit as rk

    ways: dict[str, Callable[[], object]] = {
        "csv.DictReader": lambda: _rows(table),
        "reviewkit.read, CSV": lambda: [record.reported for record in rk.read(table, problems=[])],
        "lxml iterparse": lambda: _elements(tree),
        "reviewkit.read, XML": lambda: [record.reported for record in rk.read(tree, problems=[])],
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS + 1):
        for name, way in ways.items():
            start = process_time()
            kept = way()
            seconds[name].append(process_time() - start)
            del kept
    medians = {name: median(rounds[1:]) for name, rounds in seconds.items()}
    for name, one in medians.items():
        print(f"{name:22} {one * 1000:8.1f} ms")
    print(f"CSV {medians['reviewkit.read, CSV'] / medians['csv.DictReader']:.2f} × csv.DictReader")
    print(f"XML {medians['reviewkit.read, XML'] / medians['lxml iterparse']:.2f} × lxml iterparse")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _elements(path: Path) -> int:
    from lxml import etree

    return sum(1 for _ in etree.iterparse(str(path)))


def tell_memory(few: int, many: int) -> None:
    """The peaks of both forms over few and over many trials."""
    with TemporaryDirectory() as folder:
        for suffix, write in (("csv", _write_csv), ("xml", _write_xml)):
            peaks = []
            for number in (few, many):
                path = Path(folder, f"export-{number}.{suffix}")
                write(path, number)
                peaks.append(_peak_megabytes(path))
                path.unlink()
            print(f"{suffix}  {few:>7} trials {peaks[0]:6.1f} MB   {many:>7} trials {peaks[1]:6.1f} MB")


def _trials(number: int) -> Iterator[list[str]]:
    return ([words.format(index) for words in CELLS.values()] for index in range(number))


def _write_csv(path: Path, number: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CELLS)
        writer.writerows(_trials(number))


def _write_xml(path: Path, number: int) -> None:
    names = [name.replace(" ", "_") for name in CELLS]
    with path.open("w", encoding="utf-8") as file:
        file.write("<Trials_downloaded_from_ICTRP>\n")
        for cells in _trials(number):
            parts = (f"<{name}>{escape(words)}</{name}>" for name, words in zip(names, cells, strict=True))
            file.write(f"<Trial>{''.join(parts)}</Trial>\n")
        file.write("</Trials_downloaded_from_ICTRP>\n")


def _peak_megabytes(path: Path) -> float:
    """The most memory that reading one file held, in MB."""
    code = (
        "import resource, sys\nimport reviewkit as rk\nfor record in rk.read(sys.argv[1], problems=[]): pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, check=True)
    return int(done.stdout) / 1024


if __name__ == "__main__":
    main(sys.argv[1:])
