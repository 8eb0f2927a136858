"""Journal entries of the random stories (a need and all that follows from it): one entry for each step of a story.

The entries count as announced, so the periodic job sends no notifications about them.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from benchmarks.fill.random_stories import RandomStory, StorySource
from workflow.journal.models import Entry

type Rows = Iterator[dict[str, Any]]

STORY_STEPS = (
    ("procurement.supplyrequest", "SR", "draft"),
    ("procurement.supplyrequest", "SR", "post"),
    ("procurement.supplierlead", "SL", "offer"),
    ("procurement.order", "PO", "draft"),
    ("procurement.shipment", "SH", "plan"),
)


def journal_rows(world: StorySource, drawn: list[RandomStory]) -> list[tuple[type[Model], Rows]]:
    """Return the journal table, with the entries of these stories."""
    return [(Entry, (row for one in drawn for row in _entries(one)))]


def _entries(one: RandomStory) -> Rows:
    for more, (label, prefix, verb) in enumerate(STORY_STEPS):
        yield {
            "id": one.number + more,
            "thing_label": label,
            "thing_id": one.number,
            "reference": one.reference(prefix),
            "city_id": one.city.pk,
            "verb": verb,
            "by_id": one.officer_id,
            "by_label": f"Officer of {one.city.name_en}",
            "via": "session",
            "at": one.posted_at,
            "recorded_at": one.posted_at,
            "after": {"status": one.status},
            "announced_at": one.posted_at,
        }
