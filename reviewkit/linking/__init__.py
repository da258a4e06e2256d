"""Records into studies: what is known by the same number is one trial, and why it is stays with it.

Two kinds of claim are told apart. A record's *own* keys name its trial beyond doubt: its registration number, the
aliases the registry gives it, and for an article its DOI and PMID. What it says *besides* (numbers in other registries,
an article it names as its results) is believed unless that would make two trials of one registry into one: pooled
reports, parent trials and slips of the keyboard do so. An article that names two entries makes them one trial only if a
registry does. What is not believed is a doubt for a person to settle, and so are titles that are almost the same.
Numbers in reference lists and lists of similar trials never link.
"""

from reviewkit.linking.claims import Claims, claims_of, file_key, is_numbered, study_name
from reviewkit.linking.decisions import Decision, read_decisions
from reviewkit.linking.groups import Doubt, Linked, Links
from reviewkit.linking.titles import similar_titles

__all__ = [
    "Claims",
    "Decision",
    "Doubt",
    "Linked",
    "Links",
    "claims_of",
    "file_key",
    "is_numbered",
    "read_decisions",
    "similar_titles",
    "study_name",
]
