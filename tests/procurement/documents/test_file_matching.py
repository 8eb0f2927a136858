"""Tests of matching an uploaded file to a customs document, by its name and text."""

import pytest

from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.rules.file_matching import MatchReason, document_names, match_files, normalize
from procurement.suppliers.models.suppliers import Supplier

KANGHU = Supplier(pk=1, legal_name_local="康护 DEMO", name_en="Kanghu DEMO")
YIFENG = Supplier(pk=2, legal_name_local="益丰 DEMO", name_en="Yifeng DEMO")


def document(
    pk: int, code: str, name: str, supplier: Supplier | None = None, **facts: str
) -> CustomsDocument:
    return CustomsDocument(
        pk=pk, reference=f"CP-2020-{pk:04d}", code=code, name_en=name, supplier=supplier, **facts
    )


INVOICE = document(1, "INV", "Commercial invoice", name_fr="Facture commerciale", name_zh="商业发票")
PACKING = document(2, "PKL", "Packing list", name_fr="Liste de colisage", name_zh="装箱单")
ORIGIN = document(3, "COO", "Certificate of origin", name_fr="Certificat d’origine", name_zh="原产地证书")
LADING = document(4, "BL", "Bill of lading", name_fr="Connaissement", name_zh="提单")
WAYBILL = document(5, "AWB", "Air waybill", name_fr="Lettre de transport aérien", name_zh="航空运单")
LICENCE = document(
    6, "MDEL", "Establishment licence (MDEL) or Interim Order authorization", number="MDEL-90112"
)
IMPORT_INVOICE = document(7, "INV", "Invoice and packing list for Canada")
EVERY = [INVOICE, PACKING, ORIGIN, LADING, WAYBILL, LICENCE, IMPORT_INVOICE]
NUMBERS = {"AWB": ["99912345675"], "BL": [""]}


def match(name: str, text: str = "") -> tuple[str, MatchReason] | None:
    """Return the code of the proposed document and the reason."""
    (found,) = match_files([(name, text)], EVERY, NUMBERS)
    return None if found is None else (found.document.code, found.reason)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Commercial Invoice.pdf", "INV"),
        ("commercial_invoice_final-2.PDF", "INV"),
        ("CommercialInvoice.pdf", "INV"),
        ("INV2020-7.pdf", "INV"),
        ("发票.jpg", "INV"),
        ("facture n° 12.pdf", "INV"),
        ("packing list.pdf", "PKL"),
        ("PackingList.pdf", "PKL"),
        ("PL 0042.pdf", "PKL"),
        ("广州康护装箱单2020.pdf", "PKL"),
        ("liste-de-colisage.pdf", "PKL"),
        ("CO.pdf", "COO"),
        ("SH-2020-0001 CO signed.pdf", "COO"),
        ("certificat d'origine.pdf", "COO"),
        ("Certificat d’origine.pdf", "COO"),
        ("BL.pdf", "BL"),
        ("B-L_0415.pdf", "BL"),
        ("HBL 99.pdf", "BL"),
        ("connaissement.pdf", "BL"),
        ("MAWB.pdf", "AWB"),
        ("lettre de transport aerien.pdf", "AWB"),
        ("空运单.png", "AWB"),
        ("MDEL.pdf", "MDEL"),
        ("licence d'etablissement.pdf", "MDEL"),
    ],
)
def test_document_is_matched_by_file_name_in_three_languages_and_abbreviation(name: str, code: str) -> None:
    assert match(name) == (code, MatchReason.NAME_IN_FILE_NAME)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("CP-2020-0003 invoice.pdf", "", ("COO", MatchReason.REFERENCE_IN_FILE_NAME)),
        ("999-12345675 invoice.pdf", "", ("AWB", MatchReason.NUMBER_IN_FILE_NAME)),
        ("mdel 90112.pdf", "", ("MDEL", MatchReason.NUMBER_IN_FILE_NAME)),
        ("scan.pdf", "Our reference CP-2020-0002", ("PKL", MatchReason.REFERENCE_IN_TEXT)),
        ("scan.pdf", "PACKING LIST to the invoice INV-7", ("PKL", MatchReason.NAME_IN_TEXT)),
        ("scan.pdf", "商 业 发 票\n装箱单号 7", ("INV", MatchReason.NAME_IN_TEXT)),
        ("scan.pdf", "AIR WAYBILL 999 1234 5675", ("AWB", MatchReason.NAME_IN_TEXT)),
        ("scan.pdf", "Shipped under 999-1234 5675", ("AWB", MatchReason.NUMBER_IN_TEXT)),
        ("packing list.pdf", "COMMERCIAL INVOICE", ("PKL", MatchReason.NAME_IN_FILE_NAME)),
    ],
)
def test_stronger_reason_decides_the_document_match(
    name: str, text: str, found: tuple[str, MatchReason]
) -> None:
    assert match(name, text) == found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("scan0001.pdf", ""),
        ("IMG_2041.jpg", "Dear colleague"),
        ("Kanghu Medical Co., Ltd.pdf", ""),  # no certificate of origin
        ("black.pdf", ""),  # no bl inside a word
        ("note.pdf", "the co of the pl"),  # abbreviations do not count in a text
        ("note.pdf", f"{'word ' * 200}commercial invoice"),  # far from the beginning
        ("999.pdf", ""),  # too short for a number
        (".pdf", ""),
    ],
)
def test_file_without_a_clue_is_not_matched(name: str, text: str) -> None:
    assert match(name, text) is None


def test_several_files_of_one_type_match_the_documents_of_that_type_in_turn() -> None:
    names = ["invoice a.pdf", "invoice b.pdf", "invoice c.pdf"]
    found = match_files([(name, "") for name in names], EVERY, NUMBERS)
    assert [one.document.pk for one in found if one] == [1, 7, 1]


def test_company_named_in_a_file_decides_between_its_documents() -> None:
    theirs = [
        document(1, "INV", "Commercial invoice", KANGHU),
        document(2, "INV", "Commercial invoice", YIFENG),
    ]
    named = [("invoice Yifeng DEMO.pdf", ""), ("invoice.pdf", "Kanghu DEMO"), ("益丰 DEMO 发票.pdf", "")]
    assert [one.document.pk for one in match_files(named, theirs, {}) if one] == [2, 1, 2]


def test_texts_are_matched_without_signs_accents_and_capitals() -> None:
    assert normalize("Décl._d’Export 5号") == "decl d export 5 号"
    assert normalize("ＩＮＶ２０２０") == "inv 2020"
    assert "establishment licence" in document_names("X", "Establishment licence (MDEL) or another")
    assert match_files([], EVERY, NUMBERS) == []
    assert match_files([("invoice.pdf", "")], [], {}) == [None]
