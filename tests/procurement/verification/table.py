"""Who may do what with a check, in every status."""

from typing import Any

from procurement.verification.actions import asking, settling
from tests.procurement.story import AT, Story
from tests.procurement.tables import Row, desk
from tests.procurement.verification import lending, play
from tests.procurement.verification.lending import refused_politely
from tests.procurement.verification.play import by_link
from workflow.actors import CLOCK


def check_handed_over(story: Story) -> Any:
    task = play.asked(story)
    asking.forward(task, to=story.checker, by=by_link(task), at=AT)
    return task


def outdated(story: Story) -> Any:
    task = play.accepted(story)
    settling.outdate(task, by=CLOCK, at=AT)
    return task


REUSES: list[Row] = [
    ("asked", lending.asked, desk("agree refuse")),
    ("agreed", lending.agreed, {}),
    ("refused", refused_politely, {}),
    ("cancelled", lending.cancelled, {}),
]
CHECKS: list[Row] = [
    ("proposed", play.proposed, desk("offer cancel")),
    ("offered", play.asked, desk("remind redate cancel", contact="take submit decline hand_over")),
    ("taken", play.taken, desk("remind redate cancel", contact="submit decline hand_over")),
    ("submitted", play.submitted, desk("accept return cancel")),
    ("accepted", play.accepted, {}),
    ("returned", play.returned, desk("remind redate cancel", contact="submit decline")),
    ("declined", play.declined, desk("cancel open_again")),
    ("handed_over", check_handed_over, {}),
    ("cancelled", play.cancelled, {}),
    ("outdated", outdated, {}),
]
