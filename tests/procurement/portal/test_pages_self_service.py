"""Tests of a contact's own page: the requests of every city, absences, progress of offers, and received thanks."""

import pytest

from accounts.actions.links import issue_link
from accounts.actors import CONSOLE_ACTOR
from partners.contacts.actions import ContactEdit, correct_contact, stop_city_inquiries
from partners.contacts.models import Contact
from procurement.allocations import actions
from procurement.leads.models.leads import SupplierLead
from procurement.outreach.actions.replies import decline_inquiry
from procurement.outreach.models.inquiries import Inquiry
from tests.browsing import Browser, Page
from tests.procurement.outreach.test_inquiries import powers_by_own_link, sent_inquiry
from tests.procurement.portal import test_pages_files
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, Story
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache, create_instance, real_now
from workflow.journal.models import Entry
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    clear_instance_cache()
    create_instance("practice", AT)
    cities.twinning("burnaby", "zhongshan")
    cities.twinning("markham", "zhongshan")
    yield Story()
    clear_instance_cache()


def open_own_page(contact: Contact) -> Page:
    """Return the page behind the contact's link to their own page."""
    issued = issue_link(
        contact.user, purpose="my-page", thing_label="partners.contact", thing_id=contact.pk, by=CONSOLE_ACTOR, at=AT,
        real_at=real_now(),
    )  # fmt: skip
    return Browser(language="en").open(issued.url).press("Continue")


def test_contacts_own_page_lists_requests_of_several_cities(story):
    other = Story("markham")
    first = sent_inquiry(story)
    why = "They make enough for both."
    second = sent_inquiry(other, contact=first.contact, need=other.line().supply_request, chosen_because=why)
    page = open_own_page(first.contact)
    assert page.at == f"/me/{first.contact.pk}/asked/"
    assert "Burnaby" in page
    assert "Markham" in page
    assert "Several cities are asking about the same goods." in page
    assert "You have no open requests." not in page
    client = page.browser.client
    strange = sent_inquiry(story, contact=cities.contact("zhongshan", "Zhao Min"))
    assert client.post(f"/me/{first.contact.pk}/open/{strange.reference}/").status_code == 404
    opened = client.post(f"/me/{first.contact.pk}/open/{second.reference}/")
    assert opened["Location"] == f"/a/{second.reference}/"
    assert client.get(opened["Location"]).status_code == 200


def test_unsent_inquiries_are_hidden_and_answered_ones_listed_as_earlier(story):
    inquiry = sent_inquiry(story)
    decline_inquiry(inquiry, by=powers_by_own_link(inquiry), at=AT)
    page = open_own_page(inquiry.contact)
    assert "You have no open requests." in page
    assert "Earlier requests" in page
    Inquiry.objects.update(status="consent_declined", sent_at=None)
    assert "Earlier requests" not in open_own_page(inquiry.contact)


def test_contact_resumes_a_city_on_their_own_page_and_only_they_change_their_name(story):
    contact = sent_inquiry(story).contact
    stop_city_inquiries(contact, by=story.officer.by, at=AT, reason="We found another way.")
    client, _link = test_pages_files.open_link(contact)
    page = f"/me/{contact.pk}/details/"
    assert "resume_for_city" in client.get(page).content.decode()
    assert client.post(page, {"resume_for_city": "1"}).status_code == 303
    contact.refresh_from_db()
    assert contact.stopped_for == []
    keeper = powers_for(cities.member("officer", cities.city("zhongshan")))
    with assert_refused("not_allowed"):
        correct_contact(contact, ContactEdit(name="Another Name"), by=keeper, at=AT)


def test_contact_sets_an_absence_by_days_or_date_and_ends_it(story):
    contact = sent_inquiry(story).contact
    open_own_page(contact).press("Save", how_long="7")
    contact.refresh_from_db()
    assert str(contact.away_until) == "2020-04-24", "it is past midnight where they are"
    page = open_own_page(contact)
    assert "You are away until" in page
    page.press("Save", how_long="0")
    contact.refresh_from_db()
    assert contact.away_until is None
    open_own_page(contact).press("Save", how_long="until", until="2020-05-01")
    contact.refresh_from_db()
    assert str(contact.away_until) == "2020-05-01"


@pytest.mark.parametrize(
    "sent_form",
    [
        {},
        {"how_long": ""},
        {"how_long": "until", "until": ""},
        {"how_long": "until", "until": "soon"},
        {"how_long": "until", "until": "2020-01-01"},
        {"how_long": "0"},
    ],
)
def test_empty_absence_form_is_refused(story, sent_form):
    contact = sent_inquiry(story).contact
    client = open_own_page(contact).browser.client
    assert client.post(f"/me/{contact.pk}/away/", sent_form).status_code == 422
    contact.refresh_from_db()
    assert contact.away_until is None


def test_contacts_own_page_shows_the_progress_of_their_offer(story):
    voyage = Journey()
    line = voyage.line(10_000)
    lead = voyage.lead(line)
    assert lead.reference in open_own_page(lead.contact)
    promised = actions.allocate(lead, line, 10_000, author=voyage.officer.user, by=voyage.officer.by, at=AT)
    shipment = voyage.departed(voyage.plan(voyage.ready(promised)))
    page = open_own_page(lead.contact)
    assert shipment.route in page
    assert "In transit" in page
    assert "10,000 units are set aside for Burnaby." in page
    assert "must pass inspection before" not in page


def test_contacts_own_page_hides_drafts_and_offers_of_others(story):
    mine = story.lead(story.line())
    SupplierLead.objects.filter(pk=mine.pk).update(status="draft")
    other = story.lead(story.line(), contact=cities.contact("zhongshan", "Zhao Min"))
    page = open_own_page(mine.contact)
    assert mine.reference not in page
    assert other.reference not in page


def test_contacts_own_page_shows_received_thanks(story):
    inquiry = sent_inquiry(story)
    entry = Entry.objects.filter(verb="send").latest("pk")
    Message.objects.create(
        entry=entry, recipient=inquiry.contact.user, address=inquiry.contact.user.email, language="en",
        template="donation_thanks", subject="Thank you", body="Your masks arrived. {{ link }}", thing_label="procurement.inquiry",
        thing_id=inquiry.pk, state="sent", sent_at=AT, next_try_at=AT, expires_at=AT,
    )  # fmt: skip
    page = open_own_page(inquiry.contact)
    assert "Your masks arrived." in page
    assert "{{" not in page


def test_contact_link_cannot_open_another_contacts_own_page(story):
    inquiry = sent_inquiry(story)
    other = cities.contact("zhongshan", "Zhao Min")
    client = open_own_page(inquiry.contact).browser.client
    assert client.get(f"/me/{other.pk}/asked/").status_code == 403
