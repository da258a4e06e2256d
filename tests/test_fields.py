"""The catalogue of fields: what a row means, and what a source may be silent about."""

from __future__ import annotations

import pytest

from reviewkit.fields import Field, catalogue, first_of_group, sayable
from reviewkit.words import vocabularies

KINDS = {"id", "text", "date", "choice", "choices", "count", "decimal", "age", "flag", "list", "ref", "url"}


def test_a_field_has_name_group_kind_vocabulary_title_and_privacy():
    assert catalogue()["masking.roles"] == Field("masking.roles", "", "choices", "MaskedRole", "Masked roles", False)
    assert catalogue()["sites.phone"].private


@pytest.mark.parametrize("field", catalogue().values(), ids=lambda field: field.name)
def test_every_field_has_a_known_kind_and_a_vocabulary_if_it_is_a_choice(field):
    assert field.kind in KINDS
    assert (field.vocabulary in vocabularies()) is (field.kind in {"choice", "choices"})
    assert field.name.startswith(field.group)
    assert field.title


def test_a_group_is_spoken_for_by_its_first_field():
    assert first_of_group("outcomes") == "outcomes.measure"
    assert first_of_group("ids.secondary") == "ids.secondary.id"


def test_a_source_names_fields_singly_or_by_their_beginning_and_private_ones_stay_out():
    assert sayable(["eligibility.sex", "ethics.reference"]) == (
        ("eligibility.sex", ""),
        ("ethics.committee", "ethics"),  # speaks for the group
        ("ethics.reference", "ethics"),
    )
    names = [name for name, _ in sayable(["sites.*", "enrolment.*"])]
    assert "enrolment.target" in names and "sites.city" in names
    assert not [name for name in names if catalogue()[name].private]


def test_an_unknown_field_is_an_error():
    with pytest.raises(KeyError):
        sayable(["enrolment.goal"])


@pytest.mark.real
def test_the_catalogue_is_the_one_that_was_agreed(shared):
    from reviewkit.fields import CATALOGUE

    def rows(path):
        return [line.split(",")[:4] for line in path.read_text(encoding="utf-8").splitlines()]

    assert rows(CATALOGUE) == rows(shared / "fields.csv")
