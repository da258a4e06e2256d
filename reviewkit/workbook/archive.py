"""The zip file of a workbook: data rows are put into their sheets, and fixed dates give the same bytes again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from reviewkit.workbook.cells import filled_sheet

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip file can hold


class SheetArchive(ZipFile):
    """A zip file to write. `rows` holds the data rows of sheets by the name of their member, as XML."""

    def __init__(self, path: Path, rows: dict[str, Iterable[str]]):
        super().__init__(path, "w", ZIP_DEFLATED, allowZip64=True)
        self._rows_of = rows

    def writestr(self, zinfo_or_arcname: Any, data: Any, compress_type: Any = None, compresslevel: Any = None) -> None:
        """Add a member from text or bytes."""
        super().writestr(_member(zinfo_or_arcname), data, compress_type, compresslevel)

    def write(self, filename: Any, arcname: Any = None, compress_type: Any = None, compresslevel: Any = None) -> None:
        """Add a sheet from the file that openpyxl wrote, with its data rows."""
        shell = Path(filename).read_bytes()
        with self.open(_member(arcname), "w", force_zip64=True) as member:
            for piece in filled_sheet(shell, self._rows_of.get(arcname, ())) if arcname in self._rows_of else [shell]:
                member.write(piece)


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, FIRST_DAY)
    member.compress_type = ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    return member
