"""Status changes of an allocation that each role may make, in every status."""

from typing import Any

from procurement.allocations.actions import discard_allocation, propose_allocation, undo_allocation
from tests.procurement.permission_tables import Row, both_officers
from tests.worlds import completed_orders
from tests.worlds.need_to_order import AT, Story


def proposed_allocation(story: Story) -> Any:
    line = story.line(1_000)
    by = story.officer
    return propose_allocation(story.lead(line), line, 1_000, author=by.user, by=by.by, at=AT)


def confirmed_allocation(story: Story) -> Any:
    return story.promise(1_000)


def ordered_allocation(story: Story) -> Any:
    return story.draft().lines.get().allocation


def fulfilled_allocation(story: Story) -> Any:
    return completed_orders.completed_order(story).lines.get().allocation


def discarded_allocation(story: Story) -> Any:
    return discard_allocation(proposed_allocation(story), by=story.officer.by, at=AT)


def undone_allocation(story: Story) -> Any:
    return undo_allocation(story.promise(1_000), reason="fewer beds", by=story.officer.by, at=AT)


UNDO_VERBS = "return_part return_all"
ALLOCATIONS: list[Row] = [
    ("proposed", proposed_allocation, both_officers("confirm discard")),
    ("confirmed", confirmed_allocation, both_officers("order reduce undo")),
    (
        "ordered",
        ordered_allocation,
        both_officers(
            f"{UNDO_VERBS} reallocate fulfil",
            approver=UNDO_VERBS,
            logistics=f"{UNDO_VERBS} reallocate fulfil",
        ),
    ),
    ("fulfilled", fulfilled_allocation, both_officers(UNDO_VERBS, approver=UNDO_VERBS, logistics=UNDO_VERBS)),
    ("discarded", discarded_allocation, {}),
    ("undone", undone_allocation, both_officers("reallocate", logistics="reallocate")),
]
