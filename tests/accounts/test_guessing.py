"""Guessing passwords and codes is limited by one counter, shared by all server processes."""

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


def test_fifteen_guesses_for_one_account_wherever_they_come_from(db, real_time):
    answers = [sign_in(f"192.0.2.{number}", "officer@city.example") for number in range(16)]
    assert answers == [200] * 15 + [429]
    assert sign_in("192.0.2.99", "other@city.example") == 200
    real_time(5 * MINUTE)
    assert sign_in("192.0.2.99", "OFFICER@city.example") == 200


def test_thirty_guesses_a_minute_from_one_address(real_time):
    answers = [sign_in("192.0.2.1", f"person{number}@city.example") for number in range(31)]
    assert answers == [200] * 30 + [429]
    assert "city.example" not in str(list(RateLimitCounter.objects.values()))


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/2fa/authenticate/"])
def test_codes_and_resets_are_ten_in_ten_minutes(path, real_time):
    client = Client()
    answers = [client.post(path, {"email": "not an address", "code": "1"}).status_code for _ in range(11)]
    assert answers[-1] == 429
    assert 429 not in answers[:-1]
    late = client.post(path)
    assert late["Retry-After"] == "600"
    assert "Too many attempts" in late.content.decode()


def test_strangers_never_lock_the_owner_out_of_a_browser_where_they_signed_in_before(observer, real_time):
    own = signed_in(observer)
    own.post("/accounts/logout/")
    guess(observer.email)
    assert sign_in("192.0.2.50", observer.email, Client(), PASSWORD) == 429
    assert sign_in("192.0.2.50", observer.email.upper(), own, PASSWORD) == 302


def test_a_browser_is_known_for_each_person_who_signed_in_there_and_for_no_other(
    observer, officer, real_time
):
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


def test_a_known_browser_may_guess_no_more_often_than_strangers(observer, real_time):
    own = signed_in(observer)
    own.post("/accounts/logout/")
    answers = [sign_in("192.0.2.1", observer.email, own) for _ in range(16)]
    assert answers == [200] * 15 + [429]


@pytest.mark.parametrize("change", [str.swapcase, lambda value: value[:-1], lambda value: ""])
def test_a_cookie_that_we_did_not_sign_makes_no_browser_known(observer, real_time, settings, change):
    own = signed_in(observer)
    own.post("/accounts/logout/")
    cookie = own.cookies[settings.DEVICE_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    own.cookies[settings.DEVICE_COOKIE_NAME] = change(cookie.value)
    guess(observer.email)
    assert sign_in("192.0.2.50", observer.email, own, PASSWORD) == 429


def test_a_person_who_resets_the_password_by_mail_signs_in_while_strangers_guess(observer, real_time):
    guess(observer.email)
    own = Client()
    own.post("/accounts/password/reset/", {"email": observer.email})
    path = path_of(re.search(r"http://\S+", mail.outbox[0].body)[0])
    page = own.get(path, follow=True)
    new = "another-four-small-words"
    answer = own.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert answer.status_code == 302
    assert sign_in("192.0.2.50", observer.email, own, new) == 302


def test_confirming_a_password_is_limited_for_each_person(observer, real_time):
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


def test_no_count_is_kept_in_redis(observer, monkeypatch):
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
