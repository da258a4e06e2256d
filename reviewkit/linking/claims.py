"""What a record says its trial is known by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from reviewkit.identifiers import UTN, find_ids, read_trial_id
from reviewkit.model import Record

BY_CONTENT = "sha256:"
OWN_ARTICLE = {"report.doi": "doi:", "report.pmid": "pmid:", "report.pmcid": "pmcid:"}  # of a publication
NAMED_ARTICLES = {"publications.doi": "doi:", "publications.pmid": "pmid:"}  # of a registry's record
RESULTS = "RESULT"  # what a registry calls the article that reports this trial


class Claims(NamedTuple):
    """What a record says its trial is known by: keys beyond doubt, at least one, and keys it names besides.

    A registry speaks of the trial it holds; an article may name the numbers of two trials in one breath.
    """

    own: tuple[str, ...]
    besides: tuple[str, ...] = ()
    by_registry: bool = True


def claims_of(record: Record) -> Claims:
    """What names the trial of a record; without any number, the record's own content.

    An article that gives several registration numbers as its own may pool several trials: it is sure of none of them.
    """
    numbers = _said(record, "ids.primary")
    own = [*numbers, *_said(record, "ids.aliases")]
    besides = [number for number in map(_number_in, _said(record, "ids.secondary.id")) if number]
    articles = list(_articles(record))
    if record.kind == "publication":
        if len(set(numbers)) > 1:
            own, besides = [], own + besides
        own += articles
    else:
        besides += articles
    sure = tuple(dict.fromkeys(own)) or (f"{BY_CONTENT}{record.sha256}#{record.record}",)
    others = tuple(key for key in dict.fromkeys(besides) if key not in sure)
    return Claims(sure, others, record.kind == "registry")


def _said(record: Record, field: str) -> list[str]:
    return [str(value.value) for value in record.known(field)]


def _number_in(words: str) -> str | None:
    """The registration number a secondary number is, in its normal form; None for a grant or a sponsor's code."""
    try:
        return read_trial_id(words).value
    except ValueError:
        return None


def _articles(record: Record) -> Iterator[str]:
    """Keys of articles: of a publication the article itself, of a registry's record its reports of results."""
    types = {value.item: value.value for value in record.known("publications.type")}
    own = record.kind == "publication"
    for field, prefix in (OWN_ARTICLE if own else NAMED_ARTICLES).items():
        for value in record.known(field):
            if own or types.get(value.item) == RESULTS:
                yield prefix + str(value.value).strip().lower().removeprefix("https://doi.org/")


def file_key(record: Record) -> str:
    """What names a record by its file; it links nothing, for another trial may be told of in a file of that name."""
    return f"{record.document}#{record.record}"


def is_numbered(keys: Iterable[str]) -> bool:
    """Does a study of these keys have a number of its own, rather than a file's content?"""
    return not all(key.startswith(BY_CONTENT) for key in keys)


@lru_cache(maxsize=65536)
def registry_of(key: str) -> str | None:
    """The registry that issued a number; None for articles, contents and universal trial numbers."""
    if key.startswith((BY_CONTENT, *OWN_ARTICLE.values())):
        return None
    found = find_ids(key)
    return found[0].registry if len(found) == 1 and found[0].registry != UTN else None


def study_name(records: list[Record]) -> str:
    """A study's name outside a review: its registration number, else the document's name (with the record's number
    where the document holds several)."""
    numbered = next((value for record in records if (value := record.first("ids.primary"))), None)
    if numbered is not None:
        return str(numbered.value)
    first = records[0]
    return first.document if first.record == 1 else f"{first.document}#{first.record}"
