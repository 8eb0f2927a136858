"""Tests of the number of SQL statements of the start page, for every person of a city where nearly everything waits."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.speed import budgets
from tests.speed.signed_in_client import signed_in
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.played_city import PlayedCity
from workflow.clock import clear_instance_cache, create_instance


@pytest.fixture
def story(db, monkeypatch):
    monkeypatch.setattr("accounts.middleware.SESSION_SAVE_INTERVAL", timedelta(days=1))
    clear_instance_cache()
    create_instance("practice", AT)
    story = PlayedCity(whole_catalogue=True)
    story.play(whole=True)
    return story


def query_count(user):
    client = signed_in(user)
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/").status_code == 200
    return len(queries)


def test_today_stays_within_query_budget_for_every_person(story):
    counts = {str(user): query_count(user) for user in User.objects.filter(is_active=True)}
    assert max(counts.values()) == budgets.TODAY, counts
    assert query_count(story.officer.user) == budgets.TODAY_OF_OFFICER
