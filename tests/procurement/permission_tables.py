"""Types and helpers for permission tables: statuses, how a test reaches each, and the status changes of each person."""

from collections.abc import Callable
from typing import Any

from tests.worlds.need_to_order import Story

NETWORK = ("officer", "second_officer", "stranger")  # facts about companies are shared between cities

type Reach = Callable[[Story], Any]
type Row = tuple[str, Reach, dict[str, str]]


def both_officers(verbs: str, **others: str) -> dict[str, str]:
    """Return the same verbs for both officers of the city, and other verbs for others."""
    return {"officer": verbs, "second_officer": verbs, **others}


def officers_everywhere(verbs: str, verifier: str = "") -> dict[str, str]:
    """Return verbs for officers of every city, and for verifiers where a decision is needed."""
    return dict.fromkeys(NETWORK, verbs) | ({"verifier": verifier} if verifier else {})


def officers_and_verifiers(verbs: str, **others: str) -> dict[str, str]:
    """Return the same verbs for officers and verifiers of the city."""
    return both_officers(verbs, verifier=verbs, **others)
