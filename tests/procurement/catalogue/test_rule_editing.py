"""Tests of rules that a coordinator edits by hand.

A change is journaled with before and after, refused by field, and never overwritten by a load.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.actors import CONSOLE_ACTOR
from procurement.catalogue import reference_data
from procurement.catalogue.actions import (
    add_rule,
    change_rule,
    confirm_rule,
    edit_version,
    end_rule,
    load_catalogue,
    reset_to_file,
)
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.rules.rule_editing import (
    KnownCodes,
    invalid_code_refusal,
    invalid_rule_refusal,
    invalid_source_refusal,
    may_edit_rules,
)
from tests.procurement.catalogue.test_reference_data import overwrite_cells
from tests.worlds import cities
from workflow.errors import Refused
from workflow.journal.models import Entry

AT = datetime(2026, 11, 20, 16, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 16, tzinfo=UTC)
SOURCE = "https://customs.example/notice-7"
ANOTHER = "https://broker.example/notice-7"

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(db: None) -> Any:
    return cities.powers("coordinator")


@pytest.fixture(scope="module")
def catalogue(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Load the whole catalogue once for this file, and undo it afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_catalogue(by=CONSOLE_ACTOR, at=AT)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(catalogue, coordinator):
    return coordinator


def rule(code: str = "CN-X-CIQ-MASK") -> CustomsRule:
    return CustomsRule.objects.get(code=code)


def a_rule(**facts: Any) -> CustomsRule:
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
        "effect": "blocks",
        "confidence": "firm",
        "source_urls": [SOURCE, ANOTHER],
        "valid_from": date(2026, 1, 1),
    }
    return CustomsRule(**{**data, **facts})


def a_relief(**facts: Any) -> DutyRelief:
    data = {
        "code": "CA-NEW",
        "name_en": "Relief",
        "name_fr": "Remise",
        "name_zh": "减免",
        "country": "CA",
        "basis": "SOR/2026-1",
        "relieves_duty": True,
        "confidence": "weak",
        "source_urls": [SOURCE],
    }
    return DutyRelief(**{**data, **facts})


def test_importers_added_later_to_a_relief_need_a_start_date(loaded):
    a_relief(later_importers=["shelter"], later_from=date(2020, 4, 6)).clean()
    with pytest.raises(ValidationError, match="date from which these importers were added"):
        a_relief(later_importers=["shelter"]).clean()


def test_edit_of_a_rule_is_one_journal_entry_with_old_and_new_values(loaded):
    row = rule()
    change_rule(row, {"valid_to": date(2024, 6, 30)}, reason="Notice 7.", by=loaded, at=LATER)
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.reason, entry.reference) == ("change", "Notice 7.", "CN-X-CIQ-MASK")
    assert (entry.before["valid_to"], entry.after["valid_to"]) == (None, "2024-06-30")
    assert (row.valid_to, row.edited_manually_at) == (date(2024, 6, 30), LATER)
    assert row.file_values == {"valid_to": None}


def test_rule_confirmed_again_as_reliable_blocks_again(loaded):
    row = rule()
    assert row.year_last_confirmed(AT.date()) == 2020
    confirm_rule(row, source=SOURCE, confidence="firm", by=loaded, at=AT, remark="Read today.")
    assert (row.seen_on, row.source_urls[0], row.year_last_confirmed(AT.date())) == (AT.date(), SOURCE, None)
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.facts["source"], entry.by_id) == ("confirm", SOURCE, loaded.user_id)
    confirm_rule(row, source=SOURCE, confidence="firm", by=loaded, at=LATER)
    assert row.source_urls.count(SOURCE) == 1
    with pytest.raises(Refused) as weak:
        confirm_rule(row, source=SOURCE, confidence="weak", by=loaded, at=LATER)
    assert weak.value.details["field"] == "confidence"
    warns = rule("CN-X-TEST")
    confirm_rule(warns, source=SOURCE, confidence="weak", by=loaded, at=LATER)
    assert warns.seen_on == LATER.date()


def test_ended_rule_cannot_be_confirmed_and_cannot_end_before_it_began(loaded):
    row = rule("CA-I-ACI")
    end_rule(row, on=date(2026, 11, 1), source="D3-5-1", reason="Replaced.", by=loaded, at=AT)
    assert (row.valid_to, row.source_urls) == (date(2026, 11, 1), ["D3-5-1"])
    with pytest.raises(Refused) as no:
        confirm_rule(row, source=SOURCE, confidence="firm", by=loaded, at=AT)
    assert no.value.code == "has_ended"
    end_rule(row, on=date(2026, 11, 2), source="D3-5-1", reason="A day later.", by=loaded, at=LATER)
    assert row.source_urls == ["D3-5-1"]
    with pytest.raises(Refused) as early:
        end_rule(row, on=date(2019, 1, 1), source=SOURCE, reason="A slip.", by=loaded, at=LATER)
    assert early.value.details["field"] == "on"


def test_edited_column_is_no_longer_marked_as_from_memory(loaded):
    row = DutyRelief.objects.get(code="CA-20-08")
    assert row.unsourced_columns == ["valid_to"]
    change_rule(row, {"valid_to": date(2022, 5, 6)}, reason="CN 22-09.", by=loaded, at=AT)
    assert row.unsourced_columns == []


def test_load_keeps_manual_edits_and_records_the_differing_file_values(loaded, tmp_path):
    for name in reference_data.MODELS_BY_FILE:
        shutil.copy(reference_data.DATA_FOLDER / name, tmp_path / name)
    row = rule("CN-X-INV-PURCHASE")
    change_rule(row, {"owner": "forwarder"}, reason="Our way.", by=loaded, at=AT)
    first = {one.file: one for one in load_catalogue(by=CONSOLE_ACTOR, at=LATER)}["customs_rules.csv"]
    assert (first.updated, first.manually_kept, first.newly_noted, first.changed_count) == (0, 1, 0, 0)
    overwrite_cells(tmp_path, "customs_rules.csv", 2, name_en="Invoice", position="11")
    found = {one.file: one for one in load_catalogue(by=CONSOLE_ACTOR, at=LATER, folder=tmp_path)}
    assert (found["customs_rules.csv"].manually_kept, found["customs_rules.csv"].changed_count) == (1, 1)
    row.refresh_from_db()
    assert (row.owner, row.name_en, row.position) == ("forwarder", "Commercial invoice", 10)
    assert row.file_values == {"owner": "supplier", "name_en": "Invoice", "position": 11}
    again = {one.file: one for one in load_catalogue(by=CONSOLE_ACTOR, at=LATER, folder=tmp_path)}
    assert again["customs_rules.csv"].changed_count == 0
    reset_to_file(row, reason="The file knows better.", by=loaded, at=LATER)
    assert (row.owner, row.name_en, row.edited_manually_at, row.file_values) == (
        "supplier",
        "Invoice",
        None,
        {},
    )
    assert Entry.objects.latest("pk").verb == "follow_file"
    with pytest.raises(Refused) as no:
        reset_to_file(row, reason="Again.", by=loaded, at=LATER)
    assert no.value.code == "nothing_changed"


def test_rule_edited_back_to_the_file_value_follows_the_file_again(loaded):
    row = rule()
    kept_owner = row.owner
    change_rule(row, {"owner": "forwarder"}, reason="A slip.", by=loaded, at=AT)
    change_rule(row, {"owner": kept_owner}, reason="Back.", by=loaded, at=LATER)
    assert (row.file_values, row.edited_manually_at) == ({}, LATER)
    reset_to_file(row, reason="As the file.", by=loaded, at=LATER)
    assert (row.owner, row.edited_manually_at, rule().edited_manually_at) == (kept_owner, None, None)
    with pytest.raises(Refused) as no:
        reset_to_file(row, reason="Again.", by=loaded, at=LATER)
    assert no.value.code == "nothing_changed"


def test_manually_added_rule_cannot_be_reset_to_the_file(loaded):
    row = add_rule(a_rule(), reason="Notice 7.", by=loaded, at=AT)
    with pytest.raises(Refused) as no:
        reset_to_file(row, reason="As the file.", by=loaded, at=LATER)
    assert no.value.code == "nothing_changed"


def test_reset_to_file_restores_a_date_as_a_date(loaded):
    row = rule()
    change_rule(row, {"valid_from": date(2020, 4, 11)}, reason="A slip.", by=loaded, at=AT)
    reset_to_file(row, reason="It was one.", by=loaded, at=LATER)
    assert row.valid_from == date(2020, 4, 10)
    assert rule().valid_from == date(2020, 4, 10)


def test_manually_added_rule_is_applied_and_not_changed_by_a_load(loaded):
    row = add_rule(a_rule(), reason="Notice 7.", by=loaded, at=AT)
    assert (row.added_manually, row.get_absolute_url()) == (True, "/rules/customs/CA-I-PERMIT/")
    assert Entry.objects.latest("pk").after["document_code"] == "PERMIT"
    assert "CA-I-PERMIT" in {one.code for one in CustomsRule.objects.for_route("CN", "CA")}
    report = {one.file: one for one in load_catalogue(by=CONSOLE_ACTOR, at=LATER)}["customs_rules.csv"]
    assert (report.rows_not_in_file, report.changed_count) == (1, 0)
    change_rule(row, {"owner": "broker"}, reason="Who does it.", by=loaded, at=LATER)
    assert row.file_values == {}
    relief = add_rule(a_relief(), reason="New order.", by=loaded, at=AT)
    assert relief.get_absolute_url() == "/rules/reliefs/CA-NEW/"
    with pytest.raises(Refused) as taken:
        add_rule(a_rule(), reason="Twice.", by=loaded, at=AT)
    assert taken.value.details["field"] == "code"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"code": "new"}, "code"),
        ({"document_code": "a permit"}, "document_code"),
        ({"name_fr": " "}, "name_fr"),
        ({"why_en": "Because."}, "why_fr"),
        ({"origin": "China"}, "origin"),
        ({"origin": "chn"}, "origin"),
        ({"destination": "c1"}, "destination"),
        ({"origin": "CA"}, "destination"),
        ({"hs_numbers": ["6307.90"]}, "hs_numbers"),
        ({"products": ["MASKS"]}, "products"),
        ({"families": ["hats"]}, "families"),
        ({"satisfied_by": ["A_PAPER"]}, "satisfied_by"),
        ({"confidence": "weak"}, "effect"),
        ({"confidence": "sure"}, "confidence"),
        ({"valid_from": None}, "valid_from"),
        ({"valid_to": date(2025, 1, 1)}, "valid_to"),
        ({"seen_on": date(2027, 1, 1)}, "seen_on"),
        ({"source_urls": []}, "source_urls"),
        ({"source_urls": [SOURCE]}, "source_urls"),
        ({"source_urls": [SOURCE, "https://customs.example/other"]}, "source_urls"),
        ({"source_urls": ["customs.example/a", "customs.example/b"]}, "source_urls"),
        ({"source_urls": ["https://www.customs.example/a", "http://customs.example/b"]}, "source_urls"),
        ({"source_urls": ["www.customs.example", SOURCE]}, "source_urls"),
        ({"source_urls": ["Customs.Example:443/x?y=1", SOURCE]}, "source_urls"),
        ({"source_urls": ["Notice 7", "notice  7"]}, "source_urls"),
        ({"source_urls": ["https://gov.cn@customs.example/a"]}, "source_urls"),
        ({"source_urls": ["javascript:alert(1)"]}, "source_urls"),
        ({"source_urls": ["https://a b"]}, "source_urls"),
        ({"source_urls": ["x" * 601]}, "source_urls"),
    ],
)
def test_invalid_rule_is_refused_at_its_field(loaded, facts, field):
    with pytest.raises(Refused) as no:
        add_rule(a_rule(**facts), reason="Notice 7.", by=loaded, at=AT)
    assert no.value.details["field"] == field
    assert not CustomsRule.objects.filter(document_code="PERMIT").exists()


@pytest.mark.parametrize(
    "sources",
    [
        [SOURCE, ANOTHER],
        [SOURCE, "Notice 7 of 2026"],
        ["https://www.canada.ca/en/notice"],
        ["english.customs.gov.cn/notices/12"],
        ["www.cbsa-asfc.gc.ca"],
    ],
)
def test_new_rule_with_an_official_or_two_independent_sources_is_reliable(loaded, sources):
    assert add_rule(a_rule(source_urls=sources), reason="Notice 7.", by=loaded, at=AT).is_reliable


def test_blocking_rule_cannot_be_confirmed_as_reliable_with_one_unofficial_source(loaded):
    CustomsRule.objects.filter(code="CN-X-CIQ-MASK").update(confidence="weak", source_urls=[])
    row = rule()
    with pytest.raises(Refused) as no:
        confirm_rule(row, source=SOURCE, confidence="firm", by=loaded, at=AT)
    assert no.value.details["field"] == "source"
    assert rule().confidence == "weak"
    confirm_rule(row, source="https://www.customs.gov.cn/7", confidence="firm", by=loaded, at=AT)
    assert rule().is_reliable


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"country": "Canada"}, "country"),
        ({"country": "c"}, "country"),
        ({"basis": " "}, "basis"),
        ({"relieves_duty": False}, "relieves_duty"),
        ({"hs_numbers": ["x"]}, "hs_numbers"),
        ({"condition_en": "If"}, "condition_fr"),
    ],
)
def test_invalid_duty_relief_is_refused_at_its_field(loaded, facts, field):
    with pytest.raises(Refused) as no:
        add_rule(a_relief(**facts), reason="Order.", by=loaded, at=AT)
    assert no.value.details["field"] == field


def test_relief_of_tax_alone_is_valid(loaded):
    assert invalid_rule_refusal(a_relief(relieves_duty=False, relieves_tax=True), KnownCodes((), ())) is None


def test_rule_change_without_reason_source_or_difference_is_refused(loaded):
    row = rule()
    before = Entry.objects.count()
    for refused, attempt in (
        ("reason", lambda: change_rule(row, {"owner": "city"}, reason=" ", by=loaded, at=AT)),
        ("reason", lambda: add_rule(a_rule(), reason="", by=loaded, at=AT)),
        ("reason", lambda: end_rule(row, on=AT.date(), source=SOURCE, reason="", by=loaded, at=AT)),
        ("source", lambda: end_rule(row, on=AT.date(), source="", reason="x", by=loaded, at=AT)),
        ("source", lambda: confirm_rule(row, source=" ", confidence="firm", by=loaded, at=AT)),
        ("confidence", lambda: confirm_rule(row, source=SOURCE, confidence="memory", by=loaded, at=AT)),
    ):
        with pytest.raises(Refused) as no:
            attempt()
        assert no.value.details["field"] == refused
    with pytest.raises(Refused, match="Nothing was changed"):
        change_rule(row, {"owner": row.owner}, reason="x", by=loaded, at=AT)
    with pytest.raises(Refused) as early:
        change_rule(row, {"seen_on": date(2027, 1, 1)}, reason="x", by=loaded, at=AT)
    assert early.value.details["field"] == "seen_on"
    with pytest.raises(Refused) as fixed:
        change_rule(row, {"code": "OTHER"}, reason="x", by=loaded, at=AT)
    assert fixed.value.code == "not_editable"
    assert Entry.objects.count() == before


def test_rule_edit_based_on_an_outdated_version_is_refused(loaded):
    row, other = rule(), rule()
    shown = edit_version(row)
    change_rule(other, {"owner": "forwarder"}, reason="First.", known=shown, by=loaded, at=AT)
    with pytest.raises(Refused) as no:
        change_rule(row, {"owner": "city"}, reason="Second.", known=shown, by=loaded, at=LATER)
    assert no.value.code == "changed_since"
    assert edit_version(rule()) == AT.isoformat()


@pytest.mark.parametrize(
    "role", ["administrator", "officer", "approver", "verifier", "logistics", "broker", "observer"]
)
def test_only_coordinators_can_maintain_rules(loaded, role):
    by = cities.powers(role, cities.city())
    assert not may_edit_rules(by)
    for attempt in (
        lambda: add_rule(a_rule(), reason="x", by=by, at=AT),
        lambda: change_rule(rule(), {"owner": "city"}, reason="x", by=by, at=AT),
        lambda: confirm_rule(rule(), source=SOURCE, confidence="firm", by=by, at=AT),
        lambda: end_rule(rule(), on=AT.date(), source=SOURCE, reason="x", by=by, at=AT),
        lambda: reset_to_file(rule(), reason="x", by=by, at=AT),
    ):
        with pytest.raises(Refused) as no:
            attempt()
        assert no.value.code == "not_allowed"


def test_coordinator_of_one_city_can_maintain_rules(loaded):
    assert may_edit_rules(cities.powers("coordinator", cities.city()))


def test_rule_source_is_a_web_address_or_a_document_title():
    assert invalid_source_refusal("Customs Notice 20-08") is None
    assert invalid_source_refusal("http://customs.example/7") is None
    assert invalid_source_refusal("data:text/html,x") is not None
    assert invalid_code_refusal("CN-X-7") is None
    assert invalid_code_refusal("-X") is not None
