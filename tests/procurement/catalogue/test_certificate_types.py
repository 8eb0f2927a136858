"""Tests of whether a type of certificate is required or worthless for goods, in a market and on a day."""

from datetime import date

import pytest

from procurement.catalogue.models.reference_rows import market_of_country
from procurement.catalogue.rules.certificate_types import (
    CertificateAcceptability,
    certificate_acceptability,
    required_certificate_types,
    unacceptable_reason,
)
from tests.procurement.catalogue import catalogue_in_memory
from tests.procurement.catalogue.catalogue_in_memory import make_kind, make_product

APRIL = date(2020, 4, 16)
TODAY = date(2026, 11, 25)


def is_worthless(
    kind: str, product: str, market: str = "CA", on: date = APRIL
) -> CertificateAcceptability | None:
    return unacceptable_reason(
        make_kind(kind), make_product(product), market=market, on=on, statuses=catalogue_in_memory.statuses()
    )


@pytest.mark.parametrize("product", ["MASK_SURG", "RESP_KN95", "GLOVE_EXAM_NITRILE", "THERMO_IR"])
@pytest.mark.parametrize("on", [APRIL, TODAY])
@pytest.mark.parametrize("kind", ["US_FDA_REG", "EU_VOLUNTARY"])
def test_fda_registration_and_voluntary_ce_certificates_are_worthless_in_every_market(kind, product, on):
    for market in ("CA", "US", "EU", "CN"):
        found = is_worthless(kind, product, market, on)
        assert found is not None
        assert found.source_confidence.is_reliable
        assert found.source_confidence.sources
        assert str(found.reason)


@pytest.mark.parametrize(
    ("kind", "product", "market", "on", "expected"),
    [
        ("CN_NMPA_REG", "RESP_KN95", "CA", APRIL, True),
        ("CN_NMPA_REG", "MASK_SURG", "CA", APRIL, False),
        ("EU_PPE_B", "MASK_SURG", "EU", APRIL, True),
        ("EU_PPE_B", "RESP_FFP2", "EU", APRIL, False),
        ("US_EUA", "RESP_KN95", "US", date(2021, 6, 30), False),
        ("US_EUA", "RESP_KN95", "US", date(2021, 7, 1), True),
        ("US_EUA", "TEST_PCR", "US", TODAY, False),
        ("CA_MDL", "MASK_SURG", "CA", APRIL, True),
        ("CA_MDL", "MASK_SURG", "US", APRIL, False),
        ("CA_MDL", "GLOVE_SURG", "CA", APRIL, False),
        ("TEST_ILAC", "RESP_KN95", "CA", APRIL, False),
        ("KR_MFDS", "RESP_KF94", "KR", APRIL, False),
    ],
)
def test_certificate_worthlessness_depends_on_goods_market_and_date(kind, product, market, on, expected):
    assert bool(is_worthless(kind, product, market, on)) is expected


@pytest.mark.parametrize(
    ("kind", "product"), [("CN_NMPA_FILING", "COVERALL"), ("CN_NMPA_REG_OLD", "MASK_SURG")]
)
def test_worthlessness_from_an_unreliable_source_does_not_block(kind, product):
    found = is_worthless(kind, product)
    assert found is not None
    assert not found.source_confidence.is_reliable


def test_rule_not_reviewed_for_two_years_only_warns():
    found = is_worthless("US_FDA_REG", "MASK_SURG", on=date(2029, 1, 1))
    assert found is not None
    assert not found.source_confidence.is_reliable


def test_certificate_type_without_a_stated_value_has_none():
    kind, product = make_kind("PSI"), make_product("MASK_SURG")
    assert (
        certificate_acceptability(
            kind, product, market="CA", on=APRIL, statuses=catalogue_in_memory.statuses()
        )
        is None
    )


def test_accredited_test_report_is_accepted_for_kn95_in_canada():
    kind, product = make_kind("TEST_ILAC"), make_product("RESP_KN95")
    found = certificate_acceptability(
        kind, product, market="CA", on=APRIL, statuses=catalogue_in_memory.statuses()
    )
    assert found is not None
    assert found.status == "accepted"


@pytest.mark.parametrize(
    ("product", "market", "on", "kinds"),
    [
        ("GLOVE_EXAM_NITRILE", "CA", APRIL, {"CA_MDL"}),
        ("RESP_N95", "CA", APRIL, {"US_NIOSH"}),
        ("RESP_FFP2", "EU", APRIL, {"EU_PPE_B", "EU_DOC_PPE"}),
        ("RESP_KN95", "CA", APRIL, set()),
        ("RESP_KN95", "CA", date(2020, 5, 7), {"TEST_ILAC"}),
        ("MASK_SURG", "US", APRIL, {"US_510K"}),
        ("MASK_SURG", "CN", APRIL, {"CN_NMPA_REG"}),
        ("MASK_SURG", "CN", date(2020, 3, 31), set()),
    ],
)
def test_required_certificates_depend_on_goods_market_and_date(product, market, on, kinds):
    found = required_certificate_types(
        make_product(product), market=market, on=on, statuses=catalogue_in_memory.statuses()
    )
    assert {worth.kind.code for worth in found} == kinds


@pytest.mark.parametrize(
    ("country", "market"),
    [("CA", "CA"), ("FR", "EU"), ("CN", "CN"), ("KR", "KR"), ("GB", ""), ("", "")],
)
def test_country_maps_to_its_market_or_none(country, market):
    assert market_of_country(country) == market
