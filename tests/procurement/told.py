"""What people were told, as the tick would tell them: for tests that need something under the bell."""

from typing import Any

from procurement.notices import planning
from procurement.notices.entries import for_entry
from tests.procurement.story import AT
from workflow import actions
from workflow.models.bell import InAppNotice
from workflow.models.journal import Entry
from workflow.outbox import bell


def told(entry: Entry) -> list[InAppNotice]:
    """Tell people of an entry inside the product, and nobody by mail."""
    bell.ring(planning.tell(entry, AT).notices)
    return list(InAppNotice.objects.filter(entry=entry).order_by("pk"))


def told_of_a_comment(thing: Any, story: Any) -> InAppNotice:
    """A colleague says something about a thing; whoever keeps it is told."""
    actions.comment(thing, "Please have a look.", by=story.second_officer.by, at=AT, language="en")
    (notice,) = told(Entry.objects.about(thing).filter(verb="comment").order_by("-pk")[0])
    return notice


def tell_everything() -> int:
    """Tell everybody of everything that happened so far, as far as it is told at all. How many notices there are then."""
    for entry in Entry.objects.order_by("pk"):
        if for_entry(entry):
            told(entry)
    return InAppNotice.objects.count()
