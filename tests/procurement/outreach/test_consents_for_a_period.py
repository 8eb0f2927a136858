"""Tests of consents that a partner city gives for a period, so that it is not asked for each inquiry."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection

from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from partners.agreements.actions import end_agreement, resume_agreement, suspend_agreement
from partners.contacts.actions import opt_out
from procurement.notifications.builder import build_messages, build_notifications_for_entry
from procurement.outreach.actions.consents import update_consents, withdraw_consent
from procurement.outreach.actions.inquiries import (
    ask_next_contact,
    ask_partner_city,
    draft_inquiry,
    give_consent,
    send_inquiry,
    send_or_ask_partner,
)
from procurement.outreach.actions.periodic import update_inquiries
from procurement.outreach.actions.reminders import cancel_inquiry
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.consents import consent_in_force, invalid_last_day_refusal
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.outreach.test_inquiries import sent_inquiry
from tests.procurement.portal.by_link import open_link_page_of
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import own_link, powers_by_link_to, powers_for
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.errors import Refused
from workflow.journal.models import Entry
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
TODAY = date(2020, 4, 17)  # in Zhongshan
UNTIL = date(2020, 6, 30)  # a Tuesday


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


def draft(story, contact, through: str = "zhongshan") -> Inquiry:
    return draft_inquiry(
        story.line().supply_request, contact, through_city=cities.city(through), subject="s", body="b",
        chosen_because="She knows masks.", author=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip


def mails_about(thing, verb: str) -> list[Message]:
    entry = Entry.objects.about(thing).filter(verb=verb).latest("pk")
    return build_messages(entry, entry.at)


def consent_by_contact(story, introducer, contact, until=UNTIL, at=AT, **facts) -> IntroductionConsent:
    asked = ask_partner_city(draft(story, contact), by=story.officer.by, at=at)
    give_consent(asked, until=until, by=powers_by_link_to(introducer, asked), at=at, **facts)
    return asked.period_consent


@pytest.fixture
def consent(story, introducer, contact):
    return consent_by_contact(story, introducer, contact)


def test_later_inquiry_is_sent_without_asking_and_names_the_consent(story, consent, contact):
    sent = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT)
    assert (sent.status, sent.consent, sent.partner_asked_at) == ("sent", consent, None)
    entry = Entry.objects.about(sent).latest("pk")
    assert entry.verb == "send"
    (mail,) = build_messages(entry, AT)
    assert "Sun Yi" in mail.body


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


LATEST = "a consent lasts at most one year"


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


@pytest.mark.parametrize(
    ("at", "status"),
    [
        (datetime(2020, 6, 30, 15, 59, tzinfo=UTC), "sent"),  # 23:59 in Zhongshan
        (datetime(2020, 6, 30, 16, 0, tzinfo=UTC), "awaiting_consent"),  # 00:00, still 30 June in Richmond
    ],
)
def test_last_day_is_included_in_the_time_zone_of_the_consenting_city(story, consent, contact, at, status):
    assert send_or_ask_partner(draft(story, contact), by=story.officer.by, at=at).status == status


def test_consent_covers_no_other_city_contact_or_partner_city(story, consent, contact):
    other = cities.contact("foshan", "Pan Li")
    assert send_or_ask_partner(draft(story, other), by=story.officer.by, at=AT).status == "awaiting_consent"
    stranger = Story("markham")
    cities.contact("wuhan", "Ding Lan")
    through_wuhan = draft(story, contact, through="wuhan")
    assert send_or_ask_partner(through_wuhan, by=story.officer.by, at=AT).status == "awaiting_consent"
    foreign = draft(stranger, cities.contact("foshan", "Mo Ke"))
    IntroductionConsent.objects.filter(pk=consent.pk).update(contact=foreign.contact)
    assert send_or_ask_partner(foreign, by=stranger.officer.by, at=AT).status == "awaiting_consent"


def test_while_a_consent_is_in_force_the_partner_city_is_not_asked_again(story, consent, contact):
    inquiry = draft(story, contact)
    with assert_refused("not_ready", inquiry) as no:
        ask_partner_city(inquiry, by=story.officer.by, at=AT)
    assert "You can send the inquiry without asking again" in str(no.value.message)
    api = Program(story.officer.user)
    verbs = api.ask("get", f"inquiries/{inquiry.reference}/").json()["available_moves"]
    assert {one["verb"]: one["open"] for one in verbs if one["verb"] in ("send", "ask-partner")} == {
        "send": True,
        "ask-partner": False,
    }
    assert api.ask("post", f"inquiries/{inquiry.reference}/send/").status_code == 200
    read = api.ask("get", f"inquiries/{inquiry.reference}/").json()
    assert (read["status"], read["consent"], read["partner_asked_at"]) == ("sent", consent.reference, None)


def test_page_history_letter_and_contacts_page_say_that_the_earlier_consent_was_used(story, consent, contact):
    inquiry = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT)
    page = Browser(story.officer.user).open(inquiry)
    assert "Sent with the consent that Sun Yi (Zhongshan) gave on" in page
    assert "They were not asked again." in page
    assert "asked the partner city" not in page
    assert "Partner city asked" not in page
    entry = Entry.objects.about(inquiry).latest("pk")
    assert inquiry.described_facts(entry.facts) == [
        ("Earlier consent of the partner city", f"{consent.reference} · Sun Yi · 2020-04-17")
    ]
    (letter,) = inquiry.letter.words["languages"]
    assert letter["paragraphs"][0].startswith("Sun Yi（中山市）于2020年4月17日同意Richmond")
    assert "Sun Yi (Zhongshan) agreed on" in open_link_page_of(contact.user, inquiry, language="en")


def test_inquiry_that_waited_for_consent_says_that_the_partner_city_was_asked(story, consent, contact):
    asked = consent.inquiry
    assert (asked.consent, asked.partner_asked_at) == (None, AT)
    assert "They were not asked again" not in Browser(story.officer.user).open(asked)
    mails = [mail for mail in mails_about(asked, "consent") if mail.template == "inquiry"]
    assert "agreed on" not in mails[0].body


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


def expire(story, consent) -> datetime:
    return datetime(2020, 7, 1, 8, tzinfo=UTC)


def stop_the_introducer(story, consent) -> datetime:
    opt_out(consent.introducer, by=own_link(consent.introducer), at=AT)
    return AT


def deactivate_the_introducer(story, consent) -> datetime:
    User.objects.filter(pk=consent.given_by_id).update(is_active=False)
    return AT


def end_own_agreement(story, consent) -> datetime:
    tie = cities.twinning(story.city, "zhongshan")
    end_agreement(tie, why="terminated", reason="by letter", by=CONSOLE_ACTOR, at=AT)
    return AT + timedelta(days=2)


def suspend_their_agreement(story, consent) -> datetime:
    tie = cities.twinning("zhongshan", "foshan")
    suspend_agreement(tie, reason="by letter", by=CONSOLE_ACTOR, at=AT)
    return AT + timedelta(days=2)


def withdraw_by_link(story, consent) -> datetime:
    withdraw_consent(consent, by=powers_by_link_to(consent.introducer, consent.inquiry), at=AT)
    return AT


LOSSES = [
    expire,
    stop_the_introducer,
    deactivate_the_introducer,
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


def test_contact_who_consented_gets_a_confirmation_with_a_link_to_withdraw(story, consent, introducer):
    mails = {mail.recipient: mail for mail in mails_about(consent, "grant")}
    assert set(mails) == {introducer.user, story.officer.user}
    assert mails[introducer.user].link["purpose"] == "my-page"
    assert "您可随时在您的页面上撤回同意" in mails[introducer.user].body


@pytest.mark.parametrize("ask", ["batch", "next contact"])
def test_every_way_of_asking_uses_the_consent(story, consent, contact, ask):
    cities.twinning(story.city, "zhongshan")
    cities.twinning("zhongshan", "foshan")
    need = story.line().supply_request
    api = Program(story.officer.user)
    if ask == "batch":
        body = {
            "supply_request": need.reference,
            "contacts": [contact.pk],
            "chosen_because": "She knows masks.",
        }
        (result,) = api.ask("post", "inquiries/batch/", body).json()["results"]
        assert result["status"] == "sent"
        made = Inquiry.objects.get(reference=result["inquiry"])
    else:
        silent = sent_inquiry(story)
        Inquiry.objects.filter(pk=silent.pk).update(alternates_allowed_from=AT)
        silent.refresh_from_db()
        made = ask_next_contact(
            silent, contact, through_city=cities.city("zhongshan"), subject="s", body="b", chosen_because="She knows.",
            author=story.officer.user, by=story.officer.by, at=AT,
        )  # fmt: skip
    assert (made.status, made.consent) == ("sent", consent)


def test_form_of_an_inquiry_says_that_no_one_is_asked_first(story, consent, contact):
    cities.twinning(story.city, "zhongshan")
    cities.twinning("zhongshan", "foshan")
    need, officer = story.line().supply_request, Browser(story.officer.user)
    page = officer.open(f"/needs/{need.reference}/ask/{contact.pk}/")
    assert "Sun Yi agreed on" in page
    assert "is asked first" not in page
    withdraw_by_link(story, consent)
    assert "Zhongshan is asked first" in officer.open(f"/needs/{need.reference}/ask/{contact.pk}/")


# --- at the same moment ---
@pytest.mark.django_db(transaction=True)
def test_only_one_of_two_consents_given_at_the_same_moment_is_accepted():
    story, introducer = Story("richmond"), cities.contact("zhongshan", "Sun Yi")
    contact = cities.contact("foshan", "He Min")
    waiting = [ask_partner_city(draft(story, contact), by=story.officer.by, at=AT) for _ in range(2)]
    acts = [
        lambda asked=asked: give_consent(asked, until=UNTIL, by=powers_by_link_to(introducer, asked), at=AT)
        for asked in waiting
    ]
    told = at_the_same_moment(*acts)
    assert told.count("done") == 1
    assert told.count("done") + told.count("consent_in_force") + told.count("busy") == 2
    assert IntroductionConsent.objects.active().count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_inquiry_sent_while_its_consent_is_withdrawn_never_reaches_the_contact(attempt):
    story, introducer = Story("richmond"), cities.contact("zhongshan", "Sun Yi")
    contact = cities.contact("foshan", "He Min")
    consent = consent_by_contact(story, introducer, contact)
    inquiries = [draft(story, contact) for _ in range(2)]
    told = at_the_same_moment(
        *(lambda one=one: send_or_ask_partner(one, by=story.officer.by, at=AT) for one in inquiries),
        lambda: withdraw_consent(consent, by=powers_by_link_to(introducer, consent.inquiry), at=AT),
    )
    assert told == ["done"] * 3
    update_consents(AT)
    update_inquiries(AT)
    assert not IntroductionConsent.objects.active().exists()
    for inquiry in inquiries:
        inquiry.refresh_from_db()
        assert (inquiry.status, inquiry.consent) == ("awaiting_consent", None)


def at_the_same_moment(*acts) -> list[str]:
    """Run the acts in threads that start together. Return for each "done", the code of its refusal, or "busy"."""
    meeting, told = Barrier(len(acts)), []

    def go(act):
        try:
            meeting.wait()
            act()
            told.append("done")
        except (Refused, OperationalError) as no:  # a request that waits too long for a lock gets "try again"
            told.append(getattr(no, "code", "busy"))
        finally:
            connection.close()

    threads = [Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == len(acts)
    return told
