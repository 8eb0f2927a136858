"""Who may do what with a check, in every status."""

from typing import Any

from procurement.verification import actions as verification
from tests.procurement.story import AT, Story
from tests.procurement.tables import Row, desk
from tests.procurement.verification import lending
from tests.procurement.verification import play as checks
from workflow.actors import CLOCK


def check_handed_over(story: Story) -> Any:
    task = checks.asked(story)
    verification.hand_over(task, to=story.checker, by=checks.by_link(task), at=AT)
    return task


def outdated(story: Story) -> Any:
    task = checks.accepted(story)
    verification.outdate(task, by=CLOCK, at=AT)
    return task


REUSES: list[Row] = [
    ("asked", lending.asked, desk("agree refuse")),
    ("agreed", lending.agreed, {}),
    ("refused", lending.refused_politely, {}),
    ("cancelled", lending.cancelled, {}),
]
CHECKS: list[Row] = [
    ("proposed", checks.proposed, desk("offer cancel")),
    ("offered", checks.asked, desk("remind redate cancel", contact="take submit decline hand_over")),
    ("taken", checks.taken, desk("remind redate cancel", contact="submit decline hand_over")),
    ("submitted", checks.submitted, desk("accept return cancel")),
    ("accepted", checks.accepted, {}),
    ("returned", checks.returned, desk("remind redate cancel", contact="submit decline")),
    ("declined", checks.declined, desk("cancel open_again")),
    ("handed_over", check_handed_over, {}),
    ("cancelled", checks.cancelled, {}),
    ("outdated", outdated, {}),
]
