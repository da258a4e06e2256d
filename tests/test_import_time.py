"""What loads when: importing the package, or asking for help, loads no heavy library."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {"pandas", "numpy", "matplotlib", "papermill", "openpyxl", "lxml", "IPython", "persiantools", "nbformat"}
HEAVY |= {"nbclient", "jupyter_client", "ipykernel", "sqlite3", "tqdm", "importlib.metadata"}


def loaded_by(code: str) -> set[str]:
    """The modules in memory after `code` ran in a fresh interpreter."""
    script = (
        f"import sys, json\nbefore = set(sys.modules)\n{code}\nprint(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def called(*arguments: str) -> str:
    """Code that calls the command and goes on."""
    return f"from reviewkit.cli import main\nmain({list(arguments)!r}, standalone_mode=False)"


@pytest.mark.parametrize(
    "code",
    [
        "import reviewkit",
        "import reviewkit as rk\nrk.ReviewError, rk.ReviewWarning, rk.__version__, dir(rk)",
        "from reviewkit.cli import main",
        called("--help"),
        called("run", "--help"),
        called("--version"),
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(code: str):
    assert sorted(loaded_by(code) & HEAVY) == []


def test_importing_the_package_loads_none_of_its_modules():
    assert {name for name in loaded_by("import reviewkit") if name.startswith("reviewkit.")} == set()


def test_reading_and_checking_needs_neither_tables_nor_figures_nor_notebooks():
    folder = ROOT / "data/exosomes/documents"
    # The cache's module holds the database's; Solar Hijri dates are read; packages that bring sources are looked for.
    unneeded = HEAVY - {"sqlite3", "persiantools", "importlib.metadata"}
    assert sorted(loaded_by(called("read", str(folder))) & unneeded) == []
    assert sorted(loaded_by(called("check", str(folder))) & unneeded) == []


def test_every_door_opens_and_no_other():
    import reviewkit

    assert [name for name in reviewkit.__all__ if not hasattr(reviewkit, name)] == []
    with pytest.raises(AttributeError, match="module 'reviewkit' has no attribute 'nonsense'"):
        reviewkit.nonsense  # noqa: B018
