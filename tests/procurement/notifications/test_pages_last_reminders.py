"""Tests of pages of payments and findings that wait: they name who was reminded last, and Today lists the offer."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from procurement.leads.actions.findings import send_finding_reminders
from procurement.orders.payments.actions import send_payment_reminders
from procurement.tasks import plan_messages
from tests.browsing import Browser
from tests.procurement.leads.test_finding_reminders import blocking_finding
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache

WORDS = "Last reminder"


@pytest.fixture
def story(db: None) -> Iterator[Journey]:
    voyage = Journey()
    voyage.practise()
    yield voyage
    clear_instance_cache()


def test_order_page_names_who_was_reminded_last_of_a_payment(story: Journey) -> None:
    order = story.placed(bank_account=story.account())
    assert WORDS not in Browser(story.officer.user).open(order)
    assert send_payment_reminders(AT) == 1
    plan_messages(AT)
    page = Browser(story.officer.user).open(order)
    assert str(story.officer.user) in page.text.split(WORDS)[1]


def test_offer_blocked_by_a_finding_is_on_today_and_its_page_names_who_was_reminded_last(
    story: Journey,
) -> None:
    lead, at = blocking_finding(story).lead, AT + timedelta(days=1)
    title = "Respond to the findings that block the offer"
    assert title not in Browser(story.officer.user).open("/")
    assert send_finding_reminders(at) == 1
    plan_messages(at)
    browser = Browser(story.officer.user)
    assert title in browser.open("/")
    assert str(story.officer.user) in browser.open(lead).text.split(WORDS)[1]
