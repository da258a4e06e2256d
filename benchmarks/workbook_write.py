"""How long a large assisted workbook takes to write, beside plain openpyxl writing the same cells on the same sheets.

500 studies with 60 filled columns each and an evidence row for every value. The bar: at most 1.5 times plain openpyxl,
CPU time, median of interleaved pairs. Ours lays out, fills, checks and styles as well. Run:
python benchmarks/workbook_write.py [studies] [pairs]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook, load_workbook

from reviewkit.codebook import HEADINGS, Codebook, read_codebook
from reviewkit.fields import catalogue
from reviewkit.model import Place, Record, Study, Value
from reviewkit.words import State, members
from reviewkit.workbook import Facts, write_workbook

BAR, COLUMNS = 1.5, 60
TEMPLATE = Path(__file__).parents[1] / "templates" / "codebook.csv"
EXAMPLES = {"count": 120, "decimal": 12.5, "date": "2020-07-31", "id": "NCT09900413", "flag": True}


def main(studies: int = 500, pairs: int = 3) -> None:
    """Print both times and their ratio; exit status 1 if the bar is missed."""
    codebook = sixty_columns()
    trials = [trial(f"S{number:04}", codebook) for number in range(1, studies + 1)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ours.xlsx"

        def ours() -> None:
            facts = Facts("benchmark", "Benchmark", "2026-11-01", "0")
            write_workbook(path, facts, trials, codebook=codebook, extractor="AB", mode="assisted", link=page)

        ours()
        rows = cells_of(path)
        times = [(cpu(ours), cpu(lambda: plain(rows, Path(folder) / "plain.xlsx"))) for _ in range(pairs)]
    ratio = statistics.median(mine / other for mine, other in times)
    count = sum(len(row) for sheet in rows.values() for row in sheet)
    print(f"{studies} studies x {COLUMNS} filled columns, {count:,} cells on {len(rows)} sheets")
    mine, other = (statistics.median(pair[side] for pair in times) for side in (0, 1))
    print(f"reviewkit {mine:.2f} s   plain openpyxl {other:.2f} s")
    print(f"ratio {ratio:.2f} (bar {BAR})")
    raise SystemExit(ratio > BAR)


def sixty_columns() -> Codebook:
    """The shipped codebook with the sheet `studies` replaced by 60 filled columns."""
    kinds = ("text", "count", "choice", "date", "decimal")
    fields = [field for field in catalogue().values() if not field.group and field.kind in kinds][:COLUMNS]
    rows = [row for row in TEMPLATE.read_text(encoding="utf-8").splitlines() if not row.startswith("studies,")]
    studies = ["studies,study_id,Study,Key of the study.,id,,,,,key" + "," * 6]
    for number, field in enumerate(fields):
        cells = dict.fromkeys(HEADINGS, "")
        cells |= {"sheet": "studies", "field": f"c{number}", "label": field.title.replace(",", ""), "required": "no"}
        cells |= {"filled_from": f"{field.name}@registry"}
        studies.append(",".join(cells.values()))
    codebook, problems = read_codebook("\n".join([rows[0], *studies, *rows[1:]]).encode())
    assert not problems, problems[0]
    return codebook


def trial(study: str, codebook: Codebook) -> Study:
    """One study whose only record says something for every column."""
    name, values = f"{study}.txt", []
    for line, column in enumerate(codebook.sheets["studies"], 1):
        if column.filling:
            field = catalogue()[column.filling.name]
            said = (
                members(field.vocabulary)[0]
                if field.vocabulary
                else EXAMPLES.get(field.kind, f"words on {field.title}")
            )
            place = Place(name, line=line, start=line * 100, end=line * 100 + len(str(said)))
            values.append(Value(field.name, None, said, State.REPORTED, str(said), place, "irct:label"))
    return Study(study, [Record(name, 1, "0" * 64, "irct", "content", "registry", values)])


def page(place: Place) -> str:
    """An address such as a review gives."""
    return f"../../reports/pages/{place.document}.html#L{place.line}"


def cells_of(path: Path) -> dict[str, list[tuple]]:
    """Every sheet of a workbook as rows of plain values."""
    book = load_workbook(path, read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def plain(rows: dict[str, list[tuple]], path: Path) -> None:
    """Write the same cells with openpyxl and nothing else."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, lines in rows.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(path)


def cpu(run: Callable[[], None]) -> float:
    """Processor seconds of one call."""
    start = time.process_time()
    run()
    return time.process_time() - start


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
