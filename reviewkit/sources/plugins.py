"""Sources that other packages bring: modules named by the entry point `reviewkit.sources`.

Such a module has what our own have (docs/add-a-source.md). It is asked after our sources of XML and JSON and before
those of pages, archives and texts; what goes wrong in it is told with its name, and the other documents go on.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from reviewkit.documents import Document
from reviewkit.errors import ReviewError
from reviewkit.model import Record

GROUP = "reviewkit.sources"
PARTS = ("NAME", "KIND", "FIELDS", "recognise", "read")
# What code of others may raise; what stops a run (memory, keyboard) is none of it.
FAULTS = (
    *(ArithmeticError, AssertionError, AttributeError, ImportError, LookupError),
    *(OSError, RuntimeError, SyntaxError, TypeError, ValueError),
)


class Plugin(NamedTuple):
    """One source of another package: what messages call it, and its module, or why there is none."""

    label: str
    module: Any
    fault: str | None

    def recognise(self, document: Document) -> str | None:
        """By what its module recognises the document; ReviewError if the module fails.

        A document that has no text, which a module may look for, is none of its own.
        """
        try:
            known = self.module.recognise(document)
        except ReviewError:
            return None
        except FAULTS as error:
            raise self._failed(document, "recognise", error) from error
        if known is not None and not isinstance(known, str):
            raise self._failed(document, "recognise", TypeError(f"it gave {type(known).__name__}, not words or None"))
        return known or None

    def read(self, document: Document, recognised_by: str) -> Iterator[Record]:
        """The records its module reads; ReviewError where it fails, after the records before."""
        try:
            yield from self.module.read(document, recognised_by)
        except ReviewError:
            raise
        except FAULTS as error:
            raise self._failed(document, "read", error) from error

    def _failed(self, document: Document, doing: str, error: Exception) -> ReviewError:
        return document.refuse(
            found=f"{self.label} failed to {doing} it: {type(error).__name__}: {error}",
            expected="a source that reads or passes every document",
            fix="tell the package's authors, or remove the package; the other documents were read",
        )


@cache
def plugins(taken: tuple[str, ...] = ()) -> tuple[Plugin, ...]:
    """Every source that installed packages bring, in the order of their names; `taken` are names it may not have."""
    from importlib.metadata import entry_points  # slow to load, and seldom needed

    found = sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value))
    loaded: list[Plugin] = []
    for entry in found:
        label = f"the source {entry.name!r} of {_package_of(entry)}"
        try:
            module = entry.load()
        except FAULTS as error:
            loaded.append(Plugin(label, None, f"it cannot be loaded ({type(error).__name__}: {error})"))
            continue
        names = {*taken, *(plugin.module.NAME for plugin in loaded if plugin.fault is None)}
        loaded.append(Plugin(label, module, _fault(module, names)))
    return tuple(loaded)


def versions() -> str:
    """The packages that bring sources, with their versions: part of what names a reader."""
    from importlib.metadata import entry_points

    return " ".join(sorted({_package_of(entry) for entry in entry_points(group=GROUP)}))


def _package_of(entry: Any) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def _fault(module: Any, taken: set[str]) -> str | None:
    """What keeps a module from being a source."""
    missing = [part for part in PARTS if not hasattr(module, part)]
    if missing:
        return f"it has no {', '.join(missing)}"
    return f"another source has the name {module.NAME!r}" if module.NAME in taken else None
