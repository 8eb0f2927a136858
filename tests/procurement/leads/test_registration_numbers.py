"""Tests of the group, office and year in a Chinese registration number, compared with the offered goods."""

import pytest

from tests.worlds.leads import enter_certificate, findings_by_code, submitted_offer

CANNOT_BE = {"certificate_number_other_goods", "certificate_number_office", "certificate_number_future"}


@pytest.mark.parametrize(
    ("number", "product", "told"),
    [
        ("粤械注准20202140123", "MASK_SURG", set()),
        ("粤械注准20202640123", "MASK_SURG", set()),
        ("粤械注准20202400123", "MASK_SURG", {"certificate_number_other_goods"}),
        ("粤械注准20202400123", "GLOVE_EXAM_NITRILE", set()),
        ("粤械注准20203140123", "MASK_SURG", {"certificate_number_office"}),
        ("粤械注进20202140123", "MASK_SURG", {"certificate_number_office"}),
        ("国械注进20203140123", "MASK_SURG", set()),
        ("粤械注准20302140123", "MASK_SURG", {"certificate_number_future"}),
    ],
)
def test_registration_number_that_does_not_fit_the_goods_is_reported(story, number, product, told):
    lead = submitted_offer(story, line=story.line(product=product), standard=None)
    enter_certificate(story, kind="CN_NMPA_REG", number=number)
    assert CANNOT_BE & set(findings_by_code(lead)) == told
