"""Tests of inquiries and checks that the periodic job cancels, with a true reason for each reader.

Readers are the contact, colleagues, and the person asked for consent.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from partners.agreements.actions import (
    AgreementEdit,
    confirm_agreement,
    correct_agreement,
    end_agreement,
    renew_agreement,
)
from partners.contacts.actions import opt_out, stop_city_inquiries
from partners.partial_dates import parse_partial_date
from partners.routing.recommendations import former_partners_by_city
from procurement.leads.actions.decisions import reopen_lead
from procurement.notifications.builder import build_notifications_for_entry
from procurement.outreach.actions.inquiries import ask_partner_city, draft_inquiry
from procurement.outreach.actions.periodic import expire_unanswered_inquiries, update_inquiries
from procurement.outreach.actions.reminders import cancel_inquiry, remind_contact
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.requests import stop_request, withdraw_request
from procurement.tasks import run_tick
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import propose_check
from procurement.verification.actions.periodic import update_checks
from procurement.verification.models import VerificationTask
from tests.browsing import Browser
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import Role, own_link
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT, Story
from workflow.actors import SYSTEM
from workflow.clock import clear_instance_cache, create_instance
from workflow.journal.models import Entry
from workflow.outbox.models import Message, Notification

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
NO_MORE = "it is no longer looking for these goods"


@pytest.fixture
def sent_inquiry(db) -> Inquiry:
    clear_instance_cache()
    create_instance("practice", AT)
    story = Story()
    story.contact.user.language = "en"
    story.contact.user.save()
    agreement = cities.twinning(story.city, "zhongshan")
    inquiry = story.asked(story.line())
    inquiry.story, inquiry.tie = story, agreement
    yield inquiry
    clear_instance_cache()


def end_agreement_of(inquiry: Inquiry) -> None:
    by = cities.powers(Role.ADMINISTRATOR, inquiry.city)
    end_agreement(inquiry.tie, why="terminated", by=by, at=AT, reason="vote")


def withdraw_need_of(inquiry: Inquiry) -> None:
    withdraw_request(inquiry.supply_request, reason="enough", by=inquiry.story.officer.by, at=AT)


def stop_inquiries_of(inquiry: Inquiry) -> None:
    by = inquiry.story.second_officer.by
    stop_city_inquiries(inquiry.contact, by=by, at=AT, reason="We found another way.")


def messages_about(thing, verb: str = "cancel"):
    entry = Entry.objects.filter(thing_label=thing._meta.label_lower, thing_id=thing.pk, verb=verb).latest(
        "pk"
    )
    return build_notifications_for_entry(entry, entry.at)


def contact_messages(thing) -> list[str]:
    return [mail.body for mail in messages_about(thing).messages if mail.recipient == thing.contact.user]


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (withdraw_need_of, "The need has ended."),
        (end_agreement_of, "The agreement between the cities has ended."),
        (stop_inquiries_of, "The city stopped its requests to this contact."),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
def test_history_gives_the_reason_of_an_automatic_cancellation_in_the_readers_language(
    sent_inquiry, happens, why, language
):
    happens(sent_inquiry)
    update_inquiries(LATER)
    sent_inquiry.refresh_from_db()
    assert sent_inquiry.status == "cancelled"
    with translation.override(language):
        said = translation.gettext(why)
    assert (said == why) == (language == "en")
    assert said in Browser(sent_inquiry.story.officer.user, language=language).open(sent_inquiry)


def test_contact_is_told_that_goods_are_no_longer_needed_when_the_need_ended(sent_inquiry):
    withdraw_need_of(sent_inquiry)
    update_inquiries(LATER)
    (body,) = contact_messages(sent_inquiry)
    assert NO_MORE in body


def test_contact_is_told_only_of_the_withdrawal_when_the_agreement_ended(sent_inquiry):
    end_agreement_of(sent_inquiry)
    update_inquiries(LATER)
    (body,) = contact_messages(sent_inquiry)
    assert NO_MORE not in body
    assert "has withdrawn its request." in body


def requested_check_of(sent_inquiry: Inquiry) -> VerificationTask:
    lead = submitted_offer(sent_inquiry.story)
    task = propose_check(lead, "sample_test", needed=False, by=sent_inquiry.story.officer.by, at=AT)
    return request_check(task, sent_inquiry.contact, by=sent_inquiry.story.officer.by, at=AT)


def test_contact_of_a_check_given_to_another_person_is_not_told_that_it_is_no_longer_needed(sent_inquiry):
    task = requested_check_of(sent_inquiry)
    end_agreement_of(sent_inquiry)
    update_checks(LATER)
    task.refresh_from_db()
    assert task.status == "cancelled"
    (mail,) = messages_about(task).messages
    assert "no longer needs this check" not in mail.body
    assert "is no longer needed" not in mail.subject
    assert VerificationTask.objects.filter(
        lead=task.lead, check_kind="sample_test", status="unassigned"
    ).exists()


def test_contact_who_stops_inquiries_and_checks_gets_one_confirmation_email(sent_inquiry):
    task = requested_check_of(sent_inquiry)
    stop_inquiries_of(sent_inquiry)
    run_tick(LATER)
    mails = Message.objects.filter(recipient=sent_inquiry.contact.user, state="planned")
    assert [mail.template for mail in mails] == ["contact_stopped_for"]
    task.refresh_from_db()
    assert task.status == "cancelled"


def test_officer_of_an_inquiry_or_check_ended_by_a_stop_reads_who_stopped_it_and_why(sent_inquiry):
    task = requested_check_of(sent_inquiry)
    stop_inquiries_of(sent_inquiry)
    run_tick(LATER)
    (notice,) = Notification.objects.filter(
        recipient=sent_inquiry.story.officer.user, entry__verb="stop_for_city"
    )
    mail = Message.objects.get(entry=notice.entry, recipient=sent_inquiry.story.officer.user)
    assert str(sent_inquiry.story.second_officer.user) in mail.body
    assert "We found another way." in mail.body
    bell = Notification.objects.filter(
        recipient=sent_inquiry.story.officer.user, thing_id__in=(sent_inquiry.pk, task.pk)
    )
    assert not bell.filter(entry__verb="cancel").exists(), "it is told once"


def test_author_is_notified_when_the_end_of_an_agreement_cancels_an_inquiry(sent_inquiry):
    end_agreement_of(sent_inquiry)
    run_tick(LATER)
    mail = Message.objects.get(entry__verb="cancel", recipient=sent_inquiry.story.officer.user)
    assert "The agreement between the cities has ended." in mail.body
    assert "Ask someone else." in mail.body


# --- through a partner city --------------------------------------------------------------------------------------
@pytest.fixture
def inquiry_awaiting_consent(sent_inquiry) -> Inquiry:
    between = cities.contact("zhongshan", "Sun Yi")
    sent_inquiry.contact.stopped_for = [sent_inquiry.city_id]  # Sun Yi must then be asked to agree
    sent_inquiry.contact.save()
    story = sent_inquiry.story
    one = draft_inquiry(
        story.line().supply_request, cities.contact("foshan", "He Min"), through_city=cities.city("zhongshan"),
        subject="s", body="b", author=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip
    ask_partner_city(one, by=story.officer.by, at=AT)
    assert one.introducer == between
    one.story = story
    return one


def stop_need_of(one: Inquiry) -> None:
    stop_request(one.supply_request, reason="full", by=one.story.officer.by, at=LATER)


def bounce_contact(one: Inquiry) -> None:
    one.contact.user.bounced_at = LATER
    one.contact.user.save()


@pytest.mark.parametrize("overnight", [stop_need_of, bounce_contact])
def test_partner_city_contact_is_not_mailed_overnight_about_an_inquiry_that_cannot_be_sent(
    inquiry_awaiting_consent, overnight
):
    run_tick(AT)
    to_them = Message.objects.filter(recipient=inquiry_awaiting_consent.introducer.user)
    assert [mail.template for mail in to_them] == ["consent"]
    overnight(inquiry_awaiting_consent)
    for days in range(1, 6):
        run_tick(AT + timedelta(days=days, hours=-7))  # morning in China
    assert not to_them.filter(state="sent").exists()
    inquiry_awaiting_consent.refresh_from_db()
    assert inquiry_awaiting_consent.reminder_count == 0
    with assert_refused("not_ready", inquiry_awaiting_consent):
        remind_contact(inquiry_awaiting_consent, by=inquiry_awaiting_consent.story.officer.by, at=LATER)


def test_partner_city_contact_is_mailed_for_consent_when_the_inquiry_can_be_sent(inquiry_awaiting_consent):
    run_tick(AT)
    run_tick(AT + timedelta(hours=9))
    assert Message.objects.filter(
        recipient=inquiry_awaiting_consent.introducer.user, template="consent", state="sent"
    ).exists()


def test_consent_request_is_cancelled_and_its_author_notified_when_the_contact_stops_inquiries(
    inquiry_awaiting_consent,
):
    run_tick(AT)
    opt_out(inquiry_awaiting_consent.contact, by=own_link(inquiry_awaiting_consent.contact), at=LATER)
    for hours in (1, 9):
        run_tick(AT + timedelta(hours=hours, minutes=5))
    inquiry_awaiting_consent.refresh_from_db()
    assert inquiry_awaiting_consent.status == "cancelled"
    mail = Message.objects.get(entry__verb="cancel", recipient=inquiry_awaiting_consent.author)
    assert "The contact asked not to receive any more messages." in mail.body
    assert not Message.objects.filter(
        recipient=inquiry_awaiting_consent.introducer.user, template="consent", state="sent"
    ).exists()


def test_consent_request_for_a_contact_whose_email_bounces_is_cancelled_in_the_end(inquiry_awaiting_consent):
    bounce_contact(inquiry_awaiting_consent)
    run_tick(LATER)
    inquiry_awaiting_consent.refresh_from_db()
    assert inquiry_awaiting_consent.next_reminder_at is not None, "reminders rest"
    expire_unanswered_inquiries(inquiry_awaiting_consent.due_at + timedelta(days=40))
    inquiry_awaiting_consent.refresh_from_db()
    assert inquiry_awaiting_consent.status == "cancelled"


# --- the day on which an agreement ends --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("place", "last", "first_after"),
    [
        ("burnaby", datetime(2020, 5, 2, 6, 30, tzinfo=UTC), datetime(2020, 5, 2, 7, 30, tzinfo=UTC)),
        ("zhongshan", datetime(2020, 5, 1, 15, 30, tzinfo=UTC), datetime(2020, 5, 1, 16, 30, tzinfo=UTC)),
    ],
)
def test_inquiries_and_checks_stay_open_until_the_agreements_last_day_ends_in_the_asking_city(
    db, place, last, first_after
):
    story = Story(place)
    story.partner_place = "huaian"
    cities.twinning(story.city, "huaian", expires="2020-05-01")
    inquiry = story.asked(story.line())
    lead = submitted_offer(story)
    task = propose_check(lead, "sample_test", needed=False, by=story.officer.by, at=AT)
    request_check(task, story.contact, by=story.officer.by, at=AT)
    for at, open_still in ((last, True), (first_after, False)):
        update_inquiries(at)
        update_checks(at)
        inquiry.refresh_from_db()
        task.refresh_from_db()
        assert (inquiry.status, task.status) == (
            ("sent", "requested") if open_still else ("cancelled", "cancelled")
        )


def test_inquiry_may_be_drafted_on_the_evening_of_the_agreements_last_day(db):
    story = Story()
    cities.twinning(story.city, "zhongshan", expires="2020-05-01")
    need, words = story.line().supply_request, {"subject": "s", "body": "b", "author": story.officer.user}
    evening = datetime(2020, 5, 2, 6, 30, tzinfo=UTC)
    with assert_refused("tie_ended"):
        draft_inquiry(need, story.contact, **words, by=story.officer.by, at=evening + timedelta(hours=1))
    assert draft_inquiry(need, story.contact, **words, by=story.officer.by, at=evening).status == "draft"


def test_extension_by_one_city_does_not_keep_inquiries_open_until_the_partner_confirms(sent_inquiry):
    by = cities.powers(Role.ADMINISTRATOR, sent_inquiry.city)
    agreement = sent_inquiry.tie
    correct_agreement(
        agreement, AgreementEdit(expires=parse_partial_date("2020-05-01")), by=by, at=AT, reason="minutes"
    )
    theirs = cities.powers(Role.ADMINISTRATOR, cities.city("zhongshan"))
    if agreement.unconfirmed_cities:
        confirm_agreement(agreement, by=theirs, at=AT)
    renew_agreement(agreement, by=by, at=AT, reason="council", expires=parse_partial_date("2030"))
    assert str(agreement.agreed_until) == "2020-05-01"
    for at, status in (
        (datetime(2020, 5, 1, 20, tzinfo=UTC), "sent"),
        (datetime(2020, 5, 2, 20, tzinfo=UTC), "cancelled"),
    ):
        update_inquiries(at)
        sent_inquiry.refresh_from_db()
        assert sent_inquiry.status == status
    confirm_agreement(agreement, by=theirs, at=AT)
    assert former_partners_by_city(datetime(2020, 5, 2, 20, tzinfo=UTC)) == {}


def test_officer_who_cancels_an_inquiry_gets_no_notification_of_it(sent_inquiry):
    cancel_inquiry(sent_inquiry, reason="Found.", by=sent_inquiry.story.officer.by, at=LATER)
    assert messages_about(sent_inquiry).notices == []


def test_automatic_reason_for_reopening_an_offer_is_in_the_readers_language(sent_inquiry):
    lead = sent_inquiry.story.lead(sent_inquiry.supply_request.lines.get())
    reopen_lead(lead, reason="The supplier’s details have changed.", by=SYSTEM, at=LATER)
    user = sent_inquiry.story.officer.user
    user.language = "fr-ca"
    user.save()
    (mail,) = [mail for mail in messages_about(lead, "reopen").messages if mail.recipient == user]
    with translation.override("fr-ca"):
        reason = translation.gettext("The supplier’s details have changed.")
    assert reason in mail.body
    assert "The supplier’s details have changed." not in mail.body
