"""Authentication of API requests by token, session or neither.

A wrong token gets 401; a token has scopes; a session needs CSRF and the second factor; anonymous access is limited.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from rest_framework.decorators import api_view, authentication_classes, permission_classes, throttle_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import people
from accounts.actions.tokens import issue_token
from accounts.actors import CONSOLE_ACTOR, SelfActor
from accounts.authentication import (
    BearerTokenAuthentication,
    BearerTokenScheme,
    PageSessionAuthentication,
    PublicThrottle,
    SessionScheme,
)
from tests.accounts.conftest import signed_in
from tests.accounts.test_sign_in import set_up_app
from tests.worlds.cities import NOW, REAL_NOW

pytestmark = pytest.mark.django_db


@api_view(["GET", "POST"])
@authentication_classes([BearerTokenAuthentication, PageSessionAuthentication])
@permission_classes([AllowAny])
def who_view(request: Any) -> Response:
    if request.user is None:
        return Response({"user": None, "by": request.by})
    by = request.by
    return Response(
        {
            "user": request.user.email,
            "via": by.via,
            "by": by.user_id == request.user.pk,
            "allowed": request.auth.allows_method(request.method),
        }
    )


@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([PublicThrottle])
def public_view(request: Request) -> Response:
    return Response({})


@pytest.fixture(autouse=True, scope="module")
def api(links_to_test_object) -> Iterator[None]:
    with override_settings(ROOT_URLCONF="tests.accounts.api"):
        yield


@pytest.fixture
def token(officer, real_time):
    given: dict[str, Any] = {
        "name": "script",
        "scopes": ["read"],
        "days": 30,
        "by": SelfActor(officer),
        "at": NOW,
        "real_at": REAL_NOW,
    }
    return issue_token(officer, **given)


def send_with_token(value: str, method: str = "get"):
    return getattr(Client(), method)("/api/who/", headers={"authorization": f"Bearer {value}"})


def test_api_token_acts_as_owner_within_its_scopes(token, officer):
    expected = {"user": officer.email, "via": "token", "by": True, "allowed": True}
    assert send_with_token(token.value).json() == expected
    assert send_with_token(token.value, "post").json() == {**expected, "allowed": False}
    token.token.refresh_from_db()
    assert token.token.last_used_at == REAL_NOW


@pytest.mark.parametrize("value", ["", "nonsense", "tl_00000000_nonsense"])
def test_invalid_api_token_is_401_and_never_anonymous(db, value):
    answer = send_with_token(value)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_api_token_with_valid_prefix_and_wrong_secret_is_401(token):
    assert send_with_token(token.value[:-1] + ("a" if token.value[-1] != "a" else "b")).status_code == 401


def test_expired_revoked_and_deactivated_owners_tokens_are_401(token, officer, real_time):
    real_time(timedelta(days=30))
    assert send_with_token(token.value).status_code == 401
    real_time(timedelta(days=-30))
    assert send_with_token(token.value).status_code == 200
    people.deactivate(officer, by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW, reason="left")
    assert send_with_token(token.value).status_code == 401


def test_api_request_without_token_is_anonymous(db):
    assert Client().get("/api/who/").json() == {"user": None, "by": None}
    assert Client().get("/api/who/", headers={"authorization": "Basic abc"}).json()["user"] is None


def test_browser_session_authenticates_api_requests(observer):
    answer = signed_in(observer).get("/api/who/")
    assert answer.json() == {"user": observer.email, "via": "session", "by": True, "allowed": True}


def test_api_post_by_session_without_csrf_token_is_403(observer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(observer)
    assert client.post("/api/who/").status_code == 403


def test_api_request_by_session_without_required_second_factor_is_403(officer):
    client = signed_in(officer)
    answer = client.get("/api/who/")
    assert answer.status_code == 403
    set_up_app(client)
    assert client.get("/api/who/").status_code == 200


def test_public_api_is_limited_to_sixty_requests_a_minute_per_address(db, real_time):
    client = Client()
    answers = [client.get("/api/public/") for _ in range(61)]
    assert [answer.status_code for answer in answers] == [200] * 60 + [429]
    assert answers[-1]["Retry-After"] == "60"
    assert client.get("/api/public/", REMOTE_ADDR="192.0.2.9").status_code == 200


def test_api_schema_describes_token_and_session_authentication():
    described = {
        scheme.name: scheme(None).get_security_definition(None)
        for scheme in (BearerTokenScheme, SessionScheme)
    }
    assert described["token"]["scheme"] == "bearer"
    assert described["session"]["in"] == "cookie"
