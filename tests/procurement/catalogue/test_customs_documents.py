"""Tests of the documents that a consignment from China to Canada needs, in April 2020 and today."""

from copy import copy
from dataclasses import replace
from datetime import date

import pytest

from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.rules.customs_documents import (
    Consignment,
    DeclaredGoods,
    DoubtReason,
    declared_goods,
    requirements_of_rules,
)
from procurement.catalogue.rules.sources import ReliabilityReason, reliability_reason
from tests.procurement.catalogue.catalogue_in_memory import classes_of, codes_of, customs_rules, make_product

MARCH, EASTER, APRIL = date(2020, 3, 31), date(2020, 4, 9), date(2020, 4, 16)
AFTER = date(2020, 4, 27)
TODAY = date(2026, 11, 25)


def declared_goods_of(
    product: str, use: str = "medical", acquisition_type: str = "purchase", on: date = APRIL
) -> DeclaredGoods:
    row = make_product(product)
    return declared_goods(
        row,
        use=use,
        acquisition_type=acquisition_type,
        codes=codes_of(product),
        classes=classes_of(product),
        on=on,
    )


def consignment(
    *lines: DeclaredGoods,
    consignee: str = "municipality",
    mode: str = "air",
    origin: str = "CN",
    destination: str = "CA",
) -> Consignment:
    return Consignment(origin, destination, lines, consignee, mode)


def documents(cargo: Consignment, on: date = APRIL) -> dict[str, dict[str, bool]]:
    """Return the documents by side, each with True if it blocks."""
    found = requirements_of_rules(customs_rules(), cargo, on=on)
    return {
        side: {one.document_code: one.is_blocking for one in found if one.rule.side == side}
        for side in ("export", "import")
    }


def test_required_documents_for_purchased_surgical_masks_by_air_in_april_2020():
    required = documents(consignment(declared_goods_of("MASK_SURG")))
    assert {document_code for document_code, blocks in required["export"].items() if blocks} == {
        "DECL5",
        "NMPA",
        "CN_CIQ_INSP",
        "EXPDECL",
    }
    assert {document_code for document_code, blocks in required["export"].items() if not blocks} == {
        *("CN_LICENCE", "CN_CUSTOMS_REG", "CONTRACT_CN", "NMPA_PROD"),
        *("TEST", "PHOTOS_CN", "POA_CN", "INSUR", "PSI", "AWB", "INV", "PKL"),
    }
    assert {document_code for document_code, blocks in required["import"].items() if blocks} == {
        "CA_BN_RM",
        "MDEL",
        "RELEASE",
    }
    assert "CARM" not in required["import"]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (MARCH, {"DECL5": None, "NMPA": None, "CN_CIQ_INSP": None}),
        (EASTER, {"DECL5": True, "NMPA": True, "CN_CIQ_INSP": None}),
        (APRIL, {"DECL5": True, "NMPA": True, "CN_CIQ_INSP": True}),
        (AFTER, {"DECL5": True, "NMPA": True, "CN_CIQ_INSP": True}),
        (date(2023, 8, 17), {"DECL5": True, "NMPA": True, "CN_CIQ_INSP": False}),
        (TODAY, {"DECL5": None, "NMPA": None, "CN_CIQ_INSP": False}),
    ],
)
def test_chinese_rules_for_medical_masks_apply_between_their_dates(on, expected):
    required = documents(consignment(declared_goods_of("MASK_SURG", on=on)), on)["export"]
    assert {document_code: required.get(document_code) for document_code in expected} == expected


def test_export_list_replaces_registration_from_26_april_2020():
    def satisfied(on: date) -> list[str]:
        found = requirements_of_rules(customs_rules(), consignment(declared_goods_of("MASK_SURG")), on=on)
        return next(one.rule.satisfied_by for one in found if one.document_code == "NMPA")

    assert satisfied(APRIL) == ["CN_NMPA_REG"]
    assert satisfied(AFTER) == ["CN_NMPA_REG", "CN_WL_MED"]


def test_non_medical_masks_need_the_joint_declaration_from_26_april_2020():
    cargo = consignment(declared_goods_of("RESP_KN95", use="non_medical"))
    assert "JOINT12" not in documents(cargo, APRIL)["export"]
    assert documents(cargo, AFTER)["export"]["JOINT12"] is True
    assert (
        "JOINT12"
        not in documents(consignment(declared_goods_of("GOGGLES", use="non_medical")), AFTER)["export"]
    )
    assert "JOINT12" not in documents(cargo, TODAY)["export"]


def contradiction_codes(cargo: Consignment, on: date) -> dict[str, bool]:
    found = requirements_of_rules(customs_rules(), cargo, on=on)
    return {
        one.document_code: one.is_blocking
        for one in found
        if one.rule.category == CustomsRule.Category.CONFLICT
    }


def test_non_medical_masks_for_a_hospital_are_a_contradiction_from_26_april_2020():
    line = declared_goods_of("RESP_KN95", use="non_medical")
    assert contradiction_codes(consignment(line, consignee="hospital"), AFTER) == {"USE_CONFLICT": True}
    assert contradiction_codes(consignment(line, consignee="hospital"), APRIL) == {}
    assert contradiction_codes(consignment(line), AFTER) == {}


def test_kn95_declared_as_medical_gives_warning_that_does_not_block():
    assert contradiction_codes(consignment(declared_goods_of("RESP_KN95")), APRIL) == {"KN95_MEDICAL": False}


@pytest.mark.parametrize(
    ("product", "use", "inspected"),
    [
        ("MASK_SURG", "medical", True),
        ("RESP_KN95", "non_medical", False),  # 6307900090 is on the list as shoe covers only
        ("RESP_FFP2", "non_medical", False),
        ("SHOE_COVER", "medical", True),
        ("GLOVE_EXAM_NITRILE", "medical", True),
        ("COVERALL", "medical", True),
        ("OXIMETER", "medical", True),
        ("FACE_SHIELD", "medical", None),
        ("TEST_PCR", "medical", None),
    ],
)
def test_export_inspection_applies_to_listed_codes_and_matching_goods(product, use, inspected):
    required = documents(consignment(declared_goods_of(product, use=use)), APRIL)["export"]
    assert required.get("CN_CIQ_INSP", None) is (inspected or None)


def test_export_inspection_only_warns_when_the_tariff_code_is_unknown():
    unknown = replace(declared_goods_of("MASK_SURG"), hs_numbers=frozenset())
    assert documents(consignment(unknown))["export"]["CN_CIQ_INSP"] is False


def test_donation_needs_value_and_letter_and_still_the_quality_documents():
    gift = documents(consignment(declared_goods_of("MASK_SURG", acquisition_type="donation")))
    bought = documents(consignment(declared_goods_of("MASK_SURG")))
    assert gift["import"]["VALUE"] is True
    assert {"DON"} <= set(gift["import"]) & set(gift["export"])
    assert not {"VALUE", "DON"} & (set(bought["import"]) | set(bought["export"]))
    # A gift is not exempt from the rules of quality.
    assert gift["export"]["NMPA"] is True


def test_donation_by_courier_warns_of_the_value_limit():
    gift = consignment(declared_goods_of("MASK_SURG", acquisition_type="donation"), mode="courier")
    assert documents(gift)["export"]["GIFT_PARCEL"] is False


@pytest.mark.parametrize(
    ("mode", "document_code", "blocks"),
    [("air", "AWB", False), ("sea", "BL", False), ("rail", "CIM", False), ("courier", "COURIER_AWB", False)],
)
def test_each_transport_mode_requires_its_own_transport_document(mode, document_code, blocks):
    required = documents(consignment(declared_goods_of("MASK_SURG"), mode=mode))["export"]
    assert required[document_code] is blocks
    assert len({"AWB", "BL", "CIM", "COURIER_AWB"} & set(required)) == 1


def test_examination_gloves_need_the_makers_licence_and_non_medical_masks_no_importer_licence():
    assert documents(consignment(declared_goods_of("GLOVE_EXAM_NITRILE")))["import"]["MDL"] is True
    assert "MDEL" not in documents(consignment(declared_goods_of("MASK_NONMED", use="non_medical")))["import"]


def test_importer_needs_a_portal_account_and_the_new_declaration_today():
    then, now = (
        documents(consignment(declared_goods_of("MASK_SURG"))),
        documents(consignment(declared_goods_of("MASK_SURG")), TODAY),
    )
    assert now["import"]["CARM"] is True
    assert "POA_CA" in then["import"]
    assert "POA_CA" not in now["import"]
    assert "URGENT" in then["import"]

    def accounting(on: date) -> str:
        found = requirements_of_rules(customs_rules(), consignment(declared_goods_of("MASK_SURG")), on=on)
        return next(one.rule.code for one in found if one.document_code == "ACCOUNTING")

    assert (accounting(APRIL), accounting(TODAY)) == ("CA-I-B3", "CA-I-CAD")


def test_laboratory_results_for_kn95_are_required_from_7_may_2020():
    kn95 = consignment(declared_goods_of("RESP_KN95"))
    assert "LAB_KN95" not in documents(kn95, APRIL)["import"]
    assert documents(kn95, date(2020, 5, 8))["import"]["LAB_KN95"] is True


def test_document_is_listed_once_and_a_blocking_rule_takes_precedence():
    cargo = consignment(declared_goods_of("RESP_N95"), declared_goods_of("MASK_SURG"))
    found = requirements_of_rules(customs_rules(), cargo, on=APRIL)
    keys = [(one.rule.side, one.document_code) for one in found]
    assert len(keys) == len(set(keys))
    nmpa = next(one for one in found if one.document_code == "NMPA")
    assert (nmpa.is_blocking, nmpa.products) == (True, ("MASK_SURG",))
    reverse = requirements_of_rules(customs_rules()[::-1], cargo, on=APRIL)
    assert [(one.document_code, one.is_blocking) for one in reverse] == [
        (one.document_code, one.is_blocking) for one in found
    ]


def test_only_reliable_rules_in_force_block():
    for on in (APRIL, AFTER, TODAY):
        for product in ("MASK_SURG", "RESP_KN95", "SANITISER", "TEST_PCR", "VENT_ICU"):
            for one in requirements_of_rules(customs_rules(), consignment(declared_goods_of(product)), on=on):
                assert one.source_confidence.sources or not one.is_blocking
                assert one.rule.confidence == "firm" or not one.is_blocking


def test_route_from_korea_to_japan_requires_none_of_the_chinese_documents():
    found = requirements_of_rules(
        customs_rules(), consignment(declared_goods_of("MASK_SURG"), origin="KR", destination="JP"), on=APRIL
    )
    assert {one.document_code for one in found} == {"AWB", "INSUR", "JP_CLAIMS", "PHOTOS_JP"}


def test_dangerous_goods_declaration_is_required_for_sanitiser():
    assert documents(consignment(declared_goods_of("SANITISER")))["export"]["DGD"] is False


def test_tariff_codes_follow_declared_use_and_edition_of_the_day():
    assert "6307900010" in declared_goods_of("RESP_N95").hs_numbers
    assert "6307900010" not in declared_goods_of("RESP_N95", use="non_medical").hs_numbers
    assert "401519" in declared_goods_of("GLOVE_EXAM_NITRILE", on=APRIL).hs_numbers
    assert "401519" not in declared_goods_of("GLOVE_EXAM_NITRILE", on=TODAY).hs_numbers


MASKS = [
    "MASK_MED",
    "MASK_SURG",
    "MASK_NONMED",
    "RESP_KN95",
    "RESP_FFP2",
    "RESP_FFP3",
    "RESP_N95",
    "RESP_KF94",
]


@pytest.mark.parametrize("consignee", ["municipality", "hospital", "clinic"])
def test_reusable_half_mask_is_not_subject_to_the_mask_announcement(consignee):
    cargo = consignment(declared_goods_of("RESP_REUSE", use="non_medical"), consignee=consignee)
    required = documents(cargo, AFTER)["export"]
    assert not {"JOINT12", "WL_NONMED", "USE_CONFLICT"} & set(required)


@pytest.mark.parametrize("product", MASKS)
def test_mask_announcement_applies_to_every_mask_and_disposable_respirator(product):
    assert (
        documents(consignment(declared_goods_of(product, use="non_medical")), AFTER)["export"]["JOINT12"]
        is True
    )
    for_ward = consignment(declared_goods_of(product, use="non_medical"), consignee="hospital")
    assert documents(for_ward, AFTER)["export"]["USE_CONFLICT"] is True


def of_class(product: str, device_class: str, *, sourced: bool = True) -> DeclaredGoods:
    return replace(declared_goods_of(product), device_classes={"CN": (device_class, sourced)})


@pytest.mark.parametrize("product", ["SHOE_COVER", "FACE_SHIELD", "RESP_FFP2", "RESP_KN95", "APRON"])
@pytest.mark.parametrize("sourced", [True, False])
def test_goods_that_are_no_medical_device_in_china_warn_when_declared_medical(product, sourced):
    required = documents(consignment(of_class(product, "none", sourced=sourced)))["export"]
    assert required["KN95_MEDICAL"] is False
    civil = replace(of_class(product, "none"), use="non_medical")
    assert "KN95_MEDICAL" not in documents(consignment(civil))["export"]


@pytest.mark.parametrize(
    "product", ["MASK_SURG", "MASK_MED", "COVERALL", "GOWN_ISO_L2", "RESP_N95", "BODY_BAG", "GOGGLES"]
)
def test_goods_that_are_a_medical_device_in_china_may_be_declared_medical(product):
    assert "KN95_MEDICAL" not in documents(consignment(declared_goods_of(product)))["export"]


def test_reliable_rule_has_an_official_text_or_two_independent_sources():
    for rule in customs_rules():
        if rule.is_reliable:
            assert reliability_reason(rule) is not ReliabilityReason.NONE, rule.code


@pytest.mark.parametrize(
    ("code", "ground"),
    [
        ("CN-X-DECL5", "official"),
        ("CN-X-JOINT12", "official"),
        ("CA-I-MDEL", "official"),
        ("CA-I-VALUE", "official"),
        ("CN-X-CIQ-MASK", "independent"),
    ],
)
def test_reason_why_a_rule_is_reliable_is_derived_from_its_sources(code, ground):
    rule = next(one for one in customs_rules() if one.code == code)
    assert (reliability_reason(rule), rule.is_reliable) == (ground, True)


@pytest.mark.parametrize(
    ("sources", "doubt"),
    [
        (["https://broker.example/7"], DoubtReason.WEAK_SOURCE),
        (["broker.example/7", "https://www.broker.example/8"], DoubtReason.WEAK_SOURCE),
        (["https://broker.example/7", "https://forwarder.example/7"], DoubtReason.NONE),
        (["https://www.customs.gov.cn/7"], DoubtReason.NONE),
    ],
)
def test_rule_marked_reliable_blocks_only_with_sufficient_sources(sources, doubt):
    rule = copy(next(one for one in customs_rules() if one.code == "CN-X-EXPDECL"))
    rule.source_urls = sources
    (found,) = requirements_of_rules([rule], consignment(declared_goods_of("MASK_SURG")), on=APRIL)
    assert (found.doubt_reason, found.is_blocking) == (doubt, doubt is DoubtReason.NONE)


@pytest.mark.parametrize(("mode", "document_code"), [("air", "AWB"), ("sea", "BL")])
@pytest.mark.parametrize("lane", [("CN", "CA"), ("CN", "DE"), ("KR", "US")])
def test_transport_document_is_usual_practice_and_only_warns(mode, document_code, lane):
    cargo = consignment(declared_goods_of("MASK_SURG"), mode=mode, origin=lane[0], destination=lane[1])
    (found,) = [
        one
        for one in requirements_of_rules(customs_rules(), cargo, on=APRIL)
        if one.document_code == document_code
    ]
    assert not found.is_blocking
    assert str(found.rule.why).startswith("Usual practice")


@pytest.mark.parametrize("acquisition_type", ["purchase", "donation"])
@pytest.mark.parametrize("document_code", ["INV", "PKL"])
@pytest.mark.parametrize("product", ["MASK_SURG", "RESP_KN95", "GOWN_ISO_L2"])
def test_commercial_invoice_and_packing_list_out_of_china_only_warn(product, document_code, acquisition_type):
    cargo = consignment(declared_goods_of(product, acquisition_type=acquisition_type))
    found = requirements_of_rules(customs_rules(), cargo, on=APRIL)
    (asked,) = [one for one in found if one.document_code == document_code and one.rule.side == "export"]
    assert not asked.is_blocking
    assert str(asked.rule.why).startswith("Usual practice")


@pytest.mark.parametrize("document_code", ["DECL5", "NMPA", "CN_CIQ_INSP", "EXPDECL"])
def test_documents_with_official_sources_still_block(document_code):
    assert documents(consignment(declared_goods_of("MASK_SURG")))["export"][document_code]
