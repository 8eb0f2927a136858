"""Tests of the actions on a row of the start page ("Today"): postpone it, hand it to a colleague, or act in place."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.todo_marks.actions import put_off
from partners.todo_marks.models import TodoMark
from procurement.dashboard.views import (
    KIND_BY_CODE,
    TODO_KINDS,
    marks_of_reader,
    put_off_rows,
    todo_counts,
    todo_items,
)
from procurement.leads.models.leads import SupplierLead
from procurement.verification.actions.assignment import cancel_check
from procurement.verification.actions.checks import propose_check
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.api import sql_cache
from workflow.clock import clear_instance_cache, create_instance
from workflow.days import reader_day
from workflow.moves import action_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
WEEK = timedelta(days=7)


@pytest.fixture
def story():
    clear_instance_cache()
    sql_cache.clear_cache()
    create_instance("practice", AT)
    cities.twinning("burnaby", "zhongshan")
    yield Story("burnaby")
    clear_instance_cache()


@pytest.fixture
def task(story):
    lead = story.lead(story.line(1_000))
    return propose_check(lead, "sample_test", needed=False, by=story.officer.by, at=AT)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def row_url(name, task):
    return reverse(name, args=["checks_to_assign", task.pk])


def references_on_today(person, at=AT):
    return [row.reference for row in todo_items(person.by, at)]


def test_today_row_is_postponed_until_a_date_and_not_counted(story, task):
    client, officer = client_of(story.officer.user), story.officer
    before = todo_counts(officer.by).total()
    day = reader_day(AT) + timedelta(days=2)
    assert client.post(row_url("put_off_todo", task), {"until": day.isoformat()}).status_code == 303
    assert task.reference not in references_on_today(officer)
    assert todo_counts(officer.by).total() == before - 1
    assert [row.reference for row in put_off_rows(marks_of_reader(officer.by, AT), officer.by, AT)] == [
        task.reference
    ]
    assert task.reference in references_on_today(officer, AT + timedelta(days=2)), "it comes back on its day"
    assert task.reference in references_on_today(story.second_officer), "colleagues keep it"
    page = client.get("/").content.decode()
    assert "Postponed or handed over" in page
    assert client.post(row_url("take_back_todo", task)).status_code == 303
    assert task.reference in references_on_today(officer)
    assert todo_counts(officer.by).total() == before


def test_postponed_rows_are_read_with_the_same_statements_however_many_there_are(
    story, task, django_assert_num_queries
):
    officer, until = story.officer, reader_day(AT) + timedelta(days=3)
    lead = story.lead(story.line(2_500))
    others = [
        propose_check(lead, kind, needed=False, by=officer.by, at=AT)
        for kind in ("site_visit", "product_photos")
    ]
    put_off("checks_to_assign", task.pk, until=until, today=reader_day(AT), by=officer.by, at=AT)
    mark = marks_of_reader(officer.by, AT)
    with CaptureQueriesContext(connection) as once:
        put_off_rows(mark, officer.by, AT)
    for other in others:
        put_off("checks_to_assign", other.pk, until=until, today=reader_day(AT), by=officer.by, at=AT)
    cancel_check(others[1], reason="They closed.", by=officer.by, at=AT)
    marks = marks_of_reader(officer.by, AT)
    with django_assert_num_queries(len(once)):
        rows = put_off_rows(marks, officer.by, AT)
    assert [row.reference for row in rows] == [task.reference, others[0].reference]
    assert [row.mark for row in rows] == marks[:2]


def test_mark_is_shown_to_operators_as_its_kind_and_row(story, task):
    until = reader_day(AT) + timedelta(days=3)
    put_off("checks_to_assign", task.pk, until=until, today=reader_day(AT), by=story.officer.by, at=AT)
    assert [str(mark) for mark in TodoMark.objects.all()] == [f"checks_to_assign {task.pk}"]


@pytest.mark.parametrize("days", [-1, 0, 61])
def test_postponing_to_a_date_outside_60_days_is_refused(story, task, days):
    day = reader_day(AT) + timedelta(days=days)
    answer = client_of(story.officer.user).post(row_url("put_off_todo", task), {"until": day.isoformat()})
    assert answer.status_code == 422
    assert "Choose a date from tomorrow" in answer.content.decode()
    assert not TodoMark.objects.exists()


@pytest.mark.parametrize("days", [1, 60])
def test_today_row_may_be_postponed_by_one_to_60_days(story, task, days):
    day = reader_day(AT) + timedelta(days=days)
    answer = client_of(story.officer.user).post(row_url("put_off_todo", task), {"until": day.isoformat()})
    assert answer.status_code == 303


def test_today_row_is_handed_to_a_colleague_with_a_note_and_taken_back(story, task):
    officer, colleague = story.officer, story.second_officer
    client = client_of(officer.user)
    page = client.get(row_url("todo_row", task)).content.decode()
    assert f'value="{colleague.user.pk}"' in page
    data = {"to": colleague.user.pk, "note": "You know this company."}
    assert client.post(row_url("hand_over_todo", task), data).status_code == 303
    assert task.reference not in references_on_today(officer)
    assert task.reference in references_on_today(officer, AT + WEEK), (
        "it comes back if it still waits after a week"
    )
    page = client_of(colleague.user).get("/").content.decode()
    assert f"{officer.user} handed this over to you." in page
    assert "You know this company." in page
    client.post(row_url("take_back_todo", task))
    assert task.reference in references_on_today(officer)
    assert "handed this over to you" not in client_of(colleague.user).get("/").content.decode()


def test_today_row_can_be_handed_only_to_colleagues_who_also_have_it(story, task):
    client = client_of(story.officer.user)
    for other in (story.observer, story.logistics, story.stranger, story.officer):
        answer = client.post(row_url("hand_over_todo", task), {"to": other.user.pk})
        assert answer.status_code == 422, other.user
    assert not TodoMark.objects.exists()


def test_today_row_of_another_person_gets_404(story, task):
    for other in (story.observer, story.stranger):
        client = client_of(other.user)
        assert client.get(row_url("todo_row", task)).status_code == 404
        for name in ("do_todo", "put_off_todo", "hand_over_todo"):
            assert client.post(row_url(name, task), {"until": "2020-04-20"}).status_code == 404
    assert Client().get(row_url("todo_row", task)).status_code == 302
    assert client_of(story.officer.user).get("/today/nothing/1/").status_code == 404
    assert client_of(story.officer.user).post("/today/nothing/1/back/").status_code == 404
    assert not TodoMark.objects.exists()


def test_htmx_replaces_a_today_row_with_a_message_and_undo(story, task):
    client = client_of(story.officer.user)
    page = client.get(row_url("todo_row", task), headers=HTMX).content.decode()
    assert page.strip().startswith("<li")
    day = (reader_day(AT) + timedelta(days=1)).isoformat()
    answer = client.post(row_url("put_off_todo", task), {"until": day}, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Postponed until" in html
    assert row_url("take_back_todo", task) in html
    back = client.post(row_url("take_back_todo", task), headers=HTMX).content.decode()
    assert f'id="row-checks_to_assign-{task.pk}"' in back


def test_simple_action_is_done_in_the_today_row_or_refused_with_a_reason(story):
    lead = story.lead(story.line(1_000))
    SupplierLead.objects.filter(pk=lead.pk).update(
        status="under_review", verified_by=None, verified_at=None, checks_by_others=1
    )
    url = reverse("do_todo", args=["offers_to_verify", lead.pk])
    client = client_of(story.verifier.user)
    assert url in client.get("/").content.decode()
    html = client.post(url, headers=HTMX).content.decode()
    assert SupplierLead.objects.get(pk=lead.pk).status == "verified"
    assert lead.reference in html
    assert client.post(url, headers=HTMX).status_code == 404, "it waits no longer"


def test_every_action_in_a_today_row_needs_no_form(story):
    steps = [kind.row_action for kind in KIND_BY_CODE.values() if kind.row_action is not None]
    assert len(steps) >= 3
    assert all(step.make_form is None and action_of(step.move) for step in steps)


def test_every_today_row_type_has_a_unique_code(story):
    assert len(KIND_BY_CODE) == len(TODO_KINDS)
    assert all(len(code) <= 30 for code in KIND_BY_CODE)
