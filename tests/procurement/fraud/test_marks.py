"""The number of a notified body where no body can have certified the goods: on a paper, and in the words of an offer."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("fraud-marks")]
ON_CLASS_ONE = {"certificate_class_one", "mark_class_one"}


@pytest.mark.parametrize(
    ("product", "facts", "sterile", "told"),
    [
        ("MASK_SURG", {"number": "DoC CE 1282"}, False, {"certificate_class_one"}),
        ("MASK_MED", {"number": "DoC-7", "issuer": "CE0598"}, False, {"certificate_class_one"}),
        ("MASK_SURG", {"number": "DoC-7", "remark": "Marquage CE-2163"}, False, {"certificate_class_one"}),
        ("MASK_SURG", {"number": "DoC-7", "body": "2163"}, False, {"certificate_class_one"}),
        ("MASK_SURG", {"number": "DoC CE 1282"}, True, set()),
        ("MASK_SURG", {"number": "DoC CE 2020-17"}, False, {"certificate_class_one"}),
        ("MASK_MED", {"number": "DoC-2020-0117 CE"}, False, set()),
        ("RESP_FFP2", {"number": "DoC CE 0598"}, False, set()),
        ("GOWN_SURG", {"number": "DoC CE 0123"}, False, set()),
    ],
)
def test_a_bodys_number_on_a_class_one_device_that_is_not_sterile_warns(desk, product, facts, sterile, told):
    firm = desk.firm(f"Marks {product} {facts} {sterile}", "FR")
    lead = desk.offers(firm, product, 9_000)
    desk.shows(firm, "EU_MD_DOC", **facts)
    if sterile:
        desk.shows(firm, "EU_MD_NB", "1282-MD-20-4567")
    assert ON_CLASS_ONE & set(desk.found(lead)) == told


@pytest.mark.parametrize(
    ("remark", "told"),
    [
        ("Box shows CE 1463", {"mark_class_one"}),
        ("Box shows CE", set()),
        ("CE, 2020 edition of EN 14683", set()),
    ],
)
def test_a_bodys_number_in_the_offers_words_warns_as_well(desk, remark, told):
    lead = desk.offers(desk.firm(f"Words {remark}", "IT"), "MASK_MED", 800, remark=remark)
    assert ON_CLASS_ONE & set(desk.found(lead)) == told
