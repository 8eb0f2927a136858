"""Tests of a contact's details: pages show no more than the API, and the API takes no value that pages do not offer."""

import re

import pytest
from django.test import Client

from partners.contacts.actions import opt_out, record_consent
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.cities import NOW, Role, invited_contact, own_link
from workflow.clock import clear_instance_cache, create_instance

pytestmark = pytest.mark.django_db
CONTACT_DETAILS = {"phone": "+86 760 5550 1234", "wechat": "weixin-of-li"}
READERS = [
    (Role.OBSERVER, "burnaby"), (Role.OFFICER, "burnaby"), (Role.ADMINISTRATOR, "burnaby"), (Role.OFFICER, "zhongshan"),
    (Role.OBSERVER, "zhongshan"), (Role.COORDINATOR, None),
]  # fmt: skip


@pytest.fixture(autouse=True)
def practice(db):
    create_instance("practice", NOW)
    cities.twinning("burnaby", "zhongshan")
    yield
    clear_instance_cache()


def contact_at(status: str):
    person = invited_contact("zhongshan", "Li Wei", **CONTACT_DETAILS)
    if status != "invited":
        record_consent(person, by=own_link(person), at=NOW)
    if status == "opted_out":
        opt_out(person, by=own_link(person), at=NOW)
    return person


def values(told) -> set[str]:
    """Return every value in an answer, as text."""
    if isinstance(told, dict):
        return {text for value in told.values() for text in values(value)}
    if isinstance(told, list):
        return {text for value in told for text in values(value)}
    return {str(told)}


@pytest.mark.parametrize(("role", "place"), READERS)
@pytest.mark.parametrize("status", ["invited", "active", "opted_out"])
def test_pages_and_forms_show_no_contact_detail_that_api_withholds_from_same_user(status, role, place):
    person = contact_at(status)
    reader = cities.member(role, cities.city(place) if place else None)
    told = values(Program(reader).get(f"contacts/{person.pk}/"))
    browser = Client()
    browser.force_login(reader)
    secrets = {person.user.email, *CONTACT_DETAILS.values()}
    for address in ("", "correct/", "new_address/", "suggest_change/", "stop_for_city/"):
        page = browser.get(f"/contacts/{person.pk}/{address}").content.decode()
        shown = {secret for secret in secrets if secret in page}
        assert shown <= told, (address, shown - told)
    if status == "active" or place == "zhongshan":
        assert secrets <= told


def test_office_and_people_lists_show_no_contact_address_or_phone():
    person = contact_at("opted_out")
    browser = Client()
    browser.force_login(cities.member(Role.OFFICER, cities.city("burnaby")))
    for address in ("/cities/zhongshan/", "/network/", "/"):
        page = browser.get(address).content.decode()
        assert not re.search("|".join(map(re.escape, (person.user.email, *CONTACT_DETAILS.values()))), page)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "zz"), ("language", "de"), ("languages", ["<b>"]), ("languages", ["en", "klingon"]),
        ("families", ["nonsense"]), ("checks", ["nonsense"]), ("checks", ["sample_test", "visits"]),
    ],
)  # fmt: skip
def test_api_client_cannot_set_contact_values_that_forms_do_not_offer(field, value):
    keeper = Program(cities.member(Role.OFFICER, cities.city("zhongshan")))
    new = {
        "organization": cities.organization("zhongshan").pk,
        "email": "li@office.example",
        "name": "Li Wei",
    }
    no = keeper.refused("contacts/", {**new, field: value})
    assert (no["status"], no["errors"][0]["pointer"].split("/")[1]) == (422, field)
    made = keeper.post(
        "contacts/", {**new, "languages": ["en"], "families": ["mask"], "checks": ["sample_test"]}
    )
    assert (made["languages"], made["families"], made["checks"]) == (["en"], ["mask"], ["sample_test"])
    if field != "language":
        assert keeper.refused(f"contacts/{made['id']}/correct/", {field: value})["status"] == 422
