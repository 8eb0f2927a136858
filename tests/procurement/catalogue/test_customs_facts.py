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


def asked(fact: Fact) -> list[Requirement]:
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


def said_of(fact: Fact) -> tuple[str, str]:
    """Return the effect of the document under the shipped rules, and the code of the deciding row."""
    found = [
        one for one in asked(fact) if (one.rule.side, one.document_code) == (fact.side, fact.document_code)
    ]
    if not found:
        return ABSENT, ""
    return (BLOCKS if found[0].blocks else found[0].doubt.value), found[0].rule.code


@pytest.mark.parametrize("section", sorted({fact.section for fact in FACTS}))
def test_every_fact_is_what_the_rules_say(section):
    """One assertion covers a section, so that its message shows every wrong row in full."""
    wrong = []
    for fact in (one for one in FACTS if one.section == section):
        said, rule = said_of(fact)
        if said != fact.said or (fact.rule and rule != fact.rule):
            wrong.append(f"{fact}: {said} {rule}")
    assert wrong == []


def test_no_fact_stands_there_twice_and_each_of_the_five_days_is_asked():
    assert len(set(FACTS)) == len(FACTS)
    assert {MARCH, EASTER, APRIL, MAY, TODAY} <= {fact.on for fact in FACTS}


def test_a_surgical_mask_has_five_different_lists_on_the_five_days():
    lists = [
        tuple((one.rule.code, one.doubt) for one in asked(Fact("1.1", "", on, "")))
        for on in (MARCH, EASTER, APRIL, MAY, TODAY)
    ]
    assert len(set(lists)) == 5


def test_today_the_export_rules_of_2020_are_not_confirmed_since_and_only_warn():
    found = {one.rule.code: one for one in asked(Fact("1.1", "", TODAY, ""))}
    for code in ("CN-X-CIQ-MASK", "CN-X-TEST", "CN-X-PHOTOS"):
        assert (found[code].year_last_confirmed, found[code].blocks) == (2020, False)
    special = {code for code in found if "DECL5" in code or "NMPA-" in code or "JOINT" in code}
    assert special == set()


def test_what_is_no_longer_asked_for_is_told_with_the_last_first():
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
def test_the_remissions_of_notices_20_08_and_20_19_have_their_days(on, expected, goods):
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


def test_a_remission_is_for_its_importers_and_its_tariff_items():
    assert reliefs("CA", MAY, "MASK_SURG", importer="association") == set()
    may = date(2020, 5, 6)
    assert reliefs("CA", may, "MASK_SURG", importer="association") == {"CA-SOR-2020-101"}
    assert reliefs("CA", may, "GOGGLES", importer="association") == set()


def test_europe_and_japan_relieve_what_is_given():
    assert reliefs("DE", date(2020, 1, 29), "MASK_SURG") == set()
    assert reliefs("DE", MAY, "MASK_SURG") == {"EU-2020-491"}
    assert reliefs("FR", date(2021, 3, 1), "MASK_SURG", acquisition_type="donation") == {"EU-2020-1101"}
    assert reliefs("PL", date(2022, 3, 1), "MASK_SURG") == {"EU-2021-9852"}
    assert reliefs("PL", TODAY, "MASK_SURG") == set()
    assert reliefs("JP", MAY, "MASK_SURG") == set()
    assert reliefs("JP", MAY, "MASK_SURG", acquisition_type="donation") == {"JP-RELIEF-GOODS"}


def test_goods_whose_code_is_only_known_in_short_are_warned_of():
    """Six digits do not show if one of the ten-digit codes is on the list."""
    goods = DeclaredGoods("MASK_SURG", "mask", "medical", "purchase", frozenset({"630790"}))
    cargo = Consignment("CN", "CA", (goods,), "municipality", "air")
    found = requirements_of_rules(customs_rules(), cargo, on=APRIL)
    (inspection,) = [one for one in found if one.document_code == "CN_CIQ_INSP"]
    assert (inspection.blocks, inspection.doubt) == (False, "goods")


def test_the_same_goods_twice_are_meant_as_surely_as_either_line_is():
    known = DeclaredGoods("MASK_SURG", "mask", "medical", "purchase", frozenset({"6307900010"}))
    unknown = DeclaredGoods("MASK_SURG", "mask", "medical", "donation")
    for lines in ((known, unknown), (unknown, known)):
        cargo = Consignment("CN", "CA", lines, "municipality", "air")
        found = requirements_of_rules(customs_rules(), cargo, on=APRIL)
        assert [one.blocks for one in found if one.document_code == "CN_CIQ_INSP"] == [True]


@pytest.mark.parametrize("importer", ["long_term_care", "shelter"])
def test_care_residences_and_shelters_are_relieved_from_the_sixth_of_april(importer):
    """3.2, notice 20-08 as revised on 7 April 2020."""
    assert reliefs("CA", date(2020, 3, 16), "MASK_SURG", importer=importer) == set()
    assert reliefs("CA", date(2020, 4, 5), "MASK_SURG", importer=importer) == set()
    assert reliefs("CA", date(2020, 4, 6), "MASK_SURG", importer=importer) == {"CA-20-08"}
    assert "CA-20-08" in reliefs("CA", date(2022, 5, 7), "MASK_SURG", importer=importer)


@pytest.mark.parametrize("importer", ["municipality", "hospital", "clinic", "emergency_services"])
def test_those_named_at_first_are_relieved_from_the_first_day(importer):
    assert reliefs("CA", date(2020, 3, 15), "MASK_SURG", importer=importer) == set()
    assert reliefs("CA", date(2020, 3, 16), "MASK_SURG", importer=importer) == {"CA-20-08"}
