"""The console command that invites the first person of a city on a new server."""

import pytest
from django.core.management import CommandError, call_command

from partners.memberships.models import Invitation
from tests.worlds import cities
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db
WHO = {"email": "First@burnaby.example", "name": "First Person"}


def test_invite_command_invites_the_first_administrator_and_is_journalled(capsys):
    cities.city("burnaby")
    call_command("invite", city="burnaby", **WHO)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == ("first@burnaby.example", "administrator")
    assert Entry.objects.get(thing_label="partners.invitation").via == "command"
    assert "by email" in capsys.readouterr().out


def test_invite_command_invites_a_coordinator_without_a_city_in_another_language():
    call_command("invite", role="coordinator", language="fr-ca", **WHO)
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.city, invitation.language) == ("coordinator", None, "fr-ca")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"city": "nowhere"}, "no city nowhere"),
        ({}, "Only a coordinator can work"),
    ],
)
def test_invite_command_for_an_administrator_requires_a_city_of_the_register(options, words):
    with pytest.raises(CommandError, match=words):
        call_command("invite", **WHO, **options)
    assert not Invitation.objects.exists()


def test_invite_command_refuses_a_second_invitation():
    cities.city("burnaby")
    call_command("invite", city="burnaby", **WHO)
    with pytest.raises(CommandError, match="already been invited"):
        call_command("invite", city="burnaby", **WHO)
