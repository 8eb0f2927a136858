"""Tests of the reports to the person who consented, and of the reminder that a consent ends soon."""

from datetime import UTC, date, datetime, timedelta

import pytest

from procurement.notifications.builder import build_notifications_for_entry
from procurement.notifications.table_lookup import NOTICES
from procurement.outreach.actions.consents import update_consents
from procurement.outreach.actions.inquiries import ask_partner_city, give_consent, send_or_ask_partner
from procurement.outreach.actions.periodic import update_inquiries
from tests.procurement.outreach.consents.given_consents import (
    UNTIL,
    consent_by_contact,
    draft,
    mails_about,
    withdraw_by_link,
)
from tests.procurement.portal.by_link import open_link_page_of
from tests.worlds import cities
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


def test_person_who_consented_hears_at_most_once_a_day_of_the_inquiries(story, consent, contact):
    first = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT + timedelta(hours=1))
    update_consents(AT + timedelta(hours=2))
    second = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT + timedelta(hours=3))
    assert not Entry.objects.filter(verb="report_uses").exists()
    update_consents(AT + timedelta(hours=26))
    (mail,) = mails_about(consent, "report_uses")
    assert mail.recipient == consent.introducer.user
    assert first.reference in mail.body
    assert second.reference in mail.body
    assert consent.inquiry.reference not in mail.body
    update_consents(AT + timedelta(days=5))
    assert Entry.objects.filter(verb="report_uses").count() == 1


def test_person_who_wants_it_hears_of_each_inquiry(story, introducer, contact):
    consent = consent_by_contact(story, introducer, contact, reports_each_use=True)
    for hours in (1, 2):
        send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT + timedelta(hours=hours))
        update_consents(AT + timedelta(hours=hours))
    assert Entry.objects.about(consent).filter(verb="report_uses").count() == 2


def test_officers_of_the_consenting_city_are_told_of_inquiries_in_the_way_they_chose(story, contact):
    officer = cities.member("officer", cities.city("zhongshan"))
    asked = ask_partner_city(draft(story, contact), by=story.officer.by, at=AT)
    give_consent(asked, until=UNTIL, by=powers_for(officer), at=AT)
    send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT + timedelta(hours=1))
    update_consents(AT + timedelta(hours=26))
    entry = Entry.objects.get(verb="report_uses")
    (notice,) = build_notifications_for_entry(entry, entry.at).notices
    assert (notice.recipient, notice.kind) == (officer, "questions")


def test_requesting_city_is_reminded_once_that_the_consent_ends_soon(story, consent):
    before, due = datetime(2020, 6, 16, 15, tzinfo=UTC), datetime(2020, 6, 16, 17, tzinfo=UTC)
    update_consents(before)
    assert not Entry.objects.filter(verb="announce_end").exists()
    for at in (due, due + timedelta(days=1)):
        update_consents(at)
    assert Entry.objects.about(consent).filter(verb="announce_end").count() == 1
    (mail,) = mails_about(consent, "announce_end")
    assert mail.recipient == story.officer.user
    assert "2020" in mail.body


def test_short_consent_ends_without_a_reminder(story, introducer, contact):
    consent_by_contact(story, introducer, contact, until=date(2020, 4, 20))
    for days in range(4):
        update_consents(AT + timedelta(days=days))
    assert not Entry.objects.filter(verb="announce_end").exists()


def test_report_leaves_out_inquiries_sent_after_the_tick_began(story, introducer, contact):
    consent = consent_by_contact(story, introducer, contact, reports_each_use=True)
    began = AT + timedelta(hours=1)
    used = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=began + timedelta(seconds=40))
    update_consents(began)
    assert not Entry.objects.filter(verb="report_uses").exists()
    update_consents(began + timedelta(minutes=1))
    (mail,) = mails_about(consent, "report_uses")
    assert used.reference in mail.body
    consent.refresh_from_db()
    assert consent.reported_at == used.sent_at


def test_report_of_inquiries_that_were_all_taken_back_is_not_sent(story, introducer, contact):
    consent = consent_by_contact(story, introducer, contact, reports_each_use=True)
    at = AT + timedelta(hours=1)
    send_or_ask_partner(draft(story, contact), by=story.officer.by, at=at)
    update_consents(at)
    entry = Entry.objects.about(consent).get(verb="report_uses")
    to_contact, to_officers = NOTICES["procurement.introductionconsent", "report_uses"]
    assert len(mails_about(consent, "report_uses")) == 1
    assert to_officers.is_still_valid(consent, entry)
    withdraw_by_link(story, consent)
    update_inquiries(at)
    assert mails_about(consent, "report_uses") == []
    assert not to_contact.is_still_valid(consent, entry)
    assert not to_officers.is_still_valid(consent, entry)


def test_report_says_how_inquiries_are_delivered_and_offers_to_withdraw_only_while_in_force(
    story, introducer, contact
):
    introducer.user.language = "en"
    introducer.user.save()
    consent = consent_by_contact(story, introducer, contact, reports_each_use=True)
    used = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT + timedelta(hours=1))
    update_consents(AT + timedelta(hours=1))
    (mail,) = mails_about(consent, "report_uses")
    assert "Each is delivered during the contact’s working hours" in mail.body
    assert "You can withdraw your consent" in mail.body
    open_link_page_of(contact.user, used, language="en")
    withdraw_by_link(story, consent)
    (mail,) = mails_about(consent, "report_uses")
    assert "The consent is no longer in force." in mail.body
    assert "withdraw" not in mail.body
