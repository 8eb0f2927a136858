"""Tests that a need is never shown to readers who are not signed in, whatever its visibility."""

import pytest

from procurement.requests.actions.requests import RequestEdit, edit_request
from procurement.requests.models import SupplyRequest
from tests.browsing import Browser
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    told = Story()
    told.practise()
    yield told
    clear_instance_cache()


@pytest.mark.parametrize("visibility", SupplyRequest.Visibility.values)
def test_need_is_never_shown_to_anonymous_readers_whatever_its_visibility(story, visibility):
    need = story.line(5_000).supply_request
    edit_request(need, RequestEdit(visibility=visibility), by=story.officer.by, at=AT)
    stranger = Browser()
    assert stranger.open(need).at.startswith("/accounts/login/")
    answer = stranger.client.get(f"/api/v1/supply-requests/{need.reference}/")
    assert answer.status_code == 401
    page = Browser(story.officer.user).open(need).text
    assert str(SupplyRequest.Visibility(visibility).label) in page
    assert "veryone" not in str(SupplyRequest.Visibility(visibility).label)


def test_public_visibility_label_names_network_and_tracking_code(story):
    assert "network" in SupplyRequest.Visibility.PUBLIC.label
    assert "tracking code for the goods" in SupplyRequest.Visibility.PUBLIC.label
