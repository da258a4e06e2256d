"""Runs the notebooks of a review through papermill: parameters typed and checked first, a manifest line each."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

import reviewkit
from reviewkit.errors import Problem, ReviewError
from reviewkit.reading import reader_version
from reviewkit.review import Review, open_review
from reviewkit.shipping import shipped
from reviewkit.words import nearest

MANIFEST = "run-manifest.jsonl"
TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "list": (list,),
    "dict": (dict,),
}
# Parameters that a run fills in itself, and where each comes from.
GIVEN = {
    "project": "it is the review folder that is run",
    "out": "give the folder with --out",
    "review_id": "it is the id in review.toml",
    "snapshot_date": "it is the snapshot_date in review.toml",
}
# A kernel's notes on its own sockets are not for a reviewer; errors in a notebook come back as its outputs.
QUIET_KERNEL = ["--IPKernelApp.log_level=50"]
STUDY = re.compile(r"\bstudy (S\d{4,})\b")


class Line(msgspec.Struct):
    """One line of the manifest: what ran, on what, and how it ended."""

    notebook: str
    parameters: dict[str, Any]
    inputs: dict[str, Any]
    state: str  # ok, failed, skipped
    seconds: float
    error: str | None = None
    cell: int | None = None
    study: str | None = None


class Outcome(msgspec.Struct):
    """What a run made: the report, the manifest's lines, and whether anything was wrong."""

    report: Path
    lines: list[Line]
    problems: list[Problem]

    @property
    def failed(self) -> bool:
        """Did a notebook fail, or was an input refused?"""
        return any(line.state == "failed" for line in self.lines) or any(p.severity == "error" for p in self.problems)


def run(
    folder: str | os.PathLike[str],
    *,
    out: str | os.PathLike[str] | None = None,
    only: Iterable[str] = (),
    parameters: dict[str, Any] | None = None,
    progress: bool = False,
    say: Callable[[str], None] = lambda _line: None,
) -> Outcome:
    """Run a review's notebooks and write its report.

    `only` names notebooks (all if empty); `parameters` maps `notebook.parameter` to a value and goes before those of
    review.toml. A notebook that failed does not stop the others; one that ended well on the same inputs and
    parameters is skipped. Raises ReviewError, before anything runs, for an unknown notebook or parameter or a value of
    another type.
    """
    review = open_review(folder, out=out)
    notebooks = _chosen(list(only))
    resolved = {path.stem: resolve(path, review, parameters or {}) for path in notebooks}
    _refuse_unknown_notebooks(review, parameters or {})
    review.extract(progress=progress)
    review.out.mkdir(parents=True, exist_ok=True)
    lines = []
    if review.documents:
        for path in notebooks:
            line = _run_one(path, review, resolved[path.stem], progress=progress)
            _append(review.out / MANIFEST, line)
            say(_said(line))
            lines.append(line)
    report = review.write_report(not_current=_not_current(review, lines), progress=progress)
    return Outcome(report, lines, list(review.problems))


def _not_current(review: Review, lines: list[Line]) -> list[str]:
    """A sentence on each notebook whose outputs, if there are any, are older than the documents or settings."""
    sentences = []
    for line in lines:
        if line.state == "failed":
            sentences.append(f"Notebook {line.notebook} failed; anything shown of it was made by an earlier run.")
    ran = {line.notebook for line in lines}
    for path in shipped_notebooks():
        before = _last_run(review.out / MANIFEST, path.stem)
        if path.stem not in ran and before is not None and before.inputs != _inputs(path, review):
            sentences.append(f"Notebook {path.stem} has not run since documents or settings changed.")
    return sentences


def shipped_notebooks() -> list[Path]:
    """The notebooks that come with reviewkit, in running order."""
    return sorted(shipped("notebooks").glob("[0-9]_*.ipynb"))


def _chosen(only: list[str]) -> list[Path]:
    notebooks = {path.stem: path for path in shipped_notebooks()}
    for name in only:
        if name not in notebooks:
            raise _unknown("notebook", name, notebooks)
    return [path for name, path in notebooks.items() if not only or name in only]


def _refuse_unknown_notebooks(review: Review, given: dict[str, Any]) -> None:
    known = {path.stem for path in shipped_notebooks()}
    for name in [*review.notebooks, *(key.partition(".")[0] for key in given)]:
        if name not in known:
            raise _unknown("notebook", name, known)


def _unknown(what: str, name: str, known: Iterable[str]) -> ReviewError:
    names = sorted(known)
    close = nearest(name, names)
    fix = f"did you mean {close!r}?" if close else f"use one of the {what}s named"
    return ReviewError(Problem(name, None, f"no {what} {name!r}", f"one of {', '.join(names)}", fix))


# Parameters


def declared(path: Path) -> dict[str, tuple[str, Any]]:
    """The parameters of a notebook: name -> (type, default), from its cell tagged `parameters`."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", []))
    found = {}
    for node in ast.parse("".join(cell["source"])).body:
        assert isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None
        found[node.target.id] = (ast.unparse(node.annotation), ast.literal_eval(node.value))
    return found


def resolve(path: Path, review: Review, given: dict[str, Any]) -> dict[str, Any]:
    """The parameters one notebook runs with: its defaults, then review.toml's, then those `given`; checked by type."""
    known = declared(path)
    common = {"review_id": review.id, "project": ".", "out": "reports", "snapshot_date": review.snapshot_date}
    own = review.notebooks.get(path.stem, {})
    asked = {key.partition(".")[2]: value for key, value in given.items() if key.partition(".")[0] == path.stem}
    chosen = {name: default for name, (_, default) in known.items()}
    chosen |= {name: value for name, value in common.items() if name in known}
    for name, value in {**own, **asked}.items():
        if name in GIVEN and name in known:
            fix = f"leave it out; {GIVEN[name]}"
            raise ReviewError(Problem(f"{path.stem}.{name}", None, repr(value), "a parameter that is free", fix))
        if name not in known:
            raise _unknown("parameter", f"{path.stem}.{name}", [f"{path.stem}.{known_name}" for known_name in known])
        chosen[name] = _typed(f"{path.stem}.{name}", value, known[name][0])
    return chosen


def _typed(name: str, value: Any, wanted: str) -> Any:
    right = isinstance(value, TYPES[wanted]) and (wanted == "bool" or not isinstance(value, bool))
    if not right:
        example = {"list": "[21, 30]", "dict": "{}", "bool": "true", "int": "30", "float": "0.5", "str": "strict"}[
            wanted
        ]
        fix = f"write a {wanted}, for example {example}"
        raise ReviewError(Problem(name, None, f"{value!r} ({type(value).__name__})", f"a value of type {wanted}", fix))
    return value


def read_setting(text: str) -> tuple[str, Any]:
    """`3_registration.rule=strict` as (name, value): a value that reads as JSON is that, all else is text."""
    name, equals, value = text.partition("=")
    if not equals or "." not in name:
        example = "3_registration.rule=strict"
        raise ReviewError(Problem(text, None, repr(text), "notebook.parameter=value", f"write it as in {example}"))
    try:
        return name.strip(), json.loads(value)
    except (ValueError, RecursionError):
        return name.strip(), value


# One notebook


def _run_one(path: Path, review: Review, parameters: dict[str, Any], *, progress: bool) -> Line:
    output = review.out / "notebooks" / path.name
    inputs = _inputs(path, review)
    if output.is_file() and _done_before(review.out / MANIFEST, path.stem, parameters, inputs):
        return Line(path.stem, parameters, inputs, "skipped", 0.0)
    output.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    ended = _execute(path, output, _placed(parameters, review, output.parent), progress=progress)
    if output.is_file():
        _forget_machine(output, path, review)
    if ended["state"] == "failed":
        ended["cell"] = _failed_cell(output)
    return Line(path.stem, parameters, inputs, seconds=round(time.monotonic() - started, 1), **ended)


def _placed(parameters: dict[str, Any], review: Review, start: Path) -> dict[str, Any]:
    """The parameters with the review's folders as seen from the notebook, so that an executed copy holds no path of a
    machine and can be moved with its folder."""
    seen = {
        "project": os.path.relpath(review.folder, start).replace(os.sep, "/"),
        "out": os.path.relpath(review.out, start).replace(os.sep, "/"),
    }
    return {**parameters, **{name: path for name, path in seen.items() if name in parameters}}


def _execute(path: Path, output: Path, parameters: dict[str, Any], *, progress: bool) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # papermill and its kernel client warn of their own future
        import papermill
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
        from papermill.exceptions import PapermillExecutionError

        try:
            papermill.execute_notebook(
                path,
                output,
                parameters=parameters,
                cwd=output.parent,
                kernel_name="python3",
                progress_bar=progress,
                extra_arguments=QUIET_KERNEL,
            )
        except PapermillExecutionError as error:
            study = STUDY.search("\n".join(error.traceback))
            return {
                "state": "failed",
                "error": f"{error.ename}: {error.evalue}",
                "study": study[1] if study else None,
            }
        except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
            return {"state": "failed", "error": f"{type(error).__name__}: {error}"}
    return {"state": "ok"}


def _failed_cell(output: Path) -> int | None:
    """Which cell of the executed notebook holds the error, counted from 1; None if it did not come so far."""
    if not output.is_file():
        return None
    cells = json.loads(output.read_text(encoding="utf-8"))["cells"]
    told = [[given["output_type"] for given in cell.get("outputs", [])] for cell in cells]
    return next((number for number, types in enumerate(told, 1) if "error" in types), None)


def _forget_machine(output: Path, path: Path, review: Review) -> None:
    """Take this machine's folders out of an executed notebook: where it was kept, and the files its messages name."""
    executed = json.loads(output.read_text(encoding="utf-8"))
    executed["metadata"].get("papermill", {}).update(input_path=path.name, output_path=path.name)
    for cell in executed["cells"]:
        told = [given for given in cell.get("outputs", []) if given["output_type"] in ("error", "stream")]
        for given in told:  # what a cell shows stays as it is: a document may speak of any folder
            given.update(json.loads(_without_folders(json.dumps(given, ensure_ascii=False), review)))
    output.write_text(json.dumps(executed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def _without_folders(text: str, review: Review) -> str:
    """`text`, which is JSON, with an ellipsis for each folder of this machine."""
    folders = {Path(reviewkit.__file__).parents[1], review.folder.resolve(), review.out.resolve(), Path.home()}
    folders |= {Path(sys.prefix), Path(sys.base_prefix), Path(tempfile.gettempdir())}
    names = [json.dumps(str(folder), ensure_ascii=False)[1:-1] for folder in folders if folder != Path(folder.anchor)]
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "…")
    return text


def _inputs(path: Path, review: Review) -> dict[str, Any]:
    """What a notebook's result rests on: documents, read or refused; settings; the notebook and the readers."""
    read = [f"{name} {kept}" for name, kept in sorted(review.documents.items())]
    known = "\n".join([*read, *map(str, review.problems)])
    return {
        "documents": len(review.documents),
        "documents_sha256": _sha256(known.encode()),
        "settings_sha256": _sha256((review.folder / "review.toml").read_bytes()),
        "tables_sha256": {path.name: _sha256(path.read_bytes()) for path in sorted(review.folder.glob("*.csv"))},
        "notebook_sha256": _sha256(path.read_bytes()),
        "readers": _sha256(reader_version().encode()),
    }


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _done_before(manifest: Path, notebook: str, parameters: dict[str, Any], inputs: dict[str, Any]) -> bool:
    before = _last_run(manifest, notebook)
    return before is not None and (before.state, before.parameters, before.inputs) == ("ok", parameters, inputs)


def _last_run(manifest: Path, notebook: str) -> Line | None:
    """The manifest's last line of a notebook that ran, whatever came of it."""
    if not manifest.is_file():
        return None
    last = None
    for text in manifest.read_bytes().split(b"\n"):
        try:
            line = msgspec.json.decode(text, type=Line)
        except msgspec.DecodeError:  # blank, or half a line of a run that was broken off
            continue
        if line.notebook == notebook and line.state != "skipped":
            last = line
    return last


def _append(manifest: Path, line: Line) -> None:
    """Add one line; half a line that a broken-off run left is closed first."""
    with manifest.open("a+b") as file:
        file.seek(max(file.seek(0, os.SEEK_END) - 1, 0))
        gap = b"" if file.read(1) in (b"", b"\n") else b"\n"
        text = json.dumps(msgspec.to_builtins(line), ensure_ascii=False)
        file.write(gap + text.encode("utf-8", "backslashreplace") + b"\n")


def _said(line: Line) -> str:
    if line.state == "skipped":
        return f"{line.notebook}  skipped: it ended well before on the same inputs and parameters"
    if line.state == "ok":
        return f"{line.notebook}  ok, {line.seconds:.0f} s"
    where = f"cell {line.cell}" + (f", study {line.study}" if line.study else "")
    return f"{line.notebook}  FAILED at {where}\n  {line.error}"
