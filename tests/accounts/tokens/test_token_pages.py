"""The pages on which a person creates an API token, sees it once, and ends it."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions.tokens import issue_token, record_token_use, revoke_token
from accounts.actors import SelfActor
from accounts.models import ApiToken
from tests.accounts.conftest import signed_in
from tests.worlds.cities import NOW, REAL_NOW

pytestmark = pytest.mark.django_db


def issue(user, **facts):
    given = {
        "name": "script",
        "scopes": ["read"],
        "days": 30,
        "by": SelfActor(user),
        "at": NOW,
        "real_at": REAL_NOW,
    }
    return issue_token(user, **{**given, **facts})


def test_new_token_is_shown_once_on_page(observer, real_time):
    client = signed_in(observer)
    made = client.post(
        "/account/tokens/", {"name": "Stock report", "scopes": ["read", "write"], "days": "90"}
    )
    token = ApiToken.objects.get()
    value = made.context["value"]
    assert value in made.content.decode()
    assert made["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert token.expires_at == REAL_NOW + timedelta(days=90)
    later = client.get("/account/tokens/").content.decode()
    assert value not in later
    assert "Stock report" in later
    assert token.prefix in later


def test_invalid_token_form_is_422_and_creates_no_token(observer):
    answer = signed_in(observer).post("/account/tokens/", {"name": "x", "scopes": ["all"], "days": "5"})
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_token_is_revoked_by_owner_only(observer, officer, real_time):
    mine, theirs = issue(observer).token, issue(officer).token
    client = signed_in(observer)
    assert client.post(f"/account/tokens/{mine.prefix}/revoke/")["Location"] == "/account/tokens/"
    assert client.post(f"/account/tokens/{theirs.prefix}/revoke/").status_code == 404
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert mine.revoked_at
    assert not theirs.revoked_at


def test_token_list_shows_state_of_each_token(observer, real_time):
    used, ended, _fresh = (
        issue(observer).token,
        issue(observer, name="old").token,
        issue(observer, scopes=["write"]),
    )
    record_token_use(used, REAL_NOW)
    revoke_token(ended, by=SelfActor(observer), at=NOW, real_at=REAL_NOW)
    client = signed_in(observer)
    page = client.get("/account/tokens/").content.decode()
    for words in ("last used", "never used", "revoked", "until", "Read and write"):
        assert words in page
    real_time(timedelta(days=31))
    assert "expired" in signed_in(observer).get("/account/tokens/").content.decode()


def test_visitor_to_account_pages_is_sent_to_sign_in(db):
    for path in ("/account/", "/account/tokens/"):
        assert Client().get(path)["Location"].startswith("/accounts/login/?next=")
