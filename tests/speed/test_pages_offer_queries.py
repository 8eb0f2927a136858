"""Tests that the page of an offer with check reports to review needs no more SQL queries than a page may."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import open_checks
from tests.speed.signed_in_client import signed_in
from tests.worlds.checks import submit_positive_report
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance

MOST = 15


@pytest.fixture
def story(db, monkeypatch):
    monkeypatch.setattr("accounts.middleware.SESSION_SAVE_INTERVAL", timedelta(days=1))
    clear_instance_cache()
    create_instance("practice", AT)
    return Story()


def page_and_query_count(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address)
    return page, len(queries)


def test_offer_with_reports_of_several_kinds_stays_within_query_budget(story):
    lead = submitted_offer(story)
    first, second, *_others = open_checks(lead, by=story.officer.by, at=AT)
    assert first.check_kind != second.check_kind
    client = signed_in(story.verifier.user)
    for number, task in enumerate((first, second), start=1):
        submit_positive_report(request_check(task, story.contact, by=story.officer.by, at=AT))
        page, count = page_and_query_count(client, lead.get_absolute_url())
        assert len(page.context["judged"].reports) == number
        assert count <= MOST


def test_documents_are_read_when_opened_while_reports_wait(story):
    lead = submitted_offer(story)
    client = signed_in(story.verifier.user)
    task = open_checks(lead, by=story.officer.by, at=AT)[0]
    before = client.get(lead.get_absolute_url())
    assert before.context["readiness"] is not None
    submit_positive_report(request_check(task, story.contact, by=story.officer.by, at=AT))
    folded = client.get(lead.get_absolute_url())
    assert folded.context["readiness"] is None
    assert f'href="{lead.get_absolute_url()}?documents#papers"' in folded.content.decode()
    opened = client.get(f"{lead.get_absolute_url()}?documents")
    assert opened.context["readiness"] is not None
