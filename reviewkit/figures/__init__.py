"""The figures: each module draws one `Figure`; `write` puts it into SVG, PDF and PNG with its data and its alt text.

Sizes are in millimetres and points, as journals ask for them: 85 or 175 mm wide, letters of 7 to 8 pt, no line below
0.5 pt. Figures are made without pyplot, so that notebooks and threads keep their own state.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import Any

from reviewkit.figures import delay, flow, traffic_light

FIGURES: tuple[ModuleType, ...] = (delay, flow, traffic_light)

Rows = Sequence[Mapping[str, Any]]

MM = 1 / 25.4  # inches
LETTERS, SMALL_LETTERS = 8, 7  # points
# DejaVu Sans comes with matplotlib, so that a figure has the same layout on every machine.
FONT = "DejaVu Sans"
FONTS_OF_A_READER = f"'{FONT}', Verdana, Arial, Helvetica, sans-serif"
STYLE = {
    "font.family": [FONT],
    "font.size": LETTERS,
    "axes.labelsize": LETTERS,
    "xtick.labelsize": SMALL_LETTERS,
    "ytick.labelsize": SMALL_LETTERS,
    "axes.linewidth": 0.6,
    "axes.grid": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.5,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "xtick.minor.size": 1.8,
    "hatch.linewidth": 0.6,
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "reviewkit",  # ids inside the file do not change from run to run
    "pdf.fonttype": 42,
    "path.simplify": False,
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes text that begins so for a formula

_style_lock = RLock()


@contextmanager
def style() -> Iterator[None]:
    """Draw and save within this: our settings for the time being, then the caller's again."""
    from matplotlib import rc_context, rcParamsDefault

    # rcParams belong to the process; two threads must not swap them under each other.
    with _style_lock, rc_context():
        from matplotlib import rcParams

        kept = {key: value for key, value in rcParamsDefault.items() if not key.startswith(("backend", "interactive"))}
        rcParams.update(kept)
        rcParams.update(STYLE)
        yield


def write(
    figure: Any, data_rows: Rows, folder: Path, name: str, *, alt: str, note: Mapping[str, Any], title: str = ""
) -> list[Path]:
    """Write `name`.svg, .pdf and .png (600 dpi) of a matplotlib Figure, and the plotted data as .csv; their paths.

    `alt` tells all the figure shows to who cannot see it; `note` holds review_id, snapshot_date and version. Equal
    arguments give equal bytes in SVG and CSV. Where `figure` is None nothing can be drawn: only `name`.txt is written,
    which says so in the words of `alt`, and drawings of an earlier run are removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawings = [folder / f"{name}.{ending}" for ending in ("svg", "pdf", "png", "csv")]
    instead = folder / f"{name}.txt"
    if figure is None:
        for stale in drawings:
            stale.unlink(missing_ok=True)
        instead.write_text(f"{alt}\n{_origin(note)}\n", encoding="utf-8")
        return [instead]
    instead.unlink(missing_ok=True)
    svg, pdf, png, data = drawings
    svg.write_text(svg_text(figure, alt=alt, note=note, title=title), encoding="utf-8", newline="\n")
    maker = f"reviewkit {note['version']}"
    with style():
        facts = {"Title": title, "Subject": alt, "Keywords": _origin(note), "Creator": maker, "Producer": maker}
        figure.savefig(pdf, metadata={**facts, "CreationDate": None})
        facts = {"Title": title, "Description": alt, "Source": _origin(note), "Software": maker}
        figure.savefig(png, dpi=600, metadata={key: _latin(text) for key, text in facts.items()})
    data.write_bytes(_csv(data_rows).encode("utf-8-sig"))
    return drawings


def svg_text(figure: Any, *, alt: str, note: Mapping[str, Any], title: str = "") -> str:
    """The figure as SVG: text kept as text, title and description for screen readers, no date of drawing."""
    buffer = io.StringIO()
    with style():
        metadata = {"Date": None, "Creator": f"reviewkit {note['version']}", "Source": _origin(note), "Title": title}
        figure.savefig(buffer, format="svg", metadata=metadata)
    told = f"<title>{escape(title)}</title>\n <desc>{escape(alt)}</desc>"
    drawn = buffer.getvalue().replace(f"'{FONT}'", FONTS_OF_A_READER)
    return re.sub(r"(<svg\b[^>]*)>", lambda match: f'{match[1]} role="img">\n {told}', drawn, count=1)


def _origin(note: Mapping[str, Any]) -> str:
    return f"review {note['review_id']}, snapshot date {note['snapshot_date']}, reviewkit {note['version']}"


def _latin(text: str) -> str:
    """Text as a PNG can carry it (Latin-1); other characters become question marks."""
    return text.replace("\u2212", "-").replace("\u2013", "-").encode("latin-1", "replace").decode("latin-1")


def _csv(rows: Rows) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(rows[0] if rows else [])
    writer.writerows([_harmless(value) for value in row.values()] for row in rows)
    return text.getvalue()


def _harmless(value: Any) -> Any:
    """A cell no spreadsheet takes for a formula: text that looks like one gets an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
