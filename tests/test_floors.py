"""Imports only go down: every import of the package is read, also inside functions and for type checkers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "reviewkit"
# Floors from the bottom, each in the order in which its modules stand on one another; a room is a module or a folder.
FLOORS: list[list[str]] = [
    ["words", "errors", "dates", "identifiers", "model", "versions"],
    [
        "documents",
        "rows",
        "shipping",
        "kinds",
        "fields",
        "countries",
        "stats",
        "filled_from",
        "codebook",
        "filling",
        "judgements",
        "language",
    ],
    [
        *("sources", "linking", "fetch", "checks", "instruments", "screening", "workbook", "store"),
        *("tables", "figures", "report"),
    ],
    ["reading", "shown", "exhibits", "outputs", "document_pages", "review", "batch", "show", "cli"],
]
ROOMS = 2  # the floor whose members never import each other
FRONT_DOOR = "__init__"
# Slow to load, or not needed by everyone: these are imported where they are used, inside functions.
HEAVY = {
    "pandas",
    "numpy",
    "matplotlib",
    "openpyxl",
    "papermill",
    "lxml",
    "persiantools",
    "nbformat",
    "IPython",
    "tqdm",
}
HEAVY |= {"nbclient", "jupyter_client", "docx", "rapidfuzz", "pypdfium2", "statsmodels", "scipy"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    """`linking` for linking.py, `sources` for sources/irct.py, `__init__` for the front door."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def position(room: str) -> tuple[int, int]:
    """Floor and place on it."""
    floor = next(number for number, rooms in enumerate(FLOORS) if room in rooms)
    return floor, FLOORS[floor].index(room)


def imported(path: Path, tree: ast.AST) -> Iterator[str]:
    """The modules of the package that one file imports, as dotted names; names imported from it included."""
    here = ("reviewkit", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "reviewkit")
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(here[: len(here) + 1 - node.level]) if node.level else ""
            module = ".".join(filter(None, (start, node.module or "")))
            if module.split(".")[0] == "reviewkit":
                yield from (f"{module}.{alias.name}" for alias in node.names)


def rooms_imported(path: Path, tree: ast.AST) -> set[str]:
    """The rooms one file imports from; the front door where only its own names are taken."""
    known = {room for rooms in FLOORS for room in rooms}
    rooms = {[*name.split("."), FRONT_DOOR][1] for name in imported(path, tree)}
    return {room if room in known else FRONT_DOOR for room in rooms}


def wrong_way(room: str, other: str) -> str | None:
    """What is wrong with `room` importing from `other`; None if it may."""
    if FRONT_DOOR in (room, other):  # it loads lazily; the top floor may ask it for its version and its doors
        return None if room == FRONT_DOOR or position(room)[0] == len(FLOORS) - 1 else "asks the front door"
    (floor, place), (other_floor, other_place) = position(room), position(other)
    if other_floor > floor:
        return "climbs"
    if other_floor == floor and room != other and (floor == ROOMS or other_place > place):
        return "goes sideways"
    return None


def test_there_are_modules_to_look_at():
    assert len(MODULES) > 50


def test_every_module_stands_on_a_floor():
    known = {room for rooms in FLOORS for room in rooms} | {FRONT_DOOR}
    assert sorted({room_of(path) for path in MODULES} - known) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_only_go_down(path: Path):
    room = room_of(path)
    others = rooms_imported(path, ast.parse(path.read_text(encoding="utf-8")))
    wrong = {other: reason for other in others if (reason := wrong_way(room, other))}
    assert wrong == {}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_heavy_libraries_are_imported_inside_functions(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert sorted(set(loaded_on_import(tree)) & HEAVY) == []


def loaded_on_import(tree: ast.Module) -> Iterator[str]:
    """The libraries that loading a module loads: its imports outside functions and outside `if TYPE_CHECKING`."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").split(".")[0]
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


@pytest.mark.parametrize(
    ("file", "code", "wrong"),
    [
        ("words.py", "from reviewkit.errors import shown", {"errors": "goes sideways"}),
        ("errors.py", "from reviewkit.words import nearest", {}),
        ("kinds.py", "from reviewkit import sources", {"sources": "climbs"}),
        ("kinds.py", "def f():\n    import reviewkit.review", {"review": "climbs"}),
        ("sources/irct.py", "if TYPE_CHECKING:\n    from ..checks import timing", {"checks": "goes sideways"}),
        ("sources/irct.py", "from .collect import Collector\nfrom ..model import Value", {}),
        ("report/pages.py", "from reviewkit.tables import timing", {"tables": "goes sideways"}),
        ("store.py", "from reviewkit import linking", {"linking": "goes sideways"}),
        ("review.py", "from reviewkit import checks, sources\nfrom reviewkit.reading import read", {}),
        ("reading.py", "from reviewkit.review import Review", {"review": "goes sideways"}),
        ("checks/dates.py", "from reviewkit import __version__", {"__init__": "asks the front door"}),
        ("cli.py", "import reviewkit\nfrom reviewkit import __version__", {}),
    ],
)
def test_this_test_sees_imports_of_every_form(file: str, code: str, wrong: dict[str, str]):
    path = PACKAGE / file
    found = rooms_imported(path, ast.parse(code))
    assert {other: reason for other in found if (reason := wrong_way(room_of(path), other))} == wrong


def test_this_test_sees_what_is_loaded_on_import():
    code = (
        "import numpy.linalg\nif TYPE_CHECKING:\n    import pandas\ntry:\n    from lxml import etree\n"
        "except ImportError:\n    pass\nclass A:\n    import IPython\n    def f(self):\n        import openpyxl\n"
    )
    assert set(loaded_on_import(ast.parse(code))) == {"numpy", "lxml", "IPython"}
