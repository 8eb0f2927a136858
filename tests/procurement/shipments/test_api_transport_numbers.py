"""Tests of transport numbers through the API: a mistyped number is refused at its field."""

from typing import Any

import pytest

from tests.procurement.api.program import Program
from tests.worlds.shipments import Journey

pytestmark = pytest.mark.django_db
STRANGE = (
    "___U1234567",
    "ÄBCU1234567",
    "123U1234568",
    "AB1U1234567",
    "CSQU305438３",
    "CSQU3054384",
    "\0",
    "",
)


@pytest.mark.parametrize("typed", [*STRANGE, "CSQU3054383" * 1_000, 7, None])
def test_api_refuses_an_invalid_container_number_at_its_field(story: Journey, typed: Any) -> None:
    shipment = story.plan()
    refusal = Program(story.logistics.user).refused(
        f"shipments/{shipment.reference}/edit/", {"containers": [typed]}
    )
    assert refusal["status"] == 422
    assert refusal["errors"][0]["pointer"].startswith("#/containers")


@pytest.mark.parametrize(
    "typed", ["160-12345671", "٠٢٠١٢٣٤٥٦٧٥", "０２０１２３４５６７５", "\0", "1" * 21, "CSQU3054383"]
)
def test_api_refuses_an_invalid_air_waybill_at_its_field(story: Journey, typed: str) -> None:
    shipment = story.plan()
    refusal = Program(story.logistics.user).refused(
        f"shipments/{shipment.reference}/edit/", {"air_waybill": typed}
    )
    assert (refusal["status"], refusal["errors"][0]["pointer"]) == (422, "#/air_waybill")


def test_api_normalizes_container_air_waybill_and_place_codes(story: Journey) -> None:
    shipment = story.plan(origin="cn can", destination="CA VAN")
    body = {"containers": ["csqu 305438-3"], "air_waybill": "297-1234 5675"}
    data = Program(story.logistics.user).post(f"shipments/{shipment.reference}/edit/", body)
    assert (data["containers"], data["air_waybill"]) == (["CSQU3054383"], "29712345675")
    assert (data["origin"], data["destination"]) == ("CNCAN", "CAVAN")


def test_api_stores_declaration_codes_in_capitals(story: Journey) -> None:
    clearance = story.clearance(story.plan(), "export")
    line = {"hs_code": "6307900010", "origin": "cn", "value": "1200.00", "currency": "cad"}
    body = {"number": "E-1", "lines": [line]}
    data = Program(story.logistics.user).post(f"customs-clearances/{clearance.reference}/declare/", body)
    kept = data.get("lines") or clearance.declarations.get().lines
    assert (kept[0]["origin"], kept[0]["currency"]) == ("CN", "CAD")


def test_api_sets_and_changes_planned_times_by_milestone(story: Journey) -> None:
    shipment, logistics = story.plan(), Program(story.logistics.user)
    at = f"shipments/{shipment.reference}/schedule/"
    told = logistics.post(at, {"planned": {"departed": "2020-04-20T08:00:00Z", "arrived": None}})
    steps = {one["step"]: one["planned_at"] for one in told["milestones"]}
    assert (steps["departed"], steps["arrived"]) == ("2020-04-20T08:00:00Z", None)
    for wrong in (
        {"lunch": "2020-04-20T08:00:00Z"},
        {"arrived": "2020-04-19T08:00:00Z"},
        {"arrived": "soon"},
        None,
    ):
        refused = logistics.refused(at, {"planned": wrong})
        assert refused["status"] == 422
        assert refused["errors"][0]["pointer"].startswith("#/planned"), wrong
