"""A row of Today: one thing to do, and what happens if nobody does it."""

from dataclasses import dataclass
from datetime import datetime

from partners.roles import Power
from partners.rules import Powers
from workflow.errors import Words

EACH = 20  # rows read of one kind: more are behind its list


@dataclass(frozen=True)
class Row:
    """One thing to do: a sentence, a button, and what happens if nobody does it."""

    what: Words
    action: Words
    url: str
    consequence: Words
    due: datetime
    reference: str
    posts: bool = False  # whether opening it writes something down, so that the button is a form


def mine(by: Powers, power: Power) -> frozenset[int]:
    """The cities in which this person holds a power."""
    return by.cities.get(power, frozenset())
