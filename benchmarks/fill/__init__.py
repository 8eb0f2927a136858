"""So many needs, offers, checks, orders and shipments, put straight into the tables: for measuring only, no action plays them."""

from benchmarks.fill.papers import fill_papers
from benchmarks.fill.people import Person, people
from benchmarks.fill.story import fill_up_to

__all__ = ["Person", "fill_papers", "fill_up_to", "people"]
