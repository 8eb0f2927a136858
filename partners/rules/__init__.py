"""Who may do what: a person's Powers, and the life cycles of ties (ties.py) and of people's places and roles (people.py)."""

from partners.rules.powers import Powers, powers_by_link, powers_of

__all__ = ["Powers", "powers_by_link", "powers_of"]
