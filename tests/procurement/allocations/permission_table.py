"""Moves that each role may make with an allocation, in every status."""

from typing import Any

from procurement.allocations.actions import discard_allocation, propose_allocation, undo_allocation
from tests.procurement.permission_tables import Row, officers
from tests.worlds import completed_orders
from tests.worlds.need_to_order import AT, Story


def proposed_promise(story: Story) -> Any:
    line = story.line(1_000)
    by = story.officer
    return propose_allocation(story.lead(line), line, 1_000, author=by.user, by=by.by, at=AT)


def confirmed_promise(story: Story) -> Any:
    return story.promise(1_000)


def ordered(story: Story) -> Any:
    return story.draft().lines.get().allocation


def fulfilled_promise(story: Story) -> Any:
    return completed_orders.completed(story).lines.get().allocation


def dropped(story: Story) -> Any:
    return discard_allocation(proposed_promise(story), by=story.officer.by, at=AT)


def released(story: Story) -> Any:
    return undo_allocation(story.promise(1_000), reason="fewer beds", by=story.officer.by, at=AT)


GIVING_BACK = "return_part return_all"
PROMISES: list[Row] = [
    ("proposed", proposed_promise, officers("confirm discard")),
    ("confirmed", confirmed_promise, officers("order reduce undo")),
    (
        "ordered",
        ordered,
        officers(
            f"{GIVING_BACK} reallocate fulfil",
            approver=GIVING_BACK,
            logistics=f"{GIVING_BACK} reallocate fulfil",
        ),
    ),
    ("fulfilled", fulfilled_promise, officers(GIVING_BACK, approver=GIVING_BACK, logistics=GIVING_BACK)),
    ("discarded", dropped, {}),
    ("undone", released, officers("reallocate", logistics="reallocate")),
]
