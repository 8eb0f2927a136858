"""Five short journeys through pages, API, link and periodic job, for `python -m tests.architecture.measure`."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import TestCase
from django.urls import reverse
from time_machine import TimeMachineFixture

from accounts.actions.links import issue_link
from accounts.actors import CONSOLE_ACTOR
from procurement.tasks import tick
from tests.architecture.files_run_by_journeys import JourneyPlugin
from tests.browsing import Browser
from tests.journeys import steps
from tests.procurement.portal.by_link import button_text
from tests.procurement.tasks.conftest import sink
from tests.workflow import files
from tests.worlds import cities
from tests.worlds.document_requests import RequestingOffice
from tests.worlds.need_to_order import AT
from workflow.clock import create_instance, real_now
from workflow.journal.models import Entry
from workflow.outbox.models import Message

__all__ = ["sink"]  # a fixture

pytestmark = pytest.mark.django_db


class WatchedBrowser(Browser):
    """A browser each of whose requests is a step of the journey. It sends each form once."""

    def __init__(self, watch: JourneyPlugin, user: Any = None) -> None:
        super().__init__(user)
        request = self.client.request

        def watched(**facts: Any) -> Any:
            what = f"{facts['REQUEST_METHOD']} {facts['PATH_INFO']}"
            return watch.step(what, lambda: run_with_commit_hooks(lambda: request(**facts)))

        self.client.request = watched

    def _again(self, target: str, sent: dict[str, Any], first: Any) -> None:
        pass


def run_with_commit_hooks[R](act: Callable[[], R]) -> R:
    """Act, then run the hooks that wait for the commit."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return act()


@pytest.fixture
def story(settings: Any, tmp_path: Path) -> RequestingOffice:
    """Return Burnaby's example purchase (`Story`); its files and mails are in a folder of the journey."""
    settings.MEDIA_ROOT, settings.MAIL_DIR, settings.NUDGE = tmp_path / "files", tmp_path / "mail", ""
    return RequestingOffice()


def test_posted_need_is_open(watch: JourneyPlugin, story: RequestingOffice) -> None:
    story.practise()
    cities.twinning("burnaby", "zhongshan")
    assert story.contact
    need = steps.post_a_need(SimpleNamespace(officer=WatchedBrowser(watch, story.officer.user)))
    assert need.status == "open"


def test_offer_is_listed_for_officer(watch: JourneyPlugin, story: RequestingOffice) -> None:
    story.practise()
    lead = story.lead(story.line())
    assert lead.reference in WatchedBrowser(watch, story.officer.user).open("/leads/")


def test_inspected_lot_is_released(watch: JourneyPlugin, story: RequestingOffice) -> None:
    story.practise()
    lot = story.pass_lot(story.lot())
    WatchedBrowser(watch, story.logistics.user).open(lot).do("release")
    lot.refresh_from_db()
    assert lot.status == "released"


def test_document_submitted_by_link_is_shown_with_its_reference(
    watch: JourneyPlugin, story: RequestingOffice
) -> None:
    story.practise()
    asked = story.request(story.packed())
    link = issue_link(
        asked.person,
        purpose="answer",
        thing_label="procurement.documentrequest",
        thing_id=asked.pk,
        city_id=asked.city_id,
        by=CONSOLE_ACTOR,
        at=AT,
        real_at=real_now(),
    )
    supplier, document = WatchedBrowser(watch), story.document(asked.shipment, "INV")
    supplier.open(link.url).press(button_text("Continue", asked.person.language))
    page, photo_page = (
        reverse(name, args=[asked.reference, document.reference])
        for name in ("portal_document", "portal_document_photo")
    )
    photo = {"file": files.upload(files.picture("PNG"), "invoice.png")}
    supplier.client.post(photo_page, photo, headers={"Accept": "application/json"})
    answer = supplier.client.post(page, {"number": "INV-7"})
    assert document.reference in supplier.open(answer["Location"])


@pytest.mark.usefixtures("sink")
def test_periodic_job_sends_inquiry_reminder(
    watch: JourneyPlugin, story: RequestingOffice, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(datetime.now(UTC).replace(minute=30))  # at minute 0 a tick also deletes old files
    inquiry = story.asked(story.line())
    Entry.objects.update(announced_at=AT)  # earlier entries send no messages
    create_instance("practice", inquiry.next_reminder_at)
    watch.step("tick", lambda: run_with_commit_hooks(tick))
    assert Message.objects.filter(entry__verb="remind", state=Message.State.SENT).exists()
