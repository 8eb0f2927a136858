"""Moves that each role may make with an allocation plan, in every status."""

from typing import Any

from procurement.allocations.plans.actions import (
    CalculatedPlan,
    cancel_plan,
    create_plan,
    fail_plan,
    finish_plan,
)
from tests.procurement.permission_tables import Row, officers
from tests.worlds.need_to_order import AT, Story


def asked(story: Story) -> Any:
    line = story.line(1_000)
    by = story.officer
    return create_plan([line], [story.lead(line)], author=by.user, by=by.by, at=AT)


def ready(story: Story) -> Any:
    return finish_plan(asked(story), CalculatedPlan([], [], "a" * 64), at=AT)


def failed(story: Story) -> Any:
    return fail_plan(asked(story), at=AT)


def cancelled(story: Story) -> Any:
    return cancel_plan(asked(story), by=story.officer.by, at=AT)


PLANS: list[Row] = [
    ("pending", asked, officers("cancel")),
    ("ready", ready, officers("cancel change_row accept")),
    ("failed", failed, {}),
    ("cancelled", cancelled, {}),
]
