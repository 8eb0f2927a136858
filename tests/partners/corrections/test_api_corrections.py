"""Corrections and disputes of one city, and every claim, through the API."""

import pytest

from accounts.actions.people import mark_bounced
from accounts.actors import CONSOLE_ACTOR
from partners.corrections.actions import propose_correction
from partners.disputes.actions import add_claim
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.cities import NOW, powers_for
from workflow.clock import create_instance

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    create_instance("practice", NOW)
    return cities.member("officer", cities.city("burnaby"))


def two_claims():
    """Add the claims of two sources about the kind of one agreement."""
    agreement = cities.twinning("burnaby", "zhongshan")
    previous_value = (("sister", "The city"), ("friendship", "The province"))
    return [
        add_claim(agreement, "kind", kind, source=source, by=CONSOLE_ACTOR, at=NOW)
        for kind, source in previous_value
    ]


def test_corrections_are_filtered_through_the_api_by_city(officer):
    place = cities.city("burnaby")
    propose_correction(
        place,
        "population",
        "249125",
        source_url="https://register.example/",
        why="The census.",
        author=officer,
        by=powers_for(officer),
        at=NOW,
    )
    program = Program(officer)
    assert [one["status"] for one in program.get("corrections/?city=burnaby")["results"]] == ["proposed"]
    assert program.get("corrections/?city=markham")["results"] == []


def test_disputes_are_filtered_through_the_api_by_either_city_with_their_claims(officer):
    two_claims()
    program = Program(officer)
    assert len(program.get("disputes/?city=zhongshan")["results"]) == 1
    assert program.get("disputes/?city=markham")["results"] == []


def test_new_address_of_a_contact_is_entered_through_the_api(officer):
    keeper = cities.member("officer", cities.city("zhongshan"))
    contact = cities.contact("zhongshan")
    mark_bounced(contact.user, by=CONSOLE_ACTOR, at=NOW, reason="550 no such user")
    Program(keeper).post(f"contacts/{contact.pk}/new-address/", {"email": "li.wei@office.example"})
    contact.user.refresh_from_db()
    assert contact.user.email == "li.wei@office.example"


def test_dispute_is_settled_through_the_api_for_one_of_its_claims(officer):
    first, _other = two_claims()
    keeper = Program(cities.member("coordinator"))
    data = {"claim": first.pk, "reason": "The city signed it."}
    assert keeper.post(f"disputes/{first.dispute_id}/settle/", data)["status"] == "settled"
