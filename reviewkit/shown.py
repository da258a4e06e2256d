"""What a notebook shows: data frames with whole texts, figures as SVG, and several of them together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

LEFT = "<style>.rk-table.rk-table th, .rk-table.rk-table td {text-align: left; vertical-align: top}</style>"


def table_html(rows: list[dict], columns: Mapping[str, str]) -> str:
    """Rows as a notebook shows them: whole texts, to the left."""
    from reviewkit.tables import html_table

    return LEFT + html_table(rows, columns)


def frame(rows: list[dict], columns: Mapping[str, str], shown: Mapping[str, str] | None = None) -> Any:
    """Rows as a pandas data frame with the headings `columns`, which a notebook shows with whole texts.

    With `shown` a notebook shows these columns alone; the frame has them all.
    """
    made = _frame_class()(rows, columns=list(columns)).rename(columns=dict(columns))
    made.attrs["shown"] = list((shown or columns).values())
    return made


MOST_ROWS = 500  # a notebook shows no more of a table; the frame and the files have all


@cache
def _frame_class() -> Any:
    """A data frame that shows its texts whole; made when pandas is first needed."""
    import pandas

    class ReviewFrame(pandas.DataFrame):
        """A pandas DataFrame; only how a notebook shows it differs."""

        @property
        def _constructor(self) -> type:
            return ReviewFrame

        def _repr_html_(self) -> str:
            kept = [name for name in self.attrs.get("shown", self.columns) if name in self.columns]
            if not kept:
                return pandas.DataFrame(self)._repr_html_()
            rows = self[kept].head(MOST_ROWS).astype(object).where(self[kept].notna(), None).to_dict("records")
            rest = len(self) - MOST_ROWS
            more = f"<p>… and {rest} more rows</p>" if rest > 0 else ""
            return table_html(rows, {name: str(name) for name in kept}) + more

    return ReviewFrame


class Drawing:
    """A figure as a notebook shows it: `figure` (of matplotlib; None if nothing can be drawn) and its words `alt`."""

    def __init__(self, figure: Any, alt: str, note: dict[str, str]):
        self.figure, self.alt, self.note = figure, alt, note

    def __repr__(self) -> str:
        return self.alt

    def _repr_html_(self) -> str:
        from reviewkit.figures import svg_text

        if self.figure is None:
            return f"<p>{escape(self.alt)}</p>"
        svg = svg_text(self.figure, alt=self.alt, note=self.note)
        return svg[svg.index("<svg") :]


class Exhibit:
    """Tables and figures that belong together: each is an attribute of this, and a notebook shows them in order."""

    def __init__(self, words: str, **parts: Any):
        self.words, self.parts = words, parts

    def __getattr__(self, name: str) -> Any:
        parts = self.__dict__.get("parts", {})
        if name not in parts:
            raise AttributeError(name)
        return parts[name]

    def __repr__(self) -> str:
        return self.words

    def _repr_html_(self) -> str:
        shown = [part._repr_html_() for part in self.parts.values()]
        return f"<p><b>{escape(self.words)}</b></p>" + "".join(shown)
