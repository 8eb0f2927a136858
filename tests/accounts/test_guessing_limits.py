"""Limits on guessing passwords and codes, counted for all server processes together."""

import re
from datetime import timedelta

import pytest
import redis
from django.core import mail
from django.test import Client

from accounts.models import RateLimitCounter
from tests.accounts.conftest import PASSWORD, path_of, signed_in
from tests.accounts.test_sign_in import code_for, set_up_app

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def sign_in(address: str, account: str, client: Client | None = None, password: str = "guess") -> int:
    facts = {"login": account, "password": password}
    return (client or Client()).post("/accounts/login/", facts, REMOTE_ADDR=address).status_code


def guess(account: str, times: int = 40) -> None:
    """Try one password after another, each from a different IP address, until the account is limited."""
    answers = [sign_in(f"198.51.100.{number}", account) for number in range(times)]
    assert answers[-1] == 429


def test_password_guesses_for_one_account_are_limited_to_fifteen_from_any_address(db, real_time):
    answers = [sign_in(f"192.0.2.{number}", "officer@city.example") for number in range(16)]
    assert answers == [200] * 15 + [429]
    assert sign_in("192.0.2.99", "other@city.example") == 200
    real_time(5 * MINUTE)
    assert sign_in("192.0.2.99", "OFFICER@city.example") == 200


def test_password_guesses_from_one_address_are_limited_to_thirty_a_minute(real_time):
    answers = [sign_in("192.0.2.1", f"person{number}@city.example") for number in range(31)]
    assert answers == [200] * 30 + [429]
    assert "city.example" not in str(list(RateLimitCounter.objects.values()))


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/2fa/authenticate/"])
def test_password_resets_and_code_entries_are_limited_to_ten_in_ten_minutes(path, real_time):
    client = Client()
    answers = [client.post(path, {"email": "not an address", "code": "1"}).status_code for _ in range(11)]
    assert answers[-1] == 429
    assert 429 not in answers[:-1]
    late = client.post(path)
    assert late["Retry-After"] == "600"
    assert "Too many attempts" in late.content.decode()


def test_guesses_by_strangers_do_not_lock_owner_out_of_known_browser(observer, real_time):
    own = signed_in(observer)
    own.post("/accounts/logout/")
    guess(observer.email)
    assert sign_in("192.0.2.50", observer.email, Client(), PASSWORD) == 429
    assert sign_in("192.0.2.50", observer.email.upper(), own, PASSWORD) == 302


def test_browser_is_known_only_for_people_who_signed_in_there(observer, officer, real_time):
    shared = signed_in(observer)
    shared.post("/accounts/logout/")
    assert sign_in("192.0.2.50", officer.email, shared, "wrong") == 200
    guess(officer.email)
    assert sign_in("192.0.2.50", officer.email, shared, PASSWORD) == 429
    real_time(5 * MINUTE)
    assert sign_in("192.0.2.50", officer.email, shared, PASSWORD) == 302
    shared.post("/accounts/logout/")
    guess(officer.email)
    guess(observer.email)
    assert sign_in("192.0.2.50", observer.email, shared, PASSWORD) == 302
    shared.post("/accounts/logout/")
    assert sign_in("192.0.2.50", officer.email, shared, PASSWORD) == 302


def test_known_browser_has_same_limit_of_guesses_as_strangers(observer, real_time):
    own = signed_in(observer)
    own.post("/accounts/logout/")
    answers = [sign_in("192.0.2.1", observer.email, own) for _ in range(16)]
    assert answers == [200] * 15 + [429]


@pytest.mark.parametrize("change", [str.swapcase, lambda value: value[:-1], lambda value: ""])
def test_unsigned_device_cookie_does_not_make_browser_known(observer, real_time, settings, change):
    own = signed_in(observer)
    own.post("/accounts/logout/")
    cookie = own.cookies[settings.DEVICE_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    own.cookies[settings.DEVICE_COOKIE_NAME] = change(cookie.value)
    guess(observer.email)
    assert sign_in("192.0.2.50", observer.email, own, PASSWORD) == 429


def test_person_who_resets_password_by_mail_can_sign_in_while_strangers_guess(observer, real_time):
    guess(observer.email)
    own = Client()
    own.post("/accounts/password/reset/", {"email": observer.email})
    path = path_of(re.search(r"http://\S+", mail.outbox[0].body)[0])
    page = own.get(path, follow=True)
    new = "another-four-small-words"
    answer = own.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert answer.status_code == 302
    assert sign_in("192.0.2.50", observer.email, own, new) == 302


def test_password_confirmation_is_limited_per_person(observer, real_time):
    own = signed_in(observer)
    real_time(11 * MINUTE)
    answers = [
        own.post(
            "/accounts/reauthenticate/", {"password": "guess"}, REMOTE_ADDR=f"192.0.2.{number}"
        ).status_code
        for number in range(16)
    ]
    assert answers[-1] == 429
    assert answers[0] == 200


def test_rate_limits_hold_when_redis_is_unavailable(observer, monkeypatch):
    def away(_self: object, *_facts: object) -> None:
        raise redis.ConnectionError("Redis is away")

    monkeypatch.setattr("redis.connection.AbstractConnection.connect", away)
    own = signed_in(observer)
    secret = set_up_app(own)
    code = code_for(secret)
    for status in (302, 200):  # a code counts once
        own.post("/accounts/logout/")
        assert sign_in("192.0.2.50", observer.email, own, PASSWORD) == 302
        assert own.post("/accounts/2fa/authenticate/", {"code": code}).status_code == status
    assert Client().post("/accounts/password/reset/", {"email": observer.email}).status_code == 302
