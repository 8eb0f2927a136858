"""Tests of the last days of offers and certificates: assumed, asked about, extended, announced."""

from datetime import date, timedelta

import pytest

from partners.cities.actions import set_offer_validity
from partners.cities.models import City
from procurement.leads.actions.certificate_ends import announce_certificate_ends
from procurement.leads.actions.decisions import ask_about_ending_offers, expire_overdue_leads
from procurement.leads.actions.leads import LeadEdit, change_lead, extend_lead
from procurement.leads.models.leads import SupplierLead
from procurement.notifications.builder import build_notifications_for_entry
from procurement.outreach.models.inquiries import Inquiry
from procurement.suppliers.actions.certificates import CertificateEdit, amend_certificate
from procurement.suppliers.models.certificates import Certificate
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.portal.by_link import open_link_page
from tests.worlds import cities, leads
from tests.worlds.need_to_order import AT, Story
from workflow import clock
from workflow.errors import Refused
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        City.objects.filter(pk=story.city.pk).update(offer_validity_days=30)
        story.city.refresh_from_db()
        story.today = story.city.day_at(AT)
        line = story.line()
        story.question = story.asked(line)
        story.offer = story.lead(line, inquiry=story.question)
        yield story


def reloaded_offer(story) -> SupplierLead:
    return SupplierLead.objects.get(pk=story.offer.pk)


def set_end(story, day: date) -> SupplierLead:
    return change_lead(reloaded_offer(story), LeadEdit(valid_until=day), by=story.officer.by, at=AT)


def test_offer_without_stated_end_gets_the_usual_one_of_its_city_marked_as_assumed(story):
    assert (reloaded_offer(story).valid_until, reloaded_offer(story).valid_until_assumed) == (
        story.today + 30 * DAY,
        True,
    )
    assert "(assumed)" in Browser(story.officer.user).open(story.offer)
    set_end(story, story.today + 40 * DAY)
    assert not reloaded_offer(story).valid_until_assumed
    assert "(assumed)" not in Browser(story.officer.user).open(story.offer)
    set_end(story, None)
    assert (reloaded_offer(story).valid_until, reloaded_offer(story).valid_until_assumed) == (
        story.today + 30 * DAY,
        True,
    )


def test_stated_end_is_kept_and_a_city_without_usual_validity_assumes_none(story):
    stated = leads.submitted_offer(story, valid_until=date(2020, 5, 1))
    assert (stated.valid_until, stated.valid_until_assumed) == (date(2020, 5, 1), False)
    City.objects.filter(pk=story.city.pk).update(offer_validity_days=None)
    story.city.refresh_from_db()
    assert leads.submitted_offer(story, valid_until=None).valid_until is None


@pytest.mark.parametrize(("left", "asked"), [(3, 0), (2, 1), (1, 1), (0, 1), (-1, 0)])
def test_officer_and_contact_are_asked_once_two_days_before_the_end_of_an_offer(story, left, asked):
    set_end(story, story.today + left * DAY)
    assert ask_about_ending_offers(AT) == asked
    assert ask_about_ending_offers(AT) == 0
    if asked:
        entry = history_of(story.offer).first()
        planned = build_notifications_for_entry(entry, AT)
        assert entry.verb == "ask_validity"
        assert [one.recipient_id for one in planned.notices] == [story.officer.user.pk]
        (mail,) = [one for one in planned.messages if one.recipient_id == story.contact.user.pk]
        assert mail.template == "offer_ends"
        assert mail.link["thing_id"] == story.question.pk


def test_new_end_of_an_offer_is_asked_about_again_unless_all_goods_are_allocated(story):
    set_end(story, story.today + DAY)
    ask_about_ending_offers(AT)
    set_end(story, story.today + 2 * DAY)
    SupplierLead.objects.filter(pk=story.offer.pk).update(allocated=story.offer.supply)
    assert ask_about_ending_offers(AT) == 0
    SupplierLead.objects.filter(pk=story.offer.pk).update(allocated=0)
    assert ask_about_ending_offers(AT) == 1


@pytest.mark.parametrize(("left", "open_"), [(8, False), (7, True), (0, True)])
def test_offer_can_be_extended_only_in_its_last_seven_days(story, left, open_):
    set_end(story, story.today + left * DAY)
    if not open_:
        with pytest.raises(Refused, match="last seven days"):
            extend_lead(reloaded_offer(story), by=story.officer.by, at=AT)
        return
    extend_lead(reloaded_offer(story), by=story.officer.by, at=AT)
    assert (reloaded_offer(story).valid_until, reloaded_offer(story).valid_until_assumed) == (
        story.today + 30 * DAY,
        True,
    )
    assert reloaded_offer(story).status == "verified", "its checks do not rest on its end"


def test_offer_of_goods_in_production_ends_with_the_production(story):
    made = {"stock_quantity": 0, "capacity_per_day": 10, "available_until": story.today + 3 * DAY}
    lead = leads.submitted_offer(story, **made)
    assert (lead.valid_until, lead.valid_until_assumed) == (story.today + 3 * DAY, False)
    with pytest.raises(Refused, match="ends when production ends"):
        extend_lead(lead, by=story.officer.by, at=AT)


def test_contact_confirms_offer_or_reports_it_sold_out_with_one_tap(story):
    now = story.city.day_at(clock.now())
    SupplierLead.objects.filter(pk=story.offer.pk).update(valid_until=now + DAY)
    page = open_link_page(story.question, "en").press("My offer is still valid")
    assert reloaded_offer(story).valid_until == now + 30 * DAY
    assert "My offer is still valid" not in page.buttons
    SupplierLead.objects.filter(pk=story.offer.pk).update(valid_until=now + DAY)
    open_link_page(story.question, "en").press("Sold out")
    assert (reloaded_offer(story).status, history_of(story.offer).first().reason) == (
        "withdrawn",
        "Sold out.",
    )


def test_contact_asked_after_a_changed_need_confirms_and_extends_with_one_tap(story):
    now = story.city.day_at(clock.now())
    other = story.lead(story.offer.line, inquiry=story.question)
    SupplierLead.objects.filter(pk=story.offer.pk).update(valid_until=now + DAY)
    SupplierLead.objects.filter(pk=other.pk).update(valid_until=now + 8 * DAY)
    data = {"status": "answered", "answered_at": AT, "change_announced_at": clock.now()}
    Inquiry.objects.filter(pk=story.question.pk).update(**data)
    page = open_link_page(story.question, "en")
    assert page.buttons.count("My offer is still valid") == 1
    assert "Sold out" not in page.buttons
    page = page.press("My offer is still valid")
    assert "You confirmed on" in page
    assert "My offer is still valid" not in page.buttons
    assert reloaded_offer(story).valid_until == now + 30 * DAY
    other.refresh_from_db()
    assert other.valid_until == now + 8 * DAY, "it does not end soon"


def test_api_marks_assumed_ends_and_filters_offers_by_end(story):
    program = Program(story.officer.user)
    path = f"supplier-leads/?ends_before={story.today + 30 * DAY}"
    assert program.get(path)["results"] == []
    path = f"supplier-leads/?ends_before={story.today + 31 * DAY}"
    (row,) = program.get(path)["results"]
    assert (row["reference"], row["valid_until_assumed"]) == (story.offer.reference, True)


def test_offer_expires_after_its_last_day(story):
    end = reloaded_offer(story).valid_until
    assert expire_overdue_leads(AT + (end - story.today)) == 0
    assert expire_overdue_leads(AT + (end - story.today) + DAY) == 1


def test_only_administrators_set_the_usual_validity_of_offers(story):
    where = f"/cities/{story.city.slug}/limits/"
    keeper = cities.member("administrator", story.city)
    page = Browser(keeper).open(where).press("Save validity", validity_days="14")
    assert "assumed to be valid for 14 days" in page
    assert City.objects.get(pk=story.city.pk).offer_validity_days == 14
    assert set(page.press("Save validity", validity_days="0").wrong) == {"validity_days"}
    assert "does not expire" in page.press("Save validity", validity_days="")
    officer = Browser(story.officer.user)
    assert "Save validity" not in officer.open(where).buttons
    assert officer.client.post(f"{where}offers/", {"validity_days": "5"}).status_code == 403
    for days in (0, 367):
        with pytest.raises(Refused, match="from 1 to 366"):
            set_offer_validity(story.city, days, by=cities.powers_for(keeper), at=AT)


@pytest.mark.parametrize(("left", "asked"), [(31, None), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)])
def test_certificate_end_is_announced_30_and_7_days_before(story, left, asked):
    paper = leads.enter_certificate(story)
    Certificate.objects.filter(pk=paper.pk).update(valid_until=AT.date() + left * DAY)
    assert announce_certificate_ends(AT) == (asked is not None)
    paper.refresh_from_db()
    assert paper.end_announced == asked
    assert announce_certificate_ends(AT) == 0
    if asked == 30:
        assert announce_certificate_ends(AT + (left - 7) * DAY) == 1
        entry = history_of(paper).first()
        assert {one.recipient_id for one in build_notifications_for_entry(entry, AT).notices} == {
            story.officer.user.pk
        }
        amend_certificate(
            paper, CertificateEdit(valid_until=AT.date() + 20 * DAY), by=story.officer.by, at=AT
        )
        assert announce_certificate_ends(AT) == 1, "a new end is announced again"


def test_end_of_a_certificate_without_live_offers_is_not_announced(story):
    paper = leads.enter_certificate(story, company=story.company("另一家 DEMO"))
    Certificate.objects.filter(pk=paper.pk).update(valid_until=AT.date() + DAY)
    assert announce_certificate_ends(AT) == 0
