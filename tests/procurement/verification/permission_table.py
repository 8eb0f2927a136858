"""Moves that each role may make with a check, in every status."""

from typing import Any

from procurement.verification.actions.assignment import forward_check
from procurement.verification.actions.periodic import outdate_check
from tests.procurement.permission_tables import Row, desk
from tests.worlds import check_reuse, checks
from tests.worlds.check_reuse import refused_politely
from tests.worlds.checks import by_link
from tests.worlds.need_to_order import AT, Story
from workflow.actors import SYSTEM


def check_handed_over(story: Story) -> Any:
    task = checks.requested(story)
    forward_check(task, to=story.checker, by=by_link(task), at=AT)
    return task


def outdated(story: Story) -> Any:
    task = checks.accepted(story)
    outdate_check(task, by=SYSTEM, at=AT)
    return task


REUSES: list[Row] = [
    ("pending", check_reuse.asked, desk("agree refuse")),
    ("agreed", check_reuse.agreed, {}),
    ("declined", refused_politely, {}),
    ("cancelled", check_reuse.cancelled, {}),
]
CHECKS: list[Row] = [
    ("unassigned", checks.proposed, desk("offer cancel")),
    ("requested", checks.requested, desk("remind redate cancel", contact="take submit decline forward")),
    ("in_progress", checks.in_progress, desk("remind redate cancel", contact="submit decline forward")),
    ("submitted", checks.submitted, desk("accept return cancel")),
    ("accepted", checks.accepted, {}),
    ("returned", checks.returned, desk("remind redate cancel", contact="submit decline")),
    ("declined", checks.declined, desk("cancel reopen")),
    ("forwarded", check_handed_over, {}),
    ("cancelled", checks.cancelled, {}),
    ("outdated", outdated, {}),
]
