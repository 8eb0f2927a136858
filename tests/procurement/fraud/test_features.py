"""Features that an offer names in words: held against what the need asks for, and signs of a counterfeit on what NIOSH approved."""

import pytest

from procurement.leads.rules.features import contradictions, features_in
from procurement.requests import actions as needs
from tests.procurement.fraud.play import says
from tests.procurement.story import AT

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("fraud-features")]


@pytest.mark.parametrize(
    ("asked", "offered", "told"),
    [
        ("FFP2 with head straps", "KH-2, ear loops", [("straps", "loops")]),
        ("Masques à sangles de tête", "boucles d’oreilles", [("straps", "loops")]),
        ("需要头戴式", "耳挂式", [("straps", "loops")]),
        ("no valve please", "valved, white", [("no_valve", "valve")]),
        ("sterile gowns", "non-sterile, 5 in a bag", [("sterile", "not_sterile")]),
        ("blouses non stériles", "stérile", [("not_sterile", "sterile")]),
        ("FFP2 with head straps", "with ear loop extender", []),
        ("FFP2 with head straps", "head straps, no ear loops", []),
        ("FFP2", "ear loops", []),
        ("no valve", "无呼吸阀", []),
        ("sterile gowns", "stériles", []),
    ],
)
def test_features_in_words_contradict_only_where_one_was_asked_for(asked, offered, told):
    assert contradictions(features_in(asked), features_in(offered)) == told


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
def test_ear_loops_and_childrens_sizes_are_a_sign_of_a_counterfeit_of_nioshs_goods(
    desk, product, model, remark, signs
):
    firm = desk.firm(f"Features {product} {model} {remark}", "US")
    lead = desk.offers(firm, product, 4_000, model=model, remark=remark)
    desk.found(lead)
    found = lead.findings.filter(code="counterfeit_sign")
    assert set(found.values_list("subject", flat=True)) == signs
    for one in found:
        assert says(one, "warn", ("a sign of a counterfeit", "contrefaçon", "仿冒"))
    assert not lead.findings.filter(code="feature_differs").exists()


def test_an_offer_that_names_other_features_than_its_need_warns_before_the_order(desk):
    firm = desk.firm("Loops for straps", "VN")
    lead = desk.offers(firm, "RESP_FFP2", 7_000, model="VN-2 ear loops")
    assert "feature_differs" not in desk.found(lead)
    needs.edit(lead.line.supply_request, notes="Head straps only.", by=desk.officer.by, at=AT)
    found = desk.found(lead, AT)["feature_differs"]
    assert says(found, "warn", ("asks for “head straps”", "sangles de tête", "头带"))
