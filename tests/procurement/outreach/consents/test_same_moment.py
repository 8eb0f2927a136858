"""Tests of a consent that is given or withdrawn while an inquiry is being sent."""

from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection

from procurement.outreach.actions import inquiries as inquiry_actions
from procurement.outreach.actions.consents import update_consents, withdraw_consent
from procurement.outreach.actions.inquiries import (
    ask_partner_city,
    give_consent,
    send_inquiry,
    send_or_ask_partner,
)
from procurement.outreach.actions.periodic import update_inquiries
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.rules.consents import consent_in_force
from tests.procurement.outreach.consents.given_consents import UNTIL, consent_by_contact, draft
from tests.worlds import cities
from tests.worlds.cities import powers_by_link_to
from tests.worlds.need_to_order import AT, Story
from workflow.errors import Refused

pytestmark = pytest.mark.django_db


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
