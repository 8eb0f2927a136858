"""Tests of the people who are notified of a changed need.

Everyone who was asked is notified once for each announced change, in words that are true for them.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from procurement.leads.actions.leads import submit_answer
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.actions.periodic import update_inquiries
from procurement.outreach.actions.reminders import change_due_time, expire_inquiry, remind_contact
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.actions.requests import resume_request, stop_request, withdraw_request
from procurement.tasks import run_tick
from tests.procurement.portal.by_link import pressed
from tests.worlds.cities import powers_by_link_to
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_cache, create_instance
from workflow.journal.models import Entry
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MORNING = AT + 9 * HOUR  # Friday in China, where it is night at AT
EVENING = AT + 21 * HOUR  # after work on that Friday


@pytest.fixture
def asked(db) -> Inquiry:
    clear_cache()
    create_instance("practice", AT)
    story = Story()
    story.contact.user.language = "en"
    story.contact.user.save()
    words = {"subject": "Masks?", "body": "We need 7,300 masks.", "author": story.officer.user}
    need = story.line(7_300).supply_request
    inquiry = draft_inquiry(need, story.contact, **words, by=story.officer.by, at=AT)
    send_inquiry(inquiry, by=story.officer.by, at=AT)
    inquiry.story = story
    yield inquiry
    clear_cache()


def written(inquiry: Inquiry, at, **facts) -> None:
    line = inquiry.supply_request.lines.get()
    known = {"product": line.product, "quantity": line.quantity, "priority": line.priority}
    by = inquiry.story.officer.by
    set_lines(
        inquiry.supply_request, [LineFacts(**{**known, **facts})], by=by, at=at, reason="Half was found."
    )


def sent_mails(inquiry: Inquiry) -> list[str]:
    mails = Message.objects.filter(
        thing_label="procurement.inquiry", thing_id=inquiry.pk, recipient=inquiry.contact.user, state="sent"
    )
    return list(mails.order_by("sent_at").values_list("template", flat=True))


def newest(inquiry: Inquiry) -> Message:
    mails = Message.objects.filter(
        thing_label="procurement.inquiry", thing_id=inquiry.pk, recipient=inquiry.contact.user
    )
    return mails.filter(state="sent").latest("sent_at")


def fresh(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


# --- what counts as a change -------------------------------------------------------------------------------------
def test_change_of_the_price_limit_is_not_mailed_and_keeps_the_reminder(asked):
    for at in (AT, MORNING):
        run_tick(at)
    evening = fresh(asked).next_reminder_at
    remind_contact(asked, by=asked.story.officer.by, at=EVENING)
    run_tick(EVENING)
    written(asked, EVENING, max_unit_price=Decimal("0.40"))
    for hours in (1, 60, 61):  # until Monday
        run_tick(EVENING + hours * HOUR)
    assert evening is not None
    assert sent_mails(asked)[:2] == ["inquiry", "inquiry_reminder"]
    assert fresh(asked).change_announced_at is None


def test_change_of_line_priority_is_mailed_and_shown_to_the_contact(asked):
    for at in (AT, MORNING):
        run_tick(at)
    written(asked, MORNING + HOUR, priority=1)
    for hours in (1, 2, 3):
        run_tick(MORNING + hours * HOUR)
    assert sent_mails(asked) == ["inquiry", "inquiry_changed"]
    assert "priority: critical" in newest(asked).body
    assert "priority: critical" in pressed(asked)


def test_change_before_the_first_email_is_shown_only_in_that_email(asked):
    written(asked, AT + HOUR / 2, quantity=4_150)
    for at in (AT + HOUR, AT + 2 * HOUR, MORNING, MORNING + HOUR):
        run_tick(at)
    assert sent_mails(asked) == ["inquiry"]
    assert "4,150" in newest(asked).body


# --- who has answered, or is waited for no longer ----------------------------------------------------------------
def answered(inquiry: Inquiry) -> str:
    line = inquiry.supply_request.lines.get()
    submit_answer(
        inquiry, author=inquiry.contact.user, by=powers_by_link_to(inquiry.contact, inquiry), at=MORNING,
        line=line, product=line.product, supplier=inquiry.story.supplier, stock_quantity=500,
    )  # fmt: skip
    return "What you sent is kept."


def lapsed(inquiry: Inquiry) -> str:
    expire_inquiry(inquiry, by=inquiry.story.officer.by, at=MORNING)
    return "it is still welcome"


@pytest.mark.parametrize("became", [answered, lapsed])
def test_contact_who_answered_or_whose_inquiry_expired_is_mailed_a_change_once(asked, became):
    for at in (AT, MORNING):
        run_tick(at)
    said = became(asked)
    run_tick(MORNING + HOUR)
    before = sent_mails(asked)
    written(asked, MORNING + HOUR, quantity=4_150)
    for hours in (2, 3, 4):
        run_tick(MORNING + hours * HOUR)
    assert sent_mails(asked) == [*before, "inquiry_changed"]
    assert "4,150" in newest(asked).body
    assert said in newest(asked).body
    assert fresh(asked).status == {"lapsed": "no_reply"}.get(became.__name__, became.__name__)
    run_tick(MORNING + 5 * HOUR)
    assert sent_mails(asked) == [*before, "inquiry_changed"], "once"


@pytest.mark.parametrize("became", [answered, lapsed])
def test_change_is_not_mailed_after_the_need_ended_or_the_contact_stopped_the_city(asked, became):
    for at in (AT, MORNING):
        run_tick(at)
    became(asked)
    run_tick(MORNING + HOUR)
    before = sent_mails(asked)
    asked.contact.stopped_for = [asked.city_id]
    asked.contact.save()
    written(asked, MORNING + HOUR, quantity=4_150)
    run_tick(MORNING + 2 * HOUR)
    asked.contact.stopped_for = []
    asked.contact.save()
    withdraw_request(asked.supply_request, reason="enough", by=asked.story.officer.by, at=MORNING + 2 * HOUR)
    run_tick(MORNING + 3 * HOUR)
    assert sent_mails(asked) == before
    assert fresh(asked).change_announced_at is None


def test_thank_you_for_a_phone_reply_is_still_planned_after_a_change(asked):
    for at in (AT, MORNING):
        run_tick(at)
    line = asked.supply_request.lines.get()
    submit_answer(
        fresh(asked), author=asked.story.officer.user, by=asked.story.officer.by, at=EVENING, line=line,
        product=line.product, supplier=asked.story.supplier, stock_quantity=500,
    )  # fmt: skip
    run_tick(EVENING)
    assert Message.objects.get(template="inquiry_thanks").state == "planned"
    written(asked, EVENING + HOUR, quantity=4_150)
    run_tick(EVENING + 2 * HOUR)
    assert fresh(asked).change_announced_at is not None
    assert Message.objects.get(template="inquiry_thanks").state == "planned"


# --- a need that is stopped and goes on --------------------------------------------------------------------------
def stopped(inquiry: Inquiry, at) -> None:
    stop_request(inquiry.supply_request, reason="full", by=inquiry.story.officer.by, at=at)
    run_tick(at)


def goes_on(inquiry: Inquiry, at) -> None:
    resume_request(inquiry.supply_request, by=inquiry.story.officer.by, at=at)
    for minutes in (0, 1, 2):
        run_tick(at + timedelta(minutes=minutes))


def test_contact_who_never_got_the_inquiry_gets_it_with_the_change_when_the_need_resumes(asked):
    run_tick(AT)
    stopped(asked, AT + HOUR)
    written(asked, AT + 2 * HOUR, quantity=4_150)
    goes_on(asked, MORNING)
    assert sent_mails(asked) == ["inquiry"]
    body = newest(asked).body
    assert "again" not in body
    assert "We need 7,300 masks." in body
    assert "4,150" in body


@pytest.mark.parametrize("resumed", [MORNING + 3 * HOUR, EVENING], ids=["by day", "at night"])
def test_one_email_reports_resumption_and_current_quantity(asked, resumed):
    for at in (AT, MORNING):
        run_tick(at)
    stopped(asked, MORNING + HOUR)
    written(asked, MORNING + 2 * HOUR, quantity=4_150)
    before = sent_mails(asked)
    assert before == ["inquiry", "inquiry_paused"]
    goes_on(asked, resumed)
    run_tick(EVENING + 60 * HOUR)  # Monday
    again, *_reminders = sent_mails(asked)[len(before) :]
    assert again == "inquiry_again"
    assert "inquiry_changed" not in sent_mails(asked)
    mail = Message.objects.get(template="inquiry_again", state="sent")
    assert "is looking for these goods again" in mail.body
    assert "4,150" in mail.body


def test_email_about_a_new_due_date_includes_the_current_quantity(asked):
    for at in (AT, MORNING):
        run_tick(at)
    written(asked, MORNING + HOUR, quantity=4_150)
    change_due_time(asked, due_at=AT + timedelta(days=8), by=asked.story.officer.by, at=MORNING + HOUR)
    run_tick(MORNING + HOUR)
    mail = Message.objects.get(template="inquiry_due_time_changed")
    assert "has changed the due date" in mail.body
    assert "4,150" in mail.body


def test_periodic_job_records_a_restated_need_and_keeps_the_status_answered(asked):
    answered(asked)
    written(asked, MORNING + HOUR, quantity=4_150)
    update_inquiries(MORNING + 2 * HOUR)
    entry = Entry.objects.filter(thing_label="procurement.inquiry", verb="restate").latest("pk")
    assert entry.via == "clock"
    assert entry.after.keys() == {"change_announced_at"}
    assert date.fromisoformat(str(entry.after["change_announced_at"])[:10]) == (MORNING + 2 * HOUR).date()
