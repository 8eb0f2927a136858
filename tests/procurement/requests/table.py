"""Who may do what with a need, in every status."""

from typing import Any

from procurement.requests import actions as requests
from tests.procurement.requests import test_needs as needs
from tests.procurement.story import AT, Story
from tests.procurement.tables import Row, officers


def fulfilled(story: Story) -> Any:
    need = needs.posted(story)
    requests.progress(need.lines.get(), allocated=100, shipped=100, arrived=100, released=100)
    return requests.fulfil(need, by=story.officer.by, at=AT)


def recalled(story: Story) -> Any:
    need = fulfilled(story)
    requests.progress(need.lines.get(), allocated=-40, shipped=-40, arrived=-40, released=-40)
    return need


NEEDS: list[Row] = [
    ("draft", needs.with_line, officers("edit post withdraw")),
    ("open", needs.posted, officers("edit reconfirm share stop withdraw")),
    ("open", needs.stopped, officers("edit reconfirm share resume withdraw")),
    ("fulfilled", fulfilled, {}),
    ("fulfilled", recalled, officers("reopen")),
    ("withdrawn", needs.withdrawn, {}),
]
