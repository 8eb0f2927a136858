"""Help: a guide for each role, the glossary, the keys, who can do what, and the first-run guide."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import CONSOLE_ACTOR
from partners.cities.actions import CityEdit, correct_city
from partners.memberships.models import Membership
from partners.powers import Power
from procurement.help.glossary import GLOSSARY_FILE, chapters
from procurement.help.guides import GUIDES, POWER_LABELS
from tests.worlds import cities
from tests.worlds.cities import NOW
from workflow.clock import clear_instance_cache, create_instance

pytestmark = pytest.mark.django_db
Role = Membership.Role


@pytest.fixture(autouse=True)
def practice(db):
    create_instance("practice", NOW)
    yield
    clear_instance_cache()


def page_text(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[-2000:]
    return " ".join(unescape(response.content.decode()).split())


def client_with_role(role, city):
    client = Client()
    client.force_login(cities.member(role, city))
    return client


def test_every_role_and_permission_is_explained_in_the_help():
    assert set(GUIDES) == set(Role)
    assert set(POWER_LABELS) == set(Power)


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_public_help_page(role):
    page = page_text(Client(), f"/help/roles/{role}/")
    assert f"<h1>{role.label}</h1>" in page
    assert page_text(Client(), "/help/").count(f'href="/help/roles/{role}/"') == 1


def test_unknown_role_help_page_gets_404():
    assert Client().get("/help/roles/mayor/").status_code == 404


def test_help_index_lists_the_readers_own_role_first():
    page = page_text(client_with_role(Role.LOGISTICS, cities.city("burnaby")), "/help/")
    assert page.index("your role") < page.index("/help/roles/officer/")


def test_permission_table_in_the_help_names_the_roles_and_contacts_with_a_permission():
    page = page_text(Client(), "/help/who-can/")
    row = page[page.index("Approve orders</th>") :]
    assert "Approver" in row[: row.index("</tr>")]
    assert "Procurement officer" not in row[: row.index("</tr>")]
    reports = page[page.index("Carry out checks and report</th>") :]
    assert "Contact in a partner city" in reports[: reports.index("</tr>")]


def test_help_glossary_equals_the_documentation_in_three_languages():
    rows = [line for line in GLOSSARY_FILE.read_text().splitlines() if line.startswith("| ")]
    shown = [term for chapter in chapters() for term in chapter.terms]
    assert len(shown) == sum(not line.startswith(("| concept", "| ---")) for line in rows)
    assert all(all(term.meaning.values()) and all(term.names.values()) for term in shown)
    page = page_text(Client(), "/help/glossary/")
    assert "watchlist" in page
    assert "liste de surveillance" in page
    assert "管控名单" in page


def test_keyboard_help_names_every_menu_item():
    client = client_with_role(Role.OFFICER, cities.city("burnaby"))
    page = page_text(client, "/help/keys/")
    assert "<kbd>g</kbd> <kbd>n</kbd></dt><dd>Needs" in page
    part = client.get("/help/keys/", headers={"HX-Request": "true"}).content.decode()
    assert "<kbd>j</kbd>" in part
    assert "<html" not in part


def test_single_key_shortcuts_can_be_turned_off():
    member = cities.member(Role.OFFICER, cities.city("burnaby"))
    client = Client()
    client.force_login(member)
    assert "data-single-keys" in page_text(client, "/help/")
    form = {"name": member.name, "language": "en", "time_zone": "America/Vancouver"}
    assert client.post("/account/", form).status_code == 303
    page = page_text(client, "/help/keys/")
    assert "data-single-keys" not in page
    assert "<dialog" not in page
    assert "You have turned off single-key shortcuts." in page


def test_sign_in_page_links_to_help():
    assert 'href="/help/"' in page_text(Client(), reverse("account_login"))


def test_first_run_guide_shows_the_administrators_open_steps():
    burnaby = cities.city("burnaby")
    client = client_with_role(Role.ADMINISTRATOR, burnaby)
    before = page_text(client, "/help/first-run/")
    assert "Every order needs approval." in before
    correct_city(burnaby, CityEdit(approval_limit=50_000), by=CONSOLE_ACTOR, at=NOW, reason="bylaw")
    after = page_text(client, "/help/first-run/")
    assert "Every order needs approval." not in after
    assert after.count("/skip/") == before.count("/skip/") - 1
    other = page_text(client_with_role(Role.OFFICER, burnaby), "/help/first-run/")
    assert "You are not the administrator of a city." in other
