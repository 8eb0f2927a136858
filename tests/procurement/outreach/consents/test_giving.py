"""Tests of how a partner city consents until a date, on its pages and by link, and what is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.actions import end_agreement
from partners.contacts.actions import opt_out
from procurement.outreach.actions.consents import GIVER_LEFT, withdraw_consent
from procurement.outreach.actions.inquiries import ask_partner_city, give_consent, send_or_ask_partner
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.rules.consents import consent_in_force, invalid_last_day_refusal
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.outreach.consents.given_consents import UNTIL, consent_by_contact, draft, mails_about
from tests.procurement.portal.by_link import open_link_page_of
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import own_link, powers_by_link_to, powers_for
from tests.worlds.need_to_order import AT
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db

TODAY = date(2020, 4, 17)  # in Zhongshan

LATEST = "a consent lasts at most one year"


def test_partner_city_contact_agrees_until_a_date_by_link_and_sees_it(story, introducer, contact):
    asked = ask_partner_city(draft(story, contact), by=story.officer.by, at=AT)
    page = open_link_page_of(introducer.user, asked, language="en")
    after = page.press("Agree", scope="period", until="2020-06-30", reports_each_use="on")
    assert "30 June 2020" in after or "June 30, 2020" in after
    consent = IntroductionConsent.objects.get()
    assert (consent.inquiry, consent.introducer, consent.given_by) == (asked, introducer, introducer.user)
    assert (consent.ends_on, consent.reports_each_use) == (UNTIL, True)
    entry = Entry.objects.about(consent).get()
    assert (entry.verb, entry.via, entry.by) == ("grant", "link", introducer.user)


def test_link_form_without_a_period_agrees_to_the_one_inquiry_only(story, introducer, contact):
    asked = ask_partner_city(draft(story, contact), by=story.officer.by, at=AT)
    open_link_page_of(introducer.user, asked, language="en").press("Agree")
    asked.refresh_from_db()
    assert (asked.status, IntroductionConsent.objects.count()) == ("sent", 0)
    again = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT)
    assert again.status == "awaiting_consent"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"scope": "period"}, "Enter the last day."),
        ({"scope": "once", "until": "2020-06-30"}, "Choose whether you agree to later inquiries"),
    ],
)
def test_link_form_refuses_a_period_without_a_date_and_a_date_without_a_period(
    story, introducer, contact, typed, message
):
    asked = ask_partner_city(draft(story, contact), by=story.officer.by, at=AT)
    page = open_link_page_of(introducer.user, asked, language="en").press("Agree", **typed)
    assert (page.status, message in page) == (422, True)
    asked.refresh_from_db()
    assert asked.status == "awaiting_consent"


def test_officer_of_the_partner_city_agrees_until_a_date_and_withdraws_on_the_pages(story, contact):
    officer = Browser(cities.member("officer", cities.city("zhongshan"), "Lin Na"))
    asked = ask_partner_city(draft(story, contact), by=story.officer.by, at=AT)
    form = officer.open(asked).follow("Agree")
    form.press("Agree", scope="period", until="2020-06-30")
    consent = IntroductionConsent.objects.get()
    assert (consent.introducer, consent.giver_name) == (None, "Lin Na")
    assert consent.reference in officer.open("/consents/")
    officer.open(consent).press("Withdraw consent")
    consent.refresh_from_db()
    assert consent.status == "withdrawn"


@pytest.mark.parametrize(
    ("until", "ends_on"),
    [
        ("2021-04-17", "2021-04-16"),  # one year, a Saturday
        ("2020-05-03", "2020-04-30"),  # on the Labour Day holiday
        ("2020-04-17", "2020-04-17"),  # today
        ("2021-04-18", None),
        ("2020-04-16", None),
    ],
)
def test_last_day_is_a_working_day_within_one_year_in_the_consenting_city(
    story, introducer, contact, until, ends_on
):
    assert cities.city("zhongshan").day_at(AT) == TODAY
    asked = ask_partner_city(draft(story, contact), by=story.officer.by, at=AT)
    by = powers_by_link_to(introducer, asked)
    if ends_on is None:
        with assert_refused("day_past" if until < str(TODAY) else "day_too_late", asked) as no:
            give_consent(asked, until=date.fromisoformat(until), by=by, at=AT)
        assert no.value.details["field"] == "until"
        assert IntroductionConsent.objects.count() == 0
        return
    give_consent(asked, until=date.fromisoformat(until), by=by, at=AT)
    assert str(asked.period_consent.ends_on) == ends_on


@pytest.mark.parametrize(
    ("today", "latest"),
    [(date(2020, 2, 29), date(2021, 2, 28)), (date(2019, 2, 28), date(2020, 2, 28)), (date(2020, 12, 31), date(2021, 12, 31))],
)  # fmt: skip
def test_consent_lasts_until_the_same_day_of_the_next_year_at_most(today, latest):
    assert invalid_last_day_refusal(latest, today) is None
    refused = invalid_last_day_refusal(latest + timedelta(days=1), today)
    assert refused is not None
    assert LATEST in str(refused.message)


def test_second_consent_for_the_same_contact_is_refused_while_one_is_in_force(story, introducer, contact):
    waiting = [ask_partner_city(draft(story, contact), by=story.officer.by, at=AT) for _ in range(2)]
    first, second = waiting
    give_consent(first, until=UNTIL, by=powers_by_link_to(introducer, first), at=AT)
    with assert_refused("consent_in_force", second):
        give_consent(second, until=UNTIL, by=powers_by_link_to(introducer, second), at=AT)
    officer = powers_for(cities.member("officer", cities.city("zhongshan")))
    for by, can_withdraw in ((powers_by_link_to(introducer, second), False), (officer, True)):
        with assert_refused("consent_in_force", second) as no:
            give_consent(second, until=UNTIL, by=by, at=AT)
        assert ("withdraw that consent first" in str(no.value.message)) is can_withdraw
    give_consent(second, by=powers_by_link_to(introducer, second), at=AT)
    assert second.status == "sent"
    withdraw_consent(first.period_consent, by=powers_by_link_to(introducer, first), at=AT)
    assert consent_in_force(draft(story, contact), AT) is None
    assert not IntroductionConsent.objects.active().exists()


def test_consent_can_be_given_again_after_the_last_one_lapsed_unnoticed(story, consent, introducer, contact):
    later = datetime(2020, 7, 2, 8, tzinfo=UTC)
    again = consent_by_contact(story, introducer, contact, until=date(2020, 7, 31), at=later)
    consent.refresh_from_db()
    assert (consent.status, again.status) == ("expired", "active")
    assert IntroductionConsent.objects.active().count() == 1


def test_colleague_can_consent_after_the_giver_of_a_consent_left_unnoticed(
    story, consent, introducer, contact
):
    colleague = cities.contact("zhongshan", "Gao Min")
    opt_out(introducer, by=own_link(introducer), at=AT)
    again = consent_by_contact(story, colleague, contact, until=date(2020, 5, 29))
    consent.refresh_from_db()
    assert (consent.status, again.status, again.given_by) == ("ended", "active", colleague.user)
    entry = Entry.objects.about(consent).latest("pk")
    assert (entry.verb, entry.reason) == ("end", GIVER_LEFT)
    assert IntroductionConsent.objects.active().get() == again


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
    assert (no.value.details["field"], "no working day up to that date" in str(no.value.message)) == (
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


def test_contact_who_consented_gets_a_confirmation_with_a_link_to_withdraw(story, consent, introducer):
    mails = {mail.recipient: mail for mail in mails_about(consent, "grant")}
    assert set(mails) == {introducer.user, story.officer.user}
    assert mails[introducer.user].link["purpose"] == "my-page"
    assert "您可随时在您的页面上撤回同意" in mails[introducer.user].body


def test_agreement_with_a_period_is_one_message_to_the_requesting_officer(story, consent):
    assert story.officer.user not in {one.recipient for one in mails_about(consent.inquiry, "consent")}
    told = {mail.recipient: mail.body for mail in mails_about(consent, "grant")}
    assert consent.inquiry.reference in told[story.officer.user]
