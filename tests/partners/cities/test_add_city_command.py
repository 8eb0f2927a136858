"""The console command that adds a city, and the console commands of docs/operations.md up to the first person."""

import shlex
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from partners.cities.models import City
from partners.memberships.actions import issue_invitation_token
from partners.memberships.models import Invitation, Membership
from tests.faults.installed.documented_commands import indented_blocks
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


def test_add_city_command_copies_position_time_zone_and_currency_from_geonames_and_is_journalled(capsys):
    call_command("add_city", "burnaby", "--country=ca", "--subdivision=ca-bc")
    city = City.objects.get()
    assert (city.slug, city.name_en, city.country, city.subdivision) == (
        "burnaby-ca",
        "Burnaby",
        "CA",
        "CA-BC",
    )
    assert (city.timezone, city.currency, city.population) == ("America/Vancouver", "CAD", 249125)
    assert (city.latitude, city.longitude) == (Decimal("49.26636"), Decimal("-122.95263"))
    assert (city.geonames_id, city.coord_source) == (5911606, "geonames")
    assert Entry.objects.get(thing_label="partners.city").via == "command"
    assert "burnaby-ca" in capsys.readouterr().out


def test_add_city_command_keeps_the_chinese_name_that_was_asked_for():
    call_command("add_city", "中山", geonames=6986104)
    city = City.objects.get()
    assert (city.slug, city.name_en, city.name_zh) == ("zhongshan-cn", "Zhongshan", "中山")


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("Nowhere", {}, "no city named Nowhere"),
        ("Burnaby", {"country": "CN"}, "no city named Burnaby"),
        ("Zhongshan", {"geonames": 1}, "no city named Zhongshan"),
        ("Zhongshan", {}, "2 cities named Zhongshan(.|\n)*--geonames 1908018"),
        ("Ontario", {"by_hand": True}, "country: "),
        ("Ontario", {"by_hand": True, "country": "CA", "timezone": "Canada/Nowhere"}, "timezone: "),
        ("Ontario", {"by_hand": True, "country": "CA", "latitude": "43.7"}, "both latitude and longitude"),
    ],
)
def test_add_city_command_without_one_valid_place_adds_nothing(name, options, words):
    with pytest.raises(CommandError, match=words):
        call_command("add_city", name, **options)
    assert not City.objects.exists()


def test_add_city_command_refuses_a_place_that_the_register_has():
    call_command("add_city", "Burnaby")
    with pytest.raises(CommandError, match="Burnaby is already in the register"):
        call_command("add_city", "Burnaby")
    call_command("add_city", "Burnaby", by_hand=True, country="CA")
    assert list(City.objects.order_by("pk").values_list("slug", flat=True)) == ["burnaby-ca", "burnaby-ca-2"]


def test_commands_of_operations_page_lead_from_an_empty_register_to_the_first_person():
    (lines,) = indented_blocks("### A register of your own")
    for line in lines.splitlines():
        _python, _manage, *command = shlex.split(line)
        call_command(*command)
    assert set(City.objects.values_list("slug", "level")) == {
        ("burnaby-ca", "city"),
        ("zhongshan-cn", "city"),
        ("ontario-ca", "province"),
    }
    address = f"/join/{issue_invitation_token(Invitation.objects.get())}/"
    client = Client()
    facts = {"name": "Your Name", "language": "en", "password": "four-small-words-here"}
    assert client.post(address, facts).status_code == 302
    membership = Membership.objects.active().get()
    assert (membership.city.slug, membership.role) == ("burnaby-ca", Membership.Role.ADMINISTRATOR)
    assert client.get("/account/").status_code == 200
