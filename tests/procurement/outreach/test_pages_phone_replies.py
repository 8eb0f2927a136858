"""Tests of a recorded phone reply with an offer, whose notes prefill the form of the offer."""

from datetime import timedelta

import pytest

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from partners.contacts.working_hours import next_contact_time
from procurement.leads.models.leads import SupplierLead
from procurement.notifications.builder import build_messages, next_send_time
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.actions.replies import record_answer
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.requests import stop_request
from procurement.requests.models import SupplyRequest
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.observer
        cities.twinning("burnaby", "zhongshan")
        edit_person(story.contact.user, PersonEdit(time_zone="Asia/Shanghai"), by=CONSOLE_ACTOR, at=AT)
        story.need = story.line(50_000).supply_request
        yield story


@pytest.fixture
def sent_inquiry(story):
    who = story.officer
    made = draft_inquiry(story.need, story.contact, subject="a", body="b", author=who.user, by=who.by, at=AT)
    return send_inquiry(made, by=who.by, at=AT)


@pytest.fixture
def phone_reply_page(story, sent_inquiry):
    return Browser(story.officer.user).open(f"{sent_inquiry.get_absolute_url()}record_phone_reply/")


def test_recorded_phone_reply_prefills_the_offer_form_and_creates_an_offer_of_the_inquiry(
    story, sent_inquiry, phone_reply_page
):
    form = phone_reply_page.press(
        "Record phone reply", remark="一家厂有货", supplier="中山康护 DEMO", stock="10,000", price="0.50", currency="USD",
        line=str(story.need.lines.get().pk),
    )  # fmt: skip
    assert form.at == f"/inquiries/{sent_inquiry.reference}/offer/"
    told = {name: form.value(name) for name in ("supplier", "stock", "price", "currency", "remark")}
    assert told == {
        "supplier": "中山康护 DEMO",
        "stock": "10,000",
        "price": "0.50",
        "currency": "USD",
        "remark": "一家厂有货",
    }
    assert "Phone reply from Li Wei" in form
    form.press("Submit the offer")
    lead = SupplierLead.objects.get()
    assert (lead.inquiry, lead.contact, lead.author) == (sent_inquiry, story.contact, story.officer.user)
    assert (lead.stock_quantity, str(lead.unit_price), lead.currency, lead.status) == (
        10_000,
        "0.5000",
        "USD",
        "received",
    )
    assert (lead.supplier.legal_name_local, lead.product) == ("中山康护 DEMO", story.need.lines.get().product)
    sent_inquiry.refresh_from_db()
    assert (sent_inquiry.status, sent_inquiry.leads, sent_inquiry.phone_respondent) == (
        "answered",
        1,
        "Li Wei",
    )


def test_phone_offer_form_can_be_opened_until_the_offer_is_entered(story, sent_inquiry, phone_reply_page):
    phone_reply_page.press("Record phone reply", remark="one maker has stock", has_something="on")
    page = Browser(story.officer.user).open(sent_inquiry.get_absolute_url())
    form = page.follow("Enter the contact’s offer")
    assert form.value("remark") == "one maker has stock"
    form.press("Submit the offer", supplier="中山康护 DEMO", stock="500")
    assert "Enter the contact’s offer" not in Browser(story.officer.user).open(
        sent_inquiry.get_absolute_url()
    )


def test_phone_reply_without_goods_returns_to_the_inbox(sent_inquiry, phone_reply_page):
    assert phone_reply_page.press("Record phone reply", remark="nothing here").at.endswith("/inbox/")
    assert "offered" not in Entry.objects.get(thing_id=sent_inquiry.pk, verb="record_phone_reply").facts


def test_phone_reply_for_a_paused_need_says_that_offers_are_not_taken(story, sent_inquiry, phone_reply_page):
    need = SupplyRequest.objects.get(pk=story.need.pk)
    stop_request(need, reason="enough", by=story.officer.by, at=AT)
    after = phone_reply_page.press("Record phone reply", remark="one maker", has_something="on")
    assert after.at.endswith("/inbox/")
    page = Browser(story.officer.user).open(f"/inquiries/{sent_inquiry.reference}/offer/")
    assert "is not taking new offers" in page.alert
    assert "Submit the offer" not in page.buttons


def test_invalid_phone_offer_is_refused_at_its_field_and_the_typed_values_are_kept(
    sent_inquiry, phone_reply_page
):
    wrong = phone_reply_page.press("Record phone reply", remark="one maker", stock="many")
    assert wrong.status == 422
    assert "stock" in wrong.wrong
    form = wrong.press("Record phone reply", stock="100")
    again = form.press("Submit the offer", supplier="")
    assert again.status == 422
    assert again.value("stock") == "100"
    assert not SupplierLead.objects.exists()
    assert Inquiry.objects.get().leads == 0


def test_thank_you_for_a_phone_reply_is_mailed_in_the_contacts_working_hours(story, sent_inquiry):
    record_answer(sent_inquiry, by=story.officer.by, at=AT)
    entry = Entry.objects.filter(thing_id=sent_inquiry.pk, verb="answer").latest("pk")
    (mail,) = [one for one in build_messages(entry, AT) if one.template == "inquiry_thanks"]
    assert mail.next_try_at == next_contact_time(story.contact.user, AT) > AT
    mail.entry, mail.recipient = entry, story.contact.user
    night = AT + timedelta(hours=1)
    assert next_send_time(mail, night) > night


def test_phone_offer_form_is_403_for_observer_and_404_for_another_city(story, sent_inquiry):
    for person, status in ((story.observer, 403), (story.stranger, 404)):
        assert (
            Browser(person.user).client.get(f"/inquiries/{sent_inquiry.reference}/offer/").status_code
            == status
        )
