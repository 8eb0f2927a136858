"""Sign-in links of a practice instance, by which a visitor signs in as a person of the scenario without a password."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions.people import deactivate
from accounts.actors import CONSOLE_ACTOR
from accounts.models import ActionLink
from accounts.tokens import new_token
from tests.accounts.conftest import issue, path_of
from tests.worlds import cities
from tests.worlds.cities import NOW, REAL_NOW, Role
from workflow.clock import clear_instance_cache
from workflow.installation_models import Instance

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(practice_instance, real_time):
    officer = cities.member(Role.OFFICER, cities.city("burnaby"), "DEMO Officer")
    return issue(
        officer, purpose=ActionLink.Purpose.SIGN_IN, thing_label="accounts.user", thing_id=officer.pk
    )


def test_practice_sign_in_link_signs_in_and_is_not_indexed(sign_in):
    client = Client()
    answer = client.get(path_of(sign_in.url))
    assert answer["Location"] == "/"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "DEMO Officer" in client.get("/account/").content.decode()


def test_practice_sign_in_link_can_be_reused_and_switches_user(sign_in):
    client = Client()
    other = issue(cities.user("DEMO Other"), purpose=ActionLink.Purpose.SIGN_IN)
    for _ in range(2):
        assert client.get(path_of(sign_in.url))["Location"] == "/"
        assert "DEMO Officer" in client.get("/account/").content.decode()
        client.get(path_of(other.url))
        assert "DEMO Other" in client.get("/account/").content.decode()
    sign_in.link.refresh_from_db()
    assert sign_in.link.uses == 2


def test_practice_sign_in_link_is_404_on_real_site(sign_in):
    Instance.objects.update(kind="real", offset=timedelta())
    clear_instance_cache()
    assert Client().get(path_of(sign_in.url)).status_code == 404


def test_practice_sign_in_with_unknown_token_or_deactivated_person_is_refused(sign_in):
    assert Client().get(f"/demo/sign-in/{new_token()}/").status_code == 404
    deactivate(sign_in.link.user, by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW, reason="dropped")
    assert Client().get(path_of(sign_in.url)).status_code == 404
