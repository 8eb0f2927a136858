"""Tests of the boundaries in the rules for clearances, holds and relief claims, without a database."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from partners.powers import Power
from procurement.customs import rules
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.customs.duty_relief.rules import (
    may_claim,
    may_manage,
    refuse_incomplete_proof,
    reminders_due,
)
from procurement.customs.models import CustomsClearance
from procurement.customs.rules import (
    DECLARE,
    FILE,
    REDIRECT,
    RELEASE,
    declared_use,
    end_user_types_by_line,
    importer_kinds,
    may_clear,
    may_open_clearance,
    refuse_clearance_of_false_use,
    refuse_hold_after_release,
    refuse_release,
)
from procurement.shipments.models import Shipment
from tests.worlds.need_to_order import AT
from workflow.errors import Refused

DEADLINE, DAY = date(2020, 6, 30), timedelta(days=1)


def person(*powers: str, thing: object = None) -> Any:
    """Return an actor with powers, over one thing if it is given."""
    return SimpleNamespace(may=lambda power, over: power in powers and thing in (None, over))


def clearance(side: str = "export", status: str = "filed", shipment: str = "packed", holds: int = 0) -> Any:
    shipped = SimpleNamespace(status=shipment, reference="SH-1")
    return SimpleNamespace(side=side, status=status, shipment=shipped, holds_open=holds)


# --- goods as customs sees them ---------------------------------------------------------------------------------
def test_customs_sees_the_countries_of_both_places():
    shipment = Shipment(origin="CNSHA", destination="CAVAN", consignee="hospital", mode="air")
    seen = rules.consignment_of(shipment, [], DEADLINE)
    assert (seen.origin, seen.destination, seen.consignee, seen.mode) == ("CN", "CA", "hospital", "air")


def test_a_contradiction_names_its_rule_and_its_goods():
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
def test_one_line_declared_as_non_medical_is_enough_to_look_for_contradictions(monkeypatch, uses, asked):
    looked = []
    monkeypatch.setattr(rules, "declared_use", lambda line: line)
    monkeypatch.setattr(rules, "_cached_lines", lambda _shipment: uses)
    monkeypatch.setattr(rules, "consignment_of", lambda _shipment, lines, _on: looked.append(lines))
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
    assert rules.refuse_false_use(shipment, AT) is None
    assert bool(looked) is asked
    assert sides == ([{"side": "export"}] if asked else []), "only the export's day counts"


# --- clearances and holds ---------------------------------------------------------------------------------------
def test_who_plans_or_clears_begins_a_clearance_and_who_clears_goes_on():
    others = [power for power in Power if power not in (Power.SHIP, Power.CLEAR)]
    for powers, begins, clears in (
        ([Power.SHIP], True, False),
        ([Power.CLEAR], True, True),
        (others, False, False),
    ):
        assert (may_open_clearance(person(*powers), None), may_clear(person(*powers), None)) == (
            begins,
            clears,
        )  # type: ignore[arg-type]


@pytest.mark.parametrize("status", Shipment.Status.values)
def test_an_export_is_released_once_packed_and_an_import_once_departed(status):
    no = refuse_release(clearance("export", shipment=status))
    assert (no is None) is (status not in ("planned", "cancelled"))
    coming = refuse_release(clearance("import", shipment=status))
    assert (coming is None) is (status not in ("planned", "packed", "cancelled"))
    assert all(one is None or one.details["status"] == status for one in (no, coming))


def test_each_side_is_told_what_it_waits_for():
    waits = [str(refuse_release(clearance(side, shipment="planned"))) for side in ("export", "import")]
    assert [("packed" in words, "departure" in words) for words in waits] == [(True, False), (False, True)]


@pytest.mark.parametrize("move", [FILE, DECLARE, RELEASE])
def test_nothing_is_filed_declared_or_released_for_a_cancelled_shipment(move):
    broker, status = person(Power.CLEAR), min(move.source)
    assert move.refusal(broker, clearance("import", status, "in_transit"), AT) is None
    no = move.refusal(broker, clearance("import", status, "cancelled"), AT)
    assert (no.code, no.details["status"]) == ("not_ready", "cancelled")


def test_a_clearance_that_customs_holds_stays_with_its_country():
    assert REDIRECT.refusal(person(Power.SHIP), clearance(status="open"), AT) is None
    assert REDIRECT.refusal(person(Power.SHIP), clearance(status="open", holds=1), AT) is not None


def test_what_customs_holds_is_not_released_and_what_it_released_is_not_held():
    no = refuse_release(clearance(holds=2))
    assert no is not None
    assert no.details["holds"] == 2
    for status in CustomsClearance.Status.values:
        hold = SimpleNamespace(clearance=clearance(status=status))
        assert (refuse_hold_after_release(hold) is None) is (status != "cleared")


def test_only_an_export_is_filed_by_a_declaration_of_use():
    assert refuse_clearance_of_false_use(clearance("import"), AT) is None


@pytest.mark.parametrize("move", [FILE, DECLARE, RELEASE])
def test_an_export_declared_falsely_is_neither_filed_nor_declared_nor_released(move, monkeypatch):
    false_use = Refused("contradiction", "declared as non-medical")
    monkeypatch.setattr(rules, "refuse_false_use", lambda _shipment, _at: false_use)
    broker, status = person(Power.CLEAR), min(move.source)
    assert move.refusal(broker, clearance("export", status, "packed"), AT) is false_use
    assert move.refusal(broker, clearance("import", status, "in_transit"), AT) is None


# --- who receives -----------------------------------------------------------------------------------------------
def line(pk: int, *kinds: str, offered: str = "", asked: str = "medical") -> Any:
    need = SimpleNamespace(facility_kinds=list(kinds), declared_use=asked)
    allocation = SimpleNamespace(
        lead=SimpleNamespace(declared_use=offered), line=SimpleNamespace(supply_request=need)
    )
    return SimpleNamespace(pk=pk, order_line=SimpleNamespace(allocation=allocation))


def test_the_use_is_the_offers_else_the_needs():
    assert declared_use(line(1, offered="non_medical")) == "non_medical"
    assert declared_use(line(1)) == "medical"


def test_each_receiver_is_named_once_and_the_shipments_own_counts_for_every_line():
    lines = [line(1, "hospital", "municipality"), line(2, "municipality")]
    anywhere, named = SimpleNamespace(consignee=""), SimpleNamespace(consignee="association")
    assert importer_kinds(anywhere, lines) == ["hospital", "municipality"]
    assert importer_kinds(named, lines) == ["hospital", "municipality", "association"]
    assert end_user_types_by_line(anywhere, [line(1, "hospital"), line(2)]) == {1: "hospital", 2: ""}
    assert end_user_types_by_line(named, [line(2)]) == {2: "association"}


# --- relief claims ----------------------------------------------------------------------------------------------
def test_the_broker_claims_for_the_shipment_and_only_the_city_answers_for_it():
    lane = object()
    claim: Any = SimpleNamespace(declaration=SimpleNamespace(clearance=lane))
    broker, officer = person(Power.CLEAR, thing=lane), person(Power.CLEAR, thing=claim)
    assert (may_claim(broker, claim), may_manage(broker, claim)) == (True, False)
    assert may_manage(officer, claim)
    assert not may_claim(person(Power.SHIP), claim)


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
def test_a_reminder_is_due_thirty_days_before_seven_days_before_and_on_the_day(today, due):
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
def test_the_end_use_is_shown_by_a_paper_and_every_piece_or_a_written_word(pieces, shown, files, word, code):
    no = refuse_incomplete_proof(ReliefClaim(pieces=pieces), shown, files, word)
    assert (no.code if no else "") == code
    assert code != "not_all_shown" or (
        no and (no.details["field"], no.details["shown"], no.details["pieces"])
    ) == (
        "explanation",
        99,
        100,
    )
