"""Tests of the shipped rules against every customs fact.

They cover what blocks, what warns and why, and what is not required.
"""

from datetime import date

import pytest

from procurement.catalogue.rules.customs_documents import (
    Consignment,
    DeclaredGoods,
    Requirement,
    declared_goods,
    ended_rules,
    requirements_of_rules,
)
from procurement.catalogue.rules.duty_reliefs import applicable_reliefs
from tests.procurement.catalogue import catalogue_in_memory
from tests.procurement.catalogue.catalogue_in_memory import classes_of, codes_of, customs_rules, make_product
from tests.procurement.catalogue.customs_facts import (
    ABSENT,
    APRIL,
    BLOCKS,
    EASTER,
    FACTS,
    MARCH,
    MAY,
    TODAY,
    Fact,
)


def requirements_for(fact: Fact) -> list[Requirement]:
    goods = declared_goods(
        make_product(fact.goods),
        use=fact.use,
        acquisition_type=fact.acquisition_type,
        codes=codes_of(fact.goods),
        classes=classes_of(fact.goods),
        on=fact.on,
    )
    origin, destination = fact.lane.split(">")
    cargo = Consignment(origin, destination, (goods,), fact.receiver, fact.mode)
    return requirements_of_rules(customs_rules(), cargo, on=fact.on)


def effect_and_rule_code(fact: Fact) -> tuple[str, str]:
    """Return the effect of the document under the shipped rules, and the code of the deciding row."""
    found = [
        one
        for one in requirements_for(fact)
        if (one.rule.side, one.document_code) == (fact.side, fact.document_code)
    ]
    if not found:
        return ABSENT, ""
    return (BLOCKS if found[0].is_blocking else found[0].doubt_reason.value), found[0].rule.code


@pytest.mark.parametrize("section", sorted({fact.section for fact in FACTS}))
def test_shipped_rules_agree_with_every_listed_customs_fact(section):
    """One assertion covers a section, so that its message shows every wrong row in full."""
    wrong = []
    for fact in (one for one in FACTS if one.section == section):
        said, rule = effect_and_rule_code(fact)
        if said != fact.said or (fact.rule and rule != fact.rule):
            wrong.append(f"{fact}: {said} {rule}")
    assert wrong == []


def test_customs_facts_are_unique_and_cover_the_five_test_dates():
    assert len(set(FACTS)) == len(FACTS)
    assert {MARCH, EASTER, APRIL, MAY, TODAY} <= {fact.on for fact in FACTS}


def test_surgical_mask_has_a_different_document_list_on_each_of_the_five_dates():
    lists = [
        tuple((one.rule.code, one.doubt_reason) for one in requirements_for(Fact("1.1", "", on, "")))
        for on in (MARCH, EASTER, APRIL, MAY, TODAY)
    ]
    assert len(set(lists)) == 5


def test_export_rules_of_2020_not_confirmed_since_only_warn_today():
    found = {one.rule.code: one for one in requirements_for(Fact("1.1", "", TODAY, ""))}
    for code in ("CN-X-CIQ-MASK", "CN-X-TEST", "CN-X-PHOTOS"):
        assert (found[code].year_last_confirmed, found[code].is_blocking) == (2020, False)
    special = {code for code in found if "DECL5" in code or "NMPA-" in code or "JOINT" in code}
    assert special == set()


def test_ended_requirements_are_listed_latest_first():
    goods = declared_goods(
        make_product("MASK_SURG"),
        use="medical",
        acquisition_type="purchase",
        codes=codes_of("MASK_SURG"),
        classes=classes_of("MASK_SURG"),
        on=TODAY,
    )
    cargo = Consignment("CN", "CA", (goods,), "municipality", "air")
    over = [rule.code for rule in ended_rules(customs_rules(), cargo, on=TODAY)]
    assert over.index("CA-I-B3") < over.index("CN-X-NMPA-WL") < over.index("CN-X-NMPA")
    assert "CN-X-JOINT12" not in over


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2020, 3, 15), set()),
        (date(2020, 3, 16), {"CA-20-08"}),
        (date(2020, 5, 4), {"CA-20-08"}),
        (date(2020, 5, 5), {"CA-20-08", "CA-SOR-2020-101"}),
        (date(2022, 5, 7), {"CA-20-08", "CA-SOR-2020-101"}),
        (date(2022, 5, 8), set()),
        (TODAY, set()),
    ],
)
@pytest.mark.parametrize("goods", ["MASK_SURG", "GOWN_ISO_L2", "GLOVE_EXAM_NITRILE"])
def test_duty_remissions_of_notices_20_08_and_20_19_apply_between_their_dates(on, expected, goods):
    assert reliefs("CA", on, goods) == expected


def reliefs(
    country: str, on: date, goods: str, importer: str = "municipality", acquisition_type: str = "purchase"
) -> set[str]:
    found = applicable_reliefs(
        catalogue_in_memory.reliefs(),
        destination=country,
        acquisition_type=acquisition_type,
        importers=[importer],
        numbers=[code.number for code in codes_of(goods)],
        on=on,
    )
    return {row.code for row in found}


def test_duty_remission_applies_to_its_importers_and_tariff_items():
    assert reliefs("CA", MAY, "MASK_SURG", importer="association") == set()
    may = date(2020, 5, 6)
    assert reliefs("CA", may, "MASK_SURG", importer="association") == {"CA-SOR-2020-101"}
    assert reliefs("CA", may, "GOGGLES", importer="association") == set()


def test_eu_and_japanese_duty_reliefs_apply_to_donations_between_their_dates():
    assert reliefs("DE", date(2020, 1, 29), "MASK_SURG") == set()
    assert reliefs("DE", MAY, "MASK_SURG") == {"EU-2020-491"}
    assert reliefs("FR", date(2021, 3, 1), "MASK_SURG", acquisition_type="donation") == {"EU-2020-1101"}
    assert reliefs("PL", date(2022, 3, 1), "MASK_SURG") == {"EU-2021-9852"}
    assert reliefs("PL", TODAY, "MASK_SURG") == set()
    assert reliefs("JP", MAY, "MASK_SURG") == set()
    assert reliefs("JP", MAY, "MASK_SURG", acquisition_type="donation") == {"JP-RELIEF-GOODS"}


def test_goods_known_only_by_a_six_digit_code_are_warned_about():
    """Six digits do not show if one of the ten-digit codes is on the list."""
    goods = DeclaredGoods("MASK_SURG", "mask", "medical", "purchase", frozenset({"630790"}))
    cargo = Consignment("CN", "CA", (goods,), "municipality", "air")
    found = requirements_of_rules(customs_rules(), cargo, on=APRIL)
    (inspection,) = [one for one in found if one.document_code == "CN_CIQ_INSP"]
    assert (inspection.is_blocking, inspection.doubt_reason) == (False, "goods")


def test_same_goods_on_two_lines_block_when_one_tariff_code_is_known():
    known = DeclaredGoods("MASK_SURG", "mask", "medical", "purchase", frozenset({"6307900010"}))
    unknown = DeclaredGoods("MASK_SURG", "mask", "medical", "donation")
    for lines in ((known, unknown), (unknown, known)):
        cargo = Consignment("CN", "CA", lines, "municipality", "air")
        found = requirements_of_rules(customs_rules(), cargo, on=APRIL)
        assert [one.is_blocking for one in found if one.document_code == "CN_CIQ_INSP"] == [True]


@pytest.mark.parametrize("importer", ["long_term_care", "shelter"])
def test_care_residences_and_shelters_get_duty_relief_from_6_april_2020(importer):
    """Section 3.2 of the facts: notice 20-08 as revised on 7 April 2020."""
    assert reliefs("CA", date(2020, 3, 16), "MASK_SURG", importer=importer) == set()
    assert reliefs("CA", date(2020, 4, 5), "MASK_SURG", importer=importer) == set()
    assert reliefs("CA", date(2020, 4, 6), "MASK_SURG", importer=importer) == {"CA-20-08"}
    assert "CA-20-08" in reliefs("CA", date(2022, 5, 7), "MASK_SURG", importer=importer)


@pytest.mark.parametrize("importer", ["municipality", "hospital", "clinic", "emergency_services"])
def test_first_named_importers_get_duty_relief_from_16_march_2020(importer):
    assert reliefs("CA", date(2020, 3, 15), "MASK_SURG", importer=importer) == set()
    assert reliefs("CA", date(2020, 3, 16), "MASK_SURG", importer=importer) == {"CA-20-08"}
