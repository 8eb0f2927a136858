"""Tests of the recipients of a changed need: everyone asked is notified once of each change, in words true for them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from procurement.leads.actions.leads import submit_answer
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.actions.periodic import update_inquiries
from procurement.outreach.actions.reminders import change_due_time, expire_inquiry, remind_contact
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.actions.requests import resume_offers, stop_request, withdraw_request
from procurement.tasks import run_tick
from tests.procurement.portal.by_link import open_link_page
from tests.worlds.cities import powers_by_link_to
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.journal.models import Entry
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MORNING = AT + 9 * HOUR  # Friday in China, where it is night at AT
EVENING = AT + 21 * HOUR  # after work on that Friday


@pytest.fixture
def sent_inquiry(db) -> Inquiry:
    clear_instance_cache()
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
    clear_instance_cache()


def change_line(inquiry: Inquiry, at, **facts) -> None:
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


def newest_mail(inquiry: Inquiry) -> Message:
    mails = Message.objects.filter(
        thing_label="procurement.inquiry", thing_id=inquiry.pk, recipient=inquiry.contact.user
    )
    return mails.filter(state="sent").latest("sent_at")


def reloaded_inquiry(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


# --- what counts as a change -------------------------------------------------------------------------------------
def test_change_of_the_price_limit_is_not_mailed_and_keeps_the_reminder(sent_inquiry):
    for at in (AT, MORNING):
        run_tick(at)
    evening = reloaded_inquiry(sent_inquiry).next_reminder_at
    remind_contact(sent_inquiry, by=sent_inquiry.story.officer.by, at=EVENING)
    run_tick(EVENING)
    change_line(sent_inquiry, EVENING, max_unit_price=Decimal("0.40"))
    for hours in (1, 60, 61):  # until Monday
        run_tick(EVENING + hours * HOUR)
    assert evening is not None
    assert sent_mails(sent_inquiry)[:2] == ["inquiry", "inquiry_reminder"]
    assert reloaded_inquiry(sent_inquiry).change_announced_at is None


def test_change_of_line_priority_is_mailed_and_shown_to_the_contact(sent_inquiry):
    for at in (AT, MORNING):
        run_tick(at)
    change_line(sent_inquiry, MORNING + HOUR, priority=1)
    for hours in (1, 2, 3):
        run_tick(MORNING + hours * HOUR)
    assert sent_mails(sent_inquiry) == ["inquiry", "inquiry_changed"]
    assert "priority: critical" in newest_mail(sent_inquiry).body
    assert "priority: critical" in open_link_page(sent_inquiry)


def test_change_before_the_first_email_is_shown_only_in_that_email(sent_inquiry):
    change_line(sent_inquiry, AT + HOUR / 2, quantity=4_150)
    for at in (AT + HOUR, AT + 2 * HOUR, MORNING, MORNING + HOUR):
        run_tick(at)
    assert sent_mails(sent_inquiry) == ["inquiry"]
    assert "4,150" in newest_mail(sent_inquiry).body


# --- who has answered, or is waited for no longer ----------------------------------------------------------------
def answer_inquiry(inquiry: Inquiry) -> str:
    line = inquiry.supply_request.lines.get()
    submit_answer(
        inquiry, author=inquiry.contact.user, by=powers_by_link_to(inquiry.contact, inquiry), at=MORNING,
        line=line, product=line.product, supplier=inquiry.story.supplier, stock_quantity=500,
    )  # fmt: skip
    return "What you sent has been kept."


def let_expire(inquiry: Inquiry) -> str:
    expire_inquiry(inquiry, by=inquiry.story.officer.by, at=MORNING)
    return "it is still welcome"


STATUS_AFTER = {answer_inquiry: "answered", let_expire: "no_reply"}


@pytest.mark.parametrize("became", [answer_inquiry, let_expire])
def test_contact_who_answered_or_whose_inquiry_expired_is_mailed_a_change_once(sent_inquiry, became):
    for at in (AT, MORNING):
        run_tick(at)
    said = became(sent_inquiry)
    run_tick(MORNING + HOUR)
    before = sent_mails(sent_inquiry)
    change_line(sent_inquiry, MORNING + HOUR, quantity=4_150)
    for hours in (2, 3, 4):
        run_tick(MORNING + hours * HOUR)
    assert sent_mails(sent_inquiry) == [*before, "inquiry_changed"]
    assert "4,150" in newest_mail(sent_inquiry).body
    assert said in newest_mail(sent_inquiry).body
    assert reloaded_inquiry(sent_inquiry).status == STATUS_AFTER[became]
    run_tick(MORNING + 5 * HOUR)
    assert sent_mails(sent_inquiry) == [*before, "inquiry_changed"], "once"


@pytest.mark.parametrize("became", [answer_inquiry, let_expire])
def test_change_is_not_mailed_after_the_need_ended_or_the_contact_stopped_the_city(sent_inquiry, became):
    for at in (AT, MORNING):
        run_tick(at)
    became(sent_inquiry)
    run_tick(MORNING + HOUR)
    before = sent_mails(sent_inquiry)
    sent_inquiry.contact.stopped_for = [sent_inquiry.city_id]
    sent_inquiry.contact.save()
    change_line(sent_inquiry, MORNING + HOUR, quantity=4_150)
    run_tick(MORNING + 2 * HOUR)
    sent_inquiry.contact.stopped_for = []
    sent_inquiry.contact.save()
    withdraw_request(
        sent_inquiry.supply_request, reason="enough", by=sent_inquiry.story.officer.by, at=MORNING + 2 * HOUR
    )
    run_tick(MORNING + 3 * HOUR)
    assert sent_mails(sent_inquiry) == before
    assert reloaded_inquiry(sent_inquiry).change_announced_at is None


def test_thank_you_for_a_phone_reply_is_still_planned_after_a_change(sent_inquiry):
    for at in (AT, MORNING):
        run_tick(at)
    line = sent_inquiry.supply_request.lines.get()
    submit_answer(
        reloaded_inquiry(sent_inquiry), author=sent_inquiry.story.officer.user, by=sent_inquiry.story.officer.by, at=EVENING, line=line,
        product=line.product, supplier=sent_inquiry.story.supplier, stock_quantity=500,
    )  # fmt: skip
    run_tick(EVENING)
    assert Message.objects.get(template="inquiry_thanks").state == "planned"
    change_line(sent_inquiry, EVENING + HOUR, quantity=4_150)
    run_tick(EVENING + 2 * HOUR)
    assert reloaded_inquiry(sent_inquiry).change_announced_at is not None
    assert Message.objects.get(template="inquiry_thanks").state == "planned"


# --- a need that is stopped and goes on --------------------------------------------------------------------------
def pause_need(inquiry: Inquiry, at) -> None:
    stop_request(inquiry.supply_request, reason="full", by=inquiry.story.officer.by, at=at)
    run_tick(at)


def resume_need(inquiry: Inquiry, at) -> None:
    resume_offers(inquiry.supply_request, by=inquiry.story.officer.by, at=at)
    for minutes in (0, 1, 2):
        run_tick(at + timedelta(minutes=minutes))


def test_contact_who_never_got_the_inquiry_gets_it_with_the_change_when_the_need_resumes(sent_inquiry):
    run_tick(AT)
    pause_need(sent_inquiry, AT + HOUR)
    change_line(sent_inquiry, AT + 2 * HOUR, quantity=4_150)
    resume_need(sent_inquiry, MORNING)
    assert sent_mails(sent_inquiry) == ["inquiry"]
    body = newest_mail(sent_inquiry).body
    assert "again" not in body
    assert "We need 7,300 masks." in body
    assert "4,150" in body


@pytest.mark.parametrize("resumed", [MORNING + 3 * HOUR, EVENING], ids=["by day", "at night"])
def test_one_email_reports_resumption_and_current_quantity(sent_inquiry, resumed):
    for at in (AT, MORNING):
        run_tick(at)
    pause_need(sent_inquiry, MORNING + HOUR)
    change_line(sent_inquiry, MORNING + 2 * HOUR, quantity=4_150)
    before = sent_mails(sent_inquiry)
    assert before == ["inquiry", "inquiry_paused"]
    resume_need(sent_inquiry, resumed)
    run_tick(EVENING + 60 * HOUR)  # Monday
    again, *_reminders = sent_mails(sent_inquiry)[len(before) :]
    assert again == "inquiry_again"
    assert "inquiry_changed" not in sent_mails(sent_inquiry)
    mail = Message.objects.get(template="inquiry_again", state="sent")
    assert "is looking for these goods again" in mail.body
    assert "4,150" in mail.body


def test_email_about_a_new_due_date_includes_the_current_quantity(sent_inquiry):
    for at in (AT, MORNING):
        run_tick(at)
    change_line(sent_inquiry, MORNING + HOUR, quantity=4_150)
    change_due_time(
        sent_inquiry, due_at=AT + timedelta(days=8), by=sent_inquiry.story.officer.by, at=MORNING + HOUR
    )
    run_tick(MORNING + HOUR)
    mail = Message.objects.get(template="inquiry_due_time_changed")
    assert "has changed the due date" in mail.body
    assert "4,150" in mail.body


def test_periodic_job_records_a_restated_need_and_keeps_the_status_answered(sent_inquiry):
    answer_inquiry(sent_inquiry)
    change_line(sent_inquiry, MORNING + HOUR, quantity=4_150)
    update_inquiries(MORNING + 2 * HOUR)
    entry = Entry.objects.filter(thing_label="procurement.inquiry", verb="restate").latest("pk")
    assert entry.via == "clock"
    assert entry.after.keys() == {"change_announced_at"}
    assert date.fromisoformat(str(entry.after["change_announced_at"])[:10]) == (MORNING + 2 * HOUR).date()
