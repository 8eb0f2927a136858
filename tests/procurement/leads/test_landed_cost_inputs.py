"""Tests of the inputs of a landed cost: the offer, published freight rates, the tariff, and reliefs.

They also cover the part of the result that the offer stores.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from procurement.catalogue.models.customs import DutyRelief
from procurement.catalogue.models.prices import DutyRate, PublishedFreightRate
from procurement.catalogue.models.products import Product
from procurement.leads.actions.leads import LeadEdit, change_lead, draft_lead
from procurement.leads.queries.landed_cost import landed_cost_of, stored_landed_cost, usual_mode
from procurement.leads.rules.landed_cost import CostBasis, CostElement, TransportMode
from tests.procurement.refusals import assert_refused
from tests.worlds.leads import drafted_offer, submitted_offer
from tests.worlds.need_to_order import AT

pytestmark = pytest.mark.django_db
MAY = datetime(2020, 5, 10, 12, tzinfo=UTC)
OFFER = {"unit_price": Decimal("0.40"), "currency": "USD", "incoterm": "FCA"}


def parts_by_name(lead, mode=TransportMode.AIR, at=AT):
    return {part.name: part for part in landed_cost_of(lead, mode, at).parts}


def test_offer_stores_its_landed_cost_with_every_part(story):
    lead = submitted_offer(story, **OFFER, inspection_cost=Decimal(500), insurance_percent=Decimal(1))
    kept = lead.landed
    assert (kept["on"], kept["currency"], kept["mode"]) == ("2020-04-16", "CAD", "air")
    assert [part["name"] for part in kept["by"]["air"]["parts"]] == [name.value for name in CostElement]
    air = landed_cost_of(lead, TransportMode.AIR, AT)
    assert Decimal(kept["by"]["air"]["total"]) == air.total
    assert Decimal(kept["arrived"]) == air.price_with_freight
    assert kept["by"]["sea"]["complete"] is False
    bases = {part.name: part.basis for part in air.parts}
    assert bases == {
        CostElement.GOODS: CostBasis.OFFERED,
        CostElement.PRE_CARRIAGE: CostBasis.INCLUDED,
        CostElement.FREIGHT: CostBasis.PUBLISHED,
        CostElement.INSURANCE: CostBasis.OFFERED,
        CostElement.DUTY: CostBasis.RELIEF,
        CostElement.INSPECTION: CostBasis.OFFERED,
    }


def test_offer_without_a_price_stores_no_landed_cost(story):
    assert submitted_offer(story).landed == {}
    assert (
        stored_landed_cost(submitted_offer(story, kind="donation"), AT)["by"]["air"]["parts"][0]["basis"]
        == "gift"
    )


def test_published_freight_rate_is_that_of_the_day_or_the_latest_before(story):
    lead = drafted_offer(story, **OFFER)
    april = parts_by_name(lead)[CostElement.FREIGHT]
    assert (april.basis, april.note_code, april.rate_date) == (
        CostBasis.PUBLISHED,
        "before_crisis",
        date(2020, 1, 20),
    )
    in_may = parts_by_name(lead, at=MAY)[CostElement.FREIGHT]
    assert (in_may.note_code, in_may.rate_date) == ("catalogue_carton", date(2020, 5, 1))
    assert in_may.amount > 3 * april.amount, "12.27 kilogram after 3.30"
    assert (
        parts_by_name(lead, at=datetime(2022, 1, 1, tzinfo=UTC))[CostElement.FREIGHT].note_code
        == "no_freight"
    )


def test_published_freight_rates_exist_only_for_air_from_china(story):
    lead = drafted_offer(story, **OFFER)
    assert parts_by_name(lead, TransportMode.SEA)[CostElement.FREIGHT].note_code == "no_freight"
    lead.supplier.country = "VN"
    assert parts_by_name(lead)[CostElement.FREIGHT].note_code == "no_freight"


def test_published_freight_rate_without_an_exchange_rate_is_unknown(story):
    PublishedFreightRate.objects.filter(mode="air").update(currency="AED")
    assert parts_by_name(drafted_offer(story, **OFFER))[CostElement.FREIGHT].note_code == "no_freight"
    PublishedFreightRate.objects.filter(mode="air").update(valid_to=None)
    assert parts_by_name(drafted_offer(story, **OFFER))[CostElement.FREIGHT].note_code == "no_freight"


def test_freight_and_carton_stated_by_the_offer_take_precedence(story):
    own = {"air_freight": Decimal(8), "sea_freight": Decimal(600), "carton_pieces": 1_000}
    lead = drafted_offer(
        story, **OFFER, **own, carton_kg=Decimal(6), carton_litres=Decimal(30), pallet_cartons=20
    )
    by_air, by_sea = (
        parts_by_name(lead)[CostElement.FREIGHT],
        parts_by_name(lead, TransportMode.SEA)[CostElement.FREIGHT],
    )
    assert (by_air.basis, by_sea.basis) == (CostBasis.OFFERED, CostBasis.OFFERED)
    rate = lead.rate
    assert by_air.amount == (rate * 8 * 6 / 1_000).quantize(Decimal("0.0001"))
    assert by_sea.amount == (rate * 600 / 20_000).quantize(Decimal("0.0001"))


def test_duty_is_zero_during_the_relief_and_unknown_outside_it(story):
    lead = drafted_offer(story, **OFFER)
    relieved = parts_by_name(lead)[CostElement.DUTY]
    assert (relieved.amount, relieved.basis, relieved.rate_date) == (0, CostBasis.RELIEF, date(2020, 3, 16))
    assert relieved.source.startswith("CA-20-08")
    before = parts_by_name(lead, at=datetime(2020, 2, 1, tzinfo=UTC))[CostElement.DUTY]
    assert (before.amount, before.note_code) == (None, "no_tariff")


def test_duty_relief_applies_only_to_its_own_goods(story):
    DutyRelief.objects.filter(code="CA-20-08").delete()
    masks, gloves = (
        drafted_offer(story, **OFFER),
        drafted_offer(story, line=story.line(product="GLOVE_EXAM_NITRILE"), **OFFER),
    )
    gloves.product.tariff_codes.all().delete()
    assert parts_by_name(masks, at=MAY)[CostElement.DUTY].source.startswith("CA-SOR-2020-101")
    assert parts_by_name(gloves, at=MAY)[CostElement.DUTY].note_code == "no_tariff"


def test_duty_rate_of_the_tariff_is_used_when_known(story):
    lead = drafted_offer(story, **OFFER)
    lead.city.country = "JP"
    duty = parts_by_name(lead, at=MAY)[CostElement.DUTY]
    assert (duty.basis, duty.rate_date) == (CostBasis.TARIFF, date(2020, 4, 1))
    assert duty.amount > 0
    lead.kind = "donation"
    assert parts_by_name(lead, at=MAY)[CostElement.DUTY].basis is CostBasis.RELIEF, (
        "relief goods are free of duty in Japan"
    )
    DutyRate.objects.all().delete()
    lead.kind = "sale"
    assert parts_by_name(lead, at=MAY)[CostElement.DUTY].note_code == "no_tariff"


def test_landed_cost_is_converted_to_the_readers_currency(story):
    lead = drafted_offer(story, **OFFER)
    cost = landed_cost_of(lead, TransportMode.AIR, AT, "EUR")
    assert cost.currency == "EUR"
    assert 0 < cost.parts[0].amount < Decimal("0.40"), "forty US cents in euros"


@pytest.mark.parametrize(
    ("facts", "mode"),
    [
        ({}, TransportMode.AIR),
        ({"sea_days": 30}, TransportMode.SEA),
        ({"sea_days": 30, "air_days": 5}, TransportMode.AIR),
        ({"incoterm": "CIF"}, TransportMode.SEA),
        ({"incoterm": "FOB"}, TransportMode.AIR),
        ({"sea_freight": Decimal(500)}, TransportMode.SEA),
        ({"air_freight": Decimal(5)}, TransportMode.AIR),
    ],
)
def test_usual_transport_mode_of_an_offer_follows_its_facts(story, facts, mode):
    lead = drafted_offer(story, **{**OFFER, **facts})
    assert usual_mode(lead) is mode


def test_inspection_cost_is_divided_by_the_needed_or_offered_quantity(story):
    line = story.line(2_000)
    with_line = drafted_offer(story, line=line, **OFFER, inspection_cost=Decimal(100))
    alone = draft_lead(
        story.city,
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
        product=Product.objects.get(code="MASK_SURG"),
        supplier=story.supplier,
        stock_quantity=5_000,
        **OFFER,
        inspection_cost=Decimal(100),
    )
    rate = with_line.rate
    assert parts_by_name(with_line)[CostElement.INSPECTION].amount == (rate * 100 / 2_000).quantize(
        Decimal("0.0001")
    )
    assert parts_by_name(alone)[CostElement.INSPECTION].amount == (rate * 100 / 5_000).quantize(
        Decimal("0.0001")
    )


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"insurance_percent": Decimal(101)}, "bad_insurance", "insurance_percent"),
        ({"inspection_cost": Decimal(-1), "currency": "CAD"}, "bad_freight", "inspection_cost"),
        ({"inspection_cost": Decimal(5), "currency": ""}, "currency_missing", "currency"),
    ],
)
def test_impossible_cost_of_an_offer_is_refused_at_its_field(story, facts, code, field):
    lead = drafted_offer(story)
    with assert_refused(code, lead) as no:
        change_lead(lead, LeadEdit(**facts), by=story.officer.by, at=AT)
    assert no.value.details["field"] == field


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ((2020, 1, 20), ""),
        ((2020, 1, 21), "before_crisis"),
        ((2020, 3, 15), "before_crisis"),
        ((2020, 4, 30), "before_crisis"),
        ((2020, 5, 1), ""),
        ((2020, 7, 15), "carried"),
        ((2020, 8, 24), ""),
        ((2020, 10, 2), "carried"),
    ],
)
@pytest.mark.parametrize("product", ["MASK_SURG", "RESP_KN95"])
def test_outdated_freight_rate_is_marked_and_makes_the_offer_not_comparable(story, day, why, product):
    carton = {"carton_pieces": 1_000, "carton_kg": Decimal(6), "carton_litres": Decimal(30)}
    lead = drafted_offer(
        story, line=story.line(product=product, declared_use="non_medical"), **OFFER, **carton
    )
    cost = landed_cost_of(lead, TransportMode.AIR, datetime(*day, 20, tzinfo=UTC))
    freight = next(part for part in cost.parts if part.name is CostElement.FREIGHT)
    assert freight.note_code == why
    assert cost.comparable == (freight.is_final) == (not why)
    assert stored_landed_cost(lead, datetime(*day, 20, tzinfo=UTC))["comparable"] == (not why)


@pytest.mark.parametrize("facts", [{"incoterm": "CIF"}, {"incoterm": "DAP"}, {"air_freight": Decimal(9)}])
def test_offer_that_states_its_freight_stays_comparable(story, facts):
    carton = {"carton_pieces": 1_000, "carton_kg": Decimal(6), "carton_litres": Decimal(30)}
    lead = drafted_offer(story, **{**OFFER, **facts}, **carton)
    assert landed_cost_of(lead, usual_mode(lead), AT).comparable
