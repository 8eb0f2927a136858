"""Tests of the rulebook of customs, with its history.

Every signed-in person reads it; coordinators maintain it.
"""

import csv
import io
from collections.abc import Iterator

import pytest
from django.urls import reverse

from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.need_to_order import Story
from workflow.clock import clear_instance_cache

pytestmark = pytest.mark.django_db
DECLARATION = "/rules/customs/CN-X-EXPDECL/"


@pytest.fixture
def story() -> Iterator[Story]:
    told = Story()
    told.practise()
    yield told
    clear_instance_cache()


@pytest.fixture
def coordinator(story) -> Browser:
    return Browser(cities.member("coordinator"))


def test_customs_rulebook_is_searched_filtered_and_downloaded(story, client):
    client.force_login(story.officer.user)
    address = reverse("customs_rules")
    whole = client.get(address).content.decode()
    assert "CN-X-CIQ-MASK" in whole
    assert "CA-20-08" in whole
    assert "customs broker decides." in whole
    assert "/rules/customs/new/" not in whole
    few = client.get(address, {"q": "announcement 12"}).content.decode()
    assert "CN-X-JOINT12" in few
    assert "X-AWB" not in few
    memory = client.get(address, {"state": "memory"}).content.decode()
    assert "CA-I-ACI" in memory
    assert "CN-X-CIQ-MASK" not in memory
    assert "No rules match." in client.get(address, {"state": "kept"}).content.decode()
    assert "CN-X-CIQ-MASK" in client.get(address, {"state": "nonsense"}).content.decode()
    answer = client.get(address, {"q": "remission", "as": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert {row["Code"] for row in csv.DictReader(io.StringIO(text))} == {"CA-20-08", "CA-SOR-2020-101"}


def test_rule_is_confirmed_on_its_page_and_the_history_names_who_and_how(story, coordinator):
    page = coordinator.open(DECLARATION).follow("Confirm rule")
    shown = page.press(
        "Confirm rule", source="https://customs.example/7", confidence="firm", remark="Read it."
    )
    assert "confirmed this entry again" in shown.text
    assert "Read it." in shown.text
    assert "Edited manually since" in shown.text
    assert CustomsRule.objects.get(code="CN-X-EXPDECL").seen_on.isoformat() == "2020-04-16"


def test_edited_rule_shows_its_file_values_and_can_be_restored(story, coordinator):
    page = coordinator.open(f"{DECLARATION}change/")
    shown = page.press("Edit rule", name_en="Declaration for export", reason="Plainer.")
    assert shown.heading == "Declaration for export"
    assert "In the file" in shown.text
    assert "Export declaration" in shown.text
    back = shown.follow("Restore file values").press("Restore file values", reason="As it was.")
    assert back.heading == "Export declaration"
    assert "The rule follows the file" in back.text


def test_rule_edited_back_by_hand_can_still_be_restored_to_the_file(story, coordinator):
    for name in ("Declaration for export", "Export declaration"):
        page = coordinator.open(f"{DECLARATION}change/").press("Edit rule", name_en=name, reason="Plainer.")
    assert "In the file" not in page.text
    back = page.follow("Restore file values").press("Restore file values", reason="It is the same.")
    assert "The rule follows the file" in back.text


def test_invalid_rule_form_input_is_refused_at_its_field_and_kept(story, coordinator):
    page = coordinator.open(f"{DECLARATION}change/").press("Edit rule", origin="China", reason="x")
    assert set(page.wrong) == {"origin"}
    page = coordinator.open(f"{DECLARATION}change/").press("Edit rule", hs_numbers="6307.90", reason="x")
    assert set(page.wrong) == {"hs_numbers"}
    page = coordinator.open(f"{DECLARATION}change/").press("Edit rule", name_fr="", reason="")
    assert set(page.wrong) == {"name_fr", "reason"}
    page = coordinator.open(f"{DECLARATION}end/").press("End rule", on="some day", source="", reason="")
    assert set(page.wrong) == {"on", "source", "reason"}
    assert CustomsRule.objects.get(code="CN-X-EXPDECL").edited_manually_at is None


def test_rule_is_ended_with_a_source_on_its_page(story, coordinator):
    coordinator.open(f"{DECLARATION}end/").press(
        "End rule", on="2020-04-15", source="Notice 7", reason="Replaced."
    )
    assert CustomsRule.objects.get(code="CN-X-EXPDECL").valid_to.isoformat() == "2020-04-15"
    text = coordinator.open("/rules/documents/?on=2020-04-16").text
    assert "No longer required on this date" in text


def test_customs_rule_and_duty_relief_are_added_on_their_pages(story, coordinator):
    data = {
        "code": "CA-I-PERMIT",
        "category": "document",
        "document_code": "PERMIT",
        "side": "import",
        "owner": "city",
        "name_en": "Permit",
        "name_fr": "Permis",
        "name_zh": "许可证",
        "destination": "CA",
        "due_before": "deliver",
        "effect": "warns",
        "confidence": "weak",
        "source_urls": "Notice 7",
    }
    shown = coordinator.open("/rules/customs/new/").press(
        "Add a rule", **data, families=["mask"], reason="Notice 7."
    )
    assert shown.heading == "Permit"
    assert "Added manually; not in any file." in shown.text
    assert CustomsRule.objects.get(code="CA-I-PERMIT").families == ["mask"]
    firm = {"code": "CA-I-OTHER", "effect": "blocks", "confidence": "firm", "valid_from": "2020-01-01"}
    page = coordinator.open("/rules/customs/new/").press(
        "Add a rule", **data | firm | {"source_urls": "https://broker.example/7"}, reason="Notice 7."
    )
    assert set(page.wrong) == {"source_urls"}
    assert not CustomsRule.objects.filter(code="CA-I-OTHER").exists()
    assert "Permit" in coordinator.open("/rules/documents/").text
    relief = {
        "code": "CA-NEW",
        "name_en": "Relief",
        "name_fr": "Remise",
        "name_zh": "减免",
        "country": "CA",
        "basis": "SOR/2026-1",
        "relieves_duty": "on",
        "confidence": "memory",
    }
    shown = coordinator.open("/rules/reliefs/new/").press("Add a relief", **relief, reason="New order.")
    assert shown.heading == "Relief"
    assert "No source, so the rule only warns." in shown.text
    assert DutyRelief.objects.get(code="CA-NEW").added_manually
    page = coordinator.open("/rules/reliefs/CA-NEW/").follow("Confirm rule")
    assert page.press("Confirm rule", source="SOR/2026-1", confidence="weak").heading == "Relief"


def test_non_coordinator_gets_403_on_rule_forms_and_404_on_unknown_rules(story, client):
    client.force_login(story.officer.user)
    page = client.get(DECLARATION).content.decode()
    assert "Confirm rule" not in page
    for address in (
        f"{DECLARATION}change/",
        f"{DECLARATION}confirm/",
        "/rules/customs/new/",
        "/rules/reliefs/new/",
    ):
        assert client.get(address).status_code == 403
        assert client.post(address, {"reason": "x"}).status_code == 403
    assert client.get("/rules/customs/NO-SUCH/").status_code == 404
    assert client.get(f"{DECLARATION}burn/").status_code == 404
