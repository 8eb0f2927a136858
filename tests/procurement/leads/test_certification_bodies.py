"""Tests of the certification body that signed a certificate, on the shipped rows and without a database.

They cover each kind of certificate, and the note on each certification body.
"""

import re
from datetime import date

import pytest

from procurement.leads.queries.certificate_holders import assess_signer
from procurement.suppliers.models.certificates import Certificate
from tests.procurement.catalogue import catalogue_in_memory
from tests.procurement.catalogue.catalogue_in_memory import make_kind, make_product

APRIL = date(2020, 4, 16)


def sentence_about_signer(kind, product="RESP_FFP2", body="", **facts):
    row = next((one for one in catalogue_in_memory.bodies() if one.code == body), None)
    paper = Certificate(kind=make_kind(kind), notified_body=row, **facts)
    signed = assess_signer(paper, make_product(product), APRIL, catalogue_in_memory.bodies())
    if signed.rejection_reason:
        return "blocks" if signed.source_is_reliable else "warns"
    return "look up" if signed.lookup_advice else "watched" if signed.warning else ""


@pytest.mark.parametrize(
    ("kind", "facts", "told"),
    [
        # a body that may not sign for protective equipment may sign this
        ("PSI", {"body": "1370"}, ""),
        ("ISO_13485", {"issuer": "Bureau Veritas Italia S.p.A."}, ""),
        ("CN_TEST_CNAS", {"issuer": "Shenzhen HTT Technology Co., Ltd."}, ""),
        ("EU_MD_NB", {"body": "1370"}, "look up"),
        ("EU_MD_NB", {"issuer": "CE 2703"}, ""),
        ("EU_PPE_B", {"body": "1370"}, "blocks"),
        ("EU_DOC_PPE", {"body": "1370"}, "blocks"),
        ("EU_VOLUNTARY", {"issuer": "ITC Shenzhen"}, "blocks"),
        # a good source lists these bodies and names no modules
        ("EU_PPE_B", {"body": "0598"}, ""),
        ("EU_PPE_C2", {"body": "0598"}, ""),
        ("EU_PPE_B", {"body": "2797"}, ""),
        ("EU_PPE_D", {"body": "0158"}, ""),
        ("EU_PPE_B", {"body": "0194", "issued_on": date(2020, 12, 31)}, ""),
        ("EU_PPE_B", {"body": "0194", "issued_on": date(2021, 1, 1)}, "blocks"),
        # to be looked up as their own row requires, or known by number and name only
        ("EU_PPE_B", {"body": "1008"}, "look up"),
        ("EU_PPE_D", {"body": "0493"}, "look up"),
        ("EU_PPE_B", {"body": "2834"}, "look up"),
        ("EU_PPE_C2", {"body": "2841"}, "look up"),
        # the kind gives the module if the certificate names none
        ("EU_PPE_C2", {"body": "2233"}, ""),
        ("EU_DOC_PPE", {"body": "0370"}, ""),
        ("EU_PPE_B", {"body": "2163"}, "watched"),
        ("EU_PPE_D", {"body": "2163"}, "look up"),
        # no body was selected, but the certificate names one
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
def test_certification_body_of_a_certificate_is_assessed_by_kind_number_and_date(kind, facts, told):
    assert sentence_about_signer(kind, **facts) == told


def signed_by_2163(on):
    row = next(one for one in catalogue_in_memory.bodies() if one.code == "2163")
    paper = Certificate(kind=make_kind("EU_PPE_B"), notified_body=row, issued_on=date(2020, 3, 2))
    return assess_signer(paper, make_product("RESP_FFP3"), on, catalogue_in_memory.bodies())


@pytest.mark.parametrize("on", [APRIL, date(2020, 12, 1), date(2021, 5, 29)])
def test_note_on_a_certification_body_is_not_shown_before_it_was_known(on):
    assert set(signed_by_2163(on).warning.values()) == {""}


def test_note_on_a_certification_body_is_shown_from_its_date_in_each_language():
    for on in (date(2021, 5, 30), date(2022, 8, 1)):
        told = signed_by_2163(on).warning
        assert all("2021" in words for words in told.values())
        assert [told["en"][-1], told["fr"][-1], told["zh"][-1]] == [".", ".", "。"]


def test_notes_on_certification_bodies_mention_no_date_after_their_own():
    for row in catalogue_in_memory.bodies():
        years = [int(year) for year in re.findall(r"\b(20\d\d)-\d\d-\d\d", row.note_en)]
        assert not years or (row.note_from and max(years) <= row.note_from.year), row.code


def test_notes_on_certification_bodies_end_with_punctuation():
    for row in catalogue_in_memory.bodies():
        for note in (row.note_en, row.note_fr, row.note_zh):
            assert not note or note[-1] in ".。!?", row.code
