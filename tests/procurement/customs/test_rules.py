"""Tests of the boundaries in the rules for clearances, holds and relief claims, without a database."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from partners.powers import Power
from procurement.customs import rules
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.customs.duty_relief.rules import (
    incomplete_proof_refusal,
    may_claim,
    may_manage_claim,
    reminders_due,
)
from procurement.customs.models import CustomsClearance
from procurement.customs.rules import (
    ADD_DECLARATION,
    CHANGE_COUNTRY,
    FILE_CLEARANCE,
    RECORD_RELEASE,
    declared_use,
    end_user_types_by_line,
    false_use_clearance_refusal,
    hold_after_release_refusal,
    importer_kinds,
    may_clear,
    may_open_clearance,
    release_refusal,
)
from procurement.shipments.models import Shipment
from tests.worlds.need_to_order import AT
from workflow.errors import Refused

DEADLINE, DAY = date(2020, 6, 30), timedelta(days=1)


def actor(*powers: str, thing: object = None) -> Any:
    """Return an actor with powers, over one object if it is given."""
    return SimpleNamespace(may=lambda power, over: power in powers and thing in (None, over))


def clearance(side: str = "export", status: str = "filed", shipment: str = "packed", holds: int = 0) -> Any:
    shipped = SimpleNamespace(status=shipment, reference="SH-1")
    return SimpleNamespace(side=side, status=status, shipment=shipped, holds_open=holds)


# --- goods as customs sees them ---------------------------------------------------------------------------------
def test_consignment_takes_its_countries_from_origin_and_destination():
    shipment = Shipment(origin="CNSHA", destination="CAVAN", consignee="hospital", mode="air")
    seen = rules.shipment_consignment(shipment, [], DEADLINE)
    assert (seen.origin, seen.destination, seen.consignee, seen.mode) == ("CN", "CA", "hospital", "air")


def test_contradiction_names_its_rule_and_goods():
    rule = SimpleNamespace(code="CN-5-2020", name="Declared use", why="The receiver is a hospital.")
    refused = rules.contradiction_refusal(SimpleNamespace(rule=rule, products=("surgical_mask",)))  # type: ignore[arg-type]
    assert refused.code == "contradiction"
    assert (refused.details["rule"], refused.details["products"]) == ("CN-5-2020", ["surgical_mask"])
    assert "The receiver is a hospital." in str(refused.message)


@pytest.mark.parametrize(
    ("uses", "asked"),
    [
        (["medical", "medical"], False),
        (["medical", "non_medical"], True),
        (["non_medical", "non_medical"], True),
        ([], False),
    ],
)
def test_one_non_medical_line_triggers_the_contradiction_check(monkeypatch, uses, asked):
    looked = []
    monkeypatch.setattr(rules, "declared_use", lambda line: line)
    monkeypatch.setattr(rules, "_cached_lines", lambda _shipment: uses)
    monkeypatch.setattr(rules, "shipment_consignment", lambda _shipment, lines, _on: looked.append(lines))
    monkeypatch.setattr(rules, "end_user_contradictions", lambda _goods, *, on: [])
    sides = []

    class Clearances:
        def filter(self, **facts: Any) -> "Clearances":
            sides.append(facts)
            return self

        def values_list(self, *_names: str, flat: bool) -> "Clearances":
            return self

        def first(self) -> None:
            return None

    shipment: Any = SimpleNamespace(clearances=Clearances())
    assert rules.false_use_refusal(shipment, AT) is None
    assert bool(looked) is asked
    assert sides == ([{"side": "export"}] if asked else []), "only the export's day counts"


# --- clearances and holds ---------------------------------------------------------------------------------------
def test_clearance_is_opened_with_shipping_or_clearing_and_continued_with_clearing_permission():
    others = [power for power in Power if power not in (Power.SHIP, Power.CLEAR_CUSTOMS)]
    for powers, begins, clears in (
        ([Power.SHIP], True, False),
        ([Power.CLEAR_CUSTOMS], True, True),
        (others, False, False),
    ):
        assert (may_open_clearance(actor(*powers), None), may_clear(actor(*powers), None)) == (
            begins,
            clears,
        )  # type: ignore[arg-type]


@pytest.mark.parametrize("status", Shipment.Status.values)
def test_export_is_released_after_packing_and_import_after_departure(status):
    no = release_refusal(clearance("export", shipment=status))
    assert (no is None) is (status not in ("planned", "cancelled"))
    coming = release_refusal(clearance("import", shipment=status))
    assert (coming is None) is (status not in ("planned", "packed", "cancelled"))
    assert all(one is None or one.details["status"] == status for one in (no, coming))


def test_release_refusal_names_packing_for_export_and_departure_for_import():
    waits = [str(release_refusal(clearance(side, shipment="planned"))) for side in ("export", "import")]
    assert [("packed" in words, "departure" in words) for words in waits] == [(True, False), (False, True)]


@pytest.mark.parametrize("move", [FILE_CLEARANCE, ADD_DECLARATION, RECORD_RELEASE])
def test_clearance_of_a_cancelled_shipment_cannot_be_filed_declared_or_released(move):
    broker, status = actor(Power.CLEAR_CUSTOMS), min(move.source)
    assert move.refusal(broker, clearance("import", status, "in_transit"), AT) is None
    no = move.refusal(broker, clearance("import", status, "cancelled"), AT)
    assert (no.code, no.details["status"]) == ("not_ready", "cancelled")


def test_held_clearance_cannot_be_redirected_to_another_country():
    assert CHANGE_COUNTRY.refusal(actor(Power.SHIP), clearance(status="open"), AT) is None
    assert CHANGE_COUNTRY.refusal(actor(Power.SHIP), clearance(status="open", holds=1), AT) is not None


def test_held_clearance_is_not_released_and_a_cleared_one_not_held():
    no = release_refusal(clearance(holds=2))
    assert no is not None
    assert no.details["holds"] == 2
    for status in CustomsClearance.Status.values:
        hold = SimpleNamespace(clearance=clearance(status=status))
        assert (hold_after_release_refusal(hold) is None) is (status != "cleared")


def test_import_clearance_is_not_checked_for_false_declared_use():
    assert false_use_clearance_refusal(clearance("import"), AT) is None


@pytest.mark.parametrize("move", [FILE_CLEARANCE, ADD_DECLARATION, RECORD_RELEASE])
def test_export_with_a_false_declared_use_cannot_be_filed_declared_or_released(move, monkeypatch):
    false_use = Refused("contradiction", "declared as non-medical")
    monkeypatch.setattr(rules, "false_use_refusal", lambda _shipment, _at: false_use)
    broker, status = actor(Power.CLEAR_CUSTOMS), min(move.source)
    assert move.refusal(broker, clearance("export", status, "packed"), AT) is false_use
    assert move.refusal(broker, clearance("import", status, "in_transit"), AT) is None


# --- who receives -----------------------------------------------------------------------------------------------
def shipment_line(pk: int, *kinds: str, offered: str = "", asked: str = "medical") -> Any:
    need = SimpleNamespace(facility_kinds=list(kinds), declared_use=asked)
    allocation = SimpleNamespace(
        lead=SimpleNamespace(declared_use=offered), line=SimpleNamespace(supply_request=need)
    )
    return SimpleNamespace(pk=pk, order_line=SimpleNamespace(allocation=allocation))


def test_declared_use_is_the_offers_or_else_the_needs():
    assert declared_use(shipment_line(1, offered="non_medical")) == "non_medical"
    assert declared_use(shipment_line(1)) == "medical"


def test_receivers_are_named_once_and_the_shipments_consignee_overrides_them():
    lines = [shipment_line(1, "hospital", "municipality"), shipment_line(2, "municipality")]
    anywhere, named = SimpleNamespace(consignee=""), SimpleNamespace(consignee="association")
    assert importer_kinds(anywhere, lines) == ["hospital", "municipality"]
    assert importer_kinds(named, lines) == ["hospital", "municipality", "association"]
    assert end_user_types_by_line(anywhere, [shipment_line(1, "hospital"), shipment_line(2)]) == {
        1: "hospital",
        2: "",
    }
    assert end_user_types_by_line(named, [shipment_line(2)]) == {2: "association"}


# --- relief claims ----------------------------------------------------------------------------------------------
def test_broker_may_claim_a_relief_but_only_the_city_may_manage_it():
    lane = object()
    claim: Any = SimpleNamespace(declaration=SimpleNamespace(clearance=lane))
    broker, officer = actor(Power.CLEAR_CUSTOMS, thing=lane), actor(Power.CLEAR_CUSTOMS, thing=claim)
    assert (may_claim(broker, claim), may_manage_claim(broker, claim)) == (True, False)
    assert may_manage_claim(officer, claim)
    assert not may_claim(actor(Power.SHIP), claim)


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (DEADLINE - 31 * DAY, 0),
        (DEADLINE - 30 * DAY, 1),
        (DEADLINE - 8 * DAY, 1),
        (DEADLINE - 7 * DAY, 2),
        (DEADLINE - DAY, 2),
        (DEADLINE, 3),
        (DEADLINE + DAY, 3),
    ],
)
def test_relief_reminders_are_due_30_and_7_days_before_and_on_the_deadline(today, due):
    assert reminders_due(ReliefClaim(prove_by=DEADLINE), today) == due
    assert reminders_due(ReliefClaim(), today) == 0


@pytest.mark.parametrize(
    ("pieces", "shown", "files", "word", "code"),
    [
        (100, 100, 1, "", ""),
        (100, 100, 0, "", "file_missing"),
        (None, 100, 1, "", "pieces_missing"),
        (100, 99, 1, " ", "not_all_shown"),
        (100, 99, 1, "One box got wet.", ""),
        (100, 101, 1, "", ""),
    ],
)
def test_end_use_needs_a_file_and_every_unit_or_an_explanation(pieces, shown, files, word, code):
    no = incomplete_proof_refusal(ReliefClaim(pieces=pieces), shown, files, word)
    assert (no.code if no else "") == code
    assert code != "not_all_shown" or (
        no and (no.details["field"], no.details["shown"], no.details["pieces"])
    ) == (
        "explanation",
        99,
        100,
    )
