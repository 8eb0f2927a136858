"""Tests of inquiries and checks that the periodic job takes back.

Each reader gets a reason that is true for them: the contact, colleagues, and the person asked to agree.
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
from partners.contacts.actions import opt_out, stop_for_city
from partners.partial_dates import parse_partial_date
from partners.routing.recommendations import expired_links
from procurement.leads.actions.decisions import reopen_lead
from procurement.notifications.builder import build_for_entry
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
from tests.procurement.refusals import refused
from tests.worlds import cities
from tests.worlds.cities import Role, own_link
from tests.worlds.leads import offered
from tests.worlds.need_to_order import AT, Story
from workflow.actors import SYSTEM
from workflow.clock import clear_cache, create_instance
from workflow.journal.models import Entry
from workflow.outbox.models import Message, Notification

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
NO_MORE = "it is no longer looking for these goods"


@pytest.fixture
def asked(db) -> Inquiry:
    clear_cache()
    create_instance("practice", AT)
    story = Story()
    story.contact.user.language = "en"
    story.contact.user.save()
    tie = cities.twinning(story.city, "zhongshan")
    inquiry = story.asked(story.line())
    inquiry.story, inquiry.tie = story, tie
    yield inquiry
    clear_cache()


def ends_the_agreement(inquiry: Inquiry) -> None:
    by = cities.powers(Role.ADMINISTRATOR, inquiry.city)
    end_agreement(inquiry.tie, why="terminated", by=by, at=AT, reason="vote")


def ends_the_need(inquiry: Inquiry) -> None:
    withdraw_request(inquiry.supply_request, reason="enough", by=inquiry.story.officer.by, at=AT)


def stops_its_questions(inquiry: Inquiry) -> None:
    by = inquiry.story.second_officer.by
    stop_for_city(inquiry.contact, by=by, at=AT, reason="We found another way.")


def told(thing, verb: str = "cancel"):
    entry = Entry.objects.filter(thing_label=thing._meta.label_lower, thing_id=thing.pk, verb=verb).latest(
        "pk"
    )
    return build_for_entry(entry, entry.at)


def to_contact(thing) -> list[str]:
    return [mail.body for mail in told(thing).messages if mail.recipient == thing.contact.user]


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (ends_the_need, "The need has ended."),
        (ends_the_agreement, "The agreement between the cities has ended."),
        (stops_its_questions, "The city stopped its requests to this contact."),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
def test_history_gives_the_reason_of_an_automatic_cancellation_in_the_readers_language(
    asked, happens, why, language
):
    happens(asked)
    update_inquiries(LATER)
    asked.refresh_from_db()
    assert asked.status == "cancelled"
    with translation.override(language):
        said = translation.gettext(why)
    assert (said == why) == (language == "en")
    assert said in Browser(asked.story.officer.user, language=language).open(asked)


def test_contact_is_told_that_goods_are_no_longer_needed_when_the_need_ended(asked):
    ends_the_need(asked)
    update_inquiries(LATER)
    (body,) = to_contact(asked)
    assert NO_MORE in body


def test_contact_is_told_only_of_the_withdrawal_when_the_agreement_ended(asked):
    ends_the_agreement(asked)
    update_inquiries(LATER)
    (body,) = to_contact(asked)
    assert NO_MORE not in body
    assert "has withdrawn its request." in body


def check_of(asked: Inquiry) -> VerificationTask:
    lead = offered(asked.story)
    task = propose_check(lead, "sample_test", needed=False, by=asked.story.officer.by, at=AT)
    return request_check(task, asked.contact, by=asked.story.officer.by, at=AT)


def test_contact_of_a_check_given_to_another_person_is_not_told_that_it_is_no_longer_needed(asked):
    task = check_of(asked)
    ends_the_agreement(asked)
    update_checks(LATER)
    task.refresh_from_db()
    assert task.status == "cancelled"
    (mail,) = told(task).messages
    assert "no longer needs this check" not in mail.body
    assert "is no longer needed" not in mail.subject
    assert VerificationTask.objects.filter(
        lead=task.lead, check_kind="sample_test", status="unassigned"
    ).exists()


def test_contact_who_stops_inquiries_and_checks_gets_one_confirmation_email(asked):
    task = check_of(asked)
    stops_its_questions(asked)
    run_tick(LATER)
    mails = Message.objects.filter(recipient=asked.contact.user, state="planned")
    assert [mail.template for mail in mails] == ["contact_stopped_for"]
    task.refresh_from_db()
    assert task.status == "cancelled"


def test_officer_of_an_inquiry_or_check_ended_by_a_stop_reads_who_stopped_it_and_why(asked):
    task = check_of(asked)
    stops_its_questions(asked)
    run_tick(LATER)
    (notice,) = Notification.objects.filter(recipient=asked.story.officer.user, entry__verb="stop_for_city")
    mail = Message.objects.get(entry=notice.entry, recipient=asked.story.officer.user)
    assert str(asked.story.second_officer.user) in mail.body
    assert "We found another way." in mail.body
    bell = Notification.objects.filter(recipient=asked.story.officer.user, thing_id__in=(asked.pk, task.pk))
    assert not bell.filter(entry__verb="cancel").exists(), "it is told once"


def test_author_is_notified_when_the_end_of_an_agreement_cancels_an_inquiry(asked):
    ends_the_agreement(asked)
    run_tick(LATER)
    mail = Message.objects.get(entry__verb="cancel", recipient=asked.story.officer.user)
    assert "The agreement between the cities has ended." in mail.body
    assert "Ask someone else." in mail.body


# --- through a partner city --------------------------------------------------------------------------------------
@pytest.fixture
def waits(asked) -> Inquiry:
    between = cities.contact("zhongshan", "Sun Yi")
    asked.contact.stopped_for = [asked.city_id]  # Sun Yi must then be asked to agree
    asked.contact.save()
    story = asked.story
    one = draft_inquiry(
        story.line().supply_request, cities.contact("foshan", "He Min"), through_city=cities.city("zhongshan"),
        subject="s", body="b", author=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip
    ask_partner_city(one, by=story.officer.by, at=AT)
    assert one.introducer == between
    one.story = story
    return one


def stop_the_need(one: Inquiry) -> None:
    stop_request(one.supply_request, reason="full", by=one.story.officer.by, at=LATER)


def bounce(one: Inquiry) -> None:
    one.contact.user.bounced_at = LATER
    one.contact.user.save()


@pytest.mark.parametrize("overnight", [stop_the_need, bounce])
def test_partner_city_contact_is_not_mailed_overnight_about_an_inquiry_that_cannot_be_sent(waits, overnight):
    run_tick(AT)
    to_them = Message.objects.filter(recipient=waits.introducer.user)
    assert [mail.template for mail in to_them] == ["consent"]
    overnight(waits)
    for days in range(1, 6):
        run_tick(AT + timedelta(days=days, hours=-7))  # morning in China
    assert not to_them.filter(state="sent").exists()
    waits.refresh_from_db()
    assert waits.reminder_count == 0
    with refused("not_ready", waits):
        remind_contact(waits, by=waits.story.officer.by, at=LATER)


def test_partner_city_contact_is_mailed_for_consent_when_the_inquiry_can_be_sent(waits):
    run_tick(AT)
    run_tick(AT + timedelta(hours=9))
    assert Message.objects.filter(recipient=waits.introducer.user, template="consent", state="sent").exists()


def test_consent_request_is_cancelled_and_its_author_notified_when_the_contact_stops_inquiries(waits):
    run_tick(AT)
    opt_out(waits.contact, by=own_link(waits.contact), at=LATER)
    for hours in (1, 9):
        run_tick(AT + timedelta(hours=hours, minutes=5))
    waits.refresh_from_db()
    assert waits.status == "cancelled"
    mail = Message.objects.get(entry__verb="cancel", recipient=waits.author)
    assert "The contact asked not to receive any more messages." in mail.body
    assert not Message.objects.filter(
        recipient=waits.introducer.user, template="consent", state="sent"
    ).exists()


def test_consent_request_for_a_contact_whose_email_bounces_is_cancelled_in_the_end(waits):
    bounce(waits)
    run_tick(LATER)
    waits.refresh_from_db()
    assert waits.next_reminder_at is not None, "reminders rest"
    expire_unanswered_inquiries(waits.due_at + timedelta(days=40))
    waits.refresh_from_db()
    assert waits.status == "cancelled"


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
    story.abroad = "huaian"
    cities.twinning(story.city, "huaian", expires="2020-05-01")
    inquiry = story.asked(story.line())
    lead = offered(story)
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
    with refused("tie_ended"):
        draft_inquiry(need, story.contact, **words, by=story.officer.by, at=evening + timedelta(hours=1))
    assert draft_inquiry(need, story.contact, **words, by=story.officer.by, at=evening).status == "draft"


def test_extension_by_one_city_does_not_keep_inquiries_open_until_the_partner_confirms(asked):
    by = cities.powers(Role.ADMINISTRATOR, asked.city)
    tie = asked.tie
    correct_agreement(
        tie, AgreementEdit(expires=parse_partial_date("2020-05-01")), by=by, at=AT, reason="minutes"
    )
    theirs = cities.powers(Role.ADMINISTRATOR, cities.city("zhongshan"))
    if tie.unconfirmed:
        confirm_agreement(tie, by=theirs, at=AT)
    renew_agreement(tie, by=by, at=AT, reason="council", expires=parse_partial_date("2030"))
    assert str(tie.agreed_until) == "2020-05-01"
    for at, status in (
        (datetime(2020, 5, 1, 20, tzinfo=UTC), "sent"),
        (datetime(2020, 5, 2, 20, tzinfo=UTC), "cancelled"),
    ):
        update_inquiries(at)
        asked.refresh_from_db()
        assert asked.status == status
    confirm_agreement(tie, by=theirs, at=AT)
    assert expired_links(datetime(2020, 5, 2, 20, tzinfo=UTC)) == {}


def test_officer_who_cancels_an_inquiry_gets_no_notification_of_it(asked):
    cancel_inquiry(asked, reason="Found.", by=asked.story.officer.by, at=LATER)
    assert told(asked).notices == []


def test_automatic_reason_for_reopening_an_offer_is_in_the_readers_language(asked):
    lead = asked.story.lead(asked.supply_request.lines.get())
    reopen_lead(lead, reason="The supplier’s details have changed.", by=SYSTEM, at=LATER)
    user = asked.story.officer.user
    user.language = "fr-ca"
    user.save()
    (mail,) = [mail for mail in told(lead, "reopen").messages if mail.recipient == user]
    assert "The supplier’s details have changed." not in mail.body
