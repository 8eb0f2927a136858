"""Tests of reconfirming a need: its city is asked before the date, and contacts get no reminders until it has answered."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.actions.links import issue_link
from accounts.actors import CONSOLE_ACTOR
from procurement.catalogue.models.products import Product
from procurement.dashboard.views import todo_items
from procurement.notifications.builder import build_notifications_for_entry
from procurement.outreach.actions.periodic import send_reminders
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.readiness import late_answer_refusal
from procurement.requests.actions.lines import LineFacts, add_line
from procurement.requests.actions.requests import (
    RequestEdit,
    ask_due_reconfirmations,
    edit_request,
    lapse_unconfirmed,
    reconfirm_request,
    resume_offers,
    stop_request,
    withdraw_request,
)
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.rules import RECONFIRM_AFTER, reconfirmation_period
from tests.procurement.api.program import Program
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT, Story
from workflow import clock
from workflow.clock import advance_clock, clear_instance_cache, create_instance, real_now
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db
DAY = date(2020, 4, 24)


@pytest.fixture
def story():
    clear_instance_cache()
    create_instance("practice", AT)
    told = Story()
    told.inquiry = told.asked(told.line(7_300))
    told.need = told.inquiry.supply_request
    reconfirm_request(told.need, until=DAY, by=told.officer.by, at=AT)
    yield told
    clear_instance_cache()


def city_time(story, day, hour=12):
    """Return a moment by the clock of the city, in UTC like every moment of the site."""
    return datetime(2020, 4, day, hour, tzinfo=story.need.city.zone).astimezone(UTC)


def reconfirm_rows(story):
    return [row for row in todo_items(story.officer.by, AT) if row.url.endswith("/reconfirm/")]


@pytest.mark.parametrize(("day", "hour", "asked"), [(21, 23, 0), (22, 1, 1), (24, 12, 1), (30, 12, 1)])
def test_author_is_asked_once_to_reconfirm_from_two_days_before(story, day, hour, asked):
    at = city_time(story, day, hour)
    assert ask_due_reconfirmations(at) == asked
    assert ask_due_reconfirmations(at + timedelta(minutes=5)) == 0
    assert len(reconfirm_rows(story)) == asked
    if not asked:
        return
    entry = Entry.objects.get(verb="ask_to_reconfirm", thing_id=story.need.pk)
    assert [one.recipient for one in build_notifications_for_entry(entry, at).notices] == [story.officer.user]
    page = Client()
    page.force_login(story.officer.user)
    text, need = page.get("/").content.decode(), story.need.get_absolute_url()
    assert "Confirm whether" in text
    for answer in ("reconfirm/", "edit/", "withdraw/"):
        assert f'href="{need}{answer}"' in text
    assert f'href="{need}withdraw/"' in page.get(f"{need}reconfirm/").content.decode()


def test_author_and_officers_of_the_city_are_asked_to_reconfirm(story):
    colleague = story.second_officer
    ask_due_reconfirmations(city_time(story, 23))
    entry = Entry.objects.get(verb="ask_to_reconfirm", thing_id=story.need.pk)
    asked = {one.recipient for one in build_notifications_for_entry(entry, city_time(story, 23)).notices}
    assert asked == {story.officer.user, colleague.user}
    assert len(reconfirm_rows(story)) == 1


@pytest.mark.parametrize(("priorities", "days"), [([1, 3], 3), ([2, 3], 7), ([2], 7), ([3, 3], 14), ([], 14)])
def test_reconfirmation_period_of_a_need_follows_its_most_urgent_line(story, priorities, days):
    story.need.lines.all().delete()
    for position, priority in enumerate(priorities, start=1):
        RequestLine.objects.create(
            supply_request=story.need, city=story.need.city, position=position, priority=priority,
            product=Product.objects.get(code="MASK_SURG"), quantity=1,
        )  # fmt: skip
    assert reconfirmation_period(story.need) == timedelta(days=days)


@pytest.mark.parametrize("priority", RequestLine.Priority)
def test_need_unconfirmed_for_a_second_period_is_paused_until_confirmed(story, priority):
    story.need.lines.update(priority=priority)
    last = datetime(2020, 4, 24, 23, 50, tzinfo=story.need.city.zone) + RECONFIRM_AFTER[priority]
    assert lapse_unconfirmed(last.astimezone(UTC)) == 0, "its last day counts"
    over = last.astimezone(UTC) + timedelta(minutes=20)
    assert (lapse_unconfirmed(over), lapse_unconfirmed(over)) == (1, 0)
    need = SupplyRequest.objects.get()
    assert (need.status, need.stopped, need.lapsed) == ("open", True, True), "nothing is closed"
    assert late_answer_refusal(Inquiry.objects.get()).code == "not_ready"
    with assert_refused("not_ready", need):
        resume_offers(need, by=story.officer.by, at=over)
    entry = Entry.objects.get(verb="lapse", thing_id=need.pk)
    assert story.officer.user in {one.recipient for one in build_notifications_for_entry(entry, over).notices}
    reconfirm_request(need, until=date(2020, 6, 1), by=story.officer.by, at=over)
    assert (need.stopped, need.lapsed) == (False, False)
    assert late_answer_refusal(Inquiry.objects.get()) is None


@pytest.mark.parametrize(("left", "asked"), [(1, 1), (0, 0)])
def test_fully_allocated_need_is_neither_asked_about_nor_paused(story, left, asked):
    story.need.lines.update(allocated=F("quantity") - left)
    late = datetime(2020, 6, 1, tzinfo=UTC)
    assert (ask_due_reconfirmations(late), lapse_unconfirmed(late)) == (asked, asked)


def test_reconfirmation_does_not_resume_a_need_paused_by_an_officer(story):
    stop_request(story.need, reason="enough for now", by=story.officer.by, at=AT)
    late = datetime(2020, 6, 1, tzinfo=UTC)
    assert lapse_unconfirmed(late) == 0
    assert reconfirm_request(story.need, until=date(2020, 7, 1), by=story.officer.by, at=late).stopped


def let_lapse(story):
    """Ask about the need, and pause it after its second period. Return the moment."""
    late = datetime(2020, 6, 1, tzinfo=UTC)
    assert (ask_due_reconfirmations(late), lapse_unconfirmed(late)) == (1, 1)
    return late


@pytest.mark.parametrize("change", ["title", "line", "day"])
def test_need_changed_after_the_question_counts_as_reconfirmed(story, change):
    late = let_lapse(story)
    if change == "line":
        facts = LineFacts(product=Product.objects.get(code="MASK_SURG"), quantity=100)
        add_line(story.need, facts, by=story.officer.by, at=late, reason="One more ward.")
    else:
        new = {"title": "Other masks"} if change == "title" else {"reconfirm_by": date(2020, 6, 14)}
        edit_request(SupplyRequest.objects.get(), RequestEdit(**new), by=story.officer.by, at=late)
    need = SupplyRequest.objects.get()
    assert (need.stopped, need.lapsed, need.reconfirm_by) == (False, False, date(2020, 6, 14))
    assert reconfirm_rows(story) == []


def test_need_changed_before_the_question_keeps_its_reconfirmation_date(story):
    edit_request(story.need, RequestEdit(title="Other masks"), by=story.officer.by, at=AT)
    assert SupplyRequest.objects.get().reconfirm_by == DAY


def test_several_needs_are_reconfirmed_at_once_by_their_priority(story):
    other = story.line(50).supply_request
    other.lines.update(priority=RequestLine.Priority.CRITICAL)
    page = Client()
    page.force_login(story.officer.user)
    ticked = {"row": [story.need.pk, other.pk], "verb": "reconfirm"}
    assert (
        "depending on the priority of each need"
        in page.post("/lists/needs/selected/", ticked).content.decode()
    )
    assert page.post("/lists/needs/selected/", ticked | {"confirm": "1", "until": ""}).status_code == 303
    days = {need.pk: need.reconfirm_by for need in SupplyRequest.objects.all()}
    assert days == {story.need.pk: date(2020, 4, 30), other.pk: date(2020, 4, 19)}
    done = page.post("/lists/needs/selected/", ticked | {"confirm": "1", "until": "2020-05-04"})
    assert done.status_code == 303
    assert set(SupplyRequest.objects.values_list("reconfirm_by", flat=True)) == {date(2020, 5, 4)}


def test_api_reconfirms_several_needs_with_a_result_for_each(story):
    other, url = story.line(50).supply_request, "supply-requests/reconfirm-batch/"
    withdrawn = story.line(60).supply_request
    withdraw_request(withdrawn, reason="enough", by=story.officer.by, at=AT)
    named = [withdrawn.reference, "SR-2020-9999", other.reference, story.need.reference, other.reference]
    officer = Program(story.officer.user)
    results = officer.post(url, {"supply_requests": named})["results"]
    assert [one["supply_request"] for one in results] == named[:4]
    assert [one["reconfirm_by"] for one in results] == [None, None, "2020-04-30", "2020-04-30"]
    assert [one["refused"] and one["refused"]["code"] for one in results][1:] == ["no_such_need", None, None]
    assert results[0]["refused"]["detail"]
    fixed = officer.post(url, {"supply_requests": named[2:4], "until": "2020-05-08"})["results"]
    assert [one["reconfirm_by"] for one in fixed] == ["2020-05-08", "2020-05-08"]
    assert set(SupplyRequest.objects.open().values_list("reconfirm_by", flat=True)) == {date(2020, 5, 8)}
    past = officer.post(url, {"supply_requests": named[2:3], "until": "2020-04-01"})["results"]
    assert past[0]["refused"]["detail"]
    for body in ({}, {"supply_requests": []}, {"supply_requests": named[:1] * 101}, {"supply_requests": "x"}):
        assert officer.refused(url, body)["status"] == 422


@pytest.mark.parametrize(("person", "code"), [("observer", "not_allowed"), ("stranger", "no_such_need")])
def test_several_needs_are_reconfirmed_only_by_officers_of_the_city(story, person, code):
    program = Program(getattr(story, person).user)
    named = {"supply_requests": [story.need.reference]}
    results = program.post("supply-requests/reconfirm-batch/", named)["results"]
    assert [one["refused"]["code"] for one in results] == [code]
    assert SupplyRequest.objects.get().reconfirm_by == DAY


def test_api_marks_and_filters_unconfirmed_needs(story):
    advance_clock(city_time(story, 24))
    program = Program(story.officer.user)
    assert [row["stale"] for row in program.get("supply-requests/")["results"]] == [False]
    advance_clock(city_time(story, 25))
    assert [row["stale"] for row in program.get("supply-requests/")["results"]] == [True]
    for day, found in ((24, 0), (25, 1)):
        assert len(program.get(f"supply-requests/?stale_on=2020-04-{day}")["results"]) == found


def test_contact_page_states_since_when_the_need_is_unconfirmed(story):
    made = issue_link(
        story.contact.user, purpose="answer", thing_label="procurement.inquiry", thing_id=story.inquiry.pk,
        by=CONSOLE_ACTOR, at=AT, real_at=real_now(),
    )  # fmt: skip
    contact = Client(headers={"Accept-Language": "en"})
    contact.post(made.url.removeprefix("http://localhost:8000"))
    address = reverse("portal_inquiry", args=[story.inquiry.reference])
    assert "尚未确认" not in contact.get(address).content.decode()
    advance_clock(city_time(story, 25))
    assert "尚未确认" in contact.get(address).content.decode()


def test_reconfirmation_ends_the_question_until_the_next_date(story):
    ask_due_reconfirmations(city_time(story, 23))
    reconfirm_request(story.need, until=date(2020, 5, 8), by=story.officer.by, at=city_time(story, 23))
    assert reconfirm_rows(story) == []
    assert ask_due_reconfirmations(city_time(story, 25)) == 0
    assert ask_due_reconfirmations(city_time(story, 25) + timedelta(days=13)) == 1


def test_reconfirming_with_the_same_date_is_refused_and_a_new_date_asked_again(story):
    ask_due_reconfirmations(city_time(story, 23))
    browser = Client()
    browser.force_login(story.officer.user)
    url = f"{story.need.get_absolute_url()}reconfirm/"
    page = browser.post(url, {"until": "2020-04-24"})
    assert page.status_code == 422
    assert "This is the date on which you were asked to reconfirm." in page.content.decode()
    program = Program(story.officer.user)
    no = program.refused(f"supply-requests/{story.need.reference}/reconfirm/", {"until": "2020-04-24"})
    assert no["code"] == "same_day"
    assert browser.post(url, {"until": "2020-05-08"}).status_code == 303
    program.post(f"supply-requests/{story.need.reference}/reconfirm/", {"until": "2020-04-24"})
    assert ask_due_reconfirmations(city_time(story, 23)) == 1, (
        "a day that was asked about before is asked about again"
    )


def test_contacts_are_not_reminded_after_the_reconfirmation_date_until_the_city_confirms(story):
    def due(at):
        return Inquiry.objects.reminder_due(at).filter(pk=story.inquiry.pk).exists()

    assert due(city_time(story, 24, 23)), "its own last day still counts"
    assert not due(city_time(story, 25, 1))
    before = Inquiry.objects.get(pk=story.inquiry.pk).reminder_count
    send_reminders(city_time(story, 27))
    assert Inquiry.objects.get(pk=story.inquiry.pk).reminder_count == before
    reconfirm_request(story.need, until=date(2020, 5, 8), by=story.officer.by, at=city_time(story, 27))
    assert due(city_time(story, 27))


def test_need_list_marks_needs_to_be_reconfirmed(story):
    advance_clock(city_time(story, 25))
    page = Client()
    page.force_login(story.officer.user)
    assert "To be reconfirmed" in page.get("/needs/").content.decode()
    assert "Not confirmed since <time" in page.get("/needs/").content.decode()
    assert "Not confirmed since <time" in page.get(story.need.get_absolute_url()).content.decode()
    reconfirm_request(
        SupplyRequest.objects.get(), until=date(2020, 5, 8), by=story.officer.by, at=clock.now()
    )
    assert "To be reconfirmed" not in page.get("/needs/").content.decode()
