"""Who signed a paper, on the shipped rows: which kinds the law of protective equipment knows, and what is said of each body. Pure."""

from datetime import date

import pytest

from procurement.leads.gathering import bodies
from procurement.suppliers.models import Certificate
from tests.procurement.catalogue import book

APRIL = date(2020, 4, 16)


def said(kind, product="RESP_FFP2", body="", **facts):
    row = next((one for one in book.bodies() if one.code == body), None)
    paper = Certificate(kind=book.kind(kind), notified_body=row, **facts)
    signed = bodies.judged(paper, book.product(product), APRIL, book.bodies())
    if signed.fault:
        return "blocks" if signed.firm else "warns"
    return "look up" if signed.look else "watched" if signed.watched else ""


@pytest.mark.parametrize(
    ("kind", "facts", "told"),
    [
        # rightly by a house that may not sign for protective equipment
        ("PSI", {"body": "1370"}, ""),
        ("ISO_13485", {"issuer": "Bureau Veritas Italia S.p.A."}, ""),
        ("CN_TEST_CNAS", {"issuer": "Shenzhen HTT Technology Co., Ltd."}, ""),
        ("EU_MD_NB", {"body": "1370"}, "look up"),
        ("EU_MD_NB", {"issuer": "CE 2703"}, ""),
        ("EU_PPE_B", {"body": "1370"}, "blocks"),
        ("EU_DOC_PPE", {"body": "1370"}, "blocks"),
        ("EU_VOLUNTARY", {"issuer": "ITC Shenzhen"}, "blocks"),
        # our sources name no modules of these
        ("EU_PPE_B", {"body": "0598"}, "look up"),
        ("EU_PPE_B", {"body": "2797"}, "look up"),
        ("EU_PPE_D", {"body": "0158"}, "look up"),
        # the module is that of the kind, where the paper names none
        ("EU_PPE_C2", {"body": "2233"}, ""),
        ("EU_DOC_PPE", {"body": "0370"}, ""),
        ("EU_PPE_B", {"body": "2163"}, "watched"),
        ("EU_PPE_D", {"body": "2163"}, "look up"),
        # nobody chose a body, and the paper names one
        ("EU_PPE_B", {"issuer": "CE 9999 Prime Testing"}, "look up"),
        ("EU_PPE_B", {"issuer": "Prime Testing CE2703"}, "blocks"),
        ("EU_PPE_C2", {"number_key": "2703"}, "blocks"),
        ("EU_PPE_C2", {"number_key": "2233"}, ""),
        ("EU_DOC_PPE", {"number_key": "2020"}, ""),
        ("EU_PPE_B", {"body": "0370", "issuer": "CELAB Srl, Latina"}, "blocks"),
        ("EU_PPE_B", {"body": "N-NPS"}, "blocks"),
        ("EU_PPE_B", {"issuer": "TSU Slovakia"}, "blocks"),
        ("EU_PPE_B", {"issuer": "TSU Slovakia", "product": "COVERALL"}, ""),
    ],
)
def test_what_is_said_of_who_signed(kind, facts, told):
    assert said(kind, **facts) == told
