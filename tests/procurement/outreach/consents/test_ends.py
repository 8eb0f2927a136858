"""Tests of how a consent for a period ends: its last day, a withdrawal, or the loss of what it relied on."""

from datetime import datetime, timedelta

import pytest

from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from partners.agreements.actions import end_agreement, resume_agreement, suspend_agreement
from procurement.notifications.builder import build_notifications_for_entry
from procurement.outreach.actions.consents import update_consents, withdraw_consent
from procurement.outreach.actions.inquiries import ask_partner_city, give_consent, send_inquiry
from procurement.outreach.actions.reminders import cancel_inquiry
from procurement.outreach.rules.consents import consent_in_force
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.outreach.consents.given_consents import (
    UNTIL,
    draft,
    expire,
    mails_about,
    stop_the_introducer,
    withdraw_by_link,
)
from tests.procurement.portal.by_link import open_link_page_of
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import powers_by_link_to, powers_for
from tests.worlds.need_to_order import AT
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


def deactivate_the_introducer(story, consent) -> datetime:
    User.objects.filter(pk=consent.given_by_id).update(is_active=False)
    return AT


def bounce_mail_to_the_introducer(story, consent) -> datetime:
    User.objects.filter(pk=consent.given_by_id).update(bounced_at=AT)
    return AT


def end_own_agreement(story, consent) -> datetime:
    tie = cities.twinning(story.city, "zhongshan")
    end_agreement(tie, why="terminated", reason="by letter", by=CONSOLE_ACTOR, at=AT)
    return AT + timedelta(days=2)


def suspend_their_agreement(story, consent) -> datetime:
    tie = cities.twinning("zhongshan", "foshan")
    suspend_agreement(tie, reason="by letter", by=CONSOLE_ACTOR, at=AT)
    return AT + timedelta(days=2)


LOSSES = [
    expire,
    stop_the_introducer,
    deactivate_the_introducer,
    bounce_mail_to_the_introducer,
    end_own_agreement,
    suspend_their_agreement,
    withdraw_by_link,
]


@pytest.mark.parametrize("lose", LOSSES)
def test_lost_consent_covers_nothing_even_before_the_periodic_job_ends_it(story, consent, contact, lose):
    inquiry = draft(story, contact)
    at = lose(story, consent)
    assert consent_in_force(inquiry, at) is None
    with assert_refused("not_ready", inquiry):
        send_inquiry(inquiry, by=story.officer.by, at=at)
    update_consents(at)
    consent.refresh_from_db()
    verb, status = {expire: ("expire", "expired"), withdraw_by_link: ("withdraw", "withdrawn")}.get(
        lose, ("end", "ended")
    )
    assert consent.status == status
    told = {one.recipient for one in mails_about(consent, verb)}
    by_agreement = lose in (end_own_agreement, suspend_their_agreement)
    assert told == {story.officer.user} | ({consent.introducer.user} if by_agreement else set())
    assert update_consents(at) == 0


def test_suspension_ends_the_consent_for_good(story, consent, contact):
    tie = cities.twinning(story.city, "zhongshan")
    suspend_agreement(tie, reason="by letter", by=CONSOLE_ACTOR, at=AT)
    update_consents(AT + timedelta(days=2))
    resume_agreement(tie, reason="by letter", by=CONSOLE_ACTOR, at=AT + timedelta(days=3))
    assert consent_in_force(draft(story, contact), AT + timedelta(days=4)) is None


def test_officers_consent_ends_when_the_officer_leaves(story, contact):
    officer = cities.member("officer", cities.city("zhongshan"))
    asked = ask_partner_city(draft(story, contact), by=story.officer.by, at=AT)
    give_consent(asked, until=UNTIL, by=powers_for(officer), at=AT)
    cities.member("officer", cities.city("zhongshan"), "Her successor")
    officer.memberships.update(status="ended")
    update_consents(AT)
    asked.period_consent.refresh_from_db()
    assert asked.period_consent.status == "ended"


def test_contact_withdraws_on_the_page_of_the_inquiry_even_after_it_was_cancelled(story, consent, introducer):
    cancel_inquiry(consent.inquiry, by=story.officer.by, at=AT)
    page = open_link_page_of(introducer.user, consent.inquiry, language="en")
    page.press("Withdraw consent")
    consent.refresh_from_db()
    assert consent.status == "withdrawn"
    assert {one.recipient for one in mails_about(consent, "withdraw")} == {story.officer.user}
    assert "Withdrawn" in Browser(story.officer.user).open("/consents/")


def test_contact_withdraws_on_their_own_page(story, consent, introducer):
    page = open_link_page_of(introducer.user, introducer, "my-page", language="en")
    after = page.press("Withdraw consent")
    consent.refresh_from_db()
    assert consent.status == "withdrawn"
    assert "Withdraw consent" not in after.buttons
    entry = Entry.objects.about(consent).latest("pk")
    assert (entry.verb, entry.via, entry.by) == ("withdraw", "link", introducer.user)


def test_signed_in_contact_reads_and_withdraws_the_consent_by_the_api(story, consent, introducer):
    api = Program(introducer.user)
    (row,) = api.ask("get", "consents/").json()["results"]
    assert (row["reference"], row["ends_on"], row["introducer"]) == (
        consent.reference,
        "2020-06-30",
        introducer.pk,
    )
    assert api.ask("post", f"consents/{consent.reference}/withdraw/").status_code == 200
    consent.refresh_from_db()
    assert consent.status == "withdrawn"


@pytest.mark.parametrize("role", ["officer", "administrator", "observer", "approver"])
def test_requesting_city_sees_the_consent_but_cannot_withdraw_it(story, consent, role):
    person = cities.member(role, story.city)
    page = Browser(person).open(consent)
    assert "Sun Yi" in page
    assert "Withdraw consent" not in page.buttons
    with assert_refused("not_allowed", consent):
        withdraw_consent(consent, by=powers_for(person), at=AT)


@pytest.mark.parametrize("whose", ["another contact there", "the contact asked", "an officer elsewhere"])
def test_no_one_else_withdraws_the_consent(story, consent, contact, whose):
    actors = {
        "another contact there": lambda: powers_by_link_to(
            cities.contact("zhongshan", "Gao Min"), consent.inquiry
        ),
        "the contact asked": lambda: powers_by_link_to(contact, consent.inquiry),
        "an officer elsewhere": lambda: cities.powers("officer", cities.city("markham")),
    }
    with assert_refused("not_allowed", consent):
        withdraw_consent(consent, by=actors[whose](), at=AT)


def test_link_of_another_person_opens_no_withdrawal(story, consent, introducer):
    other = cities.contact("zhongshan", "Gao Min")
    page = open_link_page_of(other.user, other, "my-page", language="en")
    assert "Withdraw consent" not in page.buttons
    answer = page.browser.client.post(f"/me/{other.pk}/consents/{consent.reference}/withdraw/")
    assert answer.status_code == 404
    consent.refresh_from_db()
    assert consent.status == "active"


def test_officer_who_withdraws_informs_the_contact_who_gave_the_consent(story, consent, introducer):
    officer = cities.member("officer", cities.city("zhongshan"))
    withdraw_consent(consent, by=powers_for(officer), at=AT)
    mails = {mail.recipient: mail for mail in mails_about(consent, "withdraw")}
    assert set(mails) == {story.officer.user, introducer.user}
    assert mails[introducer.user].template == "consent_lost"


def test_other_officers_hear_that_the_consent_of_their_city_was_withdrawn(story, contact):
    first, second = (cities.member("officer", cities.city("zhongshan"), name) for name in ("Lin Na", "Wu Di"))
    asked = ask_partner_city(draft(story, contact), by=story.officer.by, at=AT)
    give_consent(asked, until=UNTIL, by=powers_for(first), at=AT)
    withdraw_consent(asked.period_consent, by=powers_for(second), at=AT)
    entry = Entry.objects.about(asked.period_consent).get(verb="withdraw")
    told = {one.recipient for one in build_notifications_for_entry(entry, entry.at).notices}
    assert told == {story.officer.user, first}


def test_page_of_the_contact_asked_first_does_not_show_an_officers_consent_as_theirs(
    story, introducer, contact
):
    asked = ask_partner_city(draft(story, contact), by=story.officer.by, at=AT)
    officer = cities.member("officer", cities.city("zhongshan"))
    give_consent(asked, until=UNTIL, by=powers_for(officer), at=AT)
    assert "Your consent" not in open_link_page_of(introducer.user, asked, language="en")
    cancel_inquiry(asked, by=story.officer.by, at=AT)
    assert "Continue" not in open_link_page_of(introducer.user, asked, language="en", press=False).buttons
