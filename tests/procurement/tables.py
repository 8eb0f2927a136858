"""What a table of who may do what is made of: rows of status, how a thing gets there, and each person's verbs."""

from collections.abc import Callable
from typing import Any

from tests.procurement.story import Story

NETWORK = ("officer", "second_officer", "stranger")  # facts about companies are shared between cities

type Reach = Callable[[Story], Any]
type Row = tuple[str, Reach, dict[str, str]]


def officers(verbs: str, **others: str) -> dict[str, str]:
    """The same for both officers of the city, and something else for others."""
    return {"officer": verbs, "second_officer": verbs, **others}


def network(verbs: str, verifier: str = "") -> dict[str, str]:
    """Officers of every city; verifiers, where it is a judgement."""
    return dict.fromkeys(NETWORK, verbs) | ({"verifier": verifier} if verifier else {})


def desk(verbs: str, **others: str) -> dict[str, str]:
    """Officers and verifiers of the city alike."""
    return officers(verbs, verifier=verbs, **others)
