"""Compiles the inner loop of reading (reviewkit/sources/_walk.c) when the package is installed.

It is optional: without a C compiler the same loop runs in Python, only slower.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = "reviewkit/sources/_walk.c"
MODULE = "reviewkit.sources._walk"


class CompiledWalk(BuildHookInterface):
    """Puts the compiled module beside its source for an editable installation, else into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and tell hatchling what came of it."""
        root = Path(self.root)
        target = root if version == "editable" else Path(tempfile.mkdtemp(prefix="reviewkit-build-"))
        built = compiled(root, target)
        if built is None:
            self.app.display_warning("no C compiler that works: ClinicalTrials.gov JSON is read by Python, slower")
        elif version != "editable":
            build_data["force_include"][str(built)] = built.relative_to(target).as_posix()
            build_data["pure_python"], build_data["infer_tag"] = False, True


def compiled(root: Path, target: Path) -> Path | None:
    """The compiled module below `target`, or None where it cannot be compiled."""
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    arguments = [] if sys.platform == "win32" else ["-O2"]
    extension = Extension(MODULE, [str(root / SOURCE)], extra_compile_args=arguments, optional=True)
    command = build_ext(Distribution({"name": "reviewkit", "ext_modules": [extension]}))
    with tempfile.TemporaryDirectory(prefix="reviewkit-objects-") as objects:
        command.build_temp, command.build_lib = objects, str(target)
        command.ensure_finalized()
        command.run()  # `optional` makes a failure a warning
    built = target / command.get_ext_filename(MODULE)
    return built if built.exists() else None
