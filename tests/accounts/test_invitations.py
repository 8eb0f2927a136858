"""The pages of an invitation: opening changes nothing, and only its addressee can accept it."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from accounts.actions.people import register_invited
from accounts.hooks import find_invitation
from partners.memberships.actions import invite_member, issue_invitation_token, revoke_invitation
from partners.memberships.models import Membership
from tests.accounts.conftest import PASSWORD, signed_in, with_password
from tests.worlds import cities
from tests.worlds.cities import NOW, REAL_NOW, Role
from workflow.errors import Refused
from workflow.journal.entries import history_of
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def burnaby(real_time):
    return cities.city("burnaby")


def invite(burnaby, email: str = "new@burnaby.example", name: str = ""):
    """Invite an officer; return the invitation and its address."""
    administrator = cities.powers(Role.ADMINISTRATOR, burnaby)
    invitation = invite_member(
        email=email, name=name, role=Role.OFFICER, city=burnaby, by=administrator, at=NOW, real_at=REAL_NOW
    )
    return invitation, f"/join/{issue_invitation_token(invitation)}/"


ACCEPTANCE_FORM = {"name": "Marie Roy", "language": "fr-ca", "password": PASSWORD}


def test_opening_invitation_changes_nothing(burnaby):
    invitation, address = invite(burnaby)
    before = Entry.objects.count()
    page = Client().get(address)
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert "new@burnaby.example" in page.content.decode()
    assert Entry.objects.count() == before
    invitation.refresh_from_db()
    assert invitation.status == invitation.Status.SENT


def test_invited_new_person_sets_password_and_is_signed_in(burnaby):
    _invitation, address = invite(burnaby)
    client = Client()
    answer = client.post(address, ACCEPTANCE_FORM)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    user = authenticate(None, email="new@burnaby.example", password=PASSWORD)
    assert user is not None
    assert (user.name, user.language) == ("Marie Roy", "fr-ca")
    assert Membership.objects.active().get(user=user).role == Role.OFFICER
    assert client.get("/account/").status_code == 200
    assert [entry.verb for entry in history_of(user)] == ["set_password", "edit", "add"]
    assert Client().get(address).status_code == 410


@pytest.mark.parametrize("password", ["short", "password12345", "new@burnaby.example"])
def test_weak_password_is_refused_and_invitation_stays_open(burnaby, password):
    invitation, address = invite(burnaby)
    answer = Client().post(address, {**ACCEPTANCE_FORM, "password": password})
    assert answer.status_code == 422
    invitation.refresh_from_db()
    assert not invitation.user.has_usable_password()
    assert invitation.status == invitation.Status.SENT


def test_invited_person_with_account_signs_in_and_accepts_invitation(burnaby):
    known = with_password(cities.member(Role.OBSERVER, cities.city("markham")))
    _invitation, address = invite(burnaby, email=known.email)
    visitor = Client().get(address).content.decode()
    assert "/accounts/login/?next=%2Fjoin%2F" in visitor
    assert Client().post(address).status_code == 200
    client = signed_in(known)
    assert "Accept" in client.get(address).content.decode()
    assert client.post(address)["Location"] == "/"
    assert Membership.objects.active().filter(user=known, city=burnaby).exists()


def test_invitation_cannot_be_accepted_by_other_person(burnaby, observer):
    known = with_password(cities.user("Known"))
    _invitation, address = invite(burnaby, email=known.email)
    client = signed_in(observer)
    assert "/accounts/login/" in client.post(address).content.decode()
    assert not Membership.objects.filter(user__in=[known, observer], city=burnaby, role=Role.OFFICER).exists()


@pytest.mark.parametrize("how", ["unknown", "expired", "revoked"])
def test_closed_invitation_says_to_ask_the_inviter_for_a_new_one(burnaby, how, real_time):
    invitation, address = invite(burnaby)
    if how == "unknown":
        address = "/join/nonsense/"
    elif how == "expired":
        real_time(timedelta(days=7))
    else:
        revoke_invitation(invitation, by=cities.powers(Role.ADMINISTRATOR, burnaby), at=NOW)
    page = Client().get(address)
    assert page.status_code == 410
    assert "Ask the person who invited you to send a new one." in page.content.decode()
    assert Client().post(address, ACCEPTANCE_FORM).status_code == 410


def test_invitation_revoked_meanwhile_saves_no_password(burnaby):
    invitation, _address = invite(burnaby)
    with pytest.raises(Refused, match="no longer valid"):
        register_invited(
            invitation.user,
            token="gone",
            name="A",
            language="en",
            password=PASSWORD,
            at=NOW,
            real_at=REAL_NOW,
        )
    invitation.user.refresh_from_db()
    assert not invitation.user.has_usable_password()
    assert find_invitation("gone", REAL_NOW) is None
