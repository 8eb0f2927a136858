"""The page of an order stays within the statements of a page for its approver, and still shows what is rare."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.orders.actions.approve import submit_order
from procurement.suppliers.actions.statuses import declare_interest, set_status
from tests.speed.signed_in_client import signed_in
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance

MOST = 15


@pytest.fixture
def story(db, monkeypatch):
    monkeypatch.setattr("accounts.middleware.SESSION_SAVE_INTERVAL", timedelta(days=1))
    clear_instance_cache()
    create_instance("practice", AT)
    return Story()


@pytest.fixture
def order(story):
    story.limit("1000")
    assert story.approver and story.verifier
    return submit_order(
        story.draft(story.promise(10_000), budget_line="MED-2020"), by=story.officer.by, at=AT
    )


def test_order_that_waits_for_approval_stays_within_query_budget(story, order):
    for person in (story.officer, story.approver, story.verifier):
        client = signed_in(person.user)
        client.get(order.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(order.get_absolute_url()).status_code == 200
        assert len(queries) <= MOST, person.user


def test_order_page_shows_status_of_the_supplier_and_interest_of_the_reader(story, order):
    client = signed_in(story.approver.user)
    before = client.get(order.get_absolute_url())
    assert before.context["is_decider"]
    who = {"by": story.officer.by, "at": AT}
    set_status(story.supplier, story.city, "banned", reason="Holes.", starts_on=AT.date(), **who)
    page = client.get(order.get_absolute_url())
    assert page.context["order"].has_statuses
    assert page.context["open_reasons"] != before.context["open_reasons"]
    declare_interest(story.supplier, story.approver.user, words="Shares.", by=story.approver.by, at=AT)
    assert not client.get(order.get_absolute_url()).context["is_decider"]
