"""Sign-in links of a practice instance."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions.people import deactivate
from accounts.actors import CONSOLE
from accounts.models import ActionLink
from accounts.tokens import new_token
from tests.accounts.conftest import issue, path_of
from tests.worlds import cities
from tests.worlds.cities import NOW, REAL_NOW, Role
from workflow.clock import clear_cache
from workflow.instance_models import Instance

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(practice, real_time):
    officer = cities.member(Role.OFFICER, cities.city("burnaby"), "DEMO Officer")
    return issue(
        officer, purpose=ActionLink.Purpose.SIGN_IN, thing_label="accounts.user", thing_id=officer.pk
    )


def test_opening_the_link_signs_in_and_is_kept_from_search_engines(sign_in):
    client = Client()
    answer = client.get(path_of(sign_in.url))
    assert answer["Location"] == "/"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "DEMO Officer" in client.get("/account/").content.decode()


def test_it_signs_in_as_often_as_one_likes_and_changes_seats(sign_in):
    client = Client()
    other = issue(cities.user("DEMO Other"), purpose=ActionLink.Purpose.SIGN_IN)
    for _ in range(2):
        assert client.get(path_of(sign_in.url))["Location"] == "/"
        assert "DEMO Officer" in client.get("/account/").content.decode()
        client.get(path_of(other.url))
        assert "DEMO Other" in client.get("/account/").content.decode()
    sign_in.link.refresh_from_db()
    assert sign_in.link.uses == 2


def test_a_real_instance_refuses_it(sign_in):
    Instance.objects.update(kind="real", offset=timedelta())
    clear_cache()
    assert Client().get(path_of(sign_in.url)).status_code == 404


def test_an_unknown_token_and_a_person_shut_out_get_nowhere(sign_in):
    assert Client().get(f"/demo/sign-in/{new_token()}/").status_code == 404
    deactivate(sign_in.link.user, by=CONSOLE, at=NOW, real_at=REAL_NOW, reason="dropped")
    assert Client().get(path_of(sign_in.url)).status_code == 404
