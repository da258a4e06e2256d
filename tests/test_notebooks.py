"""Notebooks stay thin: a heading, a cell of typed parameters, then one call to a cell; stored without outputs."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
NAMES = ["1_extract", "2_reconcile", "3_registration", "4_risk_of_bias", "5_prisma", "6_results", "7_report"]
THIN = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
# outputs-spec section 8, in its order, with their defaults where it gives any
COMMON = {
    "review_id": "str",
    "project": "str",
    "out": "str",
    "snapshot_date": "str",
    "strict": "bool = True",
    "interactive": "bool = False",
    "seed": "int = 0",
    "lang": "str = 'en'",
}
TYPES = {"str": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict}
STEPS = (ast.Import, ast.ImportFrom, ast.Assign, ast.Expr)  # what a cell below the parameters may consist of
NOT_THIN = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.IfExp, ast.Await, ast.NamedExpr)
LOOKS_LIKE_A_PATH = re.compile(r"[/\\]|\.(?:csv|xlsx|docx|html|json|txt|ipynb|db|svg|toml)$")


def cells(path: Path, kind: str | None = None) -> list[dict[str, Any]]:
    every = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in every if kind in (None, cell["cell_type"])]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def is_parameters(cell: dict[str, Any]) -> bool:
    return "parameters" in cell["metadata"].get("tags", [])


def parameters(path: Path) -> list[ast.stmt]:
    (cell,) = [cell for cell in cells(path) if is_parameters(cell)]
    return ast.parse(source(cell)).body


def test_there_are_notebooks_with_the_names_of_their_order():
    assert NOTEBOOKS
    assert [path.stem for path in NOTEBOOKS if path.stem not in NAMES] == []


@THIN
def test_a_notebook_is_stored_without_outputs(path: Path):
    assert [cell["outputs"] for cell in cells(path, "code") if cell["outputs"]] == []
    assert [cell["execution_count"] for cell in cells(path, "code") if cell["execution_count"] is not None] == []
    assert "papermill" not in json.loads(path.read_text(encoding="utf-8"))["metadata"]


@THIN
def test_a_notebook_opens_with_a_heading_that_carries_its_number(path: Path):
    first = cells(path)[0]
    assert first["cell_type"] == "markdown"
    assert source(first).startswith(f"# {path.stem.split('_')[0]} ")


@THIN
def test_the_parameters_come_first_and_are_annotated_literals(path: Path):
    code = cells(path, "code")
    assert [is_parameters(cell) for cell in code] == [True] + [False] * (len(code) - 1)
    for statement in parameters(path):
        assert isinstance(statement, ast.AnnAssign) and statement.value is not None
        wanted = TYPES[ast.unparse(statement.annotation)]
        assert type(ast.literal_eval(statement.value)) is wanted


@THIN
def test_the_common_parameters_stand_first_in_every_notebook(path: Path):
    written = [ast.unparse(statement) for statement in parameters(path)]
    assert len(written) >= len(COMMON)
    for line, (name, rest) in zip(written, COMMON.items(), strict=False):
        assert line == f"{name}: {rest}" if "=" in rest else line.startswith(f"{name}: {rest} = ")


@THIN
def test_below_the_parameters_there_is_one_plain_step_to_a_cell(path: Path):
    for cell in cells(path, "code"):
        if is_parameters(cell):
            continue
        (statement,) = ast.parse(source(cell)).body
        assert isinstance(statement, STEPS)
        nodes = list(ast.walk(statement))
        assert [node for node in nodes if isinstance(node, NOT_THIN)] == []
        assert [node for node in nodes if isinstance(node, ast.Name) and node.id == "open"] == []


@THIN
def test_below_the_parameters_only_reviewkit_is_imported(path: Path):
    code = "\n".join(source(cell) for cell in cells(path, "code") if not is_parameters(cell))
    imports = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in imports] == ["import reviewkit as rk"]


@THIN
def test_no_path_stands_below_the_parameters(path: Path):
    for cell in cells(path, "code"):
        texts = [node.value for node in ast.walk(ast.parse(source(cell))) if isinstance(node, ast.Constant)]
        found = [text for text in texts if isinstance(text, str) and LOOKS_LIKE_A_PATH.search(text)]
        assert is_parameters(cell) or found == []


@THIN
def test_every_parameter_a_notebook_alone_has_is_used_in_it(path: Path):
    own = [ast.unparse(statement.target) for statement in parameters(path) if isinstance(statement, ast.AnnAssign)]
    code = "\n".join(source(cell) for cell in cells(path, "code") if not is_parameters(cell))
    used = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    assert [name for name in own if name not in COMMON and name not in used] == []


@THIN
def test_the_last_cell_shows_something(path: Path):
    (last,) = ast.parse(source(cells(path, "code")[-1])).body
    assert isinstance(last, ast.Expr)
