"""Tests of features that an offer states in words, such as sizes and ear loops.

They are compared with the features that the need asks for, and with signs of a counterfeit of NIOSH-approved
goods.
"""

import pytest

from procurement.leads.rules.product_features import feature_contradictions, features_in, levels_in, sizes_in
from procurement.requests.actions.requests import RequestEdit, edit_request
from tests.worlds.fraud_cases import has_finding
from tests.worlds.need_to_order import AT

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("fraud-features")]


@pytest.mark.parametrize(
    ("asked", "offered", "told"),
    [
        ("FFP2 with head straps", "KH-2, ear loops", [("straps", "loops")]),
        ("Masques à sangles de tête", "boucles auriculairess", [("straps", "loops")]),
        ("需要头戴式", "耳挂式", [("straps", "loops")]),
        ("no valve please", "valved, white", [("no_valve", "valve")]),
        ("sterile gowns", "non-sterile, 5 in a bag", [("sterile", "not_sterile")]),
        ("blouses non stériles", "stérile", [("not_sterile", "sterile")]),
        ("FFP2 with head straps", "with ear loop extender", []),
        ("FFP2 with head straps", "head straps, no ear loops", []),
        ("FFP2", "ear loops", []),
        ("no valve", "无呼吸阀", []),
        ("sterile gowns", "stériles", []),
        ("头戴式", "挂耳式，独立包装", [("straps", "loops")]),
        ("masques à nouer", "attaches auriculaires", [("ties", "loops")]),
        ("with exhalation valve", "VALVELESS", [("valve", "no_valve")]),
        ("不带阀", "冷流阀", [("no_valve", "valve")]),
        ("adult masks", "kids size, 3-ply", [("adults", "children")]),
        ("已灭菌手术衣", "未经灭菌", [("sterile", "not_sterile")]),
        ("head straps", "loops around the head, head bands rather than ear loops", []),
        ("sterile", "to be sterilised by the buyer", []),
        ("for adults", "Keep out of reach of children", []),
        ("for adults", "as delivered to BC Children's Hospital", []),
        ("adult masks", "Hôpital de Montréal pour enfants", []),
        ("pour adultes", "service pédiatrique du CHU", []),
        ("成人口罩", "曾供货给儿童医院", []),
        ("adult size", "used in the pediatric ward", []),
        ("adults", "the Hospital for Sick Children buys them", []),
        ("adults", "hospital masks for children", [("adults", "children")]),
        ("pour adultes", "service après-vente, masques pour enfants", [("adults", "children")]),
        ("成人口罩", "儿童口罩，供医院用", [("adults", "children")]),
    ],
)
def test_contradicting_features_are_reported_only_when_requested(asked, offered, told):
    assert feature_contradictions(features_in(asked), features_in(offered)) == told


@pytest.mark.parametrize(
    ("product", "model", "remark", "signs"),
    [
        ("RESP_N95", "KH-95 ear loop", "", {"loops"}),
        ("RESP_N95_SURG", "", "N95 for children, 耳挂", {"loops", "children"}),
        ("RESP_N95", "KH-95", "head straps, with ear loop extender", set()),
        ("RESP_KN95", "ear loop", "", set()),
        ("MASK_SURG", "ear loops", "", set()),
    ],
)
def test_ear_loops_or_child_sizes_of_niosh_respirators_are_flagged_as_counterfeit(
    fraud_story, product, model, remark, signs
):
    firm = fraud_story.enter_company(f"Features {product} {model} {remark}", "US")
    lead = fraud_story.enter_offer(firm, product, 4_000, model=model, remark=remark)
    fraud_story.findings_of(lead)
    found = lead.findings.filter(code="counterfeit_sign")
    assert set(found.values_list("subject", flat=True)) == signs
    for one in found:
        assert has_finding(one, "warn", ("a sign of a counterfeit", "contrefaçon", "仿冒"))
    assert not lead.findings.filter(code="feature_differs").exists()


@pytest.mark.parametrize(
    ("words", "sizes", "levels"),
    [
        ("Gown, size XL", {"XL"}, set()),
        ("tailles M à XL", {"M", "L", "XL"}, set()),
        ("S/M/L, 200 a carton", {"S", "M", "L"}, set()),
        ("Ｌ码 手套", {"L"}, set()),
        ("size: medium", {"M"}, set()),
        ("AAMI Level 3", set(), {3}),
        ("niveaux 1-3", set(), {1, 2, 3}),
        ("隔离衣 二级", set(), {2}),
        ("inspection level 2, carton size 50 x 40 cm, 10万级洁净车间", set(), set()),
        ("One size fits all; large quantity, small cartons", set(), set()),
        ("我司为一级代理商", set(), set()),
        ("二级供应商，三级医院在用", set(), set()),
        ("Level 1 distributor in Ontario", set(), set()),
        ("niveau 2, d’un niveau 1 fournisseur", set(), {2}),
        ("一级经销商，二级防护", set(), {2}),
    ],
)
def test_sizes_and_levels_are_read_from_text(words, sizes, levels):
    assert (sizes_in(words), levels_in(words)) == (sizes, levels)


@pytest.mark.parametrize(
    ("product", "standards", "need", "offer", "told"),
    [
        ("GOWN_ISO_L3", ["AAMI-PB70-L3"], "", {"model": "Blue gown Level 1"}, [("level_3", ["level_1"])]),
        ("GOWN_ISO_L2", ["AAMI-PB70-L2"], "", {"remark": "Level 2 to level 4 in stock"}, []),
        ("GOWN_ISO_L2", ["AAMI-PB70-L2"], "", {"remark": "niveau 4"}, []),
        ("MASK_SURG", ["ASTM-F2100-L2"], "", {"model": "Procedure mask, level 1"}, [("level_2", ["level_1"])]),
        ("GLOVE_SURG", [], "", {"remark": "non-sterile, 100 in a box"}, [("sterile", ["not_sterile"])]),
        ("GLOVE_SURG", [], "", {"remark": "EO sterilized"}, []),
        ("GLOVE_EXAM_NITRILE", [], "", {"remark": "non-sterile"}, []),
        ("GLOVE_EXAM_NITRILE", [], "Taille L ou XL", {"model": "sizes S and M"}, [
            ("size_L", ["size_S", "size_M"]), ("size_XL", ["size_S", "size_M"])]),
        ("GLOVE_EXAM_NITRILE", [], "Taille L ou XL", {"model": "size L"}, []),
        ("COVERALL", [], "XL size", {"remark": "L码"}, [("size_XL", ["size_L"])]),
        # One text covers several goods: the straps belong to the respirators.
        ("MASK_SURG", [], "N95 with head straps and surgical masks", {"model": "ear loops"}, []),
        ("THERMO_IR", [], "sterile", {"remark": "not sterile"}, []),
    ],
)  # fmt: skip
def test_each_product_is_compared_by_its_relevant_features(
    fraud_story, product, standards, need, offer, told
):
    firm = fraud_story.enter_company(f"Features of {product} {offer}", "MX")
    lead = fraud_story.enter_offer(firm, product, 3_000, asked=standards, **offer)
    edit_request(lead.line.supply_request, RequestEdit(notes=need), by=fraud_story.officer.by, at=AT)
    fraud_story.findings_of(lead, AT)
    found = lead.findings.filter(code="feature_differs").exclude(status="resolved")
    assert sorted((one.figures["asked_feature"], one.figures["feature"]) for one in found) == sorted(told)
    assert {one.severity for one in found} <= {"warn"}


def test_differing_size_is_explained_in_each_language(fraud_story):
    firm = fraud_story.enter_company("Gants d’une taille", "MY")
    lead = fraud_story.enter_offer(firm, "GLOVE_EXAM_NITRILE", 3_000, model="sizes S and M")
    edit_request(lead.line.supply_request, RequestEdit(notes="size XL"), by=fraud_story.officer.by, at=AT)
    found = fraud_story.findings_of(lead, AT)["feature_differs"]
    assert has_finding(found, "warn", ("specifies “size XL”", "taille S", "XL码"))


@pytest.mark.parametrize(
    ("caption", "told"),
    [("KH-2_ear_loops_front.jpg", True), ("KH-2 头戴式.png", False), ("IMG_2031.jpg", False)],
)
def test_features_named_in_a_photo_caption_are_compared(fraud_story, caption, told):
    firm = fraud_story.enter_company(f"Photo {caption}", "TR")
    lead = fraud_story.enter_offer(firm, "RESP_FFP2", 2_000)
    edit_request(
        lead.line.supply_request, RequestEdit(notes="Head straps only."), by=fraud_story.officer.by, at=AT
    )
    fraud_story.photo(lead, caption)
    assert ("feature_differs" in fraud_story.findings_of(lead, AT)) == told


def test_offer_with_other_features_than_the_need_is_warned_about(fraud_story):
    firm = fraud_story.enter_company("Loops for straps", "VN")
    lead = fraud_story.enter_offer(firm, "RESP_FFP2", 7_000, model="VN-2 ear loops")
    assert "feature_differs" not in fraud_story.findings_of(lead)
    edit_request(
        lead.line.supply_request, RequestEdit(notes="Head straps only."), by=fraud_story.officer.by, at=AT
    )
    found = fraud_story.findings_of(lead, AT)["feature_differs"]
    assert has_finding(found, "warn", ("specifies “head straps”", "sangles de tête", "头带"))
