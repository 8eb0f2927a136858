"""Whoever guesses passwords and codes is slowed down on one counter, whichever process answers."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Tally

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def ours_alone(settings) -> None:
    """Without django-allauth's own second line, which counts per process."""
    settings.ACCOUNT_RATE_LIMITS = False


def sign_in(address: str, account: str) -> int:
    facts = {"login": account, "password": "guess"}
    return Client().post("/accounts/login/", facts, REMOTE_ADDR=address).status_code


def test_fifteen_guesses_for_one_account_wherever_they_come_from(db, real_time):
    answers = [sign_in(f"192.0.2.{number}", "officer@city.example") for number in range(16)]
    assert answers == [200] * 15 + [429]
    assert sign_in("192.0.2.99", "other@city.example") == 200
    real_time(5 * MINUTE)
    assert sign_in("192.0.2.99", "OFFICER@city.example") == 200


def test_thirty_guesses_a_minute_from_one_address(real_time):
    answers = [sign_in("192.0.2.1", f"person{number}@city.example") for number in range(31)]
    assert answers == [200] * 30 + [429]
    assert "city.example" not in str(list(Tally.objects.values()))


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/2fa/authenticate/"])
def test_codes_and_resets_are_ten_in_ten_minutes(path, real_time):
    client = Client()
    answers = [client.post(path, {"email": "not an address", "code": "1"}).status_code for _ in range(11)]
    assert answers[-1] == 429
    assert 429 not in answers[:-1]
    late = client.post(path)
    assert late["Retry-After"] == "600"
    assert "Too often" in late.content.decode()
