"""Linking: what is known by one number is one trial; what would make two trials of one registry one is a doubt."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.linking import Claims, Doubt, Linked, Links, claims_of, file_key, is_numbered, similar_titles, study_name
from reviewkit.model import Place, Record, Value
from reviewkit.words import State


def record(
    document: str, numbers: tuple[str, ...] = (), *, aliases: tuple[str, ...] = (), number: int = 1, **said: str
):
    """A record that says these numbers, and fields given as `title_public=`."""
    facts = [("ids.primary", n) for n in numbers] + [("ids.aliases", n) for n in aliases]
    facts += [(field.replace("_", ".", 1), words) for field, words in said.items()]
    values = [Value(f, None, words, State.REPORTED, words, Place(document), "test:said") for f, words in facts]
    return Record(document, number, f"hash of {document}", "test", "a test", "registry", values)


def settled(*records: Record) -> tuple[list[Linked[str]], list[Doubt[str]]]:
    """The studies and the doubts, records known by their documents."""
    links: Links[str] = Links()
    for one in records:
        links.add(one.document, claims_of(one))
    return links.settle()


def linked(*records: Record) -> list[list[str]]:
    """The studies as the names of their documents."""
    return [study.positions for study in settled(*records)[0]]


def registry(document: str, number: str, *besides: str, results: tuple[str, ...] = ()) -> Record:
    """A registry's record with its number, the numbers in other registries, and the articles it calls its results."""
    place = Place(document)

    def said(field: str, item: int, words: str) -> Value:
        return Value(field, item, words, State.REPORTED, words, place, "test:said")

    values = [Value("ids.primary", None, number, State.REPORTED, number, place, "test:said")]
    values += [said("ids.secondary.id", item, words) for item, words in enumerate(besides, 1)]
    for item, pmid in enumerate(results, 1):
        values += [said("publications.pmid", item, pmid), said("publications.type", item, "RESULT")]
    return Record(document, 1, f"hash of {document}", "test", "a test", "registry", values)


def paper(document: str, *numbers: str, doi: str | None = None, pmid: str | None = None) -> Record:
    """A publication with the registration numbers it gives as its own, and its own DOI and PMID."""
    facts = [("ids.primary", number) for number in numbers]
    facts += [(f"report.{name}", words) for name, words in (("doi", doi), ("pmid", pmid)) if words]
    values = [
        Value(
            field, 1 if field.startswith("publ") else None, words, State.REPORTED, words, Place(document), "test:said"
        )
        for field, words in facts
    ]
    return Record(document, 1, f"hash of {document}", "test", "a test", "publication", values)


def test_records_with_one_registration_number_are_one_study():
    assert linked(record("a", ("NCT1",)), record("b", ("NCT2",)), record("c", ("NCT1",))) == [["a", "c"], ["b"]]


def test_a_number_that_the_registry_calls_an_alias_links_too():
    assert linked(record("a", ("NCT1",)), record("b", ("NCT2",), aliases=("NCT1",))) == [["a", "b"]]


def test_two_studies_become_one_when_a_later_record_names_both_numbers():
    assert linked(record("a", ("NCT1",)), record("b", ("NCT2",)), record("c", ("NCT1",), aliases=("NCT2",))) == [
        ["a", "b", "c"]
    ]


@pytest.mark.parametrize("field", ["title_public", "ids_secondary.id", "publications_pmid"])
def test_titles_secondary_numbers_and_references_do_not_link(field: str):
    said = {field: "the same words"}
    assert linked(record("a", ("NCT1",), **said), record("b", ("NCT2",), **said)) == [["a"], ["b"]]


def test_records_without_a_number_are_studies_of_their_own():
    assert linked(record("a"), record("b"), record("c", number=2)) == [["a"], ["b"], ["c"]]


def test_a_record_without_a_number_is_known_by_its_content_and_by_its_file():
    one = record("a.txt", number=2)
    assert (claims_of(one).own, file_key(one)) == (("sha256:hash of a.txt#2",), "a.txt#2")
    assert (is_numbered(claims_of(one).own), is_numbered(["NCT1"]), is_numbered(["sha256:x#1", "NCT1"])) == (
        False,
        True,
        True,
    )


def test_a_study_is_named_by_its_first_registration_number():
    assert study_name([record("a"), record("b", ("NCT2",)), record("c", ("NCT1",))]) == "NCT2"


def test_a_study_without_a_number_is_named_by_its_document():
    assert study_name([record("sub/a.txt")]) == "sub/a.txt"
    assert study_name([record("a.csv", number=3)]) == "a.csv#3"


A, B, C = "NCT04276001", "NCT04276002", "NCT04276003"
WHY = "named by records of different trials, which no registry says are one"
ISRCTN, EUDRACT, UTN = "ISRCTN12345678", "2019-001234-56", "U1111-1234-5678"


def test_a_number_in_another_registry_links_the_two_entries_of_a_trial():
    assert linked(registry("a", A, EUDRACT), registry("b", EUDRACT), registry("c", B)) == [["a", "b"], ["c"]]


def test_two_entries_that_name_the_same_third_number_are_one_trial_unless_one_registry_holds_both():
    assert linked(registry("a", A, UTN), registry("b", ISRCTN, UTN)) == [["a", "b"]]
    studies, doubts = settled(registry("a", A, UTN), registry("b", B, UTN), registry("c", ISRCTN, UTN))
    assert [study.positions for study in studies] == [["a"], ["b"], ["c"]]
    assert doubts == [Doubt(["a", "b", "c"], UTN, WHY)]


def test_a_number_of_the_same_registry_named_besides_is_a_related_trial_and_does_not_link():
    studies, doubts = settled(registry("a", A, B), registry("b", B))
    assert [study.positions for study in studies] == [["a"], ["b"]]
    assert [(doubt.positions, doubt.key) for doubt in doubts] == [(["a", "b"], B)]


def test_a_chain_of_numbers_never_makes_two_trials_of_one_registry_one():
    chain = [registry("a", A, ISRCTN), registry("b", ISRCTN, EUDRACT), registry("c", EUDRACT, B), registry("d", B)]
    studies, doubts = settled(*chain)
    assert [study.positions for study in studies] == [["a"], ["b"], ["c"], ["d"]]
    assert [(doubt.positions, doubt.key) for doubt in doubts] == [
        (["b", "c"], EUDRACT),
        (["a", "b"], ISRCTN),
        (["c", "d"], B),
    ]


def test_a_paper_links_by_its_own_number_and_a_pooled_one_links_no_two_trials():
    assert linked(registry("a", A), paper("p", A)) == [["a", "p"]]
    studies, doubts = settled(registry("a", A), registry("b", B), paper("p", A, B, doi="10.1/x"))
    assert [study.positions for study in studies] == [["a"], ["b"], ["p"]]
    assert [(doubt.positions, doubt.key) for doubt in doubts] == [(["a", "p"], A), (["b", "p"], B)]


def test_a_paper_that_gives_the_numbers_of_two_registries_joins_no_entries_that_no_registry_joins():
    studies, doubts = settled(registry("a", A), registry("b", ISRCTN), paper("p", A, ISRCTN))
    assert [study.positions for study in studies] == [["a"], ["b"], ["p"]]
    assert doubts == [Doubt(["b", "p"], ISRCTN, WHY), Doubt(["a", "p"], A, WHY)]
    assert linked(registry("a", A, ISRCTN), registry("b", ISRCTN), paper("p", A, ISRCTN)) == [["a", "b", "p"]]
    assert linked(registry("a", A), paper("p", A, ISRCTN)) == [["a", "p"]]


def test_a_paper_with_one_number_of_its_own_stays_with_it_and_what_it_names_besides_is_a_doubt():
    own = paper("p", A)
    own.reported.append(Value("ids.secondary.id", 1, EUDRACT, State.REPORTED, EUDRACT, Place("p"), "test:said"))
    studies, doubts = settled(registry("a", A), registry("b", EUDRACT), own)
    assert [study.positions for study in studies] == [["a", "p"], ["b"]]
    assert doubts == [Doubt(["b", "p"], EUDRACT, WHY)]
    assert linked(registry("b", EUDRACT), own) == [["b", "p"]]


def test_one_article_in_several_forms_is_one_publication():
    assert linked(
        paper("a", doi="10.1/X", pmid="12"), paper("b", doi="https://doi.org/10.1/x"), paper("c", pmid="12")
    ) == [["a", "b", "c"]]


def test_an_article_that_the_registry_calls_its_results_links_and_background_does_not():
    assert linked(registry("a", A, results=("12",)), paper("p", pmid="12")) == [["a", "p"]]
    background = registry("a", A)
    background.reported.append(Value("publications.pmid", 1, "12", State.REPORTED, "12", Place("a"), "test:said"))
    assert linked(background, paper("p", pmid="12")) == [["a"], ["p"]]


def test_results_named_by_two_trials_or_of_a_paper_with_another_number_are_a_doubt():
    shared_paper = paper("p", pmid="12")
    studies, doubts = settled(registry("a", A, results=("12",)), registry("b", B, results=("12",)), shared_paper)
    assert [study.positions for study in studies] == [["a"], ["b"], ["p"]]
    assert [(doubt.positions, doubt.key) for doubt in doubts] == [(["a", "b", "p"], "pmid:12")]
    assert linked(registry("a", A, results=("12",)), paper("p", B, pmid="12"), registry("b", B)) == [["a"], ["p", "b"]]


def test_why_records_are_one_study_is_said_by_the_keys_they_share():
    (study,), _ = settled(registry("a", A, EUDRACT, results=("12",)), registry("b", EUDRACT), paper("p", A, pmid="12"))
    assert study.links == [(A, ["a", "p"]), (EUDRACT, ["a", "b"]), ("pmid:12", ["a", "p"])]
    assert study.keys == [A, EUDRACT, "pmid:12"]


def test_a_person_may_confirm_that_two_records_are_one_trial():
    links: Links[str] = Links()
    for one in (registry("a", A), paper("p", doi="10.1/x"), registry("b", B)):
        links.add(one.document, claims_of(one))
    links.confirm("a", "p", "confirmed by AB: same authors")
    studies, _ = links.settle()
    assert [study.positions for study in studies] == [["a", "p"], ["b"]]
    assert studies[0].links == [("confirmed by AB: same authors", ["a", "p"])]


def test_titles_almost_the_same_are_told_and_short_ones_are_not():
    titles = [
        (1, "Kite flying for sore knees: a randomised trial"),
        (2, "Kite flying for sore knees, a randomised trial."),
        (3, "Swimming for sore knees in winter, a cohort"),
        (4, "A trial"),
        (5, "A trial"),
    ]
    assert list(similar_titles(titles)) == [
        Doubt([1, 2], "Kite flying for sore knees: a randomised trial", "their titles are 100 % alike")
    ]


NUMBERS = [A, B, C, ISRCTN, "ISRCTN87654321", EUDRACT, "2020-004321-65", UTN]


@given(st.lists(st.tuples(st.sampled_from(NUMBERS[:7]), st.lists(st.sampled_from(NUMBERS), max_size=3)), max_size=12))
def test_no_study_ever_holds_two_trials_of_one_registry(entries: list[tuple[str, list[str]]]):
    records = [registry(str(index), own, *besides) for index, (own, besides) in enumerate(entries)]
    own = {str(index): number for index, (number, _) in enumerate(entries)}
    studies, _ = settled(*records)
    assert sorted(name for study in studies for name in study.positions) == sorted(own)
    for study in studies:
        numbers = {own[name] for name in study.positions}
        assert len({number[:3] for number in numbers}) == len(numbers), study
    for number in {*own.values()}:  # and the entries of one number are never parted
        assert sum(any(own[name] == number for name in study.positions) for study in studies) == 1


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=3), max_size=20))
def test_groups_are_the_connected_parts_in_order_of_first_appearance(records: list[list[str]]):
    links: Links[int] = Links()
    for position, keys in enumerate(records):
        links.add(position, Claims(tuple(keys)))
    groups = links.settle()[0]
    assert sorted(position for group in groups for position in group.positions) == list(range(len(records)))
    assert [group.positions[0] for group in groups] == sorted(group.positions[0] for group in groups)
    for keys, members, _ in groups:
        assert members == sorted(members)
        assert set(keys) == {key for position in members for key in records[position]}
    every = [key for group in groups for key in group.keys]
    assert len(every) == len(set(every))


@pytest.mark.real
def test_of_the_cross_registrations_checked_by_hand_no_false_pair_is_linked(shared):
    """Entries and papers are built from what the tables say of who names whom; titles do not count here."""
    tables = shared / "records/labelled"
    checked = rows(tables / "crossreg/manual_validation_processed.csv")
    named = {(row["id"], row["crossreg_trn"]): row for row in rows(tables / "intovalue/cross-registrations.csv")}
    told: Counter[tuple[str, bool, bool]] = Counter()
    for pair in checked:
        entry, other = pair["trn2"], pair["trn1"]
        row = named.get((entry, other), {})
        registry_says = row.get("is_crossreg_reg") == "True"
        paper_says = "True" in [row.get(f"is_crossreg_{where}") for where in ("secondary_id", "abstract", "ft")]
        records = [registry("a", entry, *[other] * registry_says), registry("b", other)]
        if paper_says:
            records.append(paper("p", entry, other, doi="10.1/x"))
        studies, doubts = settled(*records)
        one = len(studies) == 1
        assert not one or pair["is_true_crossreg"] == "TRUE", pair
        assert one == registry_says
        assert bool(doubts) == (paper_says and not registry_says)
        said = "registry" if registry_says else "paper" if paper_says else "nobody"
        told[said, pair["is_true_crossreg"] == "TRUE", one] += 1
    assert told == {
        ("registry", True, True): 72,
        ("paper", True, False): 16,
        ("paper", False, False): 5,
        ("nobody", True, False): 32,
        ("nobody", False, False): 3,
    }


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
