"""Tests of consents for a period: what is refused, which pages and messages name them, and their reports."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.actions import end_agreement
from partners.contacts.actions import opt_out
from procurement.notifications.builder import build_notifications_for_entry
from procurement.notifications.table_lookup import NOTICES
from procurement.outreach.actions import inquiries as inquiry_actions
from procurement.outreach.actions.consents import update_consents, withdraw_consent
from procurement.outreach.actions.inquiries import (
    ask_partner_city,
    give_consent,
    send_inquiry,
    send_or_ask_partner,
)
from procurement.outreach.actions.periodic import update_inquiries
from procurement.outreach.actions.reminders import cancel_inquiry, change_due_time
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.rules.consents import consent_in_force
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.outreach.test_consents_for_a_period import (
    UNTIL,
    consent_by_contact,
    draft,
    mails_about,
    withdraw_by_link,
)
from tests.procurement.portal.by_link import open_link_page_of
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import own_link, powers_by_link_to, powers_for
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.errors import Refused
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db):
    clear_instance_cache()
    create_instance("practice", AT)
    yield Story("richmond")
    clear_instance_cache()


@pytest.fixture
def introducer(story):
    return cities.contact("zhongshan", "Sun Yi")


@pytest.fixture
def contact(story):
    return cities.contact("foshan", "He Min")


@pytest.fixture
def consent(story, introducer, contact):
    return consent_by_contact(story, introducer, contact)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (datetime(2020, 10, 2, 2, tzinfo=UTC), date(2020, 10, 7)),  # in the holiday week of October
        (datetime(2020, 4, 18, 2, tzinfo=UTC), date(2020, 4, 18)),  # a Saturday
    ],
)
def test_period_without_a_working_day_is_refused_in_words_that_are_true(
    story, introducer, contact, at, until
):
    asked = ask_partner_city(draft(story, contact), by=story.officer.by, at=AT)
    with assert_refused("no_working_day", asked) as no:
        give_consent(asked, until=until, by=powers_by_link_to(introducer, asked), at=at)
    assert (no.value.details["field"], "no working day until then" in str(no.value.message)) == (
        "until",
        True,
    )


@pytest.mark.parametrize("loss", ["opted out", "agreement ended"])
def test_consent_for_a_period_is_refused_if_it_would_end_at_once(story, introducer, contact, loss):
    asked, at = ask_partner_city(draft(story, contact), by=story.officer.by, at=AT), AT
    by = powers_by_link_to(introducer, asked)
    if loss == "opted out":
        opt_out(introducer, by=own_link(introducer), at=AT)
    else:
        tie = cities.twinning("zhongshan", "foshan")
        end_agreement(tie, why="terminated", reason="by letter", by=CONSOLE_ACTOR, at=AT)
        at = AT + timedelta(days=2)
    with assert_refused("consent_not_possible", asked):
        give_consent(asked, until=UNTIL, by=by, at=at)
    asked.refresh_from_db()
    assert (asked.status, IntroductionConsent.objects.count()) == ("awaiting_consent", 0)
    give_consent(asked, by=by, at=at)
    assert asked.status == "sent"


def test_message_about_each_inquiry_is_refused_without_a_last_day(story, contact):
    officer = cities.member("officer", cities.city("zhongshan"))
    asked = ask_partner_city(draft(story, contact), by=story.officer.by, at=AT)
    answer = Program(officer).ask("post", f"inquiries/{asked.reference}/consent/", {"reports_each_use": True})
    assert (answer.status_code, answer.json()["code"]) == (422, "until_missing")
    asked.refresh_from_db()
    assert asked.status == "awaiting_consent"


def test_inquiry_with_which_a_consent_was_given_names_it_on_page_history_and_api(story, consent):
    asked = consent.inquiry
    page = Browser(story.officer.user).open(asked)
    assert "Consent until" in page
    assert consent.reference in page
    entry = Entry.objects.about(asked).get(verb="consent")
    assert asked.described_facts(entry.facts) == [("Consent until", "2020-06-30")]
    api = Program(story.officer.user)
    assert api.get(f"inquiries/{asked.reference}/")["period_consent"] == consent.reference


def test_contact_asked_reads_of_the_consent_without_a_link_to_it(story, consent, contact):
    inquiry = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT)
    for thing in (inquiry, consent.inquiry):
        page = Browser(contact.user).open(thing)
        assert page.status == 200
        assert consent.get_absolute_url() not in page.answer.content.decode()


def test_api_names_the_giver_and_finds_consents_and_their_uses(story, consent, contact):
    used = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT)
    api = Program(story.officer.user)
    assert api.get(f"consents/{consent.reference}/")["given_by"] == "Sun Yi"
    for query, count in (
        ("through_city=zhongshan", 1),
        ("through_city=wuhan", 0),
        (f"introducer={consent.introducer_id}", 1),
        (f"introducer={contact.pk}", 0),
    ):
        assert len(api.get(f"consents/?{query}")["results"]) == count, query
    found = api.get(f"inquiries/?consent={consent.reference}")["results"]
    assert [one["reference"] for one in found] == [used.reference]


def test_suggestions_name_the_usable_consent_and_do_not_say_that_the_city_is_asked(story, consent, contact):
    cities.twinning(story.city, "zhongshan")
    cities.twinning("zhongshan", "foshan")
    need, api = story.line().supply_request, Program(story.officer.user)

    def suggestion() -> dict:
        found = api.get(f"inquiries/suggestions/?supply_request={need.reference}")["suggestions"]
        return next(one for one in found if one["contact"] == contact.pk)

    assert (suggestion()["through_city"], suggestion()["consent"]) == ("zhongshan", consent.reference)
    made = api.post(
        "inquiries/", {"supply_request": need.reference, "contact": contact.pk, "chosen_because": "x"}
    )
    api.post(f"inquiries/{made['reference']}/send/")
    page = Browser(story.officer.user).open(f"/inquiries/{made['reference']}/")
    assert "your partner city, whose consent is needed" in page
    assert "agree first" not in page
    withdraw_by_link(story, consent)
    assert suggestion()["consent"] is None


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


def test_agreement_with_a_period_is_one_message_to_the_requesting_officer(story, consent):
    assert story.officer.user not in {one.recipient for one in mails_about(consent.inquiry, "consent")}
    told = {mail.recipient: mail.body for mail in mails_about(consent, "grant")}
    assert consent.inquiry.reference in told[story.officer.user]


def test_page_of_the_contact_asked_first_does_not_show_an_officers_consent_as_theirs(
    story, introducer, contact
):
    asked = ask_partner_city(draft(story, contact), by=story.officer.by, at=AT)
    officer = cities.member("officer", cities.city("zhongshan"))
    give_consent(asked, until=UNTIL, by=powers_for(officer), at=AT)
    assert "Your consent" not in open_link_page_of(introducer.user, asked, language="en")
    cancel_inquiry(asked, by=story.officer.by, at=AT)
    assert "Continue" not in open_link_page_of(introducer.user, asked, language="en", press=False).buttons


def test_later_mails_and_the_preview_of_the_page_name_the_consent(story, consent, contact):
    inquiry = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT)
    change_due_time(inquiry, due_at=AT + timedelta(days=9), by=story.officer.by, at=AT)
    (mail,) = mails_about(inquiry, "redate")
    assert "Sun Yi（中山市）于2020年4月17日同意" in mail.body
    cities.twinning(story.city, "zhongshan")
    cities.twinning("zhongshan", "foshan")
    need = story.line().supply_request
    page = Browser(story.officer.user).open(f"/needs/{need.reference}/ask/{contact.pk}/page/")
    assert "Sun Yi（中山市）于2020年4月17日同意" in page


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
    assert "Each is delivered in the working hours of He Min" in mail.body
    assert "You can withdraw your consent" in mail.body
    open_link_page_of(contact.user, used, language="en")
    withdraw_by_link(story, consent)
    (mail,) = mails_about(consent, "report_uses")
    assert "The consent is no longer in force." in mail.body
    assert "withdraw" not in mail.body


def given_between(monkeypatch, story, introducer, contact):
    """Let the partner city consent right after the next query for a consent by an action."""
    waiting = ask_partner_city(draft(story, contact), by=story.officer.by, at=AT)
    waits = [waiting]

    def found_before(inquiry, at):
        known = consent_in_force(inquiry, at)
        if waits:
            one = waits.pop()
            give_consent(one, until=UNTIL, by=powers_by_link_to(introducer, one), at=AT)
        return known

    monkeypatch.setattr(inquiry_actions, "consent_in_force", found_before)
    return waiting


def test_inquiry_is_not_sent_without_naming_a_consent_given_in_the_same_moment(
    monkeypatch, story, introducer, contact
):
    inquiry = draft(story, contact)
    given_between(monkeypatch, story, introducer, contact)
    with pytest.raises(Refused) as no:
        send_inquiry(inquiry, by=story.officer.by, at=AT)
    assert no.value.code == "consent_given"
    inquiry.refresh_from_db()
    assert inquiry.status == "draft"


def test_inquiry_uses_a_consent_given_while_its_partner_city_is_asked(
    monkeypatch, story, introducer, contact
):
    inquiry = draft(story, contact)
    waiting = given_between(monkeypatch, story, introducer, contact)
    send_or_ask_partner(inquiry, by=story.officer.by, at=AT)
    assert (inquiry.status, inquiry.consent) == ("sent", IntroductionConsent.objects.get(inquiry=waiting))
