"""Characteristics of included studies, T1 (PRISMA 2020, item 17): a row a study, every fact with the mark of its place.

A publication and a registry that say the same are one fact; where they differ both stand in the cell, each with its
kind. A mirror page speaks only where neither is loaded, and is marked. Long texts are cut: the mark leads to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from reviewkit.countries import country_names
from reviewkit.fields import catalogue
from reviewkit.model import Finding, Study, Value
from reviewkit.tables import arms, participants
from reviewkit.tables.cells import Places, is_only_mirrored, numbered, shortened, silence
from reviewkit.tables.facts import KIND_WORDS, Items, beside, each, joined, of_group
from reviewkit.words import Kind, vocabularies

TITLE = "Characteristics of included studies"

Row = dict[str, Any]
Input = tuple[str, Study, Sequence[Finding]]
Cell = Callable[[Study, Places], str]


def columns() -> dict[str, str]:
    """The columns of T1 with their headings, in order."""
    title = {name: field.title for name, field in catalogue().items()}
    return {
        "study_id": "Study",
        "reports": "Records and registration numbers",
        "setting": "Country and setting",
        "design": "Design",
        "sizes": "Participants by role",
        "population": "Population",
        "intervention": title["interventions.name"],
        "comparator": "Comparator",
        "outcomes": "Outcomes and times",
        "follow_up": title["design.follow_up"],
        "funding": "Funding",
        "notes": "Notes",
        "places": "Read from",
    }


def page_columns() -> dict[str, str]:
    """The columns that a page shows: all but the places, which stand below the table as its footnotes."""
    return {name: heading for name, heading in columns().items() if name != "places"}


def rows(studies: Iterable[Input]) -> list[Row]:
    """T1: one row a study, sorted by study_id. `studies` is consumed once and no study is kept.

    Each is (study_id, study, findings).
    """
    return sorted((_row(*given) for given in studies), key=lambda row: row["study_id"])


# The block layout: a study's characteristics below one another, as Cochrane reviews print them.
BLOCK_TITLE = "Characteristics of included studies, study by study"
BLOCK_COLUMNS = {"section": "Study", "part": "Part", "item": "Item", "told": "Characteristics"}
BLOCKS = {
    "Methods": ("design", "follow_up"),
    "Participants": ("setting", "sizes", "population"),
    "Interventions": ("intervention", "comparator"),
    "Outcomes": ("outcomes",),
    "Identification": ("reports", "funding"),
    "Notes": ("notes",),
}


def blocks(made: Iterable[Row]) -> list[Row]:
    """The rows of T1 in the block layout: a row a study, part and item; a part that says nothing is left blank."""
    headings = columns()
    return [
        {"section": row["study_id"], "part": part if not place else "", "item": headings[name], "told": row[name]}
        for row in made
        for part, names in BLOCKS.items()
        for place, name in enumerate(names)
    ]


def _row(study_id: str, study: Study, findings: Sequence[Finding]) -> Row:
    places = Places()
    cells: dict[str, Cell] = {
        "reports": _reports,
        "setting": _setting,
        "design": _design,
        "sizes": participants.sizes,
        "population": participants.population,
        "intervention": arms.interventions,
        "comparator": arms.comparators,
        "outcomes": _outcomes,
        "follow_up": _follow_up,
        "funding": _funding,
    }
    made = {name: cell(study, places) for name, cell in cells.items()}
    return {"study_id": study_id, **made, "notes": _notes(study, findings), "places": places.text()}


def _reports(study: Study, places: Places) -> str:
    """All registration numbers, then each record by its kind and document."""
    acronym = beside(study, "acronym", places)
    numbers = _numbers(study, places)
    records = [f"{KIND_WORDS[Kind(record.kind)]} {record.document}" for record in study.records]
    told = [acronym, numbers or "no registration number", *records]
    return "; ".join(dict.fromkeys(part for part in told if part))


def _numbers(study: Study, places: Places) -> str:
    """Each number once with every place that gives it; a study may have several, and none contradicts another."""
    known: dict[str, list[Value]] = {}
    for field in ("ids.primary", "ids.aliases"):
        for value in study.known(field):
            known.setdefault(str(value.value), []).append(value)
    return "; ".join(f"{number} {places.mark(values)}" for number, values in known.items())


def _setting(study: Study, places: Places) -> str:
    listed = (beside(study, field, places, word=_country) for field in ("countries", "sites.country"))
    countries = next((words for words in listed if words), "")
    centres = beside(study, "design.centres.n", places, word=_centres)
    several = beside(study, "design.centres.multicentre", places, word=_multicentre) if not centres else ""
    setting = beside(study, "recruitment.setting", places)
    told = [part for part in (countries, centres or several, setting) if part]
    return "; ".join(told) or silence(study, "countries", "sites.country", "recruitment.setting", "design.centres.n")


def _country(code: Any) -> str:
    return country_names().get(code, str(code))


def _centres(count: Any) -> str:
    return "1 centre" if count == 1 else f"{count} centres"


def _multicentre(several: Any) -> str:
    return "several centres" if several else "one centre"


DESIGN = ("study_type", "design.allocation", "design.model", "masking.label", "design.phase")
# What the codes of these fields would hide without a word beside them.
NAMES = {"masking.label": "masking", "design.phase": "phase"}
SHORT = {
    ("design.allocation", "RANDOMIZED"): "randomised",
    ("design.allocation", "NON_RANDOMIZED"): "not randomised",
    ("design.allocation", "NA"): "no allocation",
    ("masking.label", "NONE"): "open label",
    ("design.phase", "NA"): "no phase",
    ("design.phase", "EARLY_PHASE1"): "early phase 1",
}


def _design(study: Study, places: Places) -> str:
    told = [beside(study, field, places, word=_coded(field)) for field in DESIGN]
    return "; ".join(part for part in told if part) or silence(study, *DESIGN)


def _coded(field: str) -> Callable[[Any], str]:
    """A code in words: ours where the meaning in the catalogue is a sentence, else the code itself in small letters."""

    def word(code: Any) -> str:
        plain = SHORT.get((field, code)) or str(code).lower().replace("_", " ")
        is_named = field in NAMES and (field, code) not in SHORT
        if field == "design.phase" and is_named:
            return vocabularies()["Phase"][code]
        return f"{plain} {NAMES[field]}" if is_named else plain

    return word


OUTCOME = ("measure", "timepoint", "description")  # the parts of an outcome that a cell shows


def _outcomes(study: Study, places: Places) -> str:
    """Primary outcomes, then the others, each with its time; of each kind of record where their lists differ."""
    return joined(each(study, of_group("outcomes", _outcome_list, shown=OUTCOME)), places) or silence(
        study, "outcomes.measure"
    )


def _outcome_list(items: Items) -> str:
    parts = []
    for heading in ("Primary", "Secondary", "Other"):
        if chosen := [item for item in items.values() if _heading(item) == heading and _measure(item)]:
            parts.append(f"{heading}: {numbered(map(_timed, chosen))}")
    return ". ".join(part.rstrip(". ") for part in parts)


def _heading(item: dict[str, Any]) -> str:
    return {"PRIMARY": "Primary", "SECONDARY": "Secondary"}.get(item.get("type", ""), "Other")


def _measure(item: dict[str, Any]) -> str:
    """What is measured; some pages only describe it."""
    return shortened(str(item.get("measure") or item.get("description") or ""), 100)


def _timed(item: dict[str, Any]) -> str:
    time = item.get("timepoint")
    return _measure(item) + (f" ({shortened(str(time), 80)})" if time else "")


def _follow_up(study: Study, places: Places) -> str:
    return beside(study, "design.follow_up", places) or silence(study, "design.follow_up")


def _funding(study: Study, places: Places) -> str:
    funders = beside(study, "funders.name", places)
    statement = beside(study, "statement.funding", places)
    sponsor = beside(study, "sponsor.primary", places) if not funders else ""
    told = [funders, statement, f"sponsor: {sponsor}" if sponsor else ""]
    return "; ".join(part for part in told if part) or silence(study, "funders.name", "statement.funding")


def _notes(study: Study, findings: Sequence[Finding]) -> str:
    """What a reader of the row must know: a mirror page alone, and every contradiction the checks found."""
    mirror = ["Known only from a page that retells a registry."] if is_only_mirrored(study) else []
    loaded = {record.kind for record in study.records}
    beside_mirror = Kind.MIRROR in loaded and not mirror
    left_out = ["A page that retells a registry was left aside."] if beside_mirror else []
    return " ".join([*mirror, *left_out, *dict.fromkeys(f.message for f in findings if f.verdict == "INCONSISTENT")])
