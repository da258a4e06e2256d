"""The instruments: each a file of decision tables; one engine for all; proposals from what records say.

A new instrument is one file `<name>.toml` and its name in the tuple below.
"""

from __future__ import annotations

from reviewkit.instruments.engine import judge, overall, reached, unanswered
from reviewkit.instruments.instrument import load
from reviewkit.instruments.proposals import Proposal, Proposals, Refusal, propose

INSTRUMENTS: tuple[str, ...] = ("rob2",)

__all__ = [
    "INSTRUMENTS",
    "Proposal",
    "Proposals",
    "Refusal",
    "judge",
    "load",
    "overall",
    "propose",
    "reached",
    "unanswered",
]
