"""Tests of the models that a certificate covers, in the notation of certificates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.catalogue.rules.model_coverage import covers_model


@pytest.mark.parametrize(
    ("named", "model"),
    [
        ("AL-S3", "AL-S3"),
        ("AL-S1, AL-S3; AL-S5", "al s3"),
        ("AL-S1、AL-S3", "ＡＬ－Ｓ３"),
        ("AL-S1\nAL-S3\r\nAL-S5", "AL S3"),
        ("AL-S1 / AL-S3", "AL-S3"),
        ("AL-S1/AL-S3", "AL-S3"),
        ("9501V and 9502V", "9502V"),
        ("9501V及9502V", "9502V"),
        ("型号：AL-S3", "AL-S3"),
        ("Model: KN95-01", "KN95-01"),
        ("KN95-xxx", "KN95-A17"),
        ("FM-95XX", "FM-9512"),
        ("AL-S*", "AL-S12"),
        ("AL-S series", "AL-S7"),
        ("série AL-S", "AL-S7"),
        ("AL-S系列", "AL-S7"),
        ("AL-S1~AL-S5", "AL-S3"),
        ("AL-S1 to 5", "AL-S5"),
        ("KF-101至KF-110", "KF-110"),
    ],
)
def test_named_model_or_model_of_a_named_family_is_covered(named, model):
    assert covers_model(named, model) is True


@pytest.mark.parametrize(
    ("named", "model"),
    [
        ("AL-S3", "AL-S30"),
        ("AL-S3", "AL-S"),
        ("AL-X3", "AL-A3"),  # one x is a letter
        ("KN95-xxx", "KN95-A1"),  # three characters mean exactly three
        ("FM-95XX", "FM-9612"),
        ("AL-S*", "AL-T1"),
        ("*", "AL-S3"),  # an asterisk alone names no family
        ("xxx", "AL1"),
        ("A series", "AL-S3"),
        ("AL-S1~AL-S5", "AL-S6"),
        ("AL-S1~AL-S5", "AL-T3"),
        ("AL-S1~BX-S5", "AL-S3"),
        ("9501V", "9502V"),
        ("K1~K9", "K" + "1" * 12),
    ],
)
def test_certificate_does_not_cover_other_model(named, model):
    assert covers_model(named, model) is False


@pytest.mark.parametrize(("named", "model"), [("", "AL-S3"), ("AL-S3", ""), (" ; ", "AL-S3"), ("AL-S3", "–")])
def test_model_coverage_is_unknown_when_certificate_or_offer_names_no_model(named, model):
    assert covers_model(named, model) is None


@given(st.text(max_size=40), st.text(max_size=20))
def test_model_coverage_does_not_depend_on_letter_case(named, model):
    if covers_model(named, model):
        assert covers_model(named.swapcase().upper(), model.upper()) in (True, False)
    assert covers_model(named, model) in (True, False, None)
