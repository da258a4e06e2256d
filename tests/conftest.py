"""Fixtures every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

# No test is timed: a machine that is busy must not fail a property.
settings.register_profile("reviewkit", deadline=None)
settings.load_profile("reviewkit")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents beside the checkout; tests that need it are skipped in a user's clone."""
    folder = Path(os.environ.get("REVIEWKIT_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        message = f"the real documents are not at {folder}"
        if os.environ.get("REVIEWKIT_REAL") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return folder
