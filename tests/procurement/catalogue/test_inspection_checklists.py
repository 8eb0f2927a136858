"""Tests of the shipped inspection points: the limits of each standard, and the sampling of a lot."""

from decimal import Decimal

import pytest

from procurement.catalogue.models.inspection_points import InspectionPoint
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.catalogue.rules.inspections import default_aql, inspection_checklist
from tests.procurement.catalogue.catalogue_in_memory import catalogue_rows, make_product, make_standard


def all_points() -> list[InspectionPoint]:
    return list(catalogue_rows()[InspectionPoint].values())


def checklist_of(product: str, standard: str = "") -> dict[str, InspectionPoint]:
    claimed = make_standard(standard) if standard else None
    return {one.key: one for one in inspection_checklist(all_points(), make_product(product), claimed)}


def test_inspection_points_refer_to_existing_standards_and_products() -> None:
    for one in all_points():
        assert set(one.standards) <= set(catalogue_rows()[Standard]), one.code
        assert set(one.products) <= set(catalogue_rows()[Product]), one.code
        assert (one.limit is None) == (one.bound == "seen"), one.code


def test_measured_property_has_one_name_and_position_under_every_standard() -> None:
    names = {(one.key, one.position, one.name_en, one.name_fr, one.name_zh) for one in all_points()}
    assert len(names) == len({one.key for one in all_points()})


@pytest.mark.parametrize(
    ("product", "standard", "limits"),
    [
        ("MASK_MED", "ASTM-F2100-L1", "bfe:at_least 95,pfe:at_least 95,blood:at_least 80,pressure:less 5"),
        ("MASK_SURG", "ASTM-F2100-L2", "bfe:at_least 98,pfe:at_least 98,blood:at_least 120,pressure:less 6"),
        ("MASK_SURG", "ASTM-F2100-L3", "bfe:at_least 98,pfe:at_least 98,blood:at_least 160,pressure:less 6"),
        ("MASK_MED", "EN14683-I", "bfe:at_least 95,pressure:less 40"),
        ("MASK_MED", "EN14683-II", "bfe:at_least 98,pressure:less 40"),
        ("MASK_SURG", "EN14683-IIR", "bfe:at_least 98,blood:at_least 16,pressure:less 60"),
        ("MASK_SURG", "YY0469-2011", "bfe:at_least 95,pfe:at_least 30"),
        ("MASK_MED", "YYT0969-2013", ""),
        ("RESP_N95", "NIOSH-N95", "filtration:at_least 95,inhalation:at_most 343,exhalation:at_most 245"),
        ("RESP_KN95", "GB2626-2006-KN95", "filtration:at_least 95"),
        ("RESP_FFP2", "EN149-FFP2", "penetration:at_most 6,leakage:at_most 8"),
        ("RESP_FFP3", "EN149-FFP3", "penetration:at_most 1"),
        ("RESP_DS2", "JP-DS2", "filtration:at_least 95"),
        ("RESP_KF94", "MFDS-KF94", "filtration:at_least 94"),
        ("GOWN_ISO_L3", "AAMI-PB70-L3", "impact:at_most 1,hydrostatic:at_least 50"),
        ("SANITISER", "FDA-OTC", "alcohol:at_least 60"),
    ],
)
def test_inspection_limits_equal_those_of_the_standard(product: str, standard: str, limits: str) -> None:
    found = [one for one in checklist_of(product, standard).values() if one.is_measured]
    told = [
        f"{one.key}:{'less' if one.strict else one.bound} {one.limit.normalize():f}"
        for one in found
        if one.limit is not None
    ]
    assert told == [one for one in limits.split(",") if one]


def test_inspection_limit_from_an_unreliable_source_does_not_block() -> None:
    assert checklist_of("MASK_SURG", "ASTM-F2100-L2")["bfe"].is_blocking
    for product, standard, key in (
        ("RESP_KF94", "MFDS-KF94", "filtration"),
        ("RESP_DS2", "JP-DS2", "filtration"),
        ("GOWN_ISO_L3", "AAMI-PB70-L3", "hydrostatic"),
        ("GOWN_ISO_L4", "AAMI-PB70-L4", "viral"),
        ("MASK_SURG", "ASTM-F2100-L2", "nose_wire"),
    ):
        assert not checklist_of(product, standard)[key].is_blocking, key


def test_head_bands_are_inspected_on_n95_respirators_but_not_on_masks() -> None:
    assert "head_bands" in checklist_of("RESP_N95")
    assert "head_bands" in checklist_of("RESP_CAN95", "NIOSH-N95")
    assert "head_bands" not in checklist_of("MASK_SURG", "ASTM-F2100-L2")
    assert {"lot_on_pack", "date_on_pack", "maker_on_pack"} <= set(checklist_of("VENT_ICU"))
    assert "whole" not in checklist_of("VENT_ICU")


def test_lower_standard_claim_lowers_no_limit_of_the_product() -> None:
    for claim in ("AAMI-PB70-L1", "AAMI-PB70-L3"):
        assert checklist_of("GOWN_ISO_L3", claim)["impact"].limit == 1
    assert checklist_of("GOWN_ISO_L1", "AAMI-PB70-L3")["impact"].limit == 1
    assert checklist_of("GOWN_ISO_L2", "AAMI-PB70-L3")["hydrostatic"].limit == 50


def test_reliable_one_of_two_equal_inspection_points_is_kept() -> None:
    firm, loose = (
        InspectionPoint(key="k", bound="seen", code=code, confidence=confidence)
        for code, confidence in (("B", "firm"), ("A", "weak"))
    )
    for rows in ([firm, loose], [loose, firm]):
        assert inspection_checklist(rows, make_product("MASK_MED"), None) == [firm]
    for one in (firm, loose):
        one.bound, one.limit = "at_least", Decimal(5)
    for rows in ([firm, loose], [loose, firm]):
        assert inspection_checklist(rows, make_product("MASK_MED"), None) == [firm]


@pytest.mark.parametrize(
    ("key", "standard", "value", "within"),
    [
        ("bfe", "ASTM-F2100-L2", "98", True),
        ("bfe", "ASTM-F2100-L2", "97.999", False),
        ("bfe", "ASTM-F2100-L2", "99.9", True),
        ("pressure", "ASTM-F2100-L2", "6", False),
        ("pressure", "ASTM-F2100-L2", "5.999", True),
        ("pressure", "ASTM-F2100-L2", "6.1", False),
    ],
)
def test_strict_limit_excludes_the_limit_itself(key: str, standard: str, value: str, within: bool) -> None:
    assert checklist_of("MASK_SURG", standard)[key].is_within_limit(Decimal(value)) is within


def test_gloves_are_sampled_by_their_own_quality_level() -> None:
    def usual(product: str, standard: str = "") -> Decimal:
        return default_aql(all_points(), make_product(product), make_standard(standard) if standard else None)

    assert usual("GLOVE_EXAM_NITRILE", "EN455") == Decimal("1.5")
    assert usual("GLOVE_EXAM_NITRILE", "ASTM-D6319") == Decimal("2.5")
    assert usual("GLOVE_EXAM_LATEX") == Decimal("1.5")
    assert usual("MASK_SURG", "ASTM-F2100-L2") == Decimal("2.5")
