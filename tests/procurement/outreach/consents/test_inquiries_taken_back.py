"""Tests of inquiries sent with a consent that is lost before or after they reach their contact."""

from datetime import date, timedelta

import pytest

from partners.contacts.models import Contact
from procurement.notifications.builder import is_relevant
from procurement.outreach.actions.consents import update_consents
from procurement.outreach.actions.inquiries import give_consent, return_to_partner, send_or_ask_partner
from procurement.outreach.actions.periodic import update_inquiries
from procurement.outreach.actions.reminders import create_link_to_copy
from procurement.outreach.models.letters import SentLetter
from procurement.requests.actions.requests import resume_offers, stop_request
from procurement.tasks import deliver_messages
from tests.browsing import Browser
from tests.procurement.outreach.consents.given_consents import (
    draft,
    expire,
    mails_about,
    stop_the_introducer,
    withdraw_by_link,
)
from tests.procurement.portal.by_link import open_link_page_of
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import powers_by_link_to
from tests.worlds.need_to_order import AT
from workflow.actors import SYSTEM
from workflow.clock import real_now
from workflow.outbox.errors import DeliveryUncertain, PermanentFailure, TransientFailure
from workflow.outbox.models import Message
from workflow.outbox.smtp import MailTransport

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("lose", [withdraw_by_link, stop_the_introducer])
def test_inquiry_that_has_not_reached_its_contact_goes_back_to_the_partner_city(
    story, consent, contact, lose
):
    cities.contact("zhongshan", "Gao Min")  # who can be asked after Sun Yi
    inquiry = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT)
    (mail,) = mails_about(inquiry, "send")
    rooms = Contact.objects.get(pk=contact.pk).open_questions
    at = lose(story, consent)
    update_consents(at)
    assert not is_relevant(mail)
    update_inquiries(at)
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.consent, inquiry.sent_at) == ("awaiting_consent", None, None)
    assert (inquiry.partner_asked_at, inquiry.due_at > at) == (at, True)
    assert Contact.objects.get(pk=contact.pk).open_questions == rooms - 1
    assert not SentLetter.objects.filter(inquiry=inquiry).exists()
    former = SentLetter.objects.get(former_inquiry=inquiry)
    page = Browser(language="en").open(f"/letter/{former.code}/")
    assert (page.status, "withdrawn" in page) == (200, True)
    told = {one.recipient for one in mails_about(inquiry, "return_to_partner")}
    assert told == {inquiry.introducer.user, story.officer.user}
    give_consent(inquiry, by=powers_by_link_to(inquiry.introducer, inquiry), at=at)
    assert inquiry.status == "sent"
    assert SentLetter.objects.get(inquiry=inquiry) != former


def test_inquiry_that_no_one_can_agree_to_after_the_loss_is_withdrawn(story, consent, contact):
    inquiry = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT)
    stop_the_introducer(story, consent)
    update_consents(AT)
    update_inquiries(AT)
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.partner_asked_at) == ("cancelled", None)
    assert {one.recipient for one in mails_about(inquiry, "cancel")} == {story.officer.user}


def test_inquiry_that_the_contact_has_read_stays_with_them_after_a_withdrawal(story, consent, contact):
    inquiry = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT)
    open_link_page_of(contact.user, inquiry, language="en")
    withdraw_by_link(story, consent)
    update_inquiries(AT)
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.consent) == ("sent", consent)


def test_inquiry_that_reached_the_contact_in_the_meantime_is_not_taken_back(story, consent, contact):
    inquiry = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT)
    withdraw_by_link(story, consent)
    open_link_page_of(contact.user, inquiry, language="en")
    rooms = Contact.objects.get(pk=contact.pk).open_questions
    with assert_refused("reached", inquiry, inquiry.letter) as refused:
        return_to_partner(inquiry, by=SYSTEM, at=AT)
    assert "He Min" in str(refused.value)
    assert Contact.objects.get(pk=contact.pk).open_questions == rooms


def try_to_deliver(monkeypatch, inquiry, error: Exception | None) -> Message:
    """Plan the mail of an inquiry and try to send it, with an answer of the mail server. Return the message."""
    if error is not None:

        def fail(transport, mail, handing_over):
            if isinstance(error, DeliveryUncertain):
                handing_over()
            raise error

        monkeypatch.setattr(MailTransport, "send", fail)
    (mail,) = mails_about(inquiry, "send")
    mail.save()
    deliver_messages(mail.next_try_at)
    mail.refresh_from_db()
    return mail


@pytest.mark.parametrize(
    "error", [TransientFailure("450 try later"), PermanentFailure("550 no such user", bad_address=True)]
)
def test_link_of_a_mail_that_the_server_did_not_take_does_not_keep_the_inquiry(
    monkeypatch, story, consent, contact, error
):
    inquiry = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT)
    mail = try_to_deliver(monkeypatch, inquiry, error)
    assert mail.state in ("planned", "failed")
    withdraw_by_link(story, consent)
    assert not is_relevant(mail)
    update_inquiries(AT)
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.consent) == ("awaiting_consent", None)


@pytest.mark.parametrize("error", [None, DeliveryUncertain("connection lost")])
def test_inquiry_whose_mail_was_or_may_have_been_taken_stays_with_the_contact(
    monkeypatch, story, consent, contact, error
):
    inquiry = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT)
    mail = try_to_deliver(monkeypatch, inquiry, error)
    withdraw_by_link(story, consent)
    update_inquiries(AT)
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.consent, is_relevant(mail)) == ("sent", consent, True)


def test_inquiry_with_a_copied_link_stays_and_its_mail_is_still_sent(story, consent, contact):
    inquiry = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT)
    (mail,) = mails_about(inquiry, "send")
    officer = story.officer
    create_link_to_copy(inquiry, user=officer.user, by=officer.by, at=AT, real_at=real_now())
    withdraw_by_link(story, consent)
    update_inquiries(AT)
    inquiry.refresh_from_db()
    assert (inquiry.status, is_relevant(mail)) == ("sent", True)


def test_inquiry_sent_on_the_last_day_is_delivered_after_it(story, consent, contact):
    late = expire(story, consent) - timedelta(hours=17)  # 23:00 on 30 June in Zhongshan
    assert consent.through_city.day_at(late) == date(2020, 6, 30)
    inquiry = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=late)
    (mail,) = mails_about(inquiry, "send")
    at = expire(story, consent)
    update_consents(at)
    update_inquiries(at)
    inquiry.refresh_from_db()
    consent.refresh_from_db()
    assert (consent.status, inquiry.status, inquiry.consent) == ("expired", "sent", consent)
    assert is_relevant(mail)


def test_paused_inquiry_is_taken_back_when_its_need_is_resumed(story, consent, contact):
    cities.contact("zhongshan", "Gao Min")
    inquiry = send_or_ask_partner(draft(story, contact), by=story.officer.by, at=AT)
    stop_request(inquiry.supply_request, reason="the depot is full", by=story.officer.by, at=AT)
    update_inquiries(AT)
    withdraw_by_link(story, consent)
    update_inquiries(AT)
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.paused_at) == ("sent", AT)
    later = AT + timedelta(days=1)
    resume_offers(inquiry.supply_request, by=story.officer.by, at=later)
    update_inquiries(later)
    assert mails_about(inquiry, "resume") == []
    update_inquiries(later)
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.partner_asked_at) == ("awaiting_consent", later)
    asked = [mail for mail in mails_about(inquiry, "return_to_partner") if mail.template == "consent"]
    assert [mail.recipient for mail in asked] == [inquiry.introducer.user]
