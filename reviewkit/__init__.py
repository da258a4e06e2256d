"""reviewkit: from trial-registry records and publications to a systematic review, every value with its source.

    import reviewkit as rk
    review = rk.open_review("my-review")
    review.studies[0]

Importing this module loads nothing else; each name loads what it needs when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_DOORS = {
    "read": "reviewkit.review",
    "studies": "reviewkit.review",
    "check": "reviewkit.review",
    "statements": "reviewkit.review",
    "propose": "reviewkit.review",
    "judge": "reviewkit.instruments",
    "overall": "reviewkit.instruments",
    "open_review": "reviewkit.review",
    "new_review": "reviewkit.review",
    "run": "reviewkit.batch",
    "fetch": "reviewkit.fetch",
    "ReviewError": "reviewkit.errors",
    "ReviewWarning": "reviewkit.errors",
}
__all__ = [*_DOORS, "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _DOORS:
        raise AttributeError(f"module 'reviewkit' has no attribute {name!r}")
    return getattr(import_module(_DOORS[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
