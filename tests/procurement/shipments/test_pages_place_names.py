"""Tests that pages name places and countries in the reader's language."""

import pytest
from django.test import Client

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db) -> Journey:
    voyage = Journey("richmond")
    voyage.practise()
    yield voyage
    clear_instance_cache()


@pytest.mark.parametrize(
    ("language", "leaves", "goes"),
    [
        ("en", "Guangzhou (CNCAN)", "Vancouver (CAVAN)"),
        ("fr-ca", "Guangzhou (CNCAN)", "Vancouver (CAVAN)"),
        ("zh-hans", "广州（CNCAN）", "温哥华（CAVAN）"),
    ],
)
def test_shipment_lists_name_places_in_the_readers_language(story, language, leaves, goes):
    story.plan()
    edit_person(story.officer.user, PersonEdit(language=language), by=CONSOLE_ACTOR, at=AT)
    browser = Client()
    browser.force_login(story.officer.user)
    page = " ".join(browser.get("/shipments/").content.decode().split())
    table = b"".join(browser.get("/shipments/?as=csv").streaming_content).decode("utf-8-sig")
    assert page.count(f"{leaves} → {goes}") == 2  # in the row, and in the part folded on a narrow screen
    assert "CNCAN →" not in page
    assert leaves in table
    assert goes in table


@pytest.mark.parametrize(
    ("language", "china", "canada"),
    [("en", "China", "Canada"), ("fr-ca", "Chine", "Canada"), ("zh-hans", "中国", "加拿大")],
)
def test_customs_rules_name_countries_in_the_readers_language(story, language, china, canada):
    edit_person(story.officer.user, PersonEdit(language=language), by=CONSOLE_ACTOR, at=AT)
    browser = Client()
    browser.force_login(story.officer.user)
    text = " ".join(browser.get("/rules/documents/").content.decode().split())
    assert f"{china} → {canada}" in text
    assert "CN →" not in text
    book = " ".join(browser.get("/rules/customs/").content.decode().split())
    assert f"{china} →" in book
    assert f"→ {canada}" in book
    assert "CN →" not in book
    row = CustomsRule.objects.filter(origin="CN").first()
    html = browser.get(row.get_absolute_url()).content.decode()
    assert f"<dd>{china}</dd>" in html
    assert "<dd>CN</dd>" not in html
    relief = DutyRelief.objects.filter(country="CA").first()
    assert f"<dd>{canada}</dd>" in browser.get(relief.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("language", "china", "canada"),
    [("en", "China", "Canada"), ("fr-ca", "Chine", "Canada"), ("zh-hans", "中国", "加拿大")],
)
def test_offer_documents_name_countries_in_the_readers_language(story, language, china, canada):
    lead = story.lead(story.line())
    edit_person(story.officer.user, PersonEdit(language=language), by=CONSOLE_ACTOR, at=AT)
    browser = Client()
    browser.force_login(story.officer.user)
    page = browser.get(lead.get_absolute_url()).content.decode()
    assert f"{china} → {canada}" in page
    assert "CN → CA" not in page
