"""A mail server of our own, the story, and a question on its way to a contact in Zhongshan."""

from datetime import date, timedelta

import pytest

from accounts.actions import people
from accounts.actors import CONSOLE
from procurement.outreach.actions import asking, writing
from procurement.outreach.models import Inquiry
from procurement.requests.actions import needs
from tests.procurement.story import AT, Story
from tests.smtp import Sink
from workflow.models.journal import Entry

MORNING = AT + timedelta(hours=8)  # eight o'clock in Zhongshan


@pytest.fixture
def sink(settings):
    with Sink() as it:
        options = {"host": "127.0.0.1", "port": it.port, "timeout": 1}
        settings.MAILERS = {"default": {"BACKEND": "workflow.outbox.post.Smtp", "OPTIONS": options}}
        settings.NUDGE = ""
        yield it


@pytest.fixture
def story(db, settings, tmp_path) -> Story:
    settings.MEDIA_ROOT = tmp_path / "files"
    return Story()


@pytest.fixture
def inquiry(story) -> Inquiry:
    people.edit(story.contact.user, language="zh-hans", time_zone="Asia/Shanghai", by=CONSOLE, at=AT)
    need = story.line().supply_request
    needs.reconfirm(
        need, until=date(2020, 12, 1), by=story.officer.by, at=AT
    )  # no answer is asked for meanwhile
    made = writing.propose(
        need,
        story.contact,
        subject="能否协助？",
        body="尊敬的李先生：\n\n我们需要口罩。",
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    Entry.objects.update(announced_at=AT)  # what came before is of no interest here
    return asking.send(made, by=story.officer.by, at=AT)
