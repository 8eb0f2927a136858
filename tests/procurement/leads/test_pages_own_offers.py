"""Tests of a contact's own offers, by link and signed in: edited, withdrawn, or followed by a message to the city."""

from decimal import Decimal

import pytest

from procurement.allocations.actions import allocate, withdraw_lead
from procurement.allocations.models import Allocation
from procurement.leads.models.leads import SupplierLead
from procurement.notifications.builder import build_notifications_for_entry
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.portal.by_link import open_link_page
from tests.worlds.need_to_order import AT, Story
from workflow.errors import Refused
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        line = story.line(8_000)
        story.question = story.asked(line)
        story.offer = story.lead(line, inquiry=story.question)
        story.promised = allocate(
            story.offer, line, 5_000, author=story.officer.user, by=story.officer.by, at=AT
        )
        yield story


@pytest.fixture
def ordered_story(story):
    story.placed(story.promised)
    return reloaded_offer(story)


def reloaded_offer(story) -> SupplierLead:
    return SupplierLead.objects.get(pk=story.offer.pk)


def open_own_link(story):
    return open_link_page(story.question, "en")


def recipients_of_latest(story, verb: str) -> list[int]:
    """Return the ids of the people who get a notification of the latest entry, and check its verb."""
    entry = history_of(story.offer).first()
    assert entry.verb == verb
    return [one.recipient_id for one in build_notifications_for_entry(entry, AT).notices]


def test_contact_edits_a_partly_allocated_offer_and_its_checks_reopen(story):
    form = open_own_link(story).follow("Correct offer")
    form.press("Save changes", unit_price="0.55", prepayment_percent="30", incoterm="FOB")
    lead = reloaded_offer(story)
    assert (lead.unit_price, lead.prepayment_percent, lead.incoterm) == (Decimal("0.55"), 30, "FOB")
    assert (lead.status, lead.allocated) == ("under_review", 5_000)
    assert recipients_of_latest(story, "change") == [story.officer.user.pk]


def test_contact_cannot_reduce_an_offer_below_its_allocated_quantity(story):
    wrong = open_own_link(story).follow("Correct offer").press("Save changes", stock_quantity="4,999")
    assert (wrong.status, "5,000 units are already allocated" in wrong.alert) == (422, True)
    open_own_link(story).follow("Correct offer").press("Save changes", stock_quantity="5,000")
    assert reloaded_offer(story).supply == 5_000


def test_contact_withdrawing_an_offer_undoes_its_allocations(story):
    open_own_link(story).follow("Withdraw offer").press("Withdraw offer", reason="Sold.")
    lead = reloaded_offer(story)
    assert (lead.status, lead.allocated) == ("withdrawn", 0)
    promised = Allocation.objects.get(pk=story.promised.pk)
    assert (promised.status, promised.line.allocated) == ("undone", 0)
    assert recipients_of_latest(story, "withdraw") == [story.officer.user.pk]


def test_contact_of_an_ordered_offer_can_only_send_a_message_to_the_city(story, ordered_story):
    page = open_own_link(story)
    assert "Correct offer" not in page
    assert "Withdraw offer" not in page
    for place, words in (("", "has been ordered"), ("withdraw/", "can no longer be withdrawn")):
        at = f"/a/{story.question.reference}/offers/{ordered_story.reference}/{place}"
        assert words in page.browser.open(at).alert
        page.browser.client.post(at, {"reason": "x", "stock_quantity": "6000"})
    assert (reloaded_offer(story).status, reloaded_offer(story).stock_quantity) == ("verified", 10_000)
    form = page.follow("Tell the city")
    assert form.press("Tell the city", reason="").status == 422
    form.press("Tell the city", reason="The goods leave on 2 May.")
    assert recipients_of_latest(story, "tell") == [story.officer.user.pk]
    assert history_of(story.offer).first().reason == "The goods leave on 2 May."


def test_api_client_of_a_contact_cannot_edit_an_ordered_offer_but_the_officer_can(story, ordered_story):
    contact, at = Program(story.contact.user), f"supplier-leads/{ordered_story.reference}"
    for verb, facts in (("edit", {"remark": "x"}), ("withdraw", {"reason": "x"})):
        assert contact.refused(f"{at}/{verb}/", facts)["code"] in ("not_allowed", "not_ready")
    contact.post(f"{at}/tell/", {"reason": "The goods leave on 2 May."})
    Program(story.officer.user).post(f"{at}/edit/", {"remark": "Leaves on 2 May."})
    assert reloaded_offer(story).remark == "Leaves on 2 May."


def test_message_about_an_offer_is_refused_while_the_contact_can_edit_it(story):
    withdraw_lead(story.offer, reason="Sold.", by=story.officer.by, at=AT)
    other = story.lead(story.line(), inquiry=story.question)
    no = Program(story.contact.user).refused(f"supplier-leads/{other.reference}/tell/", {"reason": "x"})
    assert no["code"] == "not_ready"


def test_signed_in_contact_edits_and_withdraws_an_offer_and_the_officer_is_notified(story):
    contact = Browser(story.contact.user, "en")
    contact.open(story.offer).do("change", remark="Stored in Foshan.", unit_price="0.60")
    assert reloaded_offer(story).unit_price == Decimal("0.6")
    assert recipients_of_latest(story, "change") == [story.officer.user.pk]
    contact.open(story.offer).do("withdraw", reason="Sold.")
    assert reloaded_offer(story).status == "withdrawn"


def test_officer_editing_an_offer_is_not_notified_of_it(story):
    Browser(story.second_officer.user, "en").open(story.offer).do("change", unit_price="0.60")
    assert recipients_of_latest(story, "change") == []


def test_withdrawal_of_an_ordered_offer_is_refused_and_keeps_its_allocation(story, ordered_story):
    with pytest.raises(Refused, match="can no longer be withdrawn"):
        withdraw_lead(ordered_story, reason="Sold.", by=story.officer.by, at=AT)
    assert reloaded_offer(story).allocated == 5_000
