"""Tests of the landed cost per unit: each Incoterm, each mode, each part known and unknown.

They use no database.
"""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.leads.rules.landed_cost import (
    INCLUDED_COSTS,
    SEA_ONLY_INCOTERMS,
    CartonData,
    CostBasis,
    CostElement,
    DutyCharge,
    FreightRate,
    OfferTerms,
    TransportMode,
    chargeable_weight,
    delivery_point,
    landed_cost,
)

BOX = CartonData(2_000, Decimal(8), Decimal(60), 20)
AIR = FreightRate(Decimal(10), CostBasis.OFFERED)
WHOLE = {
    "mode": TransportMode.AIR,
    "currency": "CAD",
    "price": Decimal("0.50"),
    "incoterm": "FCA",
    "freight": AIR,
    "carton": BOX,
    "insurance_percent": Decimal(1),
    "duty": DutyCharge(Decimal(5), CostBasis.TARIFF),
    "inspection_cost": Decimal(300),
    "pieces": 10_000,
}


def cost_parts(**facts):
    return {part.name: part for part in landed_cost(OfferTerms(**{**WHOLE, **facts})).parts}


def test_landed_cost_adds_up_each_part():
    cost = landed_cost(OfferTerms(**WHOLE))
    amounts = {part.name: part.amount for part in cost.parts}
    assert amounts == {
        CostElement.GOODS: Decimal("0.50"),
        CostElement.PRE_CARRIAGE: 0,
        CostElement.FREIGHT: Decimal(
            "0.0501"
        ),  # 60 litres are 10.02 kg by air; ten a kilogram, over 2,000 pieces
        CostElement.INSURANCE: Decimal("0.0061"),  # 1 % of 110 % of goods and freight
        CostElement.DUTY: Decimal("0.0278"),
        CostElement.INSPECTION: Decimal("0.0300"),
    }
    assert (cost.total, cost.complete, cost.uncertain_parts) == (Decimal("0.6140"), True, [])
    assert (cost.price_with_freight, cost.ex_works_price) == (Decimal("0.5501"), Decimal("0.50"))


# For each Incoterm: the parts included in the price by air and by sea, and the stage that the price covers.
TERMS = {
    "": (set(), set(), "origin"),
    "EXW": (set(), set(), "origin"),
    "FCA": ({"origin"}, {"origin"}, "origin"),
    "FAS": ({"origin"}, {"origin"}, "origin"),
    "FOB": ({"origin"}, {"origin"}, "origin"),
    "CPT": ({"origin", "freight"}, {"origin", "freight"}, "carried"),
    "CFR": ({"origin"}, {"origin", "freight"}, "carried"),
    "CIP": ({"origin", "freight", "insurance"}, {"origin", "freight", "insurance"}, "carried"),
    "CIF": ({"origin"}, {"origin", "freight", "insurance"}, "carried"),
    "DAP": ({"origin", "freight", "insurance"}, {"origin", "freight", "insurance"}, "carried"),
    "DPU": ({"origin", "freight", "insurance"}, {"origin", "freight", "insurance"}, "carried"),
    "DDP": (
        {"origin", "freight", "insurance", "duty"},
        {"origin", "freight", "insurance", "duty"},
        "duty_paid",
    ),
}


@pytest.mark.parametrize("incoterm", TERMS)
def test_incoterm_decides_which_cost_parts_are_included(incoterm):
    by_air, by_sea, where = TERMS[incoterm]
    for mode, inside in ((TransportMode.AIR, by_air), (TransportMode.SEA, by_sea)):
        seen = {
            name.value
            for name, part in cost_parts(incoterm=incoterm, mode=mode).items()
            if part.basis is CostBasis.INCLUDED
        }
        assert seen == inside, mode
    assert delivery_point(incoterm) == where


def test_every_incoterms_2020_rule_is_known_and_an_unknown_one_counts_as_none():
    assert set(TERMS) == set(INCLUDED_COSTS)
    strange = cost_parts(incoterm="XYZ")
    assert strange[CostElement.GOODS].note_code == "no_incoterm"
    assert (strange[CostElement.PRE_CARRIAGE].amount, strange[CostElement.PRE_CARRIAGE].note_code) == (
        None,
        "no_term",
    )
    assert cost_parts(incoterm="")[CostElement.PRE_CARRIAGE].note_code == "no_term", "not stated is not EXW"
    assert cost_parts(incoterm="EXW")[CostElement.PRE_CARRIAGE].note_code == "no_origin"
    assert strange[CostElement.FREIGHT].basis is CostBasis.OFFERED
    assert delivery_point("XYZ") == "origin"
    assert cost_parts(incoterm="")[CostElement.GOODS].note_code == "no_incoterm"
    assert cost_parts(incoterm="FCA")[CostElement.GOODS].note_code == ""


def test_sea_only_incoterm_gives_no_air_freight():
    by_air = cost_parts(incoterm="CIF")[CostElement.FREIGHT]
    assert (by_air.amount, by_air.note_code) == (None, "by_sea")
    assert landed_cost(OfferTerms(**{**WHOLE, "incoterm": "CIF"})).price_with_freight is None


@pytest.mark.parametrize(
    ("carton", "kilograms"),
    [
        (CartonData(1, Decimal(9), Decimal(10)), Decimal(9)),
        (CartonData(1, Decimal(9), Decimal(100)), Decimal("16.700")),
        (CartonData(1, None, Decimal(100)), Decimal("16.700")),
        (CartonData(1, Decimal(9), None), Decimal(9)),
        (CartonData(1), None),
    ],
)
def test_chargeable_weight_of_a_carton_is_the_larger_of_weight_and_volume(carton, kilograms):
    assert chargeable_weight(carton) == kilograms


@pytest.mark.parametrize(
    ("facts", "name", "why"),
    [
        ({"price": None}, CostElement.GOODS, "no_price"),
        ({"freight": None}, CostElement.FREIGHT, "no_freight"),
        ({"carton": CartonData(None, Decimal(8))}, CostElement.FREIGHT, "no_carton"),
        ({"carton": CartonData(2_000)}, CostElement.FREIGHT, "no_carton"),
        ({"mode": TransportMode.SEA, "carton": CartonData(2_000)}, CostElement.FREIGHT, "no_pallet"),
        (
            {"mode": TransportMode.SEA, "carton": CartonData(None, cartons_per_pallet=20)},
            CostElement.FREIGHT,
            "no_pallet",
        ),
        ({"price": None}, CostElement.INSURANCE, "no_value"),
        ({"price": None}, CostElement.DUTY, "no_value"),
        ({"duty": None}, CostElement.DUTY, "no_tariff"),
        ({"inspection_cost": None}, CostElement.INSPECTION, "no_inspection"),
        ({"pieces": 0}, CostElement.INSPECTION, "no_pieces"),
    ],
)
def test_unknown_cost_part_is_reported_unknown_and_not_as_zero(facts, name, why):
    part = cost_parts(**facts)[name]
    assert (part.amount, part.basis, part.note_code) == (None, CostBasis.UNKNOWN, why)
    cost = landed_cost(OfferTerms(**{**WHOLE, **facts}))
    assert part in cost.uncertain_parts
    assert not cost.complete


def test_sea_freight_of_a_pallet_is_divided_by_its_units():
    sea = cost_parts(mode=TransportMode.SEA, freight=FreightRate(Decimal(400), CostBasis.OFFERED))
    assert sea[CostElement.FREIGHT].amount == Decimal("0.0100")


def test_freight_from_carton_weight_alone_is_a_minimum():
    seen = cost_parts(carton=CartonData(2_000, Decimal(8)))
    assert (seen[CostElement.FREIGHT].note_code, seen[CostElement.FREIGHT].is_lower_bound) == (
        "half_carton",
        True,
    )
    assert seen[CostElement.INSURANCE].is_lower_bound
    assert seen[CostElement.DUTY].is_lower_bound
    usual = cost_parts(carton=CartonData(2_000, Decimal(8), is_from_catalogue=True))[CostElement.FREIGHT]
    assert (usual.note_code, usual.is_lower_bound) == ("catalogue_carton", False)


def test_outdated_freight_rate_states_its_last_day():
    old = FreightRate(
        Decimal(3), CostBasis.PUBLISHED, "https://x.example", date(2019, 5, 1), date(2020, 1, 20)
    )
    part = cost_parts(freight=old)[CostElement.FREIGHT]
    assert (part.basis, part.note_code, part.rate_date, part.source) == (
        CostBasis.PUBLISHED,
        "carried",
        date(2020, 1, 20),
        "https://x.example",
    )
    of_now = cost_parts(freight=old._replace(valid_until=None))[CostElement.FREIGHT]
    assert (of_now.note_code, of_now.rate_date) == ("", date(2019, 5, 1))


def test_insurance_not_stated_is_assumed_and_marked_so():
    assumed = cost_parts(insurance_percent=None, assumed_insurance_percent=Decimal(2))[CostElement.INSURANCE]
    assert (assumed.basis, assumed.amount) == (CostBasis.ASSUMED, Decimal("0.0121"))


def test_duty_relief_makes_duty_zero_and_is_named():
    part = cost_parts(duty=DutyCharge(Decimal(0), CostBasis.RELIEF, "CA-20-08"))[CostElement.DUTY]
    assert (part.amount, part.basis, part.source) == (0, CostBasis.RELIEF, "CA-20-08")


def test_landed_cost_of_a_donation_has_freight_but_no_price():
    cost = landed_cost(OfferTerms(**{**WHOLE, "is_donation": True, "price": None}))
    seen = {part.name: part for part in cost.parts}
    assert (seen[CostElement.GOODS].amount, seen[CostElement.GOODS].basis) == (0, CostBasis.GIFT)
    assert seen[CostElement.FREIGHT].amount == Decimal("0.0501")
    assert seen[CostElement.INSURANCE].note_code == seen[CostElement.DUTY].note_code == "no_value"
    assert cost.is_priced
    assert (cost.price_with_freight, cost.ex_works_price) == (None, None)


def test_price_at_origin_of_a_delivered_offer_deducts_its_freight():
    delivered = landed_cost(OfferTerms(**{**WHOLE, "incoterm": "DAP"}))
    assert (delivered.price_with_freight, delivered.ex_works_price) == (Decimal("0.50"), Decimal("0.4499"))
    unknown = landed_cost(OfferTerms(**{**WHOLE, "incoterm": "DAP", "freight": None}))
    assert unknown.ex_works_price == Decimal("0.50"), "at most the whole"
    paid = landed_cost(OfferTerms(**{**WHOLE, "incoterm": "DDP"}))
    assert (paid.price_with_freight, paid.ex_works_price) == (None, Decimal("0.4499"))
    cheap = landed_cost(OfferTerms(**{**WHOLE, "incoterm": "DAP", "price": Decimal("0.01")}))
    assert cheap.ex_works_price == 0


amounts = st.decimals("0.0001", "1000", places=4)
cartons = st.builds(
    CartonData,
    st.one_of(st.none(), st.integers(1, 10_000)),
    st.one_of(st.none(), st.decimals("0.01", "100", places=2)),
    st.one_of(st.none(), st.decimals("0.01", "500", places=2)),
    st.one_of(st.none(), st.integers(1, 100)),
    st.booleans(),
)
terms = st.builds(
    OfferTerms,
    mode=st.sampled_from(TransportMode),
    currency=st.just("CAD"),
    price=st.one_of(st.none(), amounts),
    incoterm=st.sampled_from([*INCLUDED_COSTS, "ABC"]),
    is_donation=st.booleans(),
    freight=st.one_of(st.none(), st.builds(FreightRate, amounts, st.just(CostBasis.OFFERED))),
    carton=cartons,
    insurance_percent=st.one_of(st.none(), st.decimals(0, 10, places=2)),
    assumed_insurance_percent=st.just(Decimal("0.5")),
    duty=st.one_of(
        st.none(), st.builds(DutyCharge, st.decimals("0.1", "30", places=1), st.just(CostBasis.TARIFF))
    ),
    inspection_cost=st.one_of(st.none(), amounts),
    pieces=st.integers(0, 10**9),
)


@given(terms)
def test_landed_cost_lists_each_part_once_and_totals_the_known_ones(given_terms):
    cost = landed_cost(given_terms)
    assert [part.name for part in cost.parts] == list(CostElement)
    assert cost.total == sum(part.amount for part in cost.parts if part.amount is not None)
    assert all(part.amount is None or part.amount >= 0 for part in cost.parts)
    assert all((part.amount is None) == (part.basis is CostBasis.UNKNOWN) for part in cost.parts)
    assert all(part.note_code for part in cost.parts if part.amount is None), "what is missing is said"
    assert cost.complete == (not cost.uncertain_parts)


@given(terms, amounts)
def test_higher_price_never_gives_a_lower_landed_cost(given_terms, more):
    if given_terms.price is None or given_terms.is_donation:
        return
    facts = {name: getattr(given_terms, name) for name in given_terms.__dataclass_fields__}
    dearer = landed_cost(OfferTerms(**{**facts, "price": given_terms.price + more}))
    here = landed_cost(given_terms)
    assert dearer.total >= here.total + more
    assert (dearer.price_with_freight is None) == (here.price_with_freight is None)


@given(terms)
def test_landed_cost_is_never_below_the_price_at_origin(given_terms):
    cost = landed_cost(given_terms)
    if cost.price_with_freight is not None:
        assert cost.ex_works_price is not None
        assert cost.price_with_freight >= cost.ex_works_price
    if given_terms.incoterm in SEA_ONLY_INCOTERMS - {"FAS", "FOB"} and given_terms.mode is TransportMode.AIR:
        assert cost.price_with_freight is None
