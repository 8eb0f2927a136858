"""Tests of the certificate types that a contact may choose from, on the real rows."""

import pytest

from procurement.catalogue.models.certificates import CertificateType
from procurement.leads.queries.certificate_choices import likely_types
from tests.procurement.catalogue.catalogue_in_memory import catalogue_rows, make_product, statuses


def codes(country: str, product: str) -> list[str]:
    kinds = catalogue_rows()[CertificateType].values()
    return [one.code for one in likely_types(kinds, statuses(), country, [make_product(product)])]


def test_chinese_supplier_is_offered_chinese_certificate_types_first():
    found = codes("CN", "MASK_SURG")
    assert found[:2] == ["CN_NMPA_REG", "CN_NMPA_REG_OLD"]
    assert found.index("CN_TEST_CNAS") < found.index("TEST_ILAC") < found.index("EU_MD_DOC")
    assert found.index("US_510K") < found.index("CA_MDL")


@pytest.mark.parametrize("product", ["MASK_SURG", "RESP_KN95", "GLOVE_EXAM_NITRILE"])
def test_chinese_supplier_is_not_offered_certificate_types_of_importers_or_customs(product):
    never = {
        "CA_BN_RM",
        "CA_MDEL",
        "CN_CUSTOMS_DECL",
        "CN_DECL_ANN5",
        "CN_WL_MED",
        "COO",
        "PSI",
        "JP_PMD",
        "KR_MFDS",
    }
    assert not never & set(codes("CN", product))


def test_supplier_elsewhere_is_offered_its_own_approvals_and_no_chinese_ones():
    assert codes("KR", "MASK_SURG")[0] == "KR_MFDS"
    assert "KR_MFDS" not in codes("JP", "MASK_SURG")
    assert not [code for code in codes("JP", "MASK_SURG") if code.startswith("CN_")]
