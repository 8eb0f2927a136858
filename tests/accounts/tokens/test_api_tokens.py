"""API tokens: issue, use and end, by actions and from the console."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.actions.tokens import issue_token, record_token_use, revoke_token
from accounts.actors import CONSOLE_ACTOR, SelfActor
from accounts.models import ApiToken
from accounts.tokens import token_matches
from tests.worlds.cities import NOW, REAL_NOW
from workflow.errors import Refused
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


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


def test_api_token_is_stored_as_digest_and_shown_once(person):
    token, value = issue(person, scopes=["write", "read", "read"])
    assert token_matches(value, token.digest)
    assert token.scopes == ["read", "write"]
    assert value not in str(list(ApiToken.objects.values())) + str(list(history_of(token).values()))
    assert str(token) == f"script ({token.prefix}…)"


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        (["read"], {"GET", "HEAD", "OPTIONS"}),
        (["write"], {"POST", "PUT", "PATCH", "DELETE"}),
        (["read", "write"], {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}),
    ],
)
def test_token_scope_allows_only_its_http_methods(scopes, allowed):
    methods = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
    assert {method for method in methods if ApiToken(scopes=scopes).allows_method(method)} == allowed


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"scopes": []}, "Choose what"),
        ({"scopes": ["read", "everything"]}, "Choose what"),
        ({"days": 0}, "valid for one day to one year"),
        ({"days": 367}, "valid for one day to one year"),
    ],
)
def test_api_token_requires_known_scopes_and_term(person, facts, words):
    with pytest.raises(Refused, match=words):
        issue(person, **facts)


def test_user_cannot_create_or_revoke_token_of_other_user(person, officer):
    with pytest.raises(Refused, match="yourself only"):
        issue(person, by=SelfActor(officer))
    token = issue(person).token
    with pytest.raises(Refused, match="your own tokens only"):
        revoke_token(token, by=SelfActor(officer), at=NOW, real_at=REAL_NOW)


def test_revoked_token_is_unusable_at_once_and_revoked_only_once(person):
    token = issue(person).token
    assert token.is_usable(REAL_NOW)
    assert not token.is_usable(REAL_NOW + 30 * DAY)
    revoke_token(token, by=SelfActor(person), at=NOW, real_at=REAL_NOW)
    revoke_token(token, by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW + DAY)
    assert token.revoked_at == REAL_NOW
    assert not token.is_usable(REAL_NOW)
    assert [entry.verb for entry in history_of(token)] == ["revoke", "issue"]


def test_token_use_is_recorded_to_the_minute(person):
    token = issue(person).token
    for seconds, noted in ((0, 0), (59, 0), (60, 60)):
        record_token_use(token, REAL_NOW + timedelta(seconds=seconds))
        token.refresh_from_db()
        assert token.last_used_at == REAL_NOW + timedelta(seconds=noted)


def test_database_refuses_token_without_scope_or_expiry(person):
    token = issue(person).token
    with pytest.raises(IntegrityError, match="api_token_has_a_scope"), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(scopes=[])
    with pytest.raises(IntegrityError, match="api_token_expires_after_it_is_made"), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(expires_at=REAL_NOW)


def test_create_token_command_prints_token_only(officer, capsys):
    call_command("create_token", user=officer.email.upper(), scopes="read, write", days=10, name="demo")
    value = capsys.readouterr().out.strip()
    token = ApiToken.objects.get()
    assert token_matches(value, token.digest)
    assert (token.user, token.name, token.scopes) == (officer, "demo", ["read", "write"])


@pytest.mark.parametrize(
    ("options", "words"),
    [({"user": "nobody@city.example"}, "No one here"), ({"scopes": "all"}, "Choose what")],
)
def test_create_token_command_reports_invalid_options(officer, options, words):
    with pytest.raises(CommandError, match=words):
        call_command("create_token", **{"user": officer.email, **options})
