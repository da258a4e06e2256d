"""The sharing plan and its conditions; mirror pages without their registry record."""

from __future__ import annotations

import pytest

from reviewkit.checks.mirror import missing_registry_record
from reviewkit.checks.sharing import sharing_plan


@pytest.mark.parametrize(
    "plan, texts, told_as",
    [
        ("YES", {"criteria": "The data are confidential and will not be shared with others"},
         ("ATTENTION", "The plan is to share, but “conditions of use” says that data will not be shared.")),
        ("YES", {"description": "Names of participants will not be disclosed. The rest is shared."},
         ("CONSISTENT", "The plan to share participant data (yes) fits the words beside it.")),
        ("YES", {"timeframe": "Data will not be available until the paper is out"},
         ("CONSISTENT", "The plan to share participant data (yes) fits the words beside it.")),
        ("YES", {"audience": "All people", "criteria": "Hospitals for care, and researchers for their projects"},
         ("ATTENTION", "The data are open to all by “who may have the data”, "
          "but “conditions of use” names certain groups only.")),
        ("NO", {"access": "On request by e-mail to the centre"},
         ("ATTENTION", "The plan is not to share, but “where data can be had” says how data can be had.")),
        ("NO", {"access": "Not applicable", "description": "No plans at this time to share data"},
         ("CONSISTENT", "The plan to share participant data (no) fits the words beside it.")),
        ("NO", {"description": "Shared between the investigators only"},
         ("CONSISTENT", "The plan to share participant data (no) fits the words beside it.")),
        ("UNDECIDED", {"description": "To be decided"},
         ("CONSISTENT", "The plan to share participant data (undecided) fits the words beside it.")),
        ("YES", {}, None),
    ],
)  # fmt: skip
def test_the_plan_is_held_against_its_conditions(value, record, told, plan, texts, told_as):
    values = [value(f"ipd.{name}", text) for name, text in texts.items()]
    assert told(sharing_plan(record(value("ipd.plan", plan), *values))) == told_as


def test_words_on_a_shared_protocol_do_not_contradict_a_no_for_data(value, record):
    values = [value("ipd.plan", "NO"), value("ipd.protocol", "YES"), value("ipd.access", "On request by e-mail")]
    assert sharing_plan(record(*values)).verdict == "CONSISTENT"


def mirror(value, record, *values):
    return record(
        value("title.scientific", "Exosomes in asthma"), value("sponsor.primary", "Acme"), *values, kind="mirror"
    )


def test_a_mirror_alone_gives_title_and_sponsor_as_search_terms(value, record, study, told, because):
    (finding,) = missing_registry_record(study(mirror(value, record)))
    assert told(finding) == (
        "ATTENTION",
        "This is known from a page that retells a registry, and no registry record is loaded. "
        "Search the registries for the title “Exosomes in asthma” and the sponsor “Acme”.",
    )
    assert because(finding) == ["title.scientific", "sponsor.primary"]


def test_a_mirror_beside_its_registry_record_is_consistent(value, record, study, told):
    number = value("ids.primary", "NCT04276987")
    (finding,) = missing_registry_record(study(mirror(value, record, number), record(number)))
    assert told(finding) == (
        "CONSISTENT",
        "The page that retells a registry stands beside the registry record of NCT04276987.",
    )
    assert missing_registry_record(study(record(number))) == []
