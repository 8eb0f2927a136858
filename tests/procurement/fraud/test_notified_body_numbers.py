"""Tests of a notified body's number on goods that such a body does not certify.

The number is on a certificate, or in the words of an offer.
"""

import pytest

from tests.worlds.need_to_order import AT

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
def test_notified_body_number_on_a_non_sterile_class_i_device_is_flagged(
    fraud_story, product, facts, sterile, told
):
    firm = fraud_story.enter_company(f"Marks {product} {facts} {sterile}", "FR")
    lead = fraud_story.enter_offer(firm, product, 9_000)
    fraud_story.enter_certificate(firm, "EU_MD_DOC", **facts)
    if sterile:
        fraud_story.enter_certificate(firm, "EU_MD_NB", "1282-MD-20-4567")
    assert ON_CLASS_ONE & set(fraud_story.findings_of(lead)) == told


@pytest.mark.parametrize(
    ("remark", "told"),
    [
        ("Box shows CE 1463", {"mark_class_one"}),
        ("带CE1023标志", {"mark_class_one"}),
        ("CE marking no. 2797 on each box", {"mark_class_one"}),
        ("Organisme notifié n° 0333", {"mark_class_one"}),
        ("公告机构编号2163", {"mark_class_one"}),
        ("notified body nr. 0158, class I", {"mark_class_one"}),
        ("CE 2017/745", set()),
        ("Règlement (CE) n° 1907/2006 respecté", set()),
        ("conforms to CE 2016/425", set()),
        ("notified body: none, class I", set()),
        ("Box shows CE", set()),
        ("Directive 93/42/EEC, certificate 1234 of the laboratory", set()),
        ("CE mark, 2020", set()),
        ("CE, 2020 edition of EN 14683", set()),
    ],
)
def test_notified_body_number_in_the_remark_of_a_class_i_offer_is_flagged(fraud_story, remark, told):
    lead = fraud_story.enter_offer(
        fraud_story.enter_company(f"Words {remark}", "IT"), "MASK_MED", 800, remark=remark
    )
    assert ON_CLASS_ONE & set(fraud_story.findings_of(lead)) == told


@pytest.mark.parametrize(
    ("product", "name", "told"),
    [
        ("MASK_MED", "box_CE_0598.jpg", {"mark_class_one"}),
        ("MASK_SURG", "包装 CE2163.png", {"mark_class_one"}),
        ("MASK_MED", "box_CE.jpg", set()),
        ("RESP_FFP2", "box_CE_0598.jpg", set()),
    ],
)
def test_notified_body_number_in_a_photo_caption_of_a_class_i_offer_is_flagged(
    fraud_story, product, name, told
):
    lead = fraud_story.enter_offer(fraud_story.enter_company(f"Photo {product} {name}", "TR"), product, 700)
    fraud_story.photo(lead, name)
    assert ON_CLASS_ONE & set(fraud_story.findings_of(lead, AT)) == told
