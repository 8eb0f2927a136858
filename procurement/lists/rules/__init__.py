"""How names are compared, who keeps the lists, and who may clear a match. By noun."""

from procurement.lists.rules import lists, matches
from procurement.lists.rules.lists import LIST_MOVES
from procurement.lists.rules.matches import MATCH_MOVES
from procurement.lists.rules.names import forms_of, keys_of, keys_of_names, number_of
from procurement.lists.rules.scoring import POSSIBLE, Alike, best, score

__all__ = [
    "LIST_MOVES",
    "MATCH_MOVES",
    "POSSIBLE",
    "Alike",
    "best",
    "forms_of",
    "keys_of",
    "keys_of_names",
    "lists",
    "matches",
    "number_of",
    "score",
]
