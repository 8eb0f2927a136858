"""What was recorded before a version that keeps more is filled in as it comes: claims, hand-outs and shipments."""

from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from partners.models.people import Organisation
from procurement.catalogue.models.customs import DutyRelief
from procurement.requests.models import SupplyRequest
from procurement.shipments.actions import customs
from procurement.shipments.actions.customs import DeclaredLine
from procurement.shipments.models.handouts import HandOut
from procurement.shipments.models.reliefs import ReliefClaim
from procurement.shipments.models.shipment import Shipment
from tests.procurement.shipments.after.play import correct, declare, give, hospital
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT


def fill() -> None:
    """As the upgrade does."""
    module = import_module("procurement.migrations.0050_what_was_not_kept_then")
    module.fill(apps, SimpleNamespace(connection=connection))


def of_before(claim: ReliefClaim) -> ReliefClaim:
    """As a claim looked that was opened before its code was kept."""
    ReliefClaim.objects.filter(pk=claim.pk).update(hs_code="")
    claim.refresh_from_db()
    return claim


@pytest.mark.parametrize("filled", [True, False])
def test_a_claim_from_before_does_not_flip_as_the_next_one_is_opened(story: Voyage, filled: bool) -> None:
    DutyRelief.objects.filter(code="CA-20-08").update(hs_numbers=["630790"])
    claim = declare(story)
    assert (claim.held, claim.unmet) == ("yes", [])
    of_before(claim)
    if filled:
        fill()
        claim.refresh_from_db()
        assert claim.hs_code == "6307909870"
    correct(story, claim, line=claim.line)
    claim.refresh_from_db()
    assert (claim.held, claim.unmet) == ("yes", [])


def test_two_claims_without_codes_and_goods_are_not_taken_for_the_same_goods(story: Voyage) -> None:
    shipment = story.plan(story.ready(), story.ready())
    given: dict[str, Any] = {"origin": "CN", "value": Decimal(9), "currency": "CAD"}
    lines = [
        DeclaredLine(hs_code="9999999999", relief="CA-20-08", **given),
        DeclaredLine(hs_code="8888888888", relief="CA-SOR-2020-101", **given),
    ]
    made = customs.declare(
        story.lane(shipment, "import"), number="1", lines=lines, by=story.logistics.by, at=AT
    )
    claims = [of_before(one) for one in made.relief_claims.order_by("pk")]
    assert [one.line for one in claims] == [None, None]
    correct(story, claims[0], line=None)
    for one in claims:
        one.refresh_from_db()
        assert "other_relief" not in one.unmet


def test_a_claim_whose_declaration_has_no_such_line_stays_without_a_code(story: Voyage) -> None:
    claim = of_before(declare(story))
    ReliefClaim.objects.filter(pk=claim.pk).update(position=9)
    fill()
    claim.refresh_from_db()
    assert claim.hs_code == ""


def test_a_hand_out_from_before_counts_by_the_kind_of_its_organisation(story: Voyage) -> None:
    lot = story.released().lots.get()
    give(story, lot, 10, organisation=hospital(story))
    forwarder = Organisation.objects.create(city=story.city, kind="forwarder", name_en="Quay DEMO")
    give(story, lot, 20, organisation=forwarder)
    give(story, lot, 30, place="Ward 3")
    HandOut.objects.update(receiver="")
    fill()
    assert dict(HandOut.objects.values_list("quantity", "receiver")) == {10: "hospital", 20: "", 30: ""}


@pytest.mark.parametrize(
    ("kinds", "consignee", "kept"),
    [
        ([], "municipality", ""),
        ([], "hospital", "hospital"),
        (["hospital"], "municipality", "municipality"),
    ],
)
def test_the_municipality_that_no_need_named_is_forgotten(
    story: Voyage, kinds: list[str], consignee: str, kept: str
) -> None:
    shipment = story.plan()
    SupplyRequest.objects.update(facility_kinds=kinds)
    Shipment.objects.filter(pk=shipment.pk).update(consignee=consignee)
    fill()
    shipment.refresh_from_db()
    assert shipment.consignee == kept


def test_a_municipality_named_since_receivers_are_read_from_needs_is_kept(story: Voyage) -> None:
    shipment = story.plan(consignee="municipality")
    SupplyRequest.objects.update(facility_kinds=[])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE django_migrations SET applied = %s WHERE name = '0043_receivers_of_needs'", [AT]
        )
    fill()
    shipment.refresh_from_db()
    assert shipment.consignee == "municipality"
