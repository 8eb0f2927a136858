"""Status changes of a check that each role may make, in every status."""

from typing import Any

from procurement.verification.actions.assignment import forward_check
from procurement.verification.actions.periodic import outdate_check
from tests.procurement.permission_tables import Row, officers_and_verifiers
from tests.worlds import check_reuse, checks
from tests.worlds.check_reuse import decline_reuse
from tests.worlds.checks import contact_by_link
from tests.worlds.need_to_order import AT, Story
from workflow.actors import SYSTEM


def forwarded_check(story: Story) -> Any:
    task = checks.requested_check(story)
    forward_check(task, to=story.checker, by=contact_by_link(task), at=AT)
    return task


def outdated_check(story: Story) -> Any:
    task = checks.accepted_check(story)
    outdate_check(task, by=SYSTEM, at=AT)
    return task


REUSES: list[Row] = [
    ("pending", check_reuse.requested_reuse, officers_and_verifiers("agree refuse")),
    ("agreed", check_reuse.grant_reuse, {}),
    ("declined", decline_reuse, {}),
    ("cancelled", check_reuse.cancelled_reuse, {}),
]
CHECKS: list[Row] = [
    ("unassigned", checks.proposed_check, officers_and_verifiers("offer cancel")),
    (
        "requested",
        checks.requested_check,
        officers_and_verifiers("remind redate cancel", contact="take submit decline forward"),
    ),
    (
        "in_progress",
        checks.started_check,
        officers_and_verifiers("remind redate cancel", contact="submit decline forward"),
    ),
    ("submitted", checks.submitted_check, officers_and_verifiers("accept return cancel")),
    ("accepted", checks.accepted_check, {}),
    (
        "returned",
        checks.returned_check,
        officers_and_verifiers("remind redate cancel", contact="submit decline"),
    ),
    ("declined", checks.declined_check, officers_and_verifiers("cancel reopen")),
    ("forwarded", forwarded_check, {}),
    ("cancelled", checks.cancelled_check, {}),
    ("outdated", outdated_check, {}),
]
