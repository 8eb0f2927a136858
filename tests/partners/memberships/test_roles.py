"""Actions on roles and invitations: no one grants a role above their own; only the addressee accepts."""

from datetime import timedelta

import pytest
from django.utils import translation

from accounts.actors import CONSOLE_ACTOR, SelfActor
from accounts.models import User
from partners.memberships.actions import (
    accept_invitation,
    end_role,
    grant_role,
    invite_member,
    issue_invitation_token,
    renew_invitation,
    revoke_invitation,
)
from partners.memberships.invitations import accept_invitation_by_token, find_invitation
from partners.memberships.models import Invitation, Membership
from partners.memberships.rules import ACCEPT_ROLE
from tests.worlds import cities
from tests.worlds.cities import NOW, REAL_NOW, powers_for
from workflow.actors import SYSTEM, Actor
from workflow.errors import Refused
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
Role = Membership.Role


def invite(role=Role.OFFICER, place="burnaby", by=CONSOLE_ACTOR, email="New.Person@city.example", **facts):
    city = cities.city(place) if place else None
    return invite_member(
        email=email, name="New Person", role=role, city=city, by=by, at=NOW, real_at=REAL_NOW, **facts
    )


def accept_as_addressee(invitation, **facts):
    return accept_invitation(
        invitation, **{"by": SelfActor(invitation.user), "at": NOW, "real_at": REAL_NOW, **facts}
    )


# --- granting roles ---
@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_administrator_grants_every_role_of_their_city(role):
    administrator = cities.powers(Role.ADMINISTRATOR, cities.city("burnaby"))
    membership = grant_role(cities.user(), role=role, city=cities.city("burnaby"), by=administrator, at=NOW)
    assert membership.status == "active"
    assert str(membership).endswith(str(Role(role).label))


def test_administrator_cannot_grant_a_higher_role_or_one_in_another_city():
    burnaby = cities.city("burnaby")
    administrator = cities.powers(Role.ADMINISTRATOR, burnaby)
    for role, city in (
        (Role.COORDINATOR, burnaby),
        (Role.COORDINATOR, None),
        (Role.OFFICER, cities.city("markham")),
    ):
        with pytest.raises(Refused) as refused:
            grant_role(cities.user(), role=role, city=city, by=administrator, at=NOW)
        assert refused.value.code == "not_allowed"


def test_network_coordinator_appoints_administrators_and_coordinators_only():
    network, burnaby = cities.powers(Role.COORDINATOR), cities.city("burnaby")
    assert grant_role(cities.user(), role=Role.ADMINISTRATOR, city=burnaby, by=network, at=NOW).pk
    assert grant_role(cities.user(), role=Role.COORDINATOR, city=None, by=network, at=NOW).pk
    with pytest.raises(Refused):
        grant_role(cities.user(), role=Role.OFFICER, city=burnaby, by=network, at=NOW)


@pytest.mark.parametrize(
    "role", [Role.OFFICER, Role.APPROVER, Role.VERIFIER, Role.LOGISTICS, Role.BROKER, Role.OBSERVER]
)
def test_other_roles_cannot_grant_any_role(role):
    burnaby = cities.city("burnaby")
    for given in Role:
        with pytest.raises(Refused):
            grant_role(cities.user(), role=given, city=burnaby, by=cities.powers(role, burnaby), at=NOW)


def test_role_cannot_be_granted_twice():
    person, burnaby = cities.member(Role.OFFICER, cities.city("burnaby")), cities.city("burnaby")
    with pytest.raises(Refused) as refused:
        grant_role(person, role=Role.OFFICER, city=burnaby, by=CONSOLE_ACTOR, at=NOW)
    assert refused.value.code == "already_held"


# --- ending ---
def test_role_is_ended_by_people_who_may_grant_it_or_by_its_holder():
    burnaby = cities.city("burnaby")
    administrator = cities.powers(Role.ADMINISTRATOR, burnaby)
    for by in (administrator, None):
        person = cities.member(Role.OFFICER, burnaby)
        membership = person.memberships.get()
        end_role(membership, by=by or powers_for(person), at=NOW)
        assert membership.status == "ended"
        assert not powers_for(person).visible_cities
    other = cities.member(Role.OFFICER, burnaby).memberships.get()
    strangers: list[Actor] = [cities.powers(Role.OFFICER, burnaby), SYSTEM]
    for stranger in (*strangers, cities.powers(Role.ADMINISTRATOR, cities.city("markham"))):
        with pytest.raises(Refused) as refused:
            end_role(other, by=stranger, at=NOW)
        assert refused.value.code == "not_allowed"


def test_last_administrator_of_a_city_cannot_be_removed():
    burnaby = cities.city("burnaby")
    first, second = (cities.member(Role.ADMINISTRATOR, burnaby).memberships.get() for _number in range(2))
    end_role(second, by=CONSOLE_ACTOR, at=NOW)
    with pytest.raises(Refused) as refused:
        end_role(first, by=CONSOLE_ACTOR, at=NOW)
    assert refused.value.code == "last_administrator"


def test_role_of_network_coordinator_can_be_ended():
    membership = cities.member(Role.COORDINATOR).memberships.get()
    end_role(membership, by=CONSOLE_ACTOR, at=NOW)
    assert membership.status == "ended"


# --- invitations ---
def test_invitation_is_bound_to_an_address_and_creates_a_person_who_cannot_sign_in():
    invitation = invite()
    assert (invitation.status, invitation.email, invitation.expires_at) == (
        "sent", "new.person@city.example", REAL_NOW + timedelta(days=7),
    )  # fmt: skip
    assert not invitation.user.has_usable_password()
    assert (invitation.user.time_zone, invitation.language) == ("America/Vancouver", "en")
    assert str(invitation) == "new.person@city.example"
    assert not invitation.user.memberships.exists()


def test_invitation_is_in_the_citys_language_unless_set_otherwise():
    assert invite(place="montreal").language == "fr-ca"
    assert invite(place="zhongshan", language="en").language == "en"
    assert invite(Role.COORDINATOR, place=None, email="network@city.example").user.time_zone == "UTC"


def test_invitation_to_a_role_above_the_inviters_is_refused_and_creates_no_person():
    administrator = cities.powers(Role.ADMINISTRATOR, cities.city("burnaby"))
    assert invite(by=administrator).invited_by_id == administrator.user_id
    for role, place in ((Role.COORDINATOR, "burnaby"), (Role.OFFICER, "markham")):
        with pytest.raises(Refused) as refused:
            invite(role, place, by=administrator, email="other@city.example")
        assert refused.value.code == "not_allowed"
    assert not User.objects.filter(email="other@city.example").exists()


def test_second_invitation_or_invitation_to_a_held_role_is_refused():
    invite()
    with pytest.raises(Refused) as refused:
        invite()
    assert refused.value.code == "already_invited"
    holder = cities.member(Role.OFFICER, cities.city("burnaby"))
    with pytest.raises(Refused) as refused:
        invite(email=holder.email)
    assert refused.value.code == "already_held"


def test_invitation_token_is_created_when_sent_and_stored_as_a_hash():
    invitation = invite()
    first, second = issue_invitation_token(invitation), issue_invitation_token(invitation)
    invitation.refresh_from_db()
    assert first not in (second, invitation.token_hash)
    assert find_invitation(first, REAL_NOW) is None
    found = find_invitation(second, REAL_NOW)
    assert found is not None
    assert (found.user, found.city_label, found.role, str(found.inviter_name)) == (
        invitation.user, "Burnaby", "Procurement officer", "The Twinlane administrator",
    )  # fmt: skip
    entry = history_of(invitation).get()
    assert "token_hash" not in entry.after or entry.after["token_hash"] == "•••"


def test_invitation_to_the_network_names_inviter_and_network():
    network = cities.member(Role.COORDINATOR, name="Coordinator Lane")
    invitation = invite(Role.COORDINATOR, place=None, by=powers_for(network))
    with translation.override("en"):
        found = find_invitation(issue_invitation_token(invitation), REAL_NOW)
        assert found is not None
        assert (str(found.city_label), found.inviter_name) == ("the whole network", "Coordinator Lane")


def test_accepted_invitation_grants_the_role_once():
    invitation = invite()
    token = issue_invitation_token(invitation)
    accept_invitation_by_token(token, by=SelfActor(invitation.user, "link"), at=NOW, real_at=REAL_NOW)
    invitation.refresh_from_db()
    membership = invitation.user.memberships.get()
    assert (invitation.status, invitation.accepted_at, invitation.token_hash) == ("accepted", NOW, "")
    assert (membership.role, membership.invitation) == (Role.OFFICER, invitation)
    assert cities.city("burnaby").pk in powers_for(invitation.user).visible_cities
    with pytest.raises(Refused) as refused:
        accept_invitation_by_token(token, by=SelfActor(invitation.user), at=NOW, real_at=REAL_NOW)
    assert refused.value.code == "invitation_closed"
    with pytest.raises(Refused) as refused:
        accept_as_addressee(invitation)
    assert refused.value.code == "wrong_status"


def test_invitation_is_accepted_only_by_its_addressee_at_its_address_before_expiry():
    invitation = invite()
    for by in (SelfActor(cities.user()), CONSOLE_ACTOR, SYSTEM):
        with pytest.raises(Refused) as refused:
            accept_as_addressee(invitation, by=by)
        assert refused.value.code == "not_allowed"
    with pytest.raises(Refused) as refused:
        accept_as_addressee(invitation, real_at=invitation.expires_at)
    assert refused.value.code == "invitation_closed"
    User.objects.filter(pk=invitation.user_id).update(email="moved@city.example")
    with pytest.raises(Refused) as refused:
        accept_as_addressee(Invitation.objects.get())
    assert refused.value.code == "not_ready"
    assert not Membership.objects.exists()


def test_role_granted_meanwhile_is_not_granted_again_by_the_invitation():
    invitation = invite()
    held = grant_role(invitation.user, role=Role.OFFICER, city=invitation.city, by=CONSOLE_ACTOR, at=NOW)
    assert accept_as_addressee(invitation) == held
    assert invitation.user.memberships.count() == 1


def test_role_cannot_be_taken_without_an_accepted_invitation_to_it():
    invitation = invite()
    person = invitation.user
    accept_as_addressee(invitation)
    for facts in ({}, {"role": Role.ADMINISTRATOR, "invitation": invitation}):
        membership = Membership(user=person, **{"role": Role.OFFICER, "city": invitation.city, **facts})
        with pytest.raises(Refused):
            ACCEPT_ROLE.create(membership, by=SelfActor(person), at=NOW)


def test_expired_invitation_is_renewed_with_a_new_token():
    invitation = invite()
    old = issue_invitation_token(invitation)
    later = REAL_NOW + timedelta(days=30)
    assert not Invitation.objects.open(later).exists()
    renew_invitation(invitation, by=CONSOLE_ACTOR, at=NOW, real_at=later)
    assert find_invitation(old, later) is None
    assert find_invitation(issue_invitation_token(invitation), later) is not None


def test_withdrawn_invitation_cannot_be_used():
    invitation = invite()
    token = issue_invitation_token(invitation)
    administrator = cities.powers(Role.ADMINISTRATOR, cities.city("burnaby"))
    revoke_invitation(invitation, by=administrator, at=NOW, reason="wrong address")
    assert find_invitation(token, REAL_NOW) is None
    with pytest.raises(Refused) as refused:
        issue_invitation_token(invitation)
    assert refused.value.code == "invitation_closed"
    assert invite().pk != invitation.pk


def test_invitations_and_roles_are_visible_to_administrators_and_senders():
    network = cities.powers(Role.COORDINATOR)
    invitation = invite(Role.ADMINISTRATOR, by=network)
    burnaby, markham = cities.city("burnaby"), cities.city("markham")
    for powers, seen in (
        (network, True),
        (cities.powers(Role.ADMINISTRATOR, burnaby), True),
        (cities.powers(Role.OFFICER, burnaby), False),
        (cities.powers(Role.ADMINISTRATOR, markham), False),
    ):
        assert (invitation in Invitation.objects.visible_to(powers)) is seen
    officer = cities.member(Role.OFFICER, burnaby)
    colleague, stranger = cities.powers(Role.OBSERVER, burnaby), cities.powers(Role.OBSERVER, markham)
    membership = officer.memberships.get()
    assert membership in Membership.objects.visible_to(colleague)
    assert membership not in Membership.objects.visible_to(stranger)
    assert membership in Membership.objects.visible_to(powers_for(officer))
