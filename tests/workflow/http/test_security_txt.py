"""security.txt: the fields of RFC 9116, and 404 without a contact or after its last day."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

URL = "/.well-known/security.txt"


@pytest.fixture
def contact(settings):
    settings.SECURITY_CONTACT = "mailto:security@burnaby.ca"
    settings.SECURITY_EXPIRES = date(2026, 12, 31)
    settings.BASE_URL = "https://kit.burnaby.ca"
    return settings


def ask(moment: datetime):
    with time_machine.travel(moment, tick=False):
        return Client().get(URL)


def test_security_txt_is_at_its_well_known_address():
    assert reverse("security_txt") == URL


@pytest.mark.django_db
def test_security_txt_contains_the_fields_of_rfc_9116(contact):
    answer = ask(datetime(2026, 6, 1, tzinfo=UTC))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    text = answer.content.decode()
    assert text.endswith("\n")
    fields = [line.partition(": ")[::2] for line in text.splitlines()]
    assert all(re.fullmatch(r"[A-Za-z-]+", name) and value for name, value in fields)
    found = dict(fields)
    assert len(found) == len(fields)
    assert found["Contact"] == "mailto:security@burnaby.ca"
    assert found["Canonical"] == f"https://kit.burnaby.ca{URL}"
    assert datetime.fromisoformat(found["Expires"]) == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", found["Expires"])  # RFC 3339


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "status"),
    [(datetime(2026, 12, 31, 23, 59, 58, tzinfo=UTC), 200), (datetime(2027, 1, 1, tzinfo=UTC), 404)],
)
def test_security_txt_is_404_after_its_last_day(contact, moment, status):
    assert ask(moment).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "value"), [("SECURITY_CONTACT", ""), ("SECURITY_EXPIRES", None)])
def test_security_txt_without_contact_or_last_day_is_404(contact, name, value):
    setattr(contact, name, value)
    assert ask(datetime(2026, 6, 1, tzinfo=UTC)).status_code == 404
