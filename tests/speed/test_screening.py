"""Screening an offer stays within its budget of SQL statements, and needs no more if more is found."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.leads.actions.findings import record_findings, rescreen_lead
from procurement.leads.models.findings import Finding
from tests.procurement.leads.test_every_finding import findings_of_every_code
from tests.speed import budgets
from tests.worlds.leads import enter_certificate, submitted_offer
from tests.worlds.need_to_order import AT, Story
from workflow.journal.models import Entry


@pytest.fixture
def lead(db):
    """Return an offer of a supplier with certificates and a bank account."""
    story = Story()
    story.account()
    enter_certificate(story, number="160910000", kind="EU_PPE_B", holder="Choose someone else")
    enter_certificate(story)
    return submitted_offer(story, prepayment_percent=60)


def screening_query_count(lead):
    with CaptureQueriesContext(connection) as queries:
        rescreen_lead(lead, at=AT)
    return len(queries)


def record_query_count(lead, found):
    with CaptureQueriesContext(connection) as queries:
        record_findings(lead, found, at=AT, only=frozenset())
    return len(queries)


def test_repeated_screening_of_offer_stays_within_query_budget(lead):
    assert budgets.SCREENED - 2 <= screening_query_count(lead) <= budgets.SCREENED


def test_many_new_findings_are_written_with_same_queries_as_one_and_in_order(lead):
    one, *more = sorted(
        findings_of_every_code(), key=lambda found: found.severity
    )  # some findings block in each run
    few = record_query_count(lead, [replace(one, subject="first")])
    many = record_query_count(lead, [replace(each, subject="then") for each in more])
    assert many == few
    fresh = list(Finding.objects.filter(lead=lead, subject="then").order_by("pk"))
    assert [each.code for each in fresh] == [each.code for each in more]
    assert [each.reference for each in fresh] == sorted(each.reference for each in fresh)
    told = Entry.objects.filter(thing_label="procurement.finding", verb="find").order_by("-pk")[: len(more)]
    assert [entry.thing_id for entry in reversed(told)] == [each.pk for each in fresh]


def test_new_and_reopened_findings_are_shown_in_order_found(lead):
    first, second, third = (replace(one, subject="told") for one in findings_of_every_code()[:3])
    record_findings(lead, [second], at=AT, only=frozenset())
    record_findings(lead, [], at=AT, only=frozenset({second.code}))
    last = Entry.objects.latest("pk").pk
    record_findings(lead, [first, second, third], at=AT, only=frozenset())
    entries = Entry.objects.filter(pk__gt=last).order_by("pk")
    told = [(entry.verb, Finding.objects.get(pk=entry.thing_id).code) for entry in entries]
    assert told == [("find", first.code), ("raise_again", second.code), ("find", third.code)]
