"""The command that ends the access of people who have left a city, by the city's own list."""

import pytest
from django.core.management import CommandError, call_command

from accounts.actions.tokens import issue_token
from accounts.actors import CONSOLE_ACTOR, SelfActor
from partners.memberships.actions import grant_role, invite_member
from partners.memberships.models import Invitation, Membership
from partners.memberships.rules import has_left
from tests.accounts.conftest import signed_in, with_password
from tests.worlds import cities
from tests.worlds.cities import NOW, Role
from workflow.clock import real_now
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db):
    """Return an officer of Burnaby, which has an administrator, too."""
    cities.member(Role.ADMINISTRATOR, cities.city("burnaby"))
    return cities.member(Role.OFFICER, cities.city("burnaby"))


def list_file(tmp_path, text: str) -> str:
    path = tmp_path / "list.csv"
    path.write_text(text)
    return str(path)


def roles(user) -> list[str]:
    return sorted(str(role.city.slug) for role in Membership.objects.active().filter(user=user))


def test_listed_person_loses_roles_in_city_tokens_and_sessions(officer, tmp_path, capsys):
    burnaby = cities.city("burnaby")
    grant_role(officer, role=Role.APPROVER, city=burnaby, by=CONSOLE_ACTOR, at=NOW)
    grant_role(officer, role=Role.OFFICER, city=cities.city("markham"), by=CONSOLE_ACTOR, at=NOW)
    facts = {"name": "x", "scopes": ["read"], "days": 1, "at": NOW, "real_at": real_now()}
    token = issue_token(officer, by=SelfActor(officer), **facts).token
    client = signed_in(with_password(officer))
    assert client.get("/account/").status_code == 200
    listed = list_file(tmp_path, f"name,Email\nOfficer,{officer.email.upper()}\nOther,unknown@cast.example\n")
    call_command("end_roles", city="burnaby", left=listed)
    assert capsys.readouterr().out == f"{officer.email}: ended\n"
    assert roles(officer) == ["markham"]
    token.refresh_from_db()
    assert not token.is_usable(real_now())
    assert client.get("/account/").status_code == 302
    officer.refresh_from_db()
    assert officer.is_active
    ended = Membership.objects.get(user=officer, city=burnaby, role=Role.OFFICER)
    assert history_of(ended)[0].reason == "On the city's list of people who have left."


def test_open_invitation_of_listed_person_is_withdrawn(officer, tmp_path):
    facts = {"email": "new@cast.example", "name": "New", "role": "observer", "real_at": real_now()}
    invite_member(**facts, city=cities.city("burnaby"), by=CONSOLE_ACTOR, at=NOW)
    call_command("end_roles", city="burnaby", left=list_file(tmp_path, "new@cast.example"))
    assert Invitation.objects.get().status == Invitation.Status.REVOKED


def test_last_administrator_keeps_role_and_command_fails(officer, tmp_path, capsys):
    boss = Membership.objects.get(role=Role.ADMINISTRATOR).user
    listed = list_file(tmp_path, f"{boss.email}\n{officer.email}\n")
    with pytest.raises(CommandError, match="1 keep their role"):
        call_command("end_roles", city="burnaby", left=listed)
    assert "needs at least one administrator" in capsys.readouterr().out
    assert roles(boss) == ["burnaby"]
    assert roles(officer) == []


def test_list_of_staff_ends_roles_of_those_it_lacks_in_its_domain(officer, tmp_path):
    boss = Membership.objects.get(role=Role.ADMINISTRATOR).user
    staff = list_file(tmp_path, boss.email)
    call_command("end_roles", city="burnaby", staff=staff, domain="elsewhere.example")
    assert roles(officer) == ["burnaby"]
    call_command("end_roles", city="burnaby", staff=staff, domain="CAST.example")
    assert roles(officer) == []
    assert roles(boss) == ["burnaby"]


def test_dry_run_names_people_and_ends_nothing(officer, tmp_path, capsys):
    call_command("end_roles", city="burnaby", left=list_file(tmp_path, officer.email), dry_run=True)
    assert capsys.readouterr().out == f"{officer.email}: would end\n"
    assert roles(officer) == ["burnaby"]


@pytest.mark.parametrize(("at_most", "ends"), [(1, True), (0, False)])
def test_list_that_concerns_too_many_people_ends_nothing(officer, tmp_path, at_most, ends):
    listed = list_file(tmp_path, officer.email)
    if ends:
        call_command("end_roles", city="burnaby", left=listed, at_most=at_most)
    else:
        with pytest.raises(CommandError, match="1 people would lose their roles, more than 0"):
            call_command("end_roles", city="burnaby", left=listed, at_most=at_most)
    assert roles(officer) == ([] if ends else ["burnaby"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"city": "nowhere", "left": "a"}, "no city nowhere"),
        ({"city": "burnaby", "left": "missing.csv"}, "cannot be read"),
    ],
)
def test_unknown_city_or_missing_file_is_refused(officer, options, message):
    with pytest.raises(CommandError, match=message):
        call_command("end_roles", **options)


def test_empty_list_is_refused_and_staff_list_needs_domain(officer, tmp_path):
    with pytest.raises(CommandError, match="contains no address"):
        call_command("end_roles", city="burnaby", staff=list_file(tmp_path, "email\n"), domain="cast.example")
    with pytest.raises(CommandError, match="--domain"):
        call_command("end_roles", city="burnaby", staff=list_file(tmp_path, officer.email))


@pytest.mark.parametrize(
    ("listed", "domain", "left"),
    [
        (["ann@a.example"], None, True),
        (["bob@a.example"], None, False),
        (["ann@a.example"], "a.example", False),
        (["bob@a.example"], "a.example", True),
        (["bob@a.example"], "example", False),
        (["bob@a.example"], "b.example", False),
    ],
)
def test_list_of_leavers_names_people_and_list_of_staff_leaves_them_out(listed, domain, left):
    assert has_left("ann@a.example", listed, domain) is left
