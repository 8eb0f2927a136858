"""Tests of the conditions of a duty relief, and of two reliefs claimed for the same goods."""

from datetime import date
from decimal import Decimal

import pytest

from procurement.catalogue.models.customs import DutyRelief
from procurement.catalogue.models.products import TariffCode
from procurement.catalogue.rules.duty_reliefs import applicable_reliefs
from procurement.customs.actions import DeclaredLine, add_declaration
from procurement.customs.duty_relief.models import ReliefClaim
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey, noon_of
from tests.worlds.thank_yous import (
    declared_relief_claim,
)
from workflow.clock import clear_instance_cache


@pytest.mark.parametrize(
    ("importer", "relief", "hs_code", "day", "unmet"),
    [
        ("municipality", "CA-20-08", "6307909870", date(2020, 3, 16), []),
        ("municipality", "CA-20-08", "6307909870", date(2022, 5, 7), []),
        ("hospital", "CA-20-08", "4015190000", date(2021, 1, 9), []),
        ("association", "CA-20-08", "6307909870", date(2020, 4, 20), ["importer"]),
        ("laboratory", "CA-20-08", "9025199010", date(2020, 6, 1), ["importer"]),
        ("municipality", "CA-20-08", "6307909870", date(2020, 3, 15), ["day"]),
        ("association", "CA-SOR-2020-101", "6307909970", date(2020, 5, 5), []),
        ("municipality", "CA-SOR-2020-101", "6210109000", date(2022, 5, 7), []),
        ("municipality", "CA-SOR-2020-101", "6307909870", date(2020, 5, 20), ["codes"]),
        ("municipality", "CA-SOR-2020-101", "9025199010", date(2020, 5, 4), ["day", "codes"]),
        ("municipality", "JP-RELIEF-GOODS", "6307909970", date(2020, 5, 20), ["country", "acquisition"]),
    ],
)
def test_claim_lists_the_unmet_conditions_of_its_relief(
    story: Journey, importer: str, relief: str, hs_code: str, day: date, unmet: list[str]
) -> None:
    shipment = story.plan(consignee=importer)
    clearance = story.clearance(shipment, "import")
    given = {"origin": "CN", "value": Decimal(70), "currency": "CAD"}
    line = DeclaredLine(hs_code=hs_code, relief=relief, **given)
    made = add_declaration(clearance, number="7", lines=[line], by=story.logistics.by, at=noon_of(story, day))
    claim = made.relief_claims.get()
    assert (claim.unmet, claim.held == "no") == (unmet, bool(unmet))
    row = DutyRelief.objects.get(code=relief)
    book = applicable_reliefs(
        [row], destination="CA", acquisition_type="purchase", importers=[importer], numbers=[hs_code], on=day
    )
    assert bool(book) == (not unmet), "the page of the rules says the same"


@pytest.mark.parametrize(
    ("receivers", "day", "unmet"),
    [
        (["long_term_care"], date(2020, 4, 5), ["importer"]),
        (["long_term_care"], date(2020, 4, 6), []),
        (["shelter", "municipality"], date(2020, 3, 20), ["importer"]),
        (["shelter", "municipality"], date(2020, 4, 6), []),
        (["emergency_services"], date(2020, 3, 20), []),
        (["clinic", "health_authority"], date(2020, 3, 16), []),
        (["municipality", "association"], date(2020, 4, 20), ["importer"]),
        (["association", "municipality"], date(2020, 4, 20), ["importer"]),
        (["public"], date(2020, 4, 20), ["importer"]),
        ([], date(2020, 4, 20), []),
    ],
)
def test_relief_condition_must_hold_for_every_receiver_of_the_need(
    story: Journey, receivers: list[str], day: date, unmet: list[str]
) -> None:
    order = story.ready(story.promise(4_000, line=story.line(4_000, facility_kinds=receivers)))
    clearance = story.clearance(story.plan(order), "import")
    line = DeclaredLine(
        hs_code="6307909870", origin="CN", value=Decimal(70), currency="CAD", relief="CA-20-08"
    )
    made = add_declaration(clearance, number="7", lines=[line], by=story.logistics.by, at=noon_of(story, day))
    assert made.relief_claims.get().unmet == unmet


def test_relief_condition_is_judged_by_the_receivers_of_its_own_goods(story: Journey) -> None:
    hall = story.ready(story.promise(1_000, line=story.line(1_000, facility_kinds=["association"])))
    other = story.line(500, product="RESP_KN95", facility_kinds=["hospital"])
    TariffCode.objects.all().delete()
    for product, number in ((hall.lines.get().allocation.lead.product, "630790"), (other.product, "621010")):
        TariffCode.objects.create(
            code=number, product=product, scheme="HS6", number=number, confidence="firm"
        )
    ward = story.ready(story.promise(500, line=other))
    clearance = story.clearance(story.plan(hall, ward), "import")
    given = {"origin": "CN", "value": Decimal(70), "currency": "CAD", "relief": "CA-20-08"}
    lines = [DeclaredLine(hs_code=code, **given) for code in ("6307909870", "6210109000")]
    made = add_declaration(clearance, number="7", lines=lines, by=story.logistics.by, at=AT)
    found = {claim.line and claim.line.order_line.order: claim.unmet for claim in made.relief_claims.all()}
    assert found == {hall: ["importer"], ward: []}


def two_claims(
    story: Journey, *reliefs: str, hs_codes: tuple[str, str] = ("6307909970", "6307909970")
) -> list[ReliefClaim]:
    """Return the claims of two lines in one declaration, on a day when both reliefs hold."""
    clearance = story.clearance(story.plan(), "import")
    given = {"origin": "CN", "value": Decimal(70), "currency": "CAD"}
    lines = [
        DeclaredLine(hs_code=code, relief=relief, **given)
        for code, relief in zip(hs_codes, reliefs, strict=True)
    ]
    at = noon_of(story, date(2020, 6, 2))
    return list(
        add_declaration(
            clearance, number="7", lines=lines, by=story.logistics.by, at=at
        ).relief_claims.order_by("pk")
    )


def test_two_reliefs_on_the_same_goods_conflict_in_one_declaration(story: Journey) -> None:
    for claim in two_claims(story, "CA-20-08", "CA-SOR-2020-101"):
        assert (claim.unmet, claim.held) == (["other_relief"], "no")


def test_second_relief_in_a_later_declaration_conflicts_with_the_first(story: Journey) -> None:
    first = declared_relief_claim(story, hs_code="6307909970")
    clearance = first.declaration.clearance
    line = DeclaredLine(
        hs_code="6307909970", origin="CN", value=Decimal(9), currency="CAD", relief="CA-SOR-2020-101"
    )
    at = noon_of(story, date(2020, 6, 2))
    made = add_declaration(clearance, number="2", lines=[line], by=story.logistics.by, at=at)
    first.refresh_from_db()
    assert (first.held, first.unmet) == ("no", ["other_relief"])
    assert made.relief_claims.get().unmet == ["other_relief"]


def test_reliefs_in_export_and_import_declarations_do_not_conflict(story: Journey) -> None:
    shipment = story.plan()
    given = {"hs_code": "6307909970", "origin": "CN", "value": Decimal(70), "currency": "CAD"}
    at = noon_of(story, date(2020, 6, 2))
    for side, relief in (("export", "CA-20-08"), ("import", "CA-SOR-2020-101")):
        lines = [DeclaredLine(relief=relief, **given)]
        add_declaration(
            story.clearance(shipment, side), number=side, lines=lines, by=story.logistics.by, at=at
        )
    assert not any("other_relief" in claim.unmet for claim in shipment.relief_claims.all())


def test_same_relief_on_two_lines_of_the_same_goods_does_not_conflict(story: Journey) -> None:
    assert [claim.unmet for claim in two_claims(story, "CA-20-08", "CA-20-08")] == [[], []]


def test_page_and_api_name_the_unmet_condition_of_a_relief(story: Journey) -> None:
    story.practise()
    shipment = story.plan(consignee="association")
    claim = declared_relief_claim(story, shipment)
    page = Browser(story.officer.user).open(claim)
    assert "The relief does not apply: it does not cover this type of importer." in page
    data = Program(story.officer.user).get(f"relief-claims/{claim.reference}/")
    assert (data["held"], data["unmet"]) == ("no", ["importer"])
    clear_instance_cache()
