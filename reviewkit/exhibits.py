"""Introduces tables and figures to each other: each function here makes what one notebook shows, and writes its files.

Every table with counts is checked against rows made anew from the records before it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewkit.errors import Problem, ReviewError
from reviewkit.model import Place
from reviewkit.shown import Drawing, Exhibit, frame, table_html
from reviewkit.words import nearest

if TYPE_CHECKING:
    from reviewkit.model import Finding, Study

Judged = tuple[str, "Study", "list[Finding]"]  # study id, records, findings


class RegistrationTiming:
    """Registration timing of a review: `by_study` (T7a) and `rates` (T7b) as data frames, `figure` (F5), `headline`."""

    def __init__(
        self, rows: list[dict], rates: list[dict], *, rule: str, grace_days: tuple[int, ...], note: dict[str, str]
    ):
        self.rows, self.rate_rows, self.rule, self.grace_days, self.note = rows, rates, rule, grace_days, note

    @property
    def by_study(self) -> Any:
        """T7a as a data frame: a row a study. A notebook shows its main columns."""
        from reviewkit.tables import timing

        return frame(self.rows, timing.columns(self.grace_days), timing.page_columns(self.grace_days))

    @property
    def rates(self) -> Any:
        """T7b as a data frame: a row a rate."""
        from reviewkit.tables import timing_rates

        return frame(self.rate_rows, timing_rates.COLUMNS, timing_rates.PAGE_COLUMNS)

    @property
    def figure(self) -> Drawing:
        """F5, which a notebook shows; says so in words if no study has both dates."""
        from reviewkit.figures import delay

        return Drawing(delay.draw_delay(self.rows), delay.alt_text(self.rows), self.note)

    @property
    def headline(self) -> str:
        """How many trials were registered late under the chosen rule, by the basis of their start date."""
        from reviewkit.tables.timing_rates import rule_rates

        named = [row for row in rule_rates(self.rate_rows, self.rule) if row["N"]]
        parts = [f"{row['basis'].replace('_', ' ')} {row['text']}" for row in named]
        return f"Registered late, rule '{self.rule}': " + ("; ".join(parts) or "no study can be classified")

    def write(self, out: Path) -> list[Path]:
        """Write t7a, t7b and f5 below `out`; their paths."""
        from reviewkit import figures, tables
        from reviewkit.figures import delay
        from reviewkit.tables import timing, timing_rates

        columns, shown = timing.columns(self.grace_days), timing.page_columns(self.grace_days)
        rates, shown_rates = timing_rates.COLUMNS, timing_rates.PAGE_COLUMNS
        folder = out / "tables"
        note, figure = self.note, self.figure
        return [
            *tables.write(self.rows, columns, folder, "t7a", note=note, title=timing.TITLE, page_columns=shown),
            *tables.write(
                self.rate_rows, rates, folder, "t7b", note=note, title=timing_rates.TITLE, page_columns=shown_rates
            ),
            *figures.write(
                figure.figure,
                delay.plotted(self.rows),
                out / "figures",
                "f5",
                alt=figure.alt,
                note=note,
                title=delay.TITLE,
            ),
        ]

    def _repr_html_(self) -> str:
        from reviewkit.tables import timing_rates

        return f"<p><b>{escape(self.headline)}</b></p>" + table_html(self.rate_rows, timing_rates.PAGE_COLUMNS)


def registration_timing(
    judged: Callable[[], Iterable[Judged]],
    *,
    rule: str,
    grace_days: tuple[int, ...],
    out: Path,
    note: dict[str, str],
) -> RegistrationTiming:
    """Tables T7a and T7b and figure F5 of studies with their findings, written below `out`.

    Raises ReviewError for a rule that is not in the table, or a grace that is no number of days.
    """
    from reviewkit.tables import timing, timing_rates

    try:
        rules = list(timing.rules(grace_days))
    except ValueError as error:
        fix = "give whole days, such as [21, 30]"
        raise _bad_parameter("3_registration.grace_days", str(list(grace_days)), str(error), fix) from error
    if rule not in rules:
        close = nearest(rule, rules) or rules[0]
        raise _bad_parameter(
            "3_registration.rule", repr(rule), "one of " + ", ".join(rules), f"did you mean {close!r}?"
        )
    rows = timing.rows(judged(), grace_days=grace_days)
    rates = timing_rates.rates(rows, grace_days=grace_days)
    timing_rates.check(rates, timing.rows(judged(), grace_days=grace_days), grace_days)
    made = RegistrationTiming(rows, rates, rule=rule, grace_days=grace_days, note=note)
    made.write(out)
    return made


def _bad_parameter(name: str, found: str, expected: str, fix: str) -> ReviewError:
    return ReviewError(Problem(name, Place(name), found, expected, fix))


def sample_sizes(
    judged: Callable[[], Iterable[Judged]], *, tolerance_pct: tuple[int, ...], out: Path, note: dict[str, str]
) -> Exhibit:
    """Tables T8a (sizes by role, a row a study) and T8b (the rates), written below `out`."""
    from reviewkit import tables
    from reviewkit.tables import cells, sample_size, sample_size_rates

    rows = sample_size.rows(judged())
    rates = sample_size_rates.rates(rows, tolerance_pct)
    sample_size_rates.check(rates, sample_size.rows(judged()), tolerance_pct)
    columns, shown = sample_size.columns(), sample_size.page_columns()
    tables.write(
        rows,
        columns,
        out / "tables",
        "t8a",
        note=note,
        title=sample_size.TITLE,
        page_columns=shown,
        footnotes=cells.footnotes(rows),
    )
    rate_columns, shown_rates = sample_size_rates.COLUMNS, sample_size_rates.PAGE_COLUMNS
    title = sample_size_rates.TITLE
    tables.write(rates, rate_columns, out / "tables", "t8b", note=note, title=title, page_columns=shown_rates)
    by_study, by_rate = frame(rows, columns, shown), frame(rates, rate_columns, shown_rates)
    return Exhibit(f"Sample sizes of {len(rows)} studies by role", by_study=by_study, rates=by_rate)


def characteristics(judged: Iterable[Judged], *, out: Path, note: dict[str, str]) -> Exhibit:
    """Table T1, written below `out`: a row a study, each cell with the places it was read from; and block by block."""
    from reviewkit import tables
    from reviewkit.tables import cells
    from reviewkit.tables import characteristics as table

    rows = table.rows(judged)
    columns, shown = table.columns(), table.page_columns()
    footnotes = cells.footnotes(rows)
    tables.write(
        rows, columns, out / "tables", "t1", note=note, title=table.TITLE, page_columns=shown, footnotes=footnotes
    )
    blocks, block_columns = table.blocks(rows), table.BLOCK_COLUMNS
    tables.write(
        blocks, block_columns, out / "tables", "t1-blocks", note=note, title=table.BLOCK_TITLE, footnotes=footnotes
    )
    return Exhibit(
        f"{table.TITLE}: {len(rows)}", by_study=frame(rows, columns, shown), blocks=frame(blocks, block_columns)
    )


def traffic_light(
    judgements: Path,
    names: Mapping[str, str],
    *,
    tool: str,
    palette: str,
    symbols: str,
    out: Path,
    note: dict[str, str],
) -> Exhibit:
    """Tables T2 and T2b and figure F2, drawn only from the judgements of persons in judgements.csv.

    `names` maps study ids to the names shown. Raises ReviewError for a row that cannot be taken: a figure with a row
    missing would be wrong. Without judgements nothing is drawn, and that is said.
    """
    from reviewkit import figures, tables
    from reviewkit.figures import traffic_light as drawing
    from reviewkit.judgements import read_judgements
    from reviewkit.tables import judgements as table

    found = read_judgements(judgements, study_ids=list(names))
    if found.problems:
        raise ReviewError(found.problems[0])
    _remove(out / "figures", "f2*")
    sheets = drawing.draw_traffic_light(found.judgements, tool, palette, symbols, names=names)
    if sheets is None:
        _remove(out / "tables", "t2*")
        figures.write(None, [], out / "figures", "f2", alt=drawing.NOTHING, note=note)
        return Exhibit(drawing.NOTHING)
    rows, columns = table.rows(found.judgements, tool, names), table.columns(tool)
    support = table.support_rows(found.judgements, tool, names)
    tables.write(rows, columns, out / "tables", "t2", note=note, title=table.TITLE)
    tables.write(support, table.SUPPORT_COLUMNS, out / "tables", "t2b", note=note, title=table.SUPPORT_TITLE)
    for sheet in sheets:
        title = drawing.TITLE + (f": {sheet.outcome}" if sheet.outcome else "")
        figures.write(sheet.figure, sheet.rows, out / "figures", sheet.name, alt=sheet.alt, note=note, title=title)
    drawings = {sheet.name.replace("-", "_"): Drawing(sheet.figure, sheet.alt, note) for sheet in sheets}
    return Exhibit(f"Risk of bias, {tool}: {len(rows)} results judged", judgements=frame(rows, columns), **drawings)


def prisma(
    screening: Path,
    studies: list[str],
    *,
    judgements: Path,
    template: str,
    notes: dict[str, str],
    report: Callable[[Problem], None],
    out: Path,
    note: dict[str, str],
) -> Exhibit:
    """Figure F1 from screening.csv, with every identity its counts must meet; written below `out`.

    `judgements` is judgements.csv: a study without a judgement is told (identity X4).

    Raises ReviewError where a count contradicts another: a flow that does not add up is not drawn. Without a screening
    log nothing is drawn, and that is said.
    """
    from reviewkit import figures
    from reviewkit.documents import open_document
    from reviewkit.figures import flow as drawing
    from reviewkit.screening import Beside, count, exchange_csv, identity_report, read_screening

    folder = out / "figures"
    _remove(folder, "f1*")
    if not screening.is_file():
        figures.write(None, [], folder, "f1", alt=drawing.NOTHING, note=note)
        return Exhibit("No screening.csv: no flow is drawn.")
    flow = count(read_screening(open_document(screening, screening.name, report), studies=studies))
    draft = flow.pending > 0
    beside = (
        None if draft else Beside(studies=len(studies), t1_rows=len(studies), rated_studies=_rated(judgements, studies))
    )
    results = identity_report(flow, notes, beside=beside)
    broken = [result for result in results if result.state == "fails" and result.level == "E"]
    if broken:
        words = "; ".join(result.message for result in broken)
        fix = "correct screening.csv in the boxes named: " + ", ".join(sorted({b for r in broken for b in r.boxes}))
        expected = "counts that add up"
        raise ReviewError(Problem(screening.name, Place(screening.name), words, expected, fix))
    written = {result.identity: result.note for result in results if result.state == "noted"}
    counts = flow.boxes()
    alt = drawing.alt_text(counts, template, draft=draft, notes=written)
    figure = drawing.draw_flow(counts, template, draft=draft, notes=written)
    figures.write(figure, drawing.plotted(counts, template), folder, "f1", alt=alt, note=note, title=drawing.TITLE)
    (folder / "f1-exchange.csv").write_text(exchange_csv(flow), encoding="utf-8", newline="")
    rows = [{"identity": r.identity, "level": r.level, "state": r.state, "message": r.message} for r in results]
    table = frame(rows, {"identity": "Identity", "level": "Level", "state": "State", "message": "What it says"})
    words = f"{drawing.TITLE}{': DRAFT, ' + str(flow.pending) + ' decisions are pending' if draft else ''}"
    return Exhibit(words, figure=Drawing(figure, alt, note), identities=table)


def _rated(judgements: Path, studies: list[str]) -> int | None:
    """How many of the studies have a judgement that a person made final; None where nobody has judged yet."""
    from reviewkit.judgements import read_judgements

    final = {one.study_id for one in read_judgements(judgements, study_ids=studies).judgements if one.final is not None}
    return len(final) or None


def _remove(folder: Path, pattern: str) -> None:
    """Remove what an earlier run drew: a figure that is not made again must not stay."""
    for path in folder.glob(pattern):
        path.unlink()
