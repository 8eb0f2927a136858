"""Fixture of an inquiry to a contact, for the tests of messages."""

import pytest

from procurement.outreach.actions.inquiries import draft_inquiry
from procurement.outreach.models.inquiries import Inquiry
from tests.worlds.need_to_order import AT


@pytest.fixture
def inquiry(story) -> Inquiry:
    return draft_inquiry(
        story.line().supply_request,
        story.contact,
        subject="能否协助？",
        body="尊敬的李先生：\n\n我们需要口罩。",
        body_own="Dear Mr Li,\n\nwe need masks.",
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
