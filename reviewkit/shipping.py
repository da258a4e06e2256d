"""What comes with reviewkit beside its code: notebooks and templates, which a review team may edit."""

from __future__ import annotations

from pathlib import Path


def shipped(*names: str) -> Path:
    """A file or folder that comes with reviewkit: in the package as installed, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package.joinpath("shipped", *names)
    return installed if installed.exists() else package.parent.joinpath(*names)
