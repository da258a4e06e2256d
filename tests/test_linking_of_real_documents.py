"""Linking over real protocols, reports and registry records: what belongs together does, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

import reviewkit as rk

pytestmark = pytest.mark.real


def pair_of(document: str) -> str:
    """`007` of `Protocol/007_PMC6311046.txt`: the pair to which those who chose the articles counted it."""
    return Path(document).name.partition("_")[0]


def test_each_protocol_is_one_study_with_its_report_and_with_no_other(shared: Path):
    studies = list(rk.studies(shared / "records/labelled/spirit-consort-tm", problems=[]))
    articles = [[r.document for r in study.records if r.kind == "publication"] for study in studies]
    assert [sorted({pair_of(name) for name in names}) for names in articles if len(names) > 1] == sorted(
        [pair_of(path.name)] for path in (shared / "records/labelled/spirit-consort-tm/Protocol").iterdir()
    )
    assert all(len(names) == 2 for names in articles if names)


def test_a_registry_entry_joins_the_papers_that_give_its_number_and_no_others(shared: Path):
    records = shared / "records"
    registries = [
        records / name for name in ("ctgov-v2", "ctgov-xml", "ctgov-history", "ictrp", "isrctn", "euctr", "ctis")
    ]
    papers = [
        records / "labelled" / name
        for name in ("spirit-consort-tm", "numeric-rct-results/xml", "consort-tm", "evidence-inference")
    ]
    papers += [records / name for name in ("jats", "pubmed-xml", "medline", "ris")]
    joined = {}
    for study in rk.studies(*registries, *papers, problems=[]):
        published = sorted(Path(r.document).name for r in study.records if r.kind == "publication")
        if published and any(record.kind == "registry" for record in study.records):
            joined[study.study] = published
            (key,) = {link.key for link in study.links}
            assert key == study.study
    assert joined == {
        "NCT01067443": ["095_PMC3155829.txt", "095_PMC5023160.txt"],
        "NCT01278537": ["PMC4574984.xml"],
    }
