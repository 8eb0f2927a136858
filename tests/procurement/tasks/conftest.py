"""Fixtures: a mail server; an example purchase (`Story`) with its city and people; an inquiry that waits to be sent."""

from datetime import date, timedelta

import pytest

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.requests import reconfirm_request
from tests.smtp import Sink
from tests.worlds.need_to_order import AT, Story
from workflow.journal.models import Entry

MORNING = AT + timedelta(hours=8)  # eight o'clock in Zhongshan


@pytest.fixture
def sink(settings):
    with Sink() as it:
        options = {"host": "127.0.0.1", "port": it.port, "timeout": 1}
        settings.MAILERS = {"default": {"BACKEND": "workflow.outbox.smtp.SmtpTransport", "OPTIONS": options}}
        settings.NUDGE = ""
        yield it


@pytest.fixture
def story(db, settings, tmp_path) -> Story:
    settings.MEDIA_ROOT = tmp_path / "files"
    return Story()


@pytest.fixture
def inquiry(story) -> Inquiry:
    edit_person(
        story.contact.user, PersonEdit(language="zh-hans", time_zone="Asia/Shanghai"), by=CONSOLE_ACTOR, at=AT
    )
    need = story.line().supply_request
    reconfirm_request(
        need, until=date(2020, 12, 1), by=story.officer.by, at=AT
    )  # so that no answer is due in the meantime
    made = draft_inquiry(
        need,
        story.contact,
        subject="能否协助？",
        body="尊敬的李先生：\n\n我们需要口罩。",
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    Entry.objects.update(announced_at=AT)  # earlier entries are not part of the test
    return send_inquiry(made, by=story.officer.by, at=AT)
