"""Tests of who records declared interests: only the person and their own city, so that no other city can interfere."""

import pytest
from django.test import Client

from partners.memberships.models import Membership
from procurement.suppliers.actions.statuses import declare_interest, end_interest
from procurement.suppliers.models.statuses import InterestDeclaration
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import own_link, powers_for
from tests.worlds.need_to_order import AT
from workflow.clock import clear_instance_cache

Role = Membership.Role
pytestmark = pytest.mark.usefixtures("practice")


@pytest.fixture
def practice(story):
    """Let pages show the day on which the example purchase begins."""
    story.practise()
    yield
    clear_instance_cache()


def declare_as(story, person, *, over: bool = False) -> InterestDeclaration:
    """Declare an interest in the company of the example purchase; with `over`, a colleague has recorded its end."""
    one = declare_interest(story.supplier, person.user, by=person.by, at=AT)
    return end_interest(one, reason="Sold.", by=story.officer.by, at=AT) if over else one


def post_status(by, interest: InterestDeclaration, verb: str) -> int:
    """Return the status of the response to a move on the register's page."""
    client = Client()
    client.force_login(by)
    return client.post(f"/interests/{interest.pk}/{verb}/", {"reason": "So it is.", "words": "x"}).status_code


@pytest.mark.parametrize(("verb", "over"), [("end", False), ("declare_again", True)])
def test_officer_of_other_city_cannot_end_or_redeclare_declared_interest_of_colleague(story, verb, over):
    interest = declare_as(story, story.verifier, over=over)
    was = interest.status
    assert post_status(story.stranger.user, interest, verb) == 403
    interest.refresh_from_db()
    assert interest.status == was
    assert post_status(story.second_officer.user, interest, verb) == 303
    interest.refresh_from_db()
    assert interest.status != was


@pytest.mark.parametrize("role", [Role.OFFICER, Role.COORDINATOR])
@pytest.mark.parametrize("verb", ["end", "declare_again"])
def test_interest_of_contact_is_ended_or_redeclared_only_by_own_city_or_coordinator(story, verb, role):
    cities.twinning("markham", "zhongshan")
    contact = story.contact
    interest = declare_interest(story.supplier, contact.user, by=own_link(contact), at=AT)
    keeper = cities.member(Role.OFFICER, contact.city)
    if verb == "declare_again":
        end_interest(interest, reason="Sold.", by=powers_for(keeper), at=AT)
    for who in (story.stranger.user, story.officer.user):
        assert post_status(who, interest, verb) == 403
    permitted = cities.member(role) if role == Role.COORDINATOR else cities.member(role, contact.city)
    assert post_status(permitted, interest, verb) == 303


def test_person_cannot_end_own_declared_interest(story):
    interest = declare_as(story, story.verifier)
    with assert_refused("not_allowed", interest):
        end_interest(interest, reason="Sold.", by=story.verifier.by, at=AT)
