"""Status changes of an allocation plan that each role may make, in every status."""

from typing import Any

from procurement.allocations.plans.actions import (
    CalculatedPlan,
    cancel_plan,
    create_plan,
    fail_plan,
    finish_plan,
)
from tests.procurement.permission_tables import Row, both_officers
from tests.worlds.need_to_order import AT, Story


def queued_plan(story: Story) -> Any:
    line = story.line(1_000)
    by = story.officer
    return create_plan([line], [story.lead(line)], author=by.user, by=by.by, at=AT)


def ready_plan(story: Story) -> Any:
    return finish_plan(queued_plan(story), CalculatedPlan([], [], "a" * 64), at=AT)


def failed_plan(story: Story) -> Any:
    return fail_plan(queued_plan(story), at=AT)


def cancelled_plan(story: Story) -> Any:
    return cancel_plan(queued_plan(story), by=story.officer.by, at=AT)


PLANS: list[Row] = [
    ("pending", queued_plan, both_officers("cancel")),
    ("ready", ready_plan, both_officers("cancel change_row accept")),
    ("failed", failed_plan, {}),
    ("cancelled", cancelled_plan, {}),
]
