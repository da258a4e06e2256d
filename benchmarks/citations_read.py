"""How time and memory of reading citations grow with their number: ratios of many to few, form by form.

    python benchmarks/citations_read.py [FEW MANY]     CPU time and peak memory above the file itself, MANY over FEW

Records are dropped as they come. Time in proportion to the number gives MANY/FEW; flat memory gives about 1.
"""

from __future__ import annotations

import sys
import tracemalloc
from time import process_time

from reviewkit import sources
from reviewkit.documents import Document

ABSTRACT = "We randomly assigned 60 adults to a kite or to no kite in a double-blind trial."
FORMS = {
    "medline": ("", "PMID- {0}\nTI  - Kite {0}.\nAB  - " + ABSTRACT + "\nAU  - Windham A\nDP  - 2020 Mar\n\n", ""),
    "ris": ("", "TY  - JOUR\nTI  - Kite {0}\nAB  - " + ABSTRACT + "\nAU  - Windham, A\nPY  - 2020\nER  - \n", ""),
    "pubmed": (
        "<PubmedArticleSet>",
        "<PubmedArticle><MedlineCitation><PMID>{0}</PMID><Article><ArticleTitle>Kite {0}</ArticleTitle><Abstract>"
        f"<AbstractText>{ABSTRACT}</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>\n",
        "</PubmedArticleSet>",
    ),
}


def main(arguments: list[str]) -> None:
    """Print one line a form."""
    few, many = map(int, arguments) if arguments else (500, 2_000)
    print(f"form      time  memory   ({many} citations over {few})")
    for form in FORMS:
        times, peaks = zip(*(cost(form, number) for number in (few, many)), strict=True)
        print(f"{form:8} {times[1] / times[0]:5.1f} {peaks[1] / peaks[0]:7.1f}")


def cost(form: str, number: int) -> tuple[float, int]:
    """CPU seconds and peak bytes while all citations of a file are read, one at a time."""
    opening, citation, end = FORMS[form]
    raw = (opening + "".join(citation.format(one) for one in range(1, number + 1)) + end).encode()
    records = sources.read(Document(form, raw, lambda problem: None))
    next(records)  # the text, its line starts and the parser are in memory now
    start = process_time()
    tracemalloc.start()
    assert sum(1 for _ in records) == number - 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return process_time() - start, peak


if __name__ == "__main__":
    main(sys.argv[1:])
