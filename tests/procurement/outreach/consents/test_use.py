"""Tests of inquiries sent with an earlier consent, and of the pages, mails and API that name it."""

from datetime import UTC, datetime, timedelta

import pytest

from procurement.notifications.builder import build_messages
from procurement.outreach.actions.inquiries import ask_next_contact, ask_partner_city, send_or_ask_partner
from procurement.outreach.actions.reminders import change_due_time
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.requests import stop_request
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.outreach.consents.given_consents import (
    consent_by_contact,
    draft,
    mails_about,
    withdraw_by_link,
)
from tests.procurement.outreach.test_inquiries import sent_inquiry
from tests.procurement.portal.by_link import open_link_page_of
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


def test_later_inquiry_is_sent_without_asking_and_names_the_consent(story, consent, contact):
    sent = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT)
    assert (sent.status, sent.consent, sent.partner_asked_at) == ("sent", consent, None)
    entry = Entry.objects.about(sent).latest("pk")
    assert entry.verb == "send"
    (mail,) = build_messages(entry, AT)
    assert "Sun Yi" in mail.body


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


@pytest.mark.parametrize("is_covered", [True, False])
def test_inquiry_of_a_stopped_need_is_neither_sent_nor_put_to_the_partner_city(
    story, introducer, contact, is_covered
):
    if is_covered:
        consent_by_contact(story, introducer, contact)
    inquiry = draft(story, contact)
    stop_request(inquiry.supply_request, reason="The ward is full.", by=story.officer.by, at=AT)
    with assert_refused("not_ready", inquiry):
        send_or_ask_partner(inquiry, by=story.officer.by, at=AT)


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
