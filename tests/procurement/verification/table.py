"""Moves that each role may make with a check, in every status."""

from typing import Any

from procurement.verification.actions.assignment import forward_check
from procurement.verification.actions.periodic import outdate_check
from tests.procurement.story import AT, Story
from tests.procurement.tables import Row, desk
from tests.procurement.verification import play, reuse
from tests.procurement.verification.play import by_link
from tests.procurement.verification.reuse import refused_politely
from workflow.actors import CLOCK


def check_handed_over(story: Story) -> Any:
    task = play.asked(story)
    forward_check(task, to=story.checker, by=by_link(task), at=AT)
    return task


def outdated(story: Story) -> Any:
    task = play.accepted(story)
    outdate_check(task, by=CLOCK, at=AT)
    return task


REUSES: list[Row] = [
    ("pending", reuse.asked, desk("agree refuse")),
    ("agreed", reuse.agreed, {}),
    ("declined", refused_politely, {}),
    ("cancelled", reuse.cancelled, {}),
]
CHECKS: list[Row] = [
    ("unassigned", play.proposed, desk("offer cancel")),
    ("requested", play.asked, desk("remind redate cancel", contact="take submit decline forward")),
    ("in_progress", play.taken, desk("remind redate cancel", contact="submit decline forward")),
    ("submitted", play.submitted, desk("accept return cancel")),
    ("accepted", play.accepted, {}),
    ("returned", play.returned, desk("remind redate cancel", contact="submit decline")),
    ("declined", play.declined, desk("cancel reopen")),
    ("forwarded", check_handed_over, {}),
    ("cancelled", play.cancelled, {}),
    ("outdated", outdated, {}),
]
