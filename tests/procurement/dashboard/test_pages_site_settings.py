"""The settings of the site, as city administrators and coordinators see them."""

import pytest
from django.conf import settings
from django.test import Client
from lxml import html

from config.environment import SECRET_MASK, SECRET_SETTINGS
from procurement.dashboard.site_settings import SHOWN_SETTING_LABELS
from tests.worlds import cities
from workflow.clock import create_instance

pytestmark = pytest.mark.django_db
Role = cities.Role
PATH = "/help/site-settings/"


def client_of(role):
    client = Client()
    client.force_login(cities.member(role, cities.city("burnaby")))
    return client


@pytest.fixture
def administrator():
    create_instance("practice")  # people need no second factor there
    return client_of(Role.ADMINISTRATOR)


def values_of(client):
    """Return the text beside each setting, by its name."""
    page = html.fromstring(client.get(PATH).content)
    rows = page.xpath("//tbody/tr")
    return {
        row.xpath("./th/span")[0].text: " ".join(row.xpath("./td")[0].text_content().split()) for row in rows
    }


def test_administrator_reads_each_harmless_setting_with_its_value(administrator, monkeypatch):
    monkeypatch.setenv("LINK_DAYS", "11")
    monkeypatch.setenv("BASE_URL", "https://kit.city.example")
    values = values_of(administrator)
    assert set(values) == set(SHOWN_SETTING_LABELS)
    assert (values["LINK_DAYS"], values["BASE_URL"]) == ("11", "https://kit.city.example")
    assert (values["BACKUP_KEEP"], values["SECURITY_CONTACT"]) == ("14 default", "not set")


def test_site_settings_page_contains_no_secret_and_no_server_address(administrator, monkeypatch):
    for name in SECRET_SETTINGS - {"SECRET_KEY"}:
        monkeypatch.setenv(name, "hidden-word")
    page = administrator.get(PATH).content.decode()
    assert [text for text in ("hidden-word", SECRET_MASK, settings.DATABASE_URL) if text in page] == []
    assert [
        name for name in (*SECRET_SETTINGS, "DATABASE_URL", "REDIS_URL", "SMTP_HOST") if name in page
    ] == []


def test_first_run_guide_leads_administrators_alone_to_the_settings(administrator):
    link = f'href="{PATH}"'
    assert link in administrator.get("/help/first-run/").content.decode()
    officer = client_of(Role.OFFICER)
    assert link not in officer.get("/help/first-run/").content.decode()
    assert officer.get(PATH).status_code == 403
