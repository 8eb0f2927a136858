"""Tests of bulk actions on several rows: each row is handled like a single action, with the same rights."""

from datetime import UTC, date, datetime

import pytest
from django.db import InternalError, connection
from django.test import Client
from django.urls import reverse

from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import SupplyRequest
from procurement.requests.rules import unchanged_day_refusal
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import propose_check
from procurement.verification.actions.reports import submit_report
from procurement.verification.models import VerificationTask
from procurement.verification.questions import questions_for_task
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.http.lists import REGISTERED_LISTS
from workflow.moves import action_of

pytestmark = pytest.mark.django_db
CHECKS = "/lists/checks/selected/"


@pytest.fixture
def story():
    clear_instance_cache()
    create_instance("practice", AT)
    cities.twinning("burnaby", "zhongshan")
    yield Story("burnaby")
    clear_instance_cache()


@pytest.fixture
def tasks(story):
    """Three checks of one offer: two with a report, one that waits for its contact."""
    lead = story.lead(story.line(10_000))
    kinds = ("sample_test", "price_explanation", "site_visit")
    found = [propose_check(lead, kind, needed=False, by=story.officer.by, at=AT) for kind in kinds]
    for task in found:
        request_check(task, story.checker, by=story.officer.by, at=AT)
    for task in found[:2]:
        answers = {question.code: {"answer": "yes"} for question in questions_for_task(task)}
        submit_report(
            task,
            answers=answers,
            method="visit",
            seen_on=AT.date(),
            confidence=3,
            author=story.checker.user,
            by=own_link(story.checker),
            at=AT,
        )
    return found


def reader(user):
    client = Client()
    client.force_login(user)
    return client


def selected_fields(rows, verb, **more):
    return {"row": [row.pk for row in rows], "verb": verb, **more}


def statuses(tasks):
    return [VerificationTask.objects.get(pk=task.pk).status for task in tasks]


def test_bulk_action_bar_offers_actions_that_fit_a_row_and_the_reader(story, tasks):
    page = reader(story.officer.user).get(reverse("checks")).content.decode()
    assert f'action="{CHECKS}"' in page
    assert 'value="accept"' in page
    assert 'value="remind"' in page
    assert f'form="bulk" value="{tasks[0].pk}"' in page
    page = reader(story.observer.user).get(reverse("checks")).content.decode()
    assert 'value="accept"' not in page
    assert 'value="xlsx"' in page


def test_bulk_acceptance_accepts_reports_and_names_refused_rows_with_reasons(story, tasks):
    client = reader(story.officer.user)
    answer = client.post(CHECKS, selected_fields(tasks, "accept"))
    assert answer.status_code == 200
    words = answer.content.decode()
    assert tasks[2].reference in words
    assert "the status of" in words
    assert tasks[0].reference not in words
    assert statuses(tasks) == ["accepted", "accepted", "requested"]


def test_completed_bulk_action_returns_to_the_filtered_list(story, tasks):
    client = reader(story.officer.user)
    answer = client.post(CHECKS, selected_fields(tasks[:2], "accept", query="status=submitted"))
    assert answer["Location"] == f"{reverse('checks')}?status=submitted"
    assert "Accept the report. Rows completed: 2." in client.get(answer["Location"]).content.decode()


def test_bulk_action_that_needs_a_reason_asks_once_for_all_rows(story, tasks):
    client = reader(story.officer.user)
    page = client.post(CHECKS, selected_fields(tasks, "cancel"))
    assert page.status_code == 200
    assert all(f'name="row" value="{task.pk}"' in page.content.decode() for task in tasks)
    assert client.post(CHECKS, selected_fields(tasks, "cancel", confirm="1", reason="")).status_code == 422
    assert "cancelled" not in statuses(tasks)
    client.post(CHECKS, selected_fields(tasks[2:], "cancel", confirm="1", reason="Not needed."))
    assert statuses(tasks)[2] == "cancelled"


def test_checks_are_bulk_assigned_to_the_first_suggested_contact(story):
    lead = story.lead(story.line(10_000))
    kinds = ("sample_test", "price_explanation")
    found = [propose_check(lead, kind, needed=False, by=story.officer.by, at=AT) for kind in kinds]
    client = reader(story.officer.user)
    page = client.post(CHECKS, selected_fields(found, "offer"))
    assert "The first suggestion for each check" in page.content.decode()
    client.post(CHECKS, selected_fields(found, "offer", confirm="1", contact=""))
    given = [VerificationTask.objects.get(pk=task.pk) for task in found]
    assert {task.status for task in given} == {"requested"}
    assert all(task.contact is not None and task.reasons for task in given)


@pytest.mark.parametrize("who", ["observer", "logistics", "stranger"])
def test_bulk_acceptance_is_refused_to_people_who_may_not_accept_single_reports(story, tasks, who):
    before = statuses(tasks)
    answer = reader(getattr(story, who).user).post(CHECKS, selected_fields(tasks, "accept"))
    assert answer.status_code == (303 if who == "stranger" else 422)
    assert statuses(tasks) == before
    assert Client().post(CHECKS, selected_fields(tasks, "accept")).status_code == 302


def test_every_bulk_action_is_refused_with_the_same_words_as_the_single_action(story, tasks):
    """For every list with moves: anyone who is refused a move on a row is refused it in the bar, with the same words."""
    lead = SupplierLead.objects.get()
    rows = {"checks": tasks[0], "leads": lead, "needs": lead.line.supply_request}
    asked = 0
    for name, row in rows.items():
        for verb, step in REGISTERED_LISTS[name].move_options.items():
            for who in (story.observer, story.logistics, story.verifier):
                closed = step.move.refusal(who.by, row, AT)
                if closed is None:
                    continue
                asked += 1
                data = selected_fields([row], verb, confirm="1", reason="words", contact="")
                answer = reader(who.user).post(reverse("bulk", args=[name]), data)
                assert answer.status_code == 422, (name, verb)
                assert str(closed.message) in answer.content.decode().replace("&#x27;", "'"), (name, verb)
    assert asked > 15


def test_every_bulk_action_has_a_registered_action():
    steps = [step for page in REGISTERED_LISTS.values() for step in page.move_options.values()]
    assert len(steps) > 10
    assert all(action_of(step.move) for step in steps)


def test_export_of_selected_rows_contains_only_visible_selected_rows(story, tasks):
    client = reader(story.officer.user)
    answer = client.post(CHECKS, {"row": [tasks[0].pk, "x", 10**30], "as": "csv"})
    html = b"".join(answer.streaming_content).decode()
    assert tasks[0].reference in html
    assert tasks[1].reference not in html
    answer = reader(story.stranger.user).post(CHECKS, {"row": [tasks[0].pk], "as": "csv"})
    assert tasks[0].reference not in b"".join(answer.streaming_content).decode()
    workbook = client.post(CHECKS, {"row": [tasks[0].pk], "as": "xlsx"})
    assert workbook["Content-Type"].endswith("spreadsheetml.sheet")
    assert workbook.content.startswith(b"PK")


def test_bulk_action_without_rows_action_or_known_list_is_refused(story, tasks):
    client = reader(story.officer.user)
    answer = client.post(CHECKS, {"verb": "accept"})
    assert "Tick at least one row first." in client.get(answer["Location"]).content.decode()
    assert client.post(CHECKS, selected_fields(tasks, "explode")).status_code == 404
    assert client.post("/lists/nothing/selected/", selected_fields(tasks, "accept")).status_code == 404
    assert client.get(CHECKS).status_code == 405


def test_selected_offers_open_in_the_comparison(story):
    leads = [story.lead(story.line(10_000)), story.lead(story.line(20_000))]
    answer = reader(story.officer.user).post(
        "/lists/leads/selected/", {"row": [one.pk for one in leads], "open": "compare"}
    )
    assert (
        answer["Location"]
        == f"{reverse('compare_leads')}?lead={leads[0].reference}&lead={leads[1].reference}"
    )


def test_bulk_form_sent_again_with_other_rows_changes_nothing(story, tasks):
    client = reader(story.officer.user)
    client.post(CHECKS, selected_fields(tasks[:1], "accept", nonce="a-form-of-the-list"))
    answer = client.post(
        CHECKS, selected_fields(tasks[1:2], "accept", nonce="a-form-of-the-list", query="status=submitted")
    )
    assert (answer.status_code, answer["Location"]) == (303, f"{reverse('checks')}?status=submitted")
    assert "This form has already been sent." in client.get(answer["Location"]).content.decode()
    assert statuses(tasks) == ["accepted", "submitted", "requested"]


def test_bulk_action_names_the_row_whose_date_is_refused_and_moves_the_others(story):
    asked, other = (story.line(quantity).supply_request for quantity in (10_000, 20_000))
    day = date(2020, 5, 1)
    SupplyRequest.objects.filter(pk=asked.pk).update(reconfirm_by=day, reconfirm_asked_for=day)
    asked.refresh_from_db()
    answer = reader(story.officer.user).post(
        "/lists/needs/selected/", selected_fields([asked, other], "reconfirm", confirm="1", until=f"{day}")
    )
    words = answer.content.decode()
    assert answer.status_code == 200 and "Rows completed: 1." in words
    assert str(unchanged_day_refusal(asked, day).message) in words
    assert asked.reference in words and other.reference not in words
    asked.refresh_from_db()
    other.refresh_from_db()
    assert (asked.reconfirm_asked_for, other.reconfirm_by) == (day, day)


def let_postgresql_refuse(task, condition):
    """Let PostgreSQL refuse each change of one check with an error of this name."""
    table = VerificationTask._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{condition}'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER refuse_change BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN (OLD.id = {task.pk}) EXECUTE FUNCTION refuse_change()"
        )


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("lock_not_available", "Someone else is changing this right now."),
        ("check_violation", "One of the values cannot be stored."),
    ],
)
def test_row_that_the_database_refuses_is_named_and_the_other_row_is_moved(story, tasks, condition, reason):
    let_postgresql_refuse(tasks[1], condition)
    answer = reader(story.officer.user).post(CHECKS, selected_fields(tasks[:2], "accept"))
    words = answer.content.decode()
    assert answer.status_code == 200 and "Rows completed: 1." in words
    assert reason in words and tasks[1].reference in words
    assert statuses(tasks) == ["accepted", "submitted", "requested"]


def test_fault_of_the_database_in_one_row_undoes_the_whole_bulk_action(story, tasks):
    let_postgresql_refuse(tasks[1], "internal_error")
    with pytest.raises(InternalError, match="refused"):
        reader(story.officer.user).post(CHECKS, selected_fields(tasks[:2], "accept"))
    assert statuses(tasks) == ["submitted", "submitted", "requested"]


@pytest.mark.parametrize(
    ("time_zone", "day", "next_day"),
    [
        ("America/Vancouver", "2020-04-23", "2020-04-24"),
        ("Asia/Shanghai", "2020-04-24", "2020-04-25"),
    ],
)
def test_checks_are_filtered_by_their_due_day_in_the_time_zone_of_the_reader(
    story, tasks, time_zone, day, next_day
):
    VerificationTask.objects.filter(pk=tasks[2].pk).update(due_at=datetime(2020, 4, 24, 5, 0, tzinfo=UTC))
    story.officer.user.time_zone = time_zone
    story.officer.user.save()
    client = reader(story.officer.user)

    def is_listed(**filters) -> bool:
        return tasks[2].reference in client.get(reverse("checks"), filters).content.decode()

    assert is_listed(since=day, until=day)
    assert not is_listed(since=next_day)
    assert is_listed(until=next_day) and not is_listed(since=next_day, until=next_day)
